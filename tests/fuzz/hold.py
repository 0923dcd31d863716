"""Whether lossary's answers are the reference's, and how far they are from them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fuzz.draws import Draws, draw
from fuzz.engines import answers
from fuzz.factors import Case, name_of
from fuzz.reference import Answer, reference

__all__ = ["Outcome", "hold", "try_out"]

Array = np.ndarray[Any, Any]
# How far a number may be from the reference: of the largest number of its draw, or of 1 if that is larger.
VALUES = {"float64": 2e-12, "integers": 1e-5}
GRADIENTS = {"float64": 2e-12, "integers": 1e-5, "float16": 1e-3, "bfloat16": 8e-3}
SINGLE = 1e-5
GREATEST_HALF = 65504.0
OF_PRODUCTS = 8  # a gradient that sums products over classes, or rows, which may cancel
IN_KEYWORDS = {"float64": 2e-11, "float32": 1e-4}  # of a weight: a loss less the mean, which may be close


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
    draws = draw(case, count, rng)
    before = {name: array.tobytes() for name, array in draws.given.items()}
    right = reference(draws.record, draws.arrays, draws.plain, draws.wanted, draws.upstream)
    found, wrong = answers(case, draws)
    outcome = Outcome(case, count, wrong=wrong)
    outcome.wrong += [f"{name} was changed" for name, array in draws.given.items() if array.tobytes() != before[name]]
    outcome.value_error = _compare(outcome, "value", found.value, right.value, VALUES.get(case["dtype"], SINGLE))
    _compare_gradients(outcome, draws, found, right)
    return outcome


def _compare_gradients(outcome: Outcome, draws: Draws, found: Answer, right: Answer) -> None:
    close = GRADIENTS.get(outcome.case["dtype"], SINGLE)
    empty = np.isnan(right.value).reshape(outcome.draws, -1).any(1)  # means over nothing
    for name in draws.wanted:
        computed, gradient = found.gradients[name].copy(), right.gradients[name].copy()
        if not np.all(np.isnan(computed[empty]) | (computed[empty] == 0)):
            outcome.wrong.append(f"the gradient in {name} of a mean over nothing is a number")
        computed[empty] = gradient[empty] = 0.0
        if outcome.case["dtype"] == "float16":
            gradient[abs(gradient) > GREATEST_HALF] *= np.inf
        is_argument = name in {argument.name for argument in draws.record.arguments}
        bound = close if is_argument else IN_KEYWORDS.get(outcome.case["dtype"], close)
        if any(name in scores.factors for scores in draws.record.scores):
            bound *= OF_PRODUCTS
        error = _compare(outcome, f"gradient in {name}", computed, gradient, bound)
        outcome.gradient_error = max(outcome.gradient_error, error)


def _compare(outcome: Outcome, what: str, found: Array, right: Array, close: float) -> float:
    """The largest error of any draw; of what is wrong, the first is told."""
    if found.shape != right.shape:
        outcome.wrong.append(f"{what}: the shape is {found.shape[1:]}, not {right.shape[1:]}")
        return 0.0
    found, right = found.reshape(outcome.draws, -1), right.reshape(outcome.draws, -1)
    scale = np.maximum(1.0, np.nan_to_num(abs(right)).max(1, initial=0.0, keepdims=True))
    same = (found == right) | (np.isnan(found) & np.isnan(right))
    with np.errstate(invalid="ignore"):  # the difference of infinities, where they are the same
        errors = np.where(same, 0.0, np.nan_to_num(abs(found - right), nan=np.inf) / scale)
    if not (errors <= close).all():
        i, k = np.argwhere(~(errors <= close))[0]
        outcome.wrong.append(f"{what}: draw {i} has {found[i, k]!r} at place {k}, not {right[i, k]!r}")
    return float(errors.max(initial=0.0))
