"""Weighted sums of losses, called like a loss."""

from __future__ import annotations

import math
from collections.abc import Iterator
from numbers import Real
from typing import Any

from lossary.callable import Loss, Options
from lossary.contract.keywords import keywords
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError

__all__ = ["WeightedSum"]


class WeightedSum:
    """A weighted sum of losses, called like a loss.

        Σ factor · loss(...)

    Each part has a name, and is a loss with its factor. Arguments are those of all parts, in the order in which they
    first come; a part gets those that it has, by name. So do keywords: ``weight=`` is of all parts, ``axis=`` of those
    that have one. Parameters of a part are set by ``configure``.

    Args:
        parts: A loss, or a loss and its factor, a finite number, for each name.

    Raises:
        ArgumentTypeError: A part is no loss, or no part has a keyword.
        ArgumentError: A factor is not finite.
        ShapeError: With ``reduction="none"``, the losses of two parts differ in shape.

    Example:
        >>> import lossary as ls
        >>> both = ls.WeightedSum(squares=(ls.squared_error, 0.5), sizes=ls.absolute_error)
        >>> float(both([3.0], [1.0])), {name: float(value) for name, value in both.parts([3.0], [1.0]).items()}
        (4.0, {'squares': 4.0, 'sizes': 2.0})
        >>> both
        WeightedSum(squares=(<loss squared_error>, 0.5), sizes=(<loss absolute_error>, 1.0))
        >>> ls.from_dict(both.to_dict()) == both
        True
    """

    def __init__(self, /, **parts: Loss | tuple[Loss, float]) -> None:
        if not parts:
            raise ArgumentTypeError("a WeightedSum needs a loss at least, as in WeightedSum(squares=squared_error).")
        self.losses: dict[str, Loss] = {}
        self.factors: dict[str, float] = {}
        for name, part in parts.items():
            self.losses[name], self.factors[name] = _read(name, part)
        self._keywords = {name: _names(loss) for name, loss in self.losses.items()}

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the arrays, in the order in which they are given."""
        return tuple(dict.fromkeys(a.name for loss in self.losses.values() for a in loss.record.arguments))

    def __call__(self, /, *arrays: Any, **options: Any) -> Any:
        return self._sum(self.parts(*arrays, **options))

    def parts(self, /, *arrays: Any, **options: Any) -> dict[str, Any]:
        """Return the loss of each part, before its factor."""
        return dict(self._each("__call__", arrays, options))

    def value_and_gradient(self, /, *arrays: Any, **options: Any) -> tuple[Any, Any]:
        """Return the sum and its gradient in each prediction, a tuple of gradients if there are several."""
        return self._derived("value_and_gradient", arrays, options)

    def gradient_and_hessian(self, /, *arrays: Any, **options: Any) -> tuple[Any, Any]:
        """Return the first and second derivative of each item's sum, unreduced; see ``Loss.gradient_and_hessian``."""
        found = dict(self._each("gradient_and_hessian", arrays, options))
        first, second = ({name: pair[k] for name, pair in found.items()} for k in (0, 1))
        return self._by_prediction(first), self._by_prediction(second)

    def configure(self, /, **options: Any) -> WeightedSum:
        """Return the sum with other defaults of keywords, each for the parts that have it."""
        made = {name: loss.configure(**self._own(name, options)) for name, loss in self.losses.items()}
        return WeightedSum(**{name: (loss, self.factors[name]) for name, loss in made.items()})

    def to_dict(self) -> Options:
        """Return names, factors and losses; ``lossary.from_dict`` makes the sum from them."""
        return {"sum": {n: {"factor": self.factors[n], **loss.to_dict()} for n, loss in self.losses.items()}}

    def _derived(self, method: str, arrays: tuple[Any, ...], options: Options) -> tuple[Any, Any]:
        found = dict(self._each(method, arrays, options))
        value = self._sum({name: pair[0] for name, pair in found.items()})
        return value, self._by_prediction({name: pair[1] for name, pair in found.items()})

    def _each(self, method: str, arrays: tuple[Any, ...], options: Options) -> Iterator[tuple[str, Any]]:
        """Yield the name and the result of each part."""
        if len(arrays) > len(self.arguments):
            raise ArgumentTypeError(f"this sum takes {', '.join(self.arguments)}; {len(arrays)} arrays were given.")
        given = dict(zip(self.arguments, arrays, strict=False))
        if twice := sorted(given.keys() & options.keys()):
            raise ArgumentTypeError(f"{twice[0]} was given twice.")
        for name, loss in self.losses.items():
            yield name, getattr(loss, method)(**self._own(name, given | options))

    def _own(self, part: str, given: Options) -> Options:
        """Return the arrays and keywords that a part has; raise for one that no part has."""
        known = self._keywords
        if unknown := [name for name in given if not any(name in names for names in known.values())]:
            parameters = ", ".join(f"{part}=loss.configure({unknown[0]}=...)" for part in self.losses)
            raise ArgumentTypeError(f"no part of this sum has {unknown[0]!r}. Parameters are set before: {parameters}.")
        return {name: value for name, value in given.items() if name in known[part]}

    def _sum(self, values: dict[str, Any]) -> Any:
        """Return the sum of the parts' values."""
        shapes = {name: tuple(getattr(value, "shape", ())) for name, value in values.items()}
        (first, shape), *others = shapes.items()
        if other := next((name for name, own in others if own != shape), None):
            raise ShapeError(
                f"the losses of {first} have shape {shape}, those of {other} {shapes[other]}; reduce them, or ask for "
                "the parts()."
            )
        return sum(self.factors[name] * value for name, value in values.items())

    def _by_prediction(self, gradients: dict[str, Any]) -> Any:
        """Return the sums of the parts' gradients in each prediction."""
        found: dict[str, Any] = {}
        for name, given in gradients.items():
            own = given if isinstance(given, tuple) else (given,)
            for argument, gradient in zip(self.losses[name].record.predictions, own, strict=False):
                term = self.factors[name] * gradient
                found[argument.name] = found[argument.name] + term if argument.name in found else term
        return next(iter(found.values())) if len(found) == 1 else tuple(found.values())

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}=({loss!r}, {self.factors[name]!r})" for name, loss in self.losses.items())
        return f"WeightedSum({parts})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WeightedSum):
            return False
        return list(self.losses.items()) == list(other.losses.items()) and self.factors == other.factors

    def __hash__(self) -> int:
        return hash((*self.losses.items(), *self.factors.values()))


def _names(loss: Loss) -> set[str]:
    """Return the names of a loss's arrays and of its keywords that are no parameters."""
    parameters = {parameter.name for parameter in loss.record.parameters}
    return {a.name for a in loss.record.arguments} | set(keywords(loss.record)) - parameters


def _read(name: str, part: Any) -> tuple[Loss, float]:
    """Return a part's loss and factor."""
    loss, factor = part if isinstance(part, tuple) and len(part) == 2 else (part, 1.0)
    if not isinstance(loss, Loss):
        raise ArgumentTypeError(f"the part {name} is {part!r:.80}; it must be a loss, or a loss and its factor.")
    if isinstance(factor, bool) or not isinstance(factor, Real):
        raise ArgumentTypeError(f"the factor of {name} is {factor!r:.80}; it must be a number.")
    if not math.isfinite(factor):
        raise ArgumentError(f"the factor of {name} is {factor}; it must be finite.")
    return loss, float(factor)
