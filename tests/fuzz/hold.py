"""Whether lossary's answers are the reference's, and how far they are from them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import lossary
from fuzz.draws import Draws, Maker
from fuzz.engines import answers, refusal
from fuzz.factors import SECOND as TWICE
from fuzz.factors import Case, name_of
from fuzz.limits import INFINITE
from fuzz.named import MakerOfAxes
from fuzz.reference import FORWARD, REVERSE, SECOND, Answer, reference
from fuzz.textbook import OF_ITS_VALUE, UNDECIDED
from lossary.catalogue.record import Record

__all__ = ["Outcome", "compare", "hold", "try_out"]

Array = np.ndarray[Any, Any]
# How far a number may be from the reference: of the largest number of its draw, or of 1 if that is larger.
VALUES = {"float64": 2e-12, "integers": 1e-5}
GRADIENTS = {"float64": 2e-12, "integers": 1e-5, "float16": 1e-3, "bfloat16": 8e-3}
SINGLE = 1e-5
GREATEST_HALF, GREATEST = 65504.0, float(np.finfo(np.float32).max)
NEARLY_INFINITE, SQUARE_OVERFLOWS = 1e32, 1e18  # what is computed on the way may be infinite
WITH_SCORES = {record.name for record in lossary.losses() if record.scores}
FEW = 5  # calls that cannot be right, of a kind that all draws are of
OF_PRODUCTS = 8  # a gradient that sums products over classes, or rows, which may cancel
IN_KEYWORDS = {"float64": 2e-11, "float32": 1e-4}  # of a weight: a loss less the mean, which may be close
ROUNDINGS = 8  # of the largest term that a result is a difference of


@dataclass
class Outcome:
    """What became of the draws of a case."""

    case: Case
    draws: int
    value_error: float = 0.0
    gradient_error: float = 0.0
    wrong: list[str] = field(default_factory=list)  # what is, and in which draw


def hold(case: Case, count: int = 3) -> None:
    """Raise unless every draw of a case is right."""
    outcome = try_out(case, count, np.random.default_rng(zlib.crc32(name_of(case).encode())))
    assert not outcome.wrong, outcome.wrong


def try_out(case: Case, count: int, rng: np.random.Generator) -> Outcome:
    """Compute draws of a case with lossary and by the book, and compare."""
    maker = MakerOfAxes if lossary.get(case["loss"]).record.axes else Maker
    draws = maker(case, count, rng).draws()
    before = {name: array.tobytes() for name, array in draws.given.items()}
    outcome = Outcome(case, count)
    refused = np.flatnonzero(draws.wrong)[: FEW if draws.wrong.all() else None]
    outcome.wrong += [problem for i in refused if (problem := refusal(case, draws, int(i)))][:2]
    if not draws.wrong.all():
        _compare_answers(outcome, draws, np.flatnonzero(~draws.wrong))
    outcome.wrong += [f"{name} was changed" for name, array in draws.given.items() if array.tobytes() != before[name]]
    return outcome


def _compare_answers(outcome: Outcome, draws: Draws, chosen: Array) -> None:
    case = outcome.case
    mode = FORWARD if case["entry"] == "forward" else SECOND if case["entry"] in TWICE else REVERSE
    right = reference(draws.record, draws.arrays, draws.plain, draws.wanted, draws.upstream, mode, draws.directions).of(
        chosen
    )
    found, wrong = answers(case, draws, chosen.tolist())
    outcome.wrong += wrong
    unit = _unit(draws, chosen)
    endless = draws.plain["reduction"] != "none" and not (abs(right.value) < NEARLY_INFINITE).all()
    if endless or case["loss"] in OF_ITS_VALUE:
        _account_for_losses(_losses_of_items(draws, chosen), found, right)
    outcome.value_error = compare(outcome, "value", found.value, right, VALUES.get(case["dtype"], SINGLE) * unit)
    slopes = [*found.gradients.values(), *right.gradients.values()]
    if mode == SECOND and not all((abs(array) < NEARLY_INFINITE).all() for array in slopes):
        _free_beside_infinite_slopes(draws, chosen, found, right)
    _compare_gradients(outcome, draws, found, right, unit)


def _losses_of_items(draws: Draws, chosen: Array) -> Array:
    plain = {**draws.plain, "reduction": "none"}
    return reference(draws.record, draws.arrays, plain, [], np.ones(())).of(chosen).value.reshape(len(chosen), -1)


def _account_for_losses(losses: Array, found: Answer, right: Answer) -> None:
    """Take the losses of a draw's items for terms of its derivatives; a sum of ∞ and −∞ may be NaN."""
    endless = abs(losses) > NEARLY_INFINITE
    of_both_signs = np.asarray((endless & (losses > 0)).any(1) & (endless & (losses < 0)).any(1))
    right.free["value"] |= np.isnan(found.value) & _like(of_both_signs, found.value)
    largest = np.where(endless, 0.0, abs(losses)).max(1, initial=0.0)
    for name, gradient in right.gradients.items():
        right.terms[name] = np.maximum(right.terms.get(name, np.zeros(gradient.shape)), _like(largest, gradient))


