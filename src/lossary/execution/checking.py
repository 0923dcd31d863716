"""``checking()``: further checks of the inputs of a loss, its results and its gradients, for where NaN began.

All checks are made by NumPy on the host: a ``Checks`` is called with the arrays of one call. The ``…_watch`` module of
each framework brings them there, out of compiled programs and transforms too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import numpy
from numpy.typing import NDArray

from lossary import frameworks
from lossary.catalogue.record import Argument, Parameter, Record
from lossary.catalogue.registry import counterpart
from lossary.contract.call import Call, prepare
from lossary.contract.diagnosis import counts, raise_if
from lossary.contract.keywords import OF_REDUCTION, as_tuple
from lossary.contract.shapes import shape_of_inputs
from lossary.errors import ArgumentError, DomainError, NonFiniteError
from lossary.execution.engine import check, measure
from lossary.kinds.program import Work, embed, sum_tolerance
from lossary.symbolic.graph import LABEL

__all__ = ["checking", "watched"]

Array: TypeAlias = NDArray[Any]
Place: TypeAlias = tuple[int, ...]

anywhere = False  # True if any thread or task is checking: the only thing that other calls read
_guesses: ContextVar[bool | None] = ContextVar("lossary_checking", default=None)  # None: this task is not checking
_depth = 0
OF_RESULTS = {*OF_REDUCTION, "out"}  # options that change what comes out, not each item
FEW = 8  # logits that may well lie in [0, 1] by chance


@contextmanager
def checking(*, guess: bool = True) -> Iterator[None]:
    """Check every loss that this thread or task computes inside a ``with`` block more thoroughly.

    - Values that a call does not wait for (on a GPU, under ``torch.compile``, ``torch.func`` and ``jax.jit``) are
      checked too, and an invalid one raises there as it does elsewhere.
    - NaN in a prediction, and a loss or gradient that became NaN or infinite, raise where they began: before the
      loss, in it (with the item and what went into it), or after it. PyTorch's backward is watched, whenever it runs.
    - Probabilities passed as logits, and rows of probabilities that do not sum to 1, raise. That is a guess, and
      ``guess=False`` leaves it out.

    Nothing is checked in functions that were compiled by other means than ``torch.compile`` and ``jax.jit``. To check
    the functions under ``jax.jit``, entering and leaving clears JAX's caches: put the block around a loop, not in it.

    Args:
        guess: Raise for input that is valid but hardly ever meant.

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
    """Count a block that is entered or left; at the first and the last, programs are compiled anew."""
    global anywhere, _depth
    with frameworks.LOCK:
        _depth += change
        if anywhere != (_depth > 0):
            anywhere = _depth > 0
            frameworks.forget_compiled()


def is_on() -> bool:
    """Return True if this thread or task is checking."""
    return _guesses.get() is not None


def watched(
    record: Record, compute: Callable[..., Any], arrays: tuple[Any, ...], own: dict[str, Any], options: dict[str, Any]
) -> Any:
    """Return ``compute(*arrays, **options)``, with its inputs and results checked; ``own`` are the loss's options."""
    plain = {name: value for name, value in (own | options).items() if name not in OF_RESULTS}
    call = prepare(record, arrays, plain | {"reduction": "none"})
    watch = frameworks.watch_of(call.face.name)
    if not (is_on() or watch.compiles()):
        return compute(*arrays, **options)
    checks = Checks(_bare(call), _guesses.get() is not False)
    cast = {name: call.face.cast(array, call.dtype) for name, array in call.inputs.items() if name in call.dtypes}
    inputs = call.inputs | cast
    names = [argument.name for argument in call.predictions]
    positions = dict(zip((a.name for a in record.arguments), range(len(arrays)), strict=False))
    given = list(arrays)
    for name in names:
        at, where = (positions[name], given) if name in positions else (name, options)
        where[at] = watch.with_checked_gradient(checks, name, where[at], inputs)  # type: ignore[index]
    return watch.checked(checks, inputs, compute(*given, **options))


