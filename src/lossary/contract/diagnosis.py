"""Diagnosis of invalid values: find the first, once a pass has seen that there is one, and raise with the remedy."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn, TypeAlias

import numpy
from numpy.typing import NDArray

from lossary.contract.shapes import in_order, yes_or_no
from lossary.domains import Interval
from lossary.errors import DomainError, LabelError, LossaryError
from lossary.frameworks import load
from lossary.frameworks.face import Shape
from lossary.kinds.call import Call, as_tuple
from lossary.kinds.layout import layout_of
from lossary.kinds.program import SUM_TOLERANCE, Requirement, counted_places, requirements, usable, weights_of
from lossary.symbolic.codegen import build
from lossary.symbolic.graph import LABEL, Node, places
from lossary.symbolic.simplify import leaves

__all__ = ["counts", "raise_first_wrong", "raise_if"]

Array: TypeAlias = NDArray[Any]
Remedy = Callable[[Any, Any], str]  # of an invalid value and its place


def raise_first_wrong(call: Call) -> NoReturn:
    """Raise the error for the first invalid value."""
    cast = {name: call.face.cast(array, call.dtype) for name, array in call.inputs.items() if name in call.dtypes}
    inputs = {name: call.face.to_numpy(array) for name, array in (call.inputs | cast).items()}
    unmasked = _compute(counted_places(call.record, call.options), inputs, call)
    for name, factor in weights_of(call.record, call.options):
        raise_if(call, inputs[name], ~_compute(usable(factor), inputs, call) & unmasked, name, _weight_remedy)
    counted = counts(call, inputs)
    for requirement in requirements(call.record, call.options):
        if requirement.condition.is_number():
            continue
        wrong = ~_compute(requirement.condition, inputs, call) & counted
        values = inputs[LABEL if requirement.domain is None else requirement.name]
        remedy: Remedy = partial(_remedy, call, requirement)
        if wrong.any() and requirement.of_rows:
            remedy = partial(_sum_remedy, call, requirement.name, values)
            values = values.sum(axis=call.axis, keepdims=True)
        elif wrong.any() and _may_be_swapped(call, requirement, inputs):
            remedy = partial(_order_remedy, call, remedy)
        is_label = requirement.domain is not None and bool(requirement.domain.index_of)
        raise_if(call, values, wrong, requirement.name, remedy, LabelError if is_label else DomainError)
    raise LossaryError(
        f"{call.record.name}: the input cannot be right, and the reason was not found; please report it."
    )


def counts(call: Call, inputs: dict[str, Array]) -> Array:
    """Return the mask of what counts: items, or places of them, that are neither masked nor of weight 0."""
    return _compute(call.program.places, inputs, call)


def _compute(condition: Node, inputs: dict[str, Array], call: Call) -> Array:
    """Evaluate a condition at each place, in NumPy."""
    if condition.is_number():
        return numpy.asarray(condition.is_number(1.0))
    symbols = leaves(condition)
    given = (_value(call, inputs, str(symbol.label)) for symbol in symbols)
    return numpy.asarray(build((condition,), symbols, "numpy")(*given, axes=call.axes)[0], bool)


def _value(call: Call, inputs: dict[str, Array], name: str) -> Any:
    """Return the value of a symbol: an input, a number, or the places along a named axis."""
    if name in inputs or name in call.numbers:
        return inputs.get(name, call.numbers.get(name))
    like = next(iter(inputs.values()))
    return layout_of(call.record).index(load("numpy"), name, call.shape, like, like.dtype)


def raise_if(
    call: Call, values: Array, wrong: Array, name: str, remedy: Remedy, kind: type[LossaryError] = DomainError
) -> None:
    """Raise for the first of ``values`` that is ``wrong``, if any; ``remedy`` takes the value and its place."""
    if not wrong.any():
        return
    shape = numpy.broadcast_shapes(wrong.shape, values.shape)
    wrong, values = numpy.broadcast_to(wrong, shape), numpy.broadcast_to(values, shape)
    if name in call.record.axes and len(shape) == len(call.shape):
        wrong, values = _as_given(call, name, wrong, values)
    elif shape == call.items != call.shape:
        wrong, values = wrong.squeeze(as_tuple(call.axis)), values.squeeze(as_tuple(call.axis))
    place = tuple(map(int, numpy.argwhere(wrong)[0]))
    where = f"{name}[{', '.join(map(str, place))}]" if place else name
    many = int(wrong.sum())
    count = f"({many} of {wrong.size} {'is' if many == 1 else 'are'} wrong)"
    text = remedy(values[place], place)
    raise (LabelError if values.dtype.kind in "iu" else kind)(f"{call.record.name}: {where} {text} {count}.")


def _as_given(call: Call, name: str, wrong: Array, values: Array) -> tuple[Array, Array]:
    """Return what is wrong, and values, with the dimensions of an argument of a loss of named axes."""
    layout, face = layout_of(call.record), load("numpy")
    gone = tuple(i for i, axis in enumerate(layout.names) if axis not in layout.own[name])
    same = tuple(slice(1) if i in gone else slice(None) for i in range(wrong.ndim))
    found: list[Any] = [wrong.any(axis=gone, keepdims=True), values[same]]
    first, second = (layout.as_given(face, name, array) for array in found)
    return numpy.asarray(first), numpy.asarray(second)


def _sum_remedy(call: Call, name: str, values: Array, total: float, place: Shape) -> str:
    """Message for a row whose sum is not 1; ``values`` are those of all rows."""
    text = f"sums to {total:g}; the probabilities of a row must sum to 1"
    if name != "target":
        return f"{text}. Logits have losses of their own"
    row = numpy.moveaxis(values, as_tuple(call.axis)[0], -1)[place]
    binary = f"if several classes may be right at once, use {yes_or_no(call.record)}"
    if not row.any():
        return f"{text}. Leave rows without a class out with mask=; {binary}"
    if ((row == 0) | (row == 1)).all():
        return f"{text}; {binary}"
    return f"{text}. Divide each row by its sum; {binary}"


def _may_be_swapped(call: Call, requirement: Requirement, inputs: dict[str, Array]) -> bool:
    """Tell whether an invalid target and logits may be in the wrong order: the logits would be a valid target."""
    first, domain = call.record.arguments[0], requirement.domain
    if requirement.name != "target" or domain is None or not domain.rounds or not first.takes_logits:
        return False
    values = inputs[first.name]
    rows = abs(values.sum(axis=call.axis) - 1.0) if domain.sums_to_one else numpy.zeros(())
    return bool(domain.holds(values) and values.min() < values.max() and (rows <= SUM_TOLERANCE).all())


def _order_remedy(call: Call, remedy: Remedy, value: float, place: Shape) -> str:
    """Add the order of the arguments to a remedy."""
    return f"{remedy(value, place)}. If the target came first, the order is {in_order(call.record)}"


def _shown(value: float, domain: Interval) -> str:
    """Write a number outside a domain in few digits, unless the rounded number lies inside."""
    short = f"{value:.0f}" if domain.whole and float(value).is_integer() else f"{value:g}"
    return str(value) if domain.contains(float(short)) else short


def _weight_remedy(value: float, _: Shape) -> str:
    return f"is {value:g}; weights must be finite and not negative. Leave items out with weight 0 or with mask="


def _of_another_scale(call: Call, value: float) -> str:
    """Return what to do with a target that is no probability, but may be made one."""
    if value < 0 and call.record.arguments[0].domain.high == 0:
        return " Of a log-probability, pass the exponential"
    sums_to_one = any(argument.domain.sums_to_one for argument in call.record.arguments)
    signs = " For labels of −1 and 1, pass (target + 1) / 2." if value == -1 and not sums_to_one else ""
    return f"{signs} Leave such items out with mask="


def _remedy(call: Call, requirement: Requirement, value: Any, _: Shape) -> str:
    domain = requirement.domain
    if requirement.otherwise:
        return f"is {value:g}, {requirement.otherwise}"
    if domain is None:
        last = int(call.numbers["_classes"]) - 1
        ignore = f" Pass ignore_label={value} to leave such rows out" if value < 0 else " Labels start at 0"
        is_last = value.dtype.itemsize >= 4 and value == numpy.iinfo(value.dtype).max  # where ``as_labels`` ends
        shown = f"{value} or more" if is_last else value
        return f"is {shown}; the labels of {last + 1} classes are 0 to {last}.{ignore}"
    if domain.index_of:
        last = int(call.numbers[str(places(domain.index_of).label)]) - 1
        none = "; -1 stands where there is none" if domain.low < 0 else ". Leave places out with mask="
        return (
            f"is {value:g}; it must be a whole number from {domain.low:g} to {last}, the last {domain.index_of}{none}"
        )
    if math.isnan(value):
        return "is nan; a target must be a finite number. Leave such items out with mask="
    shown = _shown(value, domain)
    if domain.rounds and requirement.name == "target":
        return f"is {shown}; a target is 0, 1 or a probability between them.{_of_another_scale(call, value)}"
    if domain.rounds and not domain.has_ends:
        scores = " For scores before a softmax, use a loss that takes logits" if call.record.takes_classes else ""
        return f"is {shown}; a log-probability is at most 0. Of a probability, pass the logarithm.{scores}".rstrip(".")
    if domain.rounds:
        remedy = "For scores before a sigmoid or softmax, use a loss that takes logits"
        return f"is {shown}; a probability lies in [0, 1]. {remedy}"
    return f"is {shown}; it must be {domain}. Leave such items out with mask="
