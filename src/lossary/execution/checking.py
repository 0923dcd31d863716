"""Looking harder, while ``checking()`` is on: at what goes into a loss, at what comes out, and where NaN began.

All looking is done in one place, by NumPy on the host: ``Look`` is called with the arrays of one call. The frameworks
bring them there (``watch`` of each face), out of compiled code and transforms too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy

from lossary import frameworks
from lossary.catalogue.record import Argument, Parameter, Record, counterpart
from lossary.contract.call import Call, prepare, shape_of
from lossary.contract.diagnosis import counts, raise_if
from lossary.contract.keywords import OF_REDUCTION, as_tuple
from lossary.errors import ArgumentError, DomainError, NonFiniteError
from lossary.execution.engine import check, measure
from lossary.kinds.program import Work, embed, sum_tolerance

__all__ = ["checking", "watched"]

anywhere = False  # whether some thread or task is checking: all that a call reads where none is
_guesses: ContextVar[bool | None] = ContextVar("lossary_checking", default=None)  # None: this one is not checking
_depth = 0
OF_RESULTS = {*OF_REDUCTION, "out"}  # options that change what comes out, not each item
FEW = 8  # logits that may well lie in [0, 1] by chance


@contextmanager
def checking(*, guess: bool = True) -> Iterator[None]:
    """Look harder at every loss that this thread or task computes inside a ``with`` block, and raise what is found.

    - Values that a call does not wait for (on a GPU, under ``torch.compile``, ``torch.func`` and ``jax.jit``) are
      looked at too, and a wrong one raises there as it does elsewhere.
    - NaN in a prediction, and a loss or gradient that became NaN or infinite, raise where they began: before the
      loss, in it (with the item and what went into it), or after it. PyTorch's backward is watched, whenever it runs.
    - Probabilities passed as logits, and rows of probabilities that do not sum to 1, raise. That is a guess, and
      ``guess=False`` leaves it out.

    Nothing is checked in functions that were compiled by other means than ``torch.compile`` and ``jax.jit``. To check
    the functions under ``jax.jit``, entering and leaving clears JAX's caches: put the block around a loop, not in it.

    Args:
        guess: Whether to raise for what is not wrong as such but hardly ever meant.

    Raises:
        DomainError: Logits are probabilities, or probabilities logits.
        NonFiniteError: NaN or infinity, where it began.

    Example:
        >>> import lossary as ls
        >>> with ls.checking():
        ...     ls.softmax_cross_entropy([[0.1, 0.9], [0.8, 0.2]], [1, 0])
        Traceback (most recent call last):
            ...
        lossary.errors.DomainError: softmax_cross_entropy: logits[0] is [0.1 0.9]; all rows that count (2) are \