def _bare(call: Call) -> Call:
    """Return the call without its arrays, for NumPy."""
    options = replace(call.options, guard=False)
    return replace(
        call,
        face=frameworks.load("numpy"),
        options=options,
        inputs={},
        dtype=numpy.dtype(str(call.dtype).removeprefix("torch.")),
        program=embed(call.record, options),
    )


@dataclass(frozen=True)
class Checks:
    """Checks of the arrays of one call, as NumPy arrays."""

    call: Call
    guess: bool

    def __call__(self, inputs: dict[str, Array], results: list[Array]) -> None:
        """Check the inputs, the loss of each item, and the results: the value, or derivatives."""
        call = self._with(inputs)
        _check_inputs(call)
        counted = counts(call, inputs)
        for argument in call.predictions:
            _raise_for_nan(call, argument, counted)
        if self.guess:
            for argument in call.predictions:
                _guess(call, argument, counted)
        losses = measure(call, Work(losses=(call.program.loss,))).losses[0]
        _raise_for_infinite(call, call.face.to_numpy(losses), "loss")
        if not counted.any():
            return
        for result in results:
            if result.ndim:
                _raise_for_infinite(call, result, "derivative")
            elif not numpy.isfinite(result).all():
                raise NonFiniteError(
                    f"{call.record.name}: the result is {_first(result):g}, though "
                    f"the loss of each item is finite: the sum is too large for {result.dtype}, or divided by nothing."
                )

    def is_wanted(self, forward: bool) -> bool:
        """Return True if checks in a compiled program apply; a GPU's backward runs in a thread of its own."""
        return is_on() if forward else anywhere

    def returned(self, change: Array) -> None:
        """Check the upstream gradient."""
        if not numpy.isfinite(change).all():
            raise NonFiniteError(
                f"{self.call.record.name}: the gradient that comes back to the loss is {_first(change):g}; it went "
                "wrong in what is computed from the loss, not here: look there (a scale, a weight, another term)."
            )

    def leaves(self, name: str, inputs: dict[str, Array], change: Array) -> None:
        """Check the gradient in a prediction."""
        _raise_for_infinite(self._with(inputs), change, f"gradient of {name}")

    def _with(self, inputs: dict[str, Array]) -> Call:
        """Return the call with arrays, whose shapes may differ from those that it was compiled for."""
        shape = shape_of_inputs(self.call.record, inputs)
        gone = as_tuple(self.call.axis)
        items = tuple(1 if i in gone else n for i, n in enumerate(shape))
        return replace(self.call, inputs=dict(inputs), shape=shape, items=items)


def _first(values: Array) -> float:
    """Return the first value that is not finite."""
    return float(values[~numpy.isfinite(values)].ravel()[0])


def _values(call: Call, name: str) -> Array:
    return call.face.to_numpy(call.inputs[name])


def _check_inputs(call: Call) -> None:
    """Raise for invalid values, as calls do without ``checking()`` where values are visible."""
    check(call)
    for parameter in call.record.parameters:
        if parameter.name in call.inputs:
            value = _values(call, parameter.name)
            wrong = ~numpy.vectorize(parameter.domain.contains, otypes=[bool])(value)
            raise_if(call, value, wrong, parameter.name, partial(_outside, parameter), ArgumentError)
    for row in call.options.given:
        domain = row.unchecked
        for index, value in enumerate(_values(call, row.name).ravel() if domain else ()):
            if domain and not domain.contains(value):
                raise ArgumentError(
                    f"{call.record.name}: {row.name}[{index}] is {value:g}; it must be {domain.wanted}."
                )


def _outside(parameter: Parameter, value: float, _: Place) -> str:
    return f"is {value:g}; it must be {parameter.domain.wanted}"


def _raise_for_nan(call: Call, argument: Argument, counted: Array) -> None:
    values = _values(call, argument.name)
    raise_if(
        call,
        values,
        numpy.isnan(values) & (counted if argument.name not in call.record.shared else True),
        argument.name,
        lambda value, _: "is nan; it came in with the prediction: look at what computes it, not at the loss",
        NonFiniteError,
    )


def _raise_for_infinite(call: Call, values: Array, what: str) -> None:
    """Raise for the first loss or derivative that is not finite, and name the inputs that it was computed from."""

    def explain(value: float, place: Place) -> str:
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