def _like(of_draws: Array, array: Array) -> Array:
    """One number for each draw, beside an array of all draws."""
    return of_draws.reshape(-1, *[1] * (array.ndim - 1))


def _unit(draws: Draws, chosen: Array) -> Array:
    """What counts as 1 in a result of each draw: its terms are divided by the denominator, if it is given."""
    given = draws.arrays.get("denominator", np.ones(1 + chosen.max()))
    return np.asarray(np.maximum(1.0, 1.0 / given.reshape(len(given), -1)[chosen][:, :1].astype(np.float64)))


def _free_beside_infinite_slopes(draws: Draws, chosen: Array, found: Answer, right: Answer) -> None:
    """Let second derivatives be NaN or infinite where first ones are infinite: there are none.

    Of a loss whose slopes depend on the way to 0, what a parameter changes of an infinite one may be anything.
    """
    once = reference(draws.record, draws.arrays, draws.plain, draws.wanted, draws.upstream).of(chosen)
    slopes = [array.reshape(len(chosen), -1) for array in once.gradients.values()]
    endless = (abs(np.concatenate(slopes, axis=1)) > NEARLY_INFINITE).any(1)
    arguments = {argument.name for argument in draws.record.arguments}
    for name, computed in found.gradients.items():
        is_undecided = draws.record.name in UNDECIDED and name not in arguments
        right.free[name][endless] |= is_undecided | ~np.isfinite(computed[endless])


def _compare_gradients(outcome: Outcome, draws: Draws, found: Answer, right: Answer, unit: Array) -> None:
    empty = np.isnan(right.value).reshape(len(right.value), -1).any(1)  # means over nothing
    arguments = {argument.name for argument in draws.record.arguments if argument.role != "reference"}
    # Of an infinite loss no change with a weight, a parameter, what makes the target or logits of it is asked for, nor
    # what several changes of a loss of named axes add up to: it may be a difference of infinities. In single precision,
    # the square of a large one is infinite.
    mixed = outcome.case["entry"] in ("forward", *TWICE)
    endless = SQUARE_OVERFLOWS if mixed and outcome.case["dtype"] != "float64" else NEARLY_INFINITE
    infinite = (abs(right.value) > endless).reshape(len(right.value), -1).any(1)
    for name, gradient in right.gradients.items():
        computed = found.gradients[name]
        is_number = ~np.isnan(computed[empty]) & (computed[empty] != 0)
        if is_number.any() and not _takes_two(draws.record):
            outcome.wrong.append(f"the gradient in {name} of a mean over nothing is a number")
        computed[empty] = gradient[empty] = 0.0
        undecided = bool(draws.record.axes) or draws.record.name in UNDECIDED
        of_others = name not in {*arguments, FORWARD} or (name == "target" and undecided)
        if of_others or (mixed and (bool(draws.record.axes) or not arguments.issuperset(draws.wanted))):
            right.free[name][infinite] = True
            right.free[name] |= np.isnan(computed) & (abs(gradient) > NEARLY_INFINITE)
        elif _adds_infinities(outcome.case, name, mixed, len(draws.wanted) > 1):
            right.free[name][infinite] |= np.isnan(computed[infinite])
        error = compare(outcome, name, computed, right, _bound(outcome.case, draws, name) * unit)
        outcome.gradient_error = max(outcome.gradient_error, error)


def _takes_two(record: Record) -> bool:
    """Whether the loss of a whole batch, of one row, may be NaN: its variances are."""
    return bool(record.axes) and not record.graph.axes