probabilities already, and the loss would apply the softmax to them again. Pass the scores before the softmax, or use \
categorical_cross_entropy; if they are scores, checking(guess=False).
    """
    if not isinstance(guess, bool):
        raise ArgumentError(f"checking: guess is {guess!r}; it must be True or False.")
    _count(1)
    token = _guesses.set(guess)
    try:
        yield
        frameworks.settle(None)
    except Exception as problem:
        frameworks.settle(problem)
        raise
    finally:
        _guesses.reset(token)
        _count(-1)


def _count(change: int) -> None:
    """Note that a block is entered or left; what was compiled without or with a look is forgotten."""
    global anywhere, _depth
    with frameworks.LOCK:
        _depth += change
        if anywhere != (_depth > 0):
            anywhere = _depth > 0
            frameworks.forget_compiled()


def is_on() -> bool:
    """Whether this thread or task is checking."""
    return _guesses.get() is not None


def watched(
    record: Record, compute: Callable[..., Any], arrays: tuple[Any, ...], own: dict[str, Any], options: dict[str, Any]
) -> Any:
    """What a loss's method computes, with a look at what goes in and what comes out; ``own`` are the loss's options."""
    plain = {name: value for name, value in (own | options).items() if name not in OF_RESULTS}
    call = prepare(record, arrays, plain | {"reduction": "none"})
    watch = frameworks.load(f"{call.face.name}_watch")
    if not (is_on() or watch.compiles()):
        return compute(*arrays, **options)
    look = Look(_bare(call), _guesses.get() is not False)
    inputs = {name: value for name, value in call.inputs.items() if hasattr(value, "dtype")}
    inputs |= {name: call.face.cast(inputs[name], call.dtype) for name in call.dtypes if name in inputs}
    names = [argument.name for argument in call.predictions]
    positions = dict(zip((a.name for a in record.arguments), range(len(arrays)), strict=False))
    given = list(arrays)
    for name in names:
        at, where = (positions[name], given) if name in positions else (name, options)
        where[at] = watch.leaving(look, name, where[at], inputs)  # type: ignore[index]
    return watch.look(look, inputs, compute(*given, **options))


def _bare(call: Call) -> Call:
    """The call without its arrays, as NumPy computes it."""
    options = replace(call.options, guard=False)
    return replace(
        call,
        face=frameworks.load("numpy"),
        options=options,
        inputs={name: value for name, value in call.inputs.items() if not hasattr(value, "dtype")},
        dtype=numpy.dtype(str(call.dtype).removeprefix("torch.")),
        program=embed(call.record, options),
    )


@dataclass(frozen=True)
class Look:
    """A look at the arrays of one call, which are NumPy's by now."""

    call: Call
    guess: bool

    def __call__(self, inputs: dict[str, Any], results: list[Any]) -> None:
        """Look at what went in, at the loss of each item, and at what came out: the value, or derivatives."""
        call = self._with(inputs)
        _look_at_inputs(call)
        counted = counts(call, call.inputs)
        for argument in call.predictions:
            _raise_for_nan(call, argument, counted)
        if self.guess:
            for argument in call.predictions:
                _guess(call, argument, counted)
        losses = measure(call, Work(losses=(call.program.loss,))).losses[0]
        _raise_for_infinite(call, losses, "loss")
        if not counted.any():
            return
        for result in results:
            if result.ndim:
                _raise_for_infinite(call, result, "derivative")
            elif not numpy.isfinite(result).all():
                raise NonFiniteError(
                    f"{call.record.name}: the result is {result.ravel()[~numpy.isfinite(result.ravel())][0]:g}, though "
                    f"the loss of each item is finite: the sum is too large for {result.dtype}, or divided by nothing."
                )

    def is_wanted(self, forward: bool) -> bool:
        """Whether to look, where it was compiled in. The backward of a GPU runs in a thread of its own."""
        return is_on() if forward else anywhere

    def came_back(self, change: Any) -> None:
        """Look at the gradient that comes back to the loss."""
        if not numpy.isfinite(change).all():
            raise NonFiniteError(
                f"{self.call.record.name}: the gradient that comes back to the loss is {_first(change):g}; it went "
                "wrong in what is computed from the loss, not here: look there (a scale, a weight, another term)."
            )

    def leaves(self, name: str, inputs: dict[str, Any], change: Any) -> None:
        """Look at the gradient that leaves the loss."""
        _raise_for_infinite(self._with(inputs), change, f"gradient of {name}")

    def _with(self, inputs: dict[str, Any]) -> Call:
        """The call with arrays; their shapes may differ from those that it was compiled for."""
        shape = shape_of(self.call.record, inputs)
        gone = as_tuple(self.call.axis)
        items = tuple(1 if i in gone else n for i, n in enumerate(shape))
        return replace(self.call, inputs=self.call.inputs | inputs, shape=shape, items=items)


def _first(values: Any) -> Any:
    """The first value that is not finite."""
    return values[~numpy.isfinite(values)].ravel()[0]


def _look_at_inputs(call: Call) -> None:
    """Raise for what raises without checking, where values can be seen."""
    check(call)
    for parameter in call.record.parameters:
        value = call.inputs[parameter.name]
        if hasattr(value, "dtype"):
            wrong = ~numpy.vectorize(parameter.domain.contains, otypes=[bool])(value)
            raise_if(call, value, wrong, parameter.name, partial(_outside, parameter), ArgumentError)
    for row in call.options.given:
        domain = row.unchecked
        for index, value in enumerate(call.inputs[row.name].ravel() if domain else ()):
            if domain and not domain.contains(value):
                raise ArgumentError(
                    f"{call.record.name}: {row.name}[{index}] is {value:g}; it must be {domain.wanted}."
                )


def _outside(parameter: Parameter, value: Any, _: Any) -> str:
    return f"is {value:g}; it must be {parameter.domain.wanted}"


def _raise_for_nan(call: Call, argument: Argument, counted: Any) -> None:
    values = call.inputs[argument.name]
    raise_if(
        call,
        values,
        numpy.isnan(values) & (counted if argument.name not in call.record.shared else True),
        argument.name,
        lambda value, _: "is nan; it came in with the prediction: look at what computes it, not at the loss",
        NonFiniteError,
    )


