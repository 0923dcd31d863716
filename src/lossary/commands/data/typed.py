"""Losses as they are typed: 'huber(delta=2), squared_error', names of peers included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lossary.catalogue.names import calls
from lossary.catalogue.record import Record
from lossary.errors import ArgumentError
from lossary.loss import Loss, get

__all__ = ["TypedLoss", "typed_loss", "typed_losses", "written"]


def written(value: float) -> str:
    """A setting as it is shown, so that it is the same when it is read."""
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
        """The loss of the logits alone, where a linear layer makes them: what it is like does not depend on that."""
        inner = self.record.inner if self.record.kind == "linear_softmax" else self.record
        return self if inner is self.record else TypedLoss(Loss(inner, self.settings))

    @property
    def settings(self) -> dict[str, float]:
        return self.loss.options

    @property
    def name(self) -> str:
        settings = ", ".join(f"{name}={written(value)}" for name, value in self.settings.items())
        return self.record.name + (f"({settings})" if settings else "")


def typed_loss(name: str, **settings: Any) -> TypedLoss:
    """The loss of a name, configured."""
    loss = get(name)
    return TypedLoss(loss.configure(**settings) if settings else loss)


def typed_losses(text: str) -> list[TypedLoss]:
    """Every loss of a list, each at most once."""
    chosen = [typed_loss(name, **settings) for name, settings in _parsed(text)]
    names = [each.name for each in chosen]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ArgumentError(f"{twice} is named twice")
    return chosen


def _parsed(text: str) -> list[tuple[str, dict[str, float]]]:
    """Names and settings, written as Python calls."""
    try:
        return [(name, {k: _number(value) for k, value in settings.items()}) for name, settings in calls(text)]
    except (TypeError, ValueError) as problem:
        how = "write them as 'huber(delta=2), squared_error'"
        raise ArgumentError(f"{text!r} names no losses: {problem}; {how}") from None


def _number(value: Any) -> float:
    """The number as it was written: an integer stays one."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value