def _inputs_at(call: Call, place: Place) -> dict[str, Array]:
    """Return the inputs of the item at a place, which may be that of one of its elements."""
    gone = as_tuple(call.axis)
    rest = iter(place if len(place) < len(call.shape) else [n for axis, n in enumerate(place) if axis not in gone])
    index = tuple(slice(None) if axis in gone else next(rest) for axis in range(len(call.shape)))
    weights = (row.name for row in call.options.given if row.weighs)
    names = [*(a.name for a in call.record.arguments), LABEL, *weights, *(p.name for p in call.record.parameters)]
    there = {n: _values(call, n) for n in names if n in call.inputs and n not in call.record.shared}
    factors = {name for scores in call.record.scores for name in scores.factors}  # whose rows have their own length
    shapes = {n: v.shape if n in factors else call.items if n == LABEL else call.shape for n, v in there.items()}
    return {
        "target" if name == LABEL else name: numpy.broadcast_to(value, shapes[name])[index]
        for name, value in there.items()
    }


def _short(values: Array) -> str:
    if values.ndim == 0:
        return f"{values:g}"
    return numpy.array2string(values, precision=6, threshold=8, edgeitems=3, separator=" ").replace("\n", "")


def _guess(call: Call, argument: Argument, counted: Array) -> None:
    """Raise for logits that look like probabilities, and for probabilities that look like logits."""
    values = _values(call, argument.name)
    if argument.takes_logits:
        (_guess_from_rows if call.record.by_row else _guess_from_elements)(call, argument, values, counted)
    elif call.record.by_row and argument.takes_probabilities and not argument.domain.sums_to_one:
        sums = values.sum(axis=call.axis, keepdims=True)
        other = counterpart(call.record)
        instead = f", or use {other.name}" if other else ""
        remedy = f"the probabilities of a row sum to 1. Apply the softmax to scores{instead}"
        wrong = ~_are_one(call, sums) & counted
        raise_if(call, sums, wrong, argument.name, lambda value, _: f"sums to {value:g}; {remedy}")


def _are_one(call: Call, sums: Array) -> Array:
    are_one: Array = numpy.abs(sums - 1.0) <= sum_tolerance(call.numbers["_classes"])
    return are_one


def _guess_from_rows(call: Call, argument: Argument, values: Array, counted: Array) -> None:
    """Raise if there are several classes and all rows that count are probabilities."""
    (along,) = as_tuple(call.axis)
    rows = _are_one(call, values.sum(axis=along, keepdims=True)) & (values >= 0).all(axis=along, keepdims=True)
    counted = numpy.broadcast_to(counted, rows.shape)
    if values.shape[along] > 1 and counted.any() and rows[counted].all():
        row = tuple(numpy.argwhere(counted)[0])
        place = ", ".join(str(n) for axis, n in enumerate(row) if axis != along)
        shown = values[tuple(slice(None) if axis == along else n for axis, n in enumerate(row))]
        _raise_for_double(
            call,
            f"{argument.name}{f'[{place}]' if place else ''} is {_short(shown)}; all rows that count ({counted.sum()})",
            "softmax",
        )


def _guess_from_elements(call: Call, argument: Argument, values: Array, counted: Array) -> None:
    """Raise if all elements that count lie in [0, 1], unless they are few or all the same."""
    values = values[numpy.broadcast_to(counted, values.shape)]
    if values.size >= FEW and 0 <= values.min() < values.max() <= 1:
        found = f"{argument.name} go from {values.min():g} to {values.max():g}; it seems that all"
        _raise_for_double(call, f"{found} that count ({values.size})", "sigmoid")


def _raise_for_double(call: Call, found: str, squash: str) -> None:
    """Raise for logits that are probabilities, to which the loss would apply the sigmoid or softmax again."""
    other = counterpart(call.record)
    instead = f", or use {other.name}" if other else ""
    raise DomainError(
        f"{call.record.name}: {found} are probabilities already, and the loss would apply the {squash} to them again. "
        f"Pass the scores before the {squash}{instead}; if they are scores, checking(guess=False)."
    )
