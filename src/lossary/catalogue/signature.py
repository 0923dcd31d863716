"""Arguments and parameters of a loss, as the signature of its formula declares them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from lossary.domains import Given, Interval, Unit
from lossary.errors import FormulaError
from lossary.symbolic.graph import ELEMENT, SCALAR, Axes, Node, Value, symbol

__all__ = [
    "RESERVED",
    "Argument",
    "Formula",
    "Parameter",
    "Rule",
    "Scores",
    "annotations_of",
    "check_is_plain",
    "given",
    "signature_of",
]

Formula = Callable[..., Value]
T = TypeVar("T")
REFERENCE = "target_"  # how the name of an argument begins that a target is computed from


@dataclass(frozen=True)
class Argument:
    """An array that a loss takes."""

    name: str
    role: str  # "prediction", "target", or "reference" for what is neither, such as the scores of another model
    domain: Interval
    optional: bool = False
    unit: Unit | None = None
    axes: Axes = ELEMENT

    @property
    def symbol(self) -> Node:
        return symbol(self.name, self.axes)

    @property
    def takes_logits(self) -> bool:
        """True if the loss applies the sigmoid or softmax itself; the contract reserves the name for that."""
        return self.name.removeprefix(REFERENCE) == "logits"

    @property
    def guesses_target(self) -> bool:
        """True if it estimates the target or its mean, in its unit; the contract reserves the names for that."""
        return self.name in ("prediction", "mean", "rate")

    @property
    def takes_probabilities(self) -> bool:
        return self.role == "prediction" and self.domain.rounds and self.domain.has_ends

    @property
    def takes_log_probabilities(self) -> bool:
        return self.role == "prediction" and self.domain.rounds and not self.domain.has_ends


@dataclass(frozen=True)
class Parameter:
    """A parameter of a formula, such as ``delta``."""

    name: str
    default: float
    domain: Interval
    unit: Unit | None = None

    @property
    def symbol(self) -> Node:
        return symbol(self.name, SCALAR)


@dataclass(frozen=True)
class Rule:
    """A condition on an argument, beside its domain; ``otherwise`` says what is wrong where it does not hold."""

    name: str
    holds: Callable[..., Value]  # of symbols, by the names of its parameters
    otherwise: str


@dataclass(frozen=True)
class Scores:
    """Scores that the loss computes for its formula: ``left @ right.T + bias``, where a bias is declared."""

    name: str
    left: str
    right: str
    bias: str = ""

    @property
    def factors(self) -> tuple[str, ...]:
        return (self.left, self.right, self.bias) if self.bias else (self.left, self.right)


def signature_of(formula: Formula) -> tuple[tuple[Argument, ...], tuple[Parameter, ...]]:
    """Return the formula's own arguments (scores, not the arrays they are computed from) and its parameters."""
    hints = annotations_of(formula)
    arguments, parameters = [], []
    for name, parameter in inspect.signature(formula).parameters.items():
        domain, unit = _noted(hints.get(name), Interval) or Interval(), _noted(hints.get(name), Unit)
        if parameter.kind is parameter.KEYWORD_ONLY:
            if isinstance(parameter.default, bool) or not isinstance(parameter.default, int | float):
                raise FormulaError(f"parameter {name!r} of {formula.__name__} needs a number as its default.")
            _not_reserved(name, formula)
            parameters.append(Parameter(name, float(parameter.default), domain, unit))
        elif parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.POSITIONAL_ONLY):
            _not_reserved(name, formula)
            if parameter.default is not parameter.empty:
                raise FormulaError(f"{formula.__name__}: {name} has a default, so it is a parameter: put it after a *.")
            is_given = _noted(hints.get(name), Given) is not None
            arguments.append(Argument(name, "reference" if is_given else _role(name), domain, unit=unit))
        else:
            raise FormulaError(f"{formula.__name__} takes *{name}: a formula names each argument.")
    return tuple(arguments), tuple(parameters)


def _role(name: str) -> str:
    return name if name == "target" else "reference" if name.startswith(REFERENCE) else "prediction"


def given(arguments: tuple[Argument, ...], scores: tuple[Scores, ...], has_target: bool) -> tuple[Argument, ...]:
    """Return the arrays that a loss takes: scores replaced by their factors, optional ones last."""
    computed = {one.name: one for one in scores}
    found, last = [], []
    for argument in arguments:
        if one := computed.get(argument.name):
            found += [Argument(name, argument.role, Interval()) for name in (one.left, one.right)]
            last += [Argument(one.bias, argument.role, Interval(), optional=True)] if one.bias else []
        elif has_target or argument.role != "target":
            found.append(argument)
    return (*found, *last)


def check_is_plain(formula: object) -> None:
    """Raise if a formula is not an ordinary function."""
    if not (inspect.isfunction(formula) or inspect.ismethod(formula)):
        raise FormulaError(f"a formula is a function of its arguments, written with def; this is {formula!r:.80}.")
    if inspect.iscoroutinefunction(formula) or inspect.isgeneratorfunction(formula):
        raise FormulaError(f"{formula.__name__} is async or a generator; a formula is a plain function.")


def annotations_of(formula: Formula) -> dict[str, Any]:
    """Return the annotations of a formula, as objects."""
    try:
        return get_type_hints(formula, include_extras=True)
    except NameError as problem:
        raise FormulaError(f"an annotation of {formula.__name__} cannot be read: {problem}.") from None


RESERVED = {"out"}  # names that no argument of a formula may have; the rows of keywords add theirs


def _not_reserved(name: str, formula: Formula) -> None:
    if name in RESERVED:
        raise FormulaError(f"{formula.__name__} cannot call an argument {name!r}: that is a keyword of every loss.")
    if name.startswith("_"):
        raise FormulaError(f"{formula.__name__} cannot call an argument {name!r}: names with _ first are taken.")


def _noted(hint: object, kind: type[T]) -> T | None:
    """Return the part of an annotation that has a type: its domain, or its unit."""
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((note for note in notes if isinstance(note, kind)), None)