def _raise_for_infinite(call: Call, values: Any, what: str) -> None:
    """Raise for the first of some losses or derivatives that is not finite, with what it was computed from."""

    def explain(value: Any, place: Any) -> str:
        there = _inputs_at(call, place) if what == "loss" or not call.record.scores else {}
        parts = ", ".join(f"{name} {_short(part)}" for name, part in there.items())
        infinite = [name for name, part in there.items() if not numpy.isfinite(part).all()]
        if infinite:
            return f"is {value:g}, of {parts}; it came in with {' and '.join(infinite)}: look at what computes it"
        if not there:
            return f"is {value:g}, though the loss of each item is finite; it began here"
        other = counterpart(call.record)
        instead = f", or use {other.name}" if other and other.predictions[0].takes_logits else ""
        return f"is {value:g}, of {parts}, which are finite; it began here. Leave such items out with mask={instead}"

    raise_if(call, values, ~numpy.isfinite(values), what, explain, NonFiniteError)


def _inputs_at(call: Call, place: tuple[int, ...]) -> dict[str, Any]:
    """What an item, or the item of an element, is computed from."""
    gone = as_tuple(call.axis)
    rest = iter(place if len(place) < len(call.shape) else [n for axis, n in enumerate(place) if axis not in gone])
    index = tuple(slice(None) if axis in gone else next(rest) for axis in range(len(call.shape)))
    weights = (row.name for row in call.options.given if row.weighs)
    names = [*(a.name for a in call.record.arguments), "label", *weights, *(p.name for p in call.record.parameters)]
    there: dict[str, Any] = {
        n: v for n in names if hasattr(v := call.inputs.get(n), "dtype") and n not in call.record.shared
    }
    factors = {name for scores in call.record.scores for name in scores.factors}  # whose rows have their own length
    shapes = {n: v.shape if n in factors else call.items if n == "label" else call.shape for n, v in there.items()}
    return {
        "target" if name == "label" else name: numpy.broadcast_to(value, shapes[name])[index]
        for name, value in there.items()
    }


def _short(values: Any) -> str:
    if values.ndim == 0:
        return f"{values:g}"
    return numpy.array2string(values, precision=6, threshold=8, edgeitems=3, separator=" ").replace("\n", "")


def _guess(call: Call, argument: Argument, counted: Any) -> None:
    """Raise for logits that look like probabilities, and the other way round."""
    values = call.inputs[argument.name]
    if argument.takes_logits:
        (_look_at_rows if call.record.kind == "softmax" else _look_at_elements)(call, argument, values, counted)
    elif call.record.kind == "row" and argument.takes_probabilities and not argument.domain.sums_to_one:
        sums = values.sum(axis=call.axis, keepdims=True)
        other = counterpart(call.record)
        instead = f", or use {other.name}" if other else ""
        remedy = f"the probabilities of a row sum to 1. Apply the softmax to scores{instead}"
        wrong = ~_are_one(call, sums) & counted
        raise_if(call, sums, wrong, argument.name, lambda value, _: f"sums to {value:g}; {remedy}")


def _are_one(call: Call, sums: Any) -> Any:
    return abs(sums - 1.0) <= sum_tolerance(call.inputs["classes"])


def _look_at_rows(call: Call, argument: Argument, values: Any, counted: Any) -> None:
    """Rows of several classes that are all probabilities."""
    rows = _are_one(call, values.sum(axis=call.axis, keepdims=True)) & (values >= 0).all(axis=call.axis, keepdims=True)
    counted = numpy.broadcast_to(counted, rows.shape)
    if values.shape[call.axis] > 1 and counted.any() and rows[counted].all():
        row = tuple(numpy.argwhere(counted)[0])
        place = ", ".join(str(n) for axis, n in enumerate(row) if axis != call.axis)
        shown = values[tuple(slice(None) if axis == call.axis else n for axis, n in enumerate(row))]
        _raise_for_double(
            call,
            f"{argument.name}{f'[{place}]' if place else ''} is {_short(shown)}; all rows that count ({counted.sum()})",
            "softmax",
        )


def _look_at_elements(call: Call, argument: Argument, values: Any, counted: Any) -> None:
    """Elements that all lie in [0, 1]: a guess, unless they are few or all the same."""
    values = values[numpy.broadcast_to(counted, values.shape)]
    if values.size >= FEW and 0 <= values.min() < values.max() <= 1:
        found = f"{argument.name} go from {values.min():g} to {values.max():g}; it seems that all"
        _raise_for_double(call, f"{found} that count ({values.size})", "sigmoid")


def _raise_for_double(call: Call, found: str, squash: str) -> None:
    other = counterpart(call.record)
    instead = f", or use {other.name}" if other else ""
    raise DomainError(
        f"{call.record.name}: {found} are probabilities already, and the loss would apply the {squash} to them again. "
        f"Pass the scores before the {squash}{instead}; if they are scores, checking(guess=False)."
    )
