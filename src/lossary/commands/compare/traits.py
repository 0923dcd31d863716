"""Properties of a loss that are reasons to choose it, found by evaluating it on a table's targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lossary.commands.compare.candidates import Candidate
from lossary.commands.compare.fold import targets
from lossary.commands.compare.problem import Problem

__all__ = ["MEANS", "MEDIANS", "PROBABILITIES", "Traits", "traits"]

Floats = NDArray[np.float64]
MEANS, MEDIANS, PROBABILITIES = "means", "medians", "probabilities"
OUTPUTS = np.linspace(-2, 2, 9)
NEAR = np.array([-0.1, -1e-3, 1e-3, 0.1])  # errors tried, in deviations of the target
PLACES = 9  # targets tried
SHARES = 5  # random shares of the classes tried
TRIALS, REGIONS, REGION = 400, 50, 2  # rows tried, or regions and rows in each
TOLERANCE = 1e-5  # of slopes in float32, relative to the largest


@dataclass(frozen=True)
class Traits:
    """Properties of a loss. ``estimates`` names its best prediction, '' if that has no name."""

    estimates: str
    convex: bool
    # Number of parameters to choose, and of predictions beyond the first.
    settings: int

    @property
    def proper(self) -> bool:
        """True if the best prediction is the mean, or the probability of each class."""
        return self.estimates in (MEANS, PROBABILITIES)


def traits(candidate: Candidate, problem: Problem) -> Traits:
    """Find the traits of a loss on this table."""
    estimates = _of_classes(candidate, problem) if problem.classes else _of_numbers(candidate, problem)
    settings = len(candidate.settings) + len(candidate.record.predictions) - 1
    return Traits(estimates, _convex(candidate, problem), settings)


def _additive(candidate: Candidate) -> bool:
    return candidate.record.adds


def _of_numbers(candidate: Candidate, problem: Problem) -> str:
    """Name the estimate of a regression: means if slopes are proportional to errors, quantiles if only signs count."""
    low, high = problem.values.min(), problem.values.max()
    spread = np.linspace(0, 1, PLACES)
    places = np.unique(np.concatenate([np.quantile(problem.values, spread), low + spread * (high - low)]))
    tried = _outputs(problem, places)
    outputs = torch.zeros(len(tried), len(candidate.links), 1, dtype=torch.float64)
    outputs[:, 0, 0] = torch.tensor(tried)
    outputs = outputs.repeat_interleave(len(places), dim=0)
    target = targets(np.tile(places, len(tried)), 0)
    error = (target - candidate.predictions(outputs, problem.scaling)[0].detach()).numpy()
    slope = candidate.slopes(outputs, target, problem.scaling)[:, 0, 0].numpy()
    by_output = (len(tried), len(places))
    return _functional(error.reshape(by_output), slope.reshape(by_output))


def _outputs(problem: Problem, places: Floats) -> Floats:
    """Return outputs of every size, among them those that predict nearly one of the targets."""
    scaling = problem.scaling
    assert scaling is not None  # a regression has one
    near = (places[:, None] + scaling.deviation * NEAR - scaling.center) / scaling.scale
    return np.concatenate([OUTPUTS, near.ravel()])


def _functional(error: Floats, slope: Floats) -> str:
    steepness = -(error * slope).sum(1, keepdims=True) / (error * error).sum(1, keepdims=True)
    if (steepness > 0).all() and _close(slope, -steepness * error):
        return MEANS
    up, down = -slope[error > 0], slope[error < 0]
    if min(up.min(), down.min()) > 0 and _close(up, up.mean()) and _close(down, down.mean()):
        share = up.mean() / (up.mean() + down.mean())
        return MEDIANS if abs(share - 0.5) < TOLERANCE else f"{100 * share:.3g} % quantiles"
    return ""


def _close(values: Floats, expected: Floats | float) -> bool:
    return bool(np.abs(values - expected).max() <= TOLERANCE * np.abs(values).max())


def _of_classes(candidate: Candidate, problem: Problem) -> str:
    """Return PROBABILITIES if the expected loss is least at the true ones (a proper scoring rule), else ''."""
    proper = _additive(candidate) and all(_least_at(candidate, problem, shares) for shares in _shares(problem))
    return PROBABILITIES if proper else ""


def _shares(problem: Problem) -> Iterator[Tensor]:
    draw = np.random.default_rng(0)
    for _ in range(SHARES):
        yield torch.tensor(draw.dirichlet(np.full(len(problem.classes), 2.0)))


def _least_at(candidate: Candidate, problem: Problem, shares: Tensor) -> bool:
    """Return True if the expected slope is 0 at the logits of these shares, and points away from them elsewhere."""
    logits = shares.log()
    truth = logits if candidate.width(problem.classes) > 1 else (logits[1:] - logits[:1])
    truth = truth.expand(len(candidate.links), -1)
    steps = torch.tensor(np.random.default_rng(1).normal(size=(20, *truth.shape)))
    away = [(_expected(candidate, problem, truth + step, shares) * step).sum().item() for step in steps]
    there = _expected(candidate, problem, truth, shares).abs().max().item()
    return there < TOLERANCE and min(away) > 0


def _expected(candidate: Candidate, problem: Problem, output: Tensor, shares: Tensor) -> Tensor:
    """Return the expected slope at one output, for classes with these shares."""
    count = len(shares)
    slopes = candidate.slopes(output.float().expand(count, -1, -1), targets(np.arange(float(count)), count))
    return (slopes * shares[:, None, None]).sum(0)


def _convex(candidate: Candidate, problem: Problem) -> bool:
    """Test convexity on random pairs of outputs: gradients are monotone, (g(a) − g(b)) · (a − b) ≥ 0."""
    draw = np.random.default_rng(0)
    if _additive(candidate):
        return bool(_monotonicity(candidate, problem, draw, TRIALS).sum((1, 2)).min() > -TOLERANCE)
    return min(_monotonicity(candidate, problem, draw, REGION).sum().item() for _ in range(REGIONS)) > -TOLERANCE


def _monotonicity(candidate: Candidate, problem: Problem, draw: np.random.Generator, rows: int) -> Tensor:
    shape = (rows, len(candidate.links), candidate.width(problem.classes))
    target = targets(draw.choice(problem.values, rows), len(problem.classes))
    a, b = (torch.tensor(3 * draw.normal(size=shape), dtype=target.dtype) for _ in range(2))
    slopes = [candidate.slopes(outputs, target, problem.scaling) for outputs in (a, b)]
    size = max(slope.abs().max().item() for slope in slopes) or 1.0
    return (slopes[0] - slopes[1]) / size * (a - b)
