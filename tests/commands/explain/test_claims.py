"""Properties that `lossary explain` prints, compared with sampled values, for two classes and for hundreds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from commands.explain.trials import CLASSES, Trial, cosines, trials
from lossary.commands.data.typed import TypedLoss, typed_losses
from lossary.commands.explain.properties import properties
from lossary.commands.explain.samples import residual_of
from samples import BY_SHAPE

Floats = NDArray[np.float64]
SETTINGS = [
    "huber(delta=0.25)", "sigmoid_cross_entropy(positive_weight=3)", "binary_cross_entropy(label_smoothing=0.2)",
    "softmax_cross_entropy(z_loss=0.1)", "softmax_cross_entropy(logit_cap=2)",
    "softmax_cross_entropy(label_smoothing=0.1)", "linear_log_probability(temperature=0.5)",
    "linear_entropy(temperature=2)", "info_nce(temperature=1)", "dice(smooth=1)",
]  # fmt: skip
EVERY = [record.name for record in BY_SHAPE] + SETTINGS
SLACK = 1 + 1e-6


@cache
def claims(name: str) -> tuple[TypedLoss, dict[str, str]]:
    (loss,) = typed_losses(name)
    return loss, dict(properties(loss))


def sampled(loss: TypedLoss) -> list[tuple[Floats, Floats]]:
    """Sample values and slopes, for each number of classes."""
    if loss.record.kind == "pairs":
        temperature = loss.settings.get("temperature", loss.record.parameters[0].default)
        return [cosines(np.random.default_rng(3), temperature, count) for count in CLASSES]
    return [trial.at(trial.points) for trial in trials(loss)]


def test_the_entropy_is_known() -> None:
    """The entropy is never negative, and its slope grows with the number of classes: 1.73 is reached at 1000."""
    _, said = claims("linear_entropy")
    assert said["value"] == "never negative"
    assert "best constant" not in said
    reached = re.search(r"([\d.]+) with 1,000", said["slope"])
    assert reached
    x = np.linspace(0, 20, 2001)
    first = np.exp(x) / (np.exp(x) + 999)
    entropy = -first * np.log(first) - (1 - first) * np.log((1 - first) / 999)
    steepest = np.abs(first * (np.log(first) + entropy)).max()
    assert steepest > 1.73
    assert float(reached[1]) == pytest.approx(steepest, abs=0.01)


@pytest.mark.parametrize("name", EVERY)
def test_values_are_as_said(name: str) -> None:
    loss, said = claims(name)
    values = np.concatenate([values.ravel() for values, _ in sampled(loss)])
    ends = re.fullmatch(r"from ([\d.]+) to ([\d.]+)", said.get("value", ""))
    low, high = map(float, ends.groups()) if ends else VALUES[said.get("value", "may be negative")]
    assert low <= values.min()
    assert values.max() <= high + 1e-12


VALUES = {
    "never negative": (0.0, np.inf), "never positive": (-np.inf, 0.0), "may be negative": (-np.inf, np.inf),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_slopes_are_as_said(name: str) -> None:
    loss, said = claims(name)
    steepest = [float(np.abs(slopes).max()) for _, slopes in sampled(loss)]
    slope = said.get("slope", "")
    if bound := re.match(r"bounded, at most ([\d.]+)", slope):
        assert max(steepest) <= float(bound[1]) * SLACK
        assert max(steepest) > 0.8 * float(bound[1])
    elif slope.startswith("grows without bound"):
        assert max(steepest) > 100
    else:
        assert all(float(value) > 0 for value in re.findall(r"([\d.]+) with", slope))


@pytest.mark.parametrize("name", [name for name in EVERY if not name.startswith("info_nce")])
def test_convex_losses_lie_below_their_chords(name: str) -> None:
    """A convex loss satisfies Jensen's inequality at random points; one that is not violates it somewhere."""
    loss, said = claims(name)
    if "convex" not in said:
        return
    above = [over_chord(trial) for trial in trials(loss)]
    sign = -1 if "concave" in said["convex"] else 1
    if said["convex"].startswith("yes") or sign < 0:
        assert max(np.nanmax(sign * each) for each in above) <= 1e-9  # NaN between infinite losses
    else:
        assert max(np.nanmax(each) for each in above) > 1e-6


def over_chord(trial: Trial) -> Floats:
    """Return the loss's height above random chords, relative to the size of the values."""
    draw = np.random.default_rng(5)
    a, b = trial.points, trial.points[draw.permutation(len(trial.points))]
    share = draw.random((len(a), 1))
    low, high, middle = (trial.at(points)[0] for points in (a, b, share * a + (1 - share) * b))
    weight = share.reshape(-1, *[1] * (low.ndim - 1))
    size = np.abs(low) + np.abs(high) + 1e-9
    result: Floats = (middle - weight * low - (1 - weight) * high) / size
    return result


