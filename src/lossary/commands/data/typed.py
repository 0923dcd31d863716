"""Losses as users type them: 'huber(delta=2), squared_error', also by names of other libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lossary.callable import Loss
from lossary.catalogue.parsing import calls
from lossary.catalogue.record import Record
from lossary.errors import ArgumentError
from lossary.library import get

__all__ = ["TypedLoss", "typed_loss", "typed_losses", "written"]


def written(value: float) -> str:
    """Format a setting so that reading it back gives the same number."""
    if isinstance(value, int):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


@dataclass(frozen=True)
class TypedLoss:
    """A loss with the settings that were given with its name."""

    loss: Loss

    @property
    def record(self) -> Record:
        return self.loss.record

    @property
    def of_logits(self) -> TypedLoss:
        """The loss of the logits alone, if a linear layer makes them: their curves are the same."""
        inner = self.record.inner if self.record.shared else self.record
        return self if inner is self.record else TypedLoss(Loss(inner, self.settings))

    @property
    def settings(self) -> dict[str, float]:
        return self.loss.options

    @property
    def name(self) -> str:
        settings = ", ".join(f"{name}={written(value)}" for name, value in self.settings.items())
        return self.record.name + (f"({settings})" if settings else "")


def typed_loss(name: str, **settings: Any) -> TypedLoss:
    """Return the loss of this name, configured."""
    loss = get(name)
    return TypedLoss(loss.configure(**settings) if settings else loss)


def typed_losses(text: str) -> list[TypedLoss]:
    """Parse a list of losses, none of which may occur twice."""
    chosen = [typed_loss(name, **settings) for name, settings in _parsed(text)]
    names = [each.name for each in chosen]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ArgumentError(f"{twice} is named twice")
    return chosen


def _parsed(text: str) -> list[tuple[str, dict[str, float]]]:
    """Parse names and settings written as Python calls."""
    try:
        return [(name, {k: _number(value) for k, value in settings.items()}) for name, settings in calls(text)]
    except (TypeError, ValueError) as problem:
        how = "write them as 'huber(delta=2), squared_error'"
        raise ArgumentError(f"{text!r} names no losses: {problem}; {how}") from None


def _number(value: Any) -> float:
    """Return the number, of its own type: integers stay integers."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value
