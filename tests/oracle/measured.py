"""The largest errors of a loss over many points: value, slope and curvature against the oracle."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from mpmath import mp

import lossary
from fuzz.engines import bodies
from lossary.catalogue.record import Record
from oracle import exact, points
from oracle.exact import Exact, Jet, derivatives, jet
from oracle.graphs import definition
from oracle.textbook import OF_RESIDUALS, ROUNDED, TEXTBOOK
from oracle.ulps import error, ulp

ORDERS = ("value", "slope", "curvature")
FAR = 4  # ulps
Where = Callable[[], str]
FAR_BELOW = 84.0  # a logit below another: exp(-84) is hardly a float32


@dataclass
class Worst:
    """The largest error, and where it is."""

    ulps: float = -1.0
    where: str = ""

    def see(self, ulps: float, where: Where) -> None:
        if ulps > self.ulps:
            self.ulps, self.where = ulps, where()


@dataclass
class Errors:
    """The largest error of each derivative."""

    worst: dict[str, Worst] = field(default_factory=dict)

    def see(self, order: str, ulps: float, where: Where, magnified: Callable[[], float] = lambda: 1.0) -> None:
        """Take note of an error; ``magnified`` tells what the rounding of an argument becomes on the way: 1 or more."""
        worst = self.worst.setdefault(order, Worst())
        if ulps > worst.ulps:
            worst.see(ulps / magnified(), where)


def near(value: Any) -> str:
    """A number for people; one beyond every floating-point number is infinite or zero."""
    size = abs(value)
    return str(mp.nstr(value, 20)) if 1e-400 < size < mp.mpf(10) ** 400 else f"{float(mp.sign(value))} * (0 or inf)"


def textbook(record: Record) -> Callable[..., list[Jet]]:
    return TEXTBOOK.get(record.name) or definition(record)


def all_parameters(record: Record, given: dict[str, float], dtype: Any = np.float64) -> dict[str, Jet]:
    """Values of all parameters, as a call in this type reads them."""
    return {p.name: jet(float(dtype(given.get(p.name, p.default)))) for p in record.parameters}


def as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def of_elements(record: Record, dtype: Any, size: int, compiled: bool = False) -> Errors:
    """The errors of a loss of single elements by the portable body; of ``compiled`` ones, by the kernel, too.

    A kernel's value and slopes are looked at, with default parameters.
    """
    mp.prec = exact.BITS[np.dtype(dtype).name]
    errors, terms = Errors(), textbook(record)
    settings = points.parameters(record, dtype)
    columns = points.elements(record, dtype, size)
    for i, setting in enumerate(settings):
        part = columns if i == 0 else [column[i :: len(settings)] for column in columns]
        found = _each_element(record, part, setting, kernels=compiled and i == 0)
        parameters = all_parameters(record, setting, dtype)
        for k, moving in enumerate(record.predictions):
            for j, place in enumerate(zip(*part, strict=True)):
                ways = {body: [order[j] for order in orders[k]] for body, orders in found.items()}
                _see_element(errors, record, terms, moving.name, place, parameters, ways, dtype)
    return errors


def _each_element(record: Record, part: Sequence[Any], setting: dict[str, float], kernels: bool) -> dict[str, Any]:
    """Values, slopes and curvatures of each prediction, by each body."""
    loss, found = lossary.get(record.name), dict[str, Any]()
    with bodies(compiled=False):
        values, _ = loss.value_and_gradient(*part, **setting, reduction="none")
        slopes, curves = map(as_tuple, loss.gradient_and_hessian(*part, **setting))
        found["the portable body"] = [(values, *each) for each in zip(slopes, curves, strict=True)]
    if kernels:
        values, slopes = loss.value_and_gradient(*part, **setting, reduction="none")
        found["a kernel"] = [(values, slope) for slope in as_tuple(slopes)]
    return found


def _see_element(
    errors: Errors, record: Record, terms: Any, moving: str, place: Any, parameters: Any, ways: Any, dtype: Any
) -> None:
    def at(numbers: Sequence[Any]) -> tuple[Exact, Exact, Exact]:
        arguments = [
            jet(mp.mpf(x if isinstance(x, mp.mpf) else float(x)), a.name == moving)
            for x, a in zip(numbers, record.arguments, strict=True)
        ]
        return derivatives(terms(*arguments, **parameters))

    def where(body: str) -> str:
        names = {a.name: float(x) for a, x in zip(record.arguments, place, strict=True)}
        return (
            f"{record.name}({names}, { ({k: float(v.value) for k, v in parameters.items()}) }), in {moving}, by {body}"
        )

    exactly = at(place)
    for body, computed in ways.items():
        for order, number, truth in zip(ORDERS, computed, exactly, strict=False):
            if order != "value" and not math.isfinite(number) and _is_too_great(exactly[0].value, dtype):
                continue
            ulps, described = error(number, truth, dtype), partial(_described, order, where, body, number, truth)
            is_far = order != "value" and ulps > FAR
            if is_far and order == "curvature" and _jumps(place, dtype, number, at):
                continue
            if record.name in OF_RESIDUALS:
                _see_of_residual(errors, order, ulps, number, truth, dtype, described, (record, place, at))
            elif not (is_far and _by_rounding(place, dtype, number, order, at)):
                errors.see(order, ulps, described, partial(_of_logit, record, place, truth, dtype))


def _described(order: str, where: Callable[[str], str], body: str, computed: Any, truth: Exact) -> str:
    return f"{order} at {where(body)}: {computed!r}, exactly {near(truth.value)}"


def _of_logit(record: Record, place: Any, truth: Exact, dtype: Any) -> float:
    """What the rounding of a probability becomes: of a subnormal one, in a product with its logarithm, too."""
    row = np.array([0.0, place[0]]) if record.arguments[0].takes_logits else np.zeros(1)
    return ROUNDED.get(record.name, 1.0) * _subnormal(truth, row, dtype)


def _see_of_residual(
    errors: Errors, order: str, ulps: float, number: Any, truth: Exact, dtype: Any, where: Where,
    of: tuple[Record, Any, Any],
) -> None:  # fmt: skip
    """Take note of an error of a loss in ``OF_RESIDUALS``."""
    info = np.finfo(dtype)
    if math.isinf(number) and 16 * abs(truth.value) > float(info.max):
        return  # a power may overflow before it is divided
    if ulps <= 1:
        errors.see(order, ulps, where)
    elif order == "value" or abs(truth.value) > 100 * float(info.tiny):
        errors.see(order, ulps, where, partial(_rounded, order, dtype, *of))


def _rounded(order: str, dtype: Any, record: Record, place: Sequence[Any], at: Any) -> float:
    """What 4 units in the last place become if the residual is off by one."""
    residual = mp.mpf(float(place[0])) - mp.mpf(float(place[1]))
    if not mp.isfinite(residual):
        return 1.0
    moved = [mp.mpf(float(place[0])) + sign * residual * float(np.finfo(dtype).eps) for sign in (0, -1, 1)]
    divided = ORDERS.index(order)
    here, *beside = (at([first, *place[1:]])[divided] for first in moved)
    change = max(abs(one.value - here.value) for one in beside)
    return 1.0 + (float(change / ulp(abs(here.value), dtype)) + divided + OF_RESIDUALS[record.name]) / 4


def _by_rounding(place: Sequence[Any], dtype: Any, computed: Any, order: str, at: Any) -> bool:
    """Whether a derivative changes by more than a few ulps within the rounding of prediction − target: at a corner, and
    where it falls exponentially. Then any value in between is right.
    """
    difference = abs(float(place[0]) - float(place[1]))
    if not math.isfinite(difference):
        return False
    step = mp.mpf(difference) * float(np.finfo(dtype).eps) / 2
    beside = [at([mp.mpf(float(place[0])) + sign * step, *place[1:]])[ORDERS.index(order)] for sign in (-1, 1)]
    low, high = sorted(each.value for each in beside)
    last, greatest = ulp(max(abs(low), abs(high)), dtype), float(np.finfo(dtype).max)
    found = mp.mpf(min(max(float(computed), -greatest), greatest))
    return bool(high - low > FAR * last and low - FAR * last <= found <= high + FAR * last)


def _is_too_great(value: Any, dtype: Any) -> bool:
    """Whether a loss is a number, but too great for the type; its derivatives, then, may not be finite either."""
    return bool(float(np.finfo(dtype).max) / 2 < abs(value) < mp.mpf(10) ** 400)


def _jumps(place: Sequence[Any], dtype: Any, computed: Any, at: Any) -> bool:
    """Whether the curvature jumps within the rounding of an argument, and was computed beyond the jump."""
    first, second = float(place[0]), float(place[1])
    step = 2 * float(np.finfo(dtype).eps) * max(abs(first), abs(second))
    if not np.isfinite(step):
        return False
    beside = [at([mp.mpf(first) + sign * step, *place[1:]])[2] for sign in (-1, 1)]
    jump = abs(beside[0].value - beside[1].value) > mp.mpf("1e-3") * max(abs(b.value) for b in beside)
    return bool(jump) and any(error(computed, b, dtype) <= 4 for b in beside)


def of_rows(record: Record, dtype: Any, size: int, compiled: bool = False) -> Errors:
    """The errors of a loss over classes, row by row, as those of ``of_elements``: with labels and probabilities."""
    mp.prec = exact.BITS[np.dtype(dtype).name]
    errors, terms = Errors(), textbook(record)
    settings = points.parameters(record, dtype)
    for (row, *others), setting in itertools.product(row_calls(record, dtype, size // len(settings)), settings):
        soft = [np.eye(len(row), dtype=dtype)[other] if np.ndim(other) == 0 else other for other in others]
        found = _each_class(record, row, others, soft, setting, kernels=compiled and not setting)
        of_row = _cooled([row, *soft], setting) * ROUNDED.get(record.name, 1.0)
        for j in range(len(row)):
            arguments = [jet(float(x), i == j) for i, x in enumerate(row)], *([jet(float(t)) for t in x] for x in soft)
            exactly = derivatives(terms(*arguments, **all_parameters(record, setting, dtype)))
            of_slope = _squashed(row[j], setting) * _risen(record, row)
            for body, (value, *derived) in found.items():
                where = partial(_of_class, record.name, row, others, setting, j)
                firsts = (array[0] if isinstance(array, tuple) else array for array in derived)
                computed = value[0], *(array[0, j] for array in firsts)
                for order, number, truth in zip(ORDERS, computed, exactly, strict=False):
                    magnified = of_row * _subnormal(truth, row, dtype) * (1.0 if order == "value" else of_slope)
                    described = partial(_described, order, where, body, number, truth)
                    errors.see(order, error(number, truth, dtype), described, partial(float, magnified))
    return errors


def _of_class(name: str, row: Any, others: Any, setting: Any, place: int, body: str) -> str:
    return f"{name}({row.tolist()}, {others}, {setting}), class {place}, by {body}"


def _each_class(record: Record, row: Any, others: Any, soft: Any, setting: Any, kernels: bool) -> dict[str, Any]:
    """Value, slopes and curvatures of a row, by each body."""
    loss, found = lossary.get(record.name), dict[str, Any]()
    given = row[None], *(np.array([other]) for other in others)
    with bodies(compiled=False):
        curves = loss.gradient_and_hessian(row[None], *(x[None] for x in soft), **setting)[1]
        found["the portable body"] = *loss.value_and_gradient(*given, **setting, reduction="none"), curves
    if kernels:
        found["a kernel"] = loss.value_and_gradient(*given, **setting, reduction="none")
    return found


def _subnormal(truth: Exact, row: Any, dtype: Any) -> float:
    """What the rounding of a subnormal probability becomes in a product with its logarithm."""
    is_small = abs(truth.value) < 100 * mp.mpf(float(np.finfo(dtype).tiny))
    return 1.0 + float(np.ptp(row[np.isfinite(row)])) if is_small else 1.0


def _risen(record: Record, row: Any) -> float:
    """The slope of (1 - p^q) / q is p^q: of a p that is no float32, it has as many times the rounding of log p."""
    if "q" not in {parameter.name for parameter in record.parameters} or not record.arguments[0].takes_logits:
        return 1.0
    gap = max(row) - min(row[np.isfinite(row)], default=0.0)
    return 1.0 + gap if FAR_BELOW < gap < math.inf else 1.0


def _cooled(rows: Sequence[Any], setting: dict[str, float]) -> float:
    """A probability falls as exp(-logit / temperature): so many times the rounding of the quotient."""
    temperature = setting.get("temperature", 1.0)
    sizes = [abs(x) for row in rows for x in row if math.isfinite(x)]
    return 1.0 if temperature == 1.0 else 1 + max(sizes, default=0.0) / temperature


def _squashed(logit: float, setting: dict[str, float]) -> float:
    """The slope of a capped logit falls as exp(-2 · logit / cap): so many times the quotient's own rounding."""
    cap = setting.get("logit_cap", 0.0)
    return 1 + 2 * abs(logit) / cap if cap and math.isfinite(logit) else 1.0