@pytest.mark.parametrize("name", ["info_nce", "info_nce(temperature=1)"])
def test_the_loss_of_cosines_is_convex_in_them(name: str) -> None:
    """A log-sum-exp minus one of its terms is convex."""
    assert claims(name)[1]["convex"] == "yes, in the cosine similarity"


@pytest.mark.parametrize("name", EVERY)
def test_no_constant_is_better_than_the_best(name: str) -> None:
    loss, said = claims(name)
    best = said.get("best constant", "")
    if not best or best.startswith("none"):
        return
    expected, at = expectation(loss)
    found = re.search(r"(?:a probability of|softmax is) ([\d.]+)|^(−?[\d.]+) (?:for|where)", best)
    assert found
    rounded = float((found[1] or found[2]).replace("−", "-")) + np.linspace(-0.005, 0.005, 21)  # as it is printed
    assert min(map(expected, rounded)) <= min(map(expected, at(np.random.default_rng(9)))) + 1e-9


def expectation(loss: TypedLoss) -> tuple[Callable[[float], float], Callable[[np.random.Generator], list[float]]]:
    """Return the mean loss as a function of a constant (a number or a probability), and constants to try."""
    is_class = loss.record.takes_classes
    if loss.record.kind == "pointwise" and np.isinf(loss.record.arguments[1].domain.high):
        sample = np.array([0.0, 1.0, 1.0, 2.0, 11.0])
        rest = [np.ones(5)] * (len(loss.record.predictions) - 1)
        return (
            lambda c: float(loss.loss(np.full(5, c), sample, *rest)),
            lambda draw: list(filter(loss.record.arguments[0].domain.contains, draw.uniform(-5, 15, 200))),
        )

    def of_score(c: float) -> float:
        return 0.3 * float(loss.loss([c], [1.0])) + 0.7 * float(loss.loss([c], [0.0]))

    first = loss.record.predictions[0]
    if not is_class and loss.record.kind == "pointwise" and not (first.takes_logits or first.takes_probabilities):
        return of_score, lambda draw: list(filter(first.domain.contains, draw.uniform(-5, 5, 200)))

    def mean(p: float) -> float:
        row = np.array([p, 1 - p])
        of_logits = np.isinf(loss.record.predictions[0].domain.high)
        first = (np.log(row) if is_class else np.log(p / (1 - p))) if of_logits else (row if is_class else p)
        layer = [np.eye(2)] if loss.record.scores else []
        outcomes = np.eye(2) if is_class else np.array([1.0, 0.0])
        each = [loss.loss(np.asarray(first)[None], *layer, outcome[None]) for outcome in outcomes]
        return 0.3 * float(each[0]) + 0.7 * float(each[1])

    return mean, lambda draw: list(draw.uniform(0.001, 0.999, 200))


def test_some_losses_estimate_shares() -> None:
    assert sum(map(estimates_shares, EVERY)) >= 5


def estimates_shares(name: str) -> bool:
    return "share of the rows" in claims(name)[1].get("best constant", "")


@pytest.mark.parametrize("classes", [3, 40])
@pytest.mark.parametrize("name", EVERY)
def test_the_best_constants_are_the_classes_shares(name: str, classes: int) -> None:
    if not estimates_shares(name):  # asked here, as the answer takes a while: not where tests are collected
        return
    (loss,) = typed_losses(name)
    draw = np.random.default_rng(classes)
    shares = draw.dirichlet(np.ones(classes))
    layer = [np.eye(classes)] if loss.record.scores else []
    of_logits = np.isinf(loss.record.predictions[0].domain.high)

    def expected(row: Floats) -> float:
        given = np.log(row) if of_logits else row
        each = loss.loss(np.tile(given, (classes, 1)), *layer, np.eye(classes), reduction="none")
        return float(shares @ each)

    others = [draw.dirichlet(np.ones(classes)) for _ in range(100)]
    others += [near / near.sum() for near in shares * np.exp(draw.normal(scale=0.01, size=(100, classes)))]
    assert expected(shares) < min(map(expected, others))


@pytest.mark.parametrize("name", EVERY)
def test_residuals_cost_as_said(name: str) -> None:
    loss, said = claims(name)
    if loss.record.task != "regression" or residual_of(loss.record, loss.record.graph) is None:
        assert not {"symmetric", "at residual 0"} & said.keys()
        return
    draw = np.random.default_rng(2)
    target, size = draw.normal(size=(2, 200)) * 10
    rest = [np.exp(draw.normal(size=200))] * (len(loss.record.predictions) - 1)
    above, below = (loss.loss(target + sign * size, target, *rest, reduction="none") for sign in (1, -1))
    if "symmetric" in said:  # else no proof was found
        assert np.allclose(above, below, rtol=1e-9) == said["symmetric"].startswith("yes")
    slopes = loss.loss.value_and_gradient(
        np.array([-1e-9, 1e-9]), np.zeros(2), *[np.ones(2)] * len(rest), reduction="none"
    )[1]
    jump = np.ptp(slopes[0] if isinstance(slopes, tuple) else slopes)
    assert ("jumps" in said["at residual 0"]) == (jump > 1e-3)