def _adds_infinities(case: Case, name: str, mixed: bool, several: bool) -> bool:
    """Whether a derivative of an infinite loss adds parts that may be infinite with opposite signs.

    It is NaN for whoever computes it from them, while a limit may know that one part is the larger. So are the changes
    of several items or arguments, second derivatives, and slopes in targets that the weights of classes multiply.
    """
    if mixed:
        return name != FORWARD or several or case["reduction"] != "none"
    return name == "target" and case["class_weight"] == "yes"


def _bound(case: Case, draws: Draws, name: str) -> float:
    """How far a derivative may be off."""
    close = GRADIENTS.get(case["dtype"], SINGLE)
    is_argument = name in {argument.name for argument in draws.record.arguments}
    bound = close if is_argument else IN_KEYWORDS.get(case["dtype"], close)
    if any(name in scores.factors for scores in draws.record.scores) or case["entry"] in TWICE:
        bound *= OF_PRODUCTS
    return bound


def compare(outcome: Outcome, name: str, found: Array, answer: Answer, close: Array) -> float:
    """The largest error of any draw; of what is wrong, the first is told."""
    right = answer.value if name == "value" else answer.gradients[name]
    what = name if name == "value" else f"gradient in {name}"
    if found.shape != right.shape:
        outcome.wrong.append(f"{what}: the shape is {found.shape[1:]}, not {right.shape[1:]}")
        return 0.0
    draws = len(right)
    free = answer.free.get(name, np.zeros(right.shape, bool)).reshape(draws, -1)
    found, right = found.reshape(draws, -1), right.reshape(draws, -1)
    free = free | _overflows(outcome.case, name, found, right)
    terms = answer.terms.get(name, np.zeros(right.shape)).reshape(draws, -1)
    rounded = ROUNDINGS * _eps(outcome.case["dtype"]) * terms
    right = _representable(outcome.case, name, found, right, close, rounded)
    values = answer.value.reshape(draws, -1)  # a slope in a weight is a difference of them
    sizes = np.concatenate([right, values], axis=1) if outcome.case["numbers"] == "edges" else right
    finite = np.where(np.isfinite(sizes), abs(sizes), 0.0)
    finite[finite > INFINITE] = 0.0
    scale = np.maximum(1.0, finite.max(1, initial=0.0, keepdims=True))
    scale = np.maximum(scale, rounded / close)
    same = (found == right) | (np.isnan(found) & np.isnan(right)) | free
    with np.errstate(invalid="ignore"):  # the difference of infinities, where they are the same
        errors = np.where(same, 0.0, np.nan_to_num(abs(found - right), nan=np.inf) / scale)
    if not (errors <= close).all():
        i, k = np.argwhere(~(errors <= close))[0]
        outcome.wrong.append(f"{what}: draw {i} has {found[i, k]!r} at place {k}, not {right[i, k]!r}")
    return float(errors.max(initial=0.0))


def _eps(dtype: str) -> float:
    """The precision that calls compute in."""
    return float(np.finfo(np.float64 if dtype == "float64" else np.float32).eps)


def _overflows(case: Case, name: str, found: Array, right: Array) -> Array:
    """Where numbers on the way to a result, or the terms that it is a sum of, may be too large for their type."""
    single = case["dtype"] != "float64"
    infinite = abs(right) > (NEARLY_INFINITE if single else INFINITE)
    undecided: Any = infinite if case["entry"] in TWICE else np.zeros_like(infinite)
    if case["loss"] in WITH_SCORES and name not in ("value", "target"):
        undecided = infinite.any(1, keepdims=True)
    elif name == FORWARD and single:
        undecided = infinite & (abs(right) < INFINITE)
    same_sign = (abs(found) > INFINITE) & infinite & (np.sign(found) == np.sign(right))
    return np.asarray((~np.isfinite(found) & undecided) | same_sign)


def _representable(case: Case, name: str, found: Array, right: Array, close: Array, rounded: Array) -> Array:
    """The right numbers, infinite beyond the greatest number of a type; about as large as it, as they were found.

    A difference of terms may be off by as much as these are ``rounded``, to an infinity of either sign.
    """
    greatest = INFINITE if case["dtype"] == "float64" else GREATEST
    if case["dtype"] == "float16" and name not in ("value", FORWARD):
        greatest = GREATEST_HALF
    infinite = np.isinf(found)
    with np.errstate(invalid="ignore"):
        beyond = np.where(infinite, np.sign(found) * right + rounded > (1 - close) * greatest, False)
        beyond |= np.where(infinite, False, abs(right) - rounded > (1 + close) * greatest)
        return np.where(beyond, np.where(infinite, found, np.sign(right) * np.inf), right)