def row_calls(record: Record, dtype: Any, size: int) -> Iterator[list[Any]]:
    """Rows for each argument, and once more with a label as the target; a limit is there unless all logits are -inf."""
    first, *rest = points.columns(record, dtype, size)
    for i, row in enumerate(first):
        others = [rows[i] for rows in rest]
        if len(row) > 1 and not any((each == -math.inf).all() for each in (row, *others)):
            yield [row, *others]
            yield from [[row, i % len(row)]] if record.takes_classes else []


def of_pools(record: Record, dtype: Any, size: int) -> Errors:
    """The errors of a loss of whole regions, at the first element of each."""
    mp.prec = exact.BITS[np.dtype(dtype).name]
    errors, loss, terms = Errors(), lossary.get(record.name), textbook(record)
    rng = np.random.default_rng(13)
    for i in range(size):
        pool = [points.at_random(a.domain, rng, 1 + i % 5).astype(dtype) for a in record.arguments]
        pool[1] = np.round(pool[1]) if i % 2 else pool[1]
        for setting in points.parameters(record, dtype):
            value = loss(*pool, **setting, reduction="none")
            slope, curve = loss.gradient_and_hessian(*pool, **setting)
            arguments = [[jet(float(x), k == j == 0) for j, x in enumerate(column)] for k, column in enumerate(pool)]
            exactly = derivatives(terms(*arguments, **all_parameters(record, setting, dtype)))
            where = partial("{}({}, {}) by {}".format, record.name, pool, setting)
            for order, number, truth in zip(ORDERS, (value, slope[0], curve[0]), exactly, strict=True):
                described = partial(_described, order, where, "the portable body", number, truth)
                errors.see(order, error(number, truth, dtype), described)
    return errors
