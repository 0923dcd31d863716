"""The fuzz's reference at infinities and zeros: limits worked out by hand, and where there is none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp

import lossary
from fuzz.limits import INFINITE
from fuzz.reference import FORWARD, REVERSE, SECOND, Answer, reference
from fuzz.textbook.common import tanh

INF = math.inf
LOG_2 = math.log(2)


def answer(
    loss: str, mode: str, wanted: str, directions: dict[str, Any] | None = None, dtype: Any = np.float64, **arrays: Any
) -> Answer:
    """One draw of a sum, with derivatives in what is wanted."""
    named = {name: np.asarray(array, dtype)[None] for name, array in arrays.items()}
    along = {name: np.asarray(array, float)[None] for name, array in (directions or {}).items()}
    plain = {"reduction": "sum", "axis": -1}
    return reference(lossary.get(loss).record, named, plain, wanted.split(), np.ones(1), mode, along)


def test_the_entropy_of_a_class_that_cannot_be() -> None:
    found = answer(
        "linear_entropy", REVERSE, "features classifier", features=[[1]], classifier=[[0], [1], [0]], bias=[0, 0, -INF]
    )
    assert found.value == pytest.approx([0.582203], abs=1e-6)
    assert found.gradients["features"].ravel() == pytest.approx([-0.196612], abs=1e-6)
    assert found.gradients["classifier"].ravel() == pytest.approx([0.196612, -0.196612, 0], abs=1e-6)
    assert not any(free.any() for free in found.free.values())


@pytest.mark.parametrize(("student", "teacher"), [([0, 1, -INF], [1, 0, -INF]), ([0, 1, 5], [1, 0, -INF])])
def test_a_second_layer_that_learns(student: list[float], teacher: list[float]) -> None:
    """Of features [[1]] the weights are the logits; the divergence rises with log(q / p) above its mean."""
    layers: dict[str, Any] = {
        "features": [[1]],
        "classifier": [[0]] * 3,
        "target_features": [[1]],
        "target_classifier": [[0]] * 3,
    }
    found = answer("linear_kl_divergence", REVERSE, "target_bias", **layers, bias=student, target_bias=teacher)
    assert found.gradients["target_bias"].ravel() == pytest.approx([0.393224, -0.393224, 0], abs=1e-6)


@pytest.mark.parametrize(("directions", "right"), [(([0, 0, 0], [0, 0, 0]), 0.0), (([0, 1, 0], [0, 0, 0]), -0.5)])
def test_forward_mode_in_two_arguments(directions: Any, right: float) -> None:
    along = dict(zip(("logits", "target"), ([[way] for way in directions]), strict=True))
    logits, target = [[-INF, 0, 0]], [[0, 1, 0]]
    found = answer("softmax_cross_entropy", FORWARD, "logits target", along, logits=logits, target=target)
    assert found.gradients[FORWARD] == pytest.approx([right], abs=1e-12)


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "softmax_kl_divergence"])
def test_the_slope_in_the_target_of_a_class_that_cannot_be(loss: str) -> None:
    found = answer(loss, REVERSE, "target", logits=[[-INF, 0, 0]], target=[[0, 0.5, 0.5]])
    slope = LOG_2 + (1 - LOG_2 if loss == "softmax_kl_divergence" else 0)  # log t + 1 − log p
    assert found.gradients["target"][0, 0, 0] > INFINITE
    assert found.gradients["target"][0, 0, 1:] == pytest.approx([slope, slope])


def test_second_derivatives_where_nothing_is() -> None:
    """t / p² at p = t = 0, and of a region where there is nothing, is 0."""
    along = {"probability": [[1.0, 1.0]]}
    found = answer("categorical_cross_entropy", SECOND, "probability", along, probability=[[0, 1]], target=[[0, 1]])
    assert found.gradients["probability"].ravel() == pytest.approx([0, 1], abs=1e-12)
    found = answer("dice", SECOND, "probability", along, probability=[[0, 0]], target=[[0, 0]])
    assert found.gradients["probability"].ravel().tolist() == [0, 0]


def test_second_derivatives_beside_a_certain_class() -> None:
    """Of Σ t (z − z₁) / T, where class 1 has a logit of 1e20; its terms must not be lost beside each other."""
    layer: dict[str, Any] = {"features": [[1]], "classifier": [[0]] * 3, "bias": [0.5, 1e20, -0.5]}
    along = {"temperature": [1.0], "target": [[0, -0.5, 0.5]]}
    given = {"target": [[0, 0.25, 0.75]], "temperature": [2.0], "logit_cap": [0]}
    found = answer("linear_log_probability", SECOND, "temperature target", along, **layer, **given)
    assert found.gradients["temperature"] == pytest.approx(np.array([[-2 * 0.75 / 8 + 0.5 / 4]]) * 1e20)


def test_second_derivatives_beside_an_infinite_price_of_no_weight() -> None:
    """Of W (Σ w t (−log p) + ζ (log Σ eᶻ)² Σ w t) in W: 1e20 of w₂, and 0 of ζ, whose 1e40 meets Σ w t = 0."""
    given = {"logits": [[1e20, 0]], "target": [[0, 1]], "class_weight": [0, 0], "z_loss": [0], "logit_cap": [0]}
    along = {"weight": [1.0], "class_weight": [0.5, 1.0], "z_loss": [1.0]}
    found = answer("softmax_cross_entropy", SECOND, "weight class_weight z_loss", along, weight=[1], **given)
    assert found.gradients["weight"] == pytest.approx(np.array([[1e20]]))


@pytest.mark.parametrize("certain", [1e20, INF])
def test_the_curvature_of_an_infinite_normalizers_price(certain: float) -> None:
    """z_loss times the square of the logit, which is as large as its softmax is certain."""
    given = {"logits": [[certain, 0, 1]], "target": [[1, 0, 0]], "z_loss": [0.5], "logit_cap": [0]}
    found = answer("softmax_cross_entropy", SECOND, "logits", {"logits": [[1, 2, 3]]}, **given)
    assert found.gradients["logits"].ravel() == pytest.approx([1, 0, 0])


def test_infinities_of_both_signs_have_no_sum() -> None:
    """The slopes (x − y) / v and ½ (1 / v − (x − y)² / v²), times their directions."""
    along = {"prediction": [-0.5], "variance": [0.6]}
    given = {"prediction": [-INF], "target": [0], "variance": [1e20]}
    assert answer("gaussian_nll", FORWARD, "prediction variance", along, **given).free[FORWARD]
    along, given = along | {"variance": [0]}, given | {"variance": [1]}
    alone = answer("gaussian_nll", FORWARD, "prediction variance", along, **given)
    assert alone.gradients[FORWARD] > INFINITE
    assert not alone.free[FORWARD]


@pytest.mark.parametrize("possible", [0.0, 1.0])
@pytest.mark.parametrize("odd", range(9))
def test_infinite_losses_with_upstream_gradients_of_both_signs(possible: float, odd: int) -> None:
    """The slope in the weight of eight is ∞ − ∞, which has no limit, whichever has the other sign; ∞ if none has."""
    share, upstream = np.linspace(0.1, 0.9, 8), np.where(np.arange(8) == odd, -0.25, 1.5)
    target = abs(possible - share)[None]
    arrays = {"probability": np.full((1, 8), possible), "target": target, "weight": np.ones(1)}
    record = lossary.get("binary_cross_entropy").record
    found = reference(record, arrays, {"reduction": "none"}, ["weight"], upstream[None])
    assert found.free["weight"].all() == (odd < 8)


@pytest.mark.parametrize(("dtype", "is_free"), [(np.float32, True), (np.float64, False)])
def test_what_rounded_inputs_do_not_decide_is_free(dtype: Any, is_free: bool) -> None:
    """1e20 times p (log p + H), which is nearly 0 for the second of three nearly equal classes."""
    layer: dict[str, Any] = {"features": [[0]], "classifier": [[0], [1e20], [0]], "bias": [1.01, 1, 0.99]}
    found = answer("linear_entropy", REVERSE, "features", dtype=dtype, **layer, temperature=[1], logit_cap=[0])
    assert found.free["features"].all() == is_free


def test_the_slopes_of_a_capped_logit() -> None:
    """The slope of c tanh(z / c) is cosh(z / c)⁻², to the last digits, the curvature −2 tanh(z / c) times it over c.

    As 1 − tanh², it would be off by 1e-9 here.
    """
    with mp.workdps(50):
        slope, curvature = mp.sech(8) ** 2, -2 * mp.tanh(8) * mp.sech(8) ** 2 / mp.mpf(0.5)
    for z in (4.0, -4.0):
        x = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        (first,) = torch.autograd.grad(0.5 * tanh(x / 0.5), x, create_graph=True)
        (second,) = torch.autograd.grad(first, x)
        assert first.item() == pytest.approx(float(slope), rel=1e-14)
        assert second.item() == pytest.approx(math.copysign(float(curvature), -z), rel=1e-14)


def test_the_terms_of_a_mean() -> None:
    """The slope of w L / w in w is L / w − L / w, the change of (w₁ L₁ + w₂ L₂) / (w₁ + w₂) a sum of as many terms."""
    losses, weight = np.array([9.0, 1.0]), np.array([0.5, 1.5])
    one = mean_of_squares(losses[:1], weight[:1])
    assert one.gradients["weight"] == pytest.approx(np.zeros((1, 1)), abs=1e-13)
    assert one.terms["weight"] == pytest.approx(np.array([[36.0]]))
    two = mean_of_squares(losses, weight)
    assert two.terms["weight"] == pytest.approx((losses + 3.0)[None] / 2)  # the mean is 3


def test_the_terms_of_a_sum() -> None:
    """Items −9 and 8 cancel: what is left has the rounding of 9; one that is infinite is not rounded."""
    advantage = [3.0, 2.0, 1.0]
    found = answer("policy_gradient", REVERSE, "log_probability", log_probability=[3, -4, 0], advantage=advantage)
    assert found.value == pytest.approx([-1.0])
    assert found.terms["value"] == pytest.approx([9.0])
    endless = answer("policy_gradient", REVERSE, "log_probability", log_probability=[3, -4, -INF], advantage=advantage)
    assert endless.value > INFINITE
    assert endless.terms["value"] == pytest.approx([9.0])


@pytest.mark.parametrize("reduction", ["sum", "mean", "none"])
def test_the_terms_of_an_item(reduction: str) -> None:
    """Of 50 − 52.5 + 3, half as much counts; the distances are rounded, what is given is not."""
    record, plain = lossary.get("triplet_margin").record, {"reduction": reduction, "axis": -1, "denominator": 1}
    vectors = {"anchor": [[0, 0]], "positive": [[30, 40]], "negative": [[52.5, 0]], "margin": 3, "weight": 0.5}
    arrays = {name: np.asarray(array, float)[None] for name, array in vectors.items()}
    found = reference(record, arrays, plain, [], np.ones(1))
    assert found.value.ravel() == pytest.approx([0.25])
    assert found.terms["value"].ravel() == pytest.approx([26.25])
    given = answer("margin_ranking", REVERSE, "higher", higher=[1e4], lower=[1e4], target=[1], margin=[0.5])
    assert given.terms["value"] == pytest.approx(given.value)


@pytest.mark.parametrize(("distance", "terms"), [(53.0, 53.0), (53.00001, 53.00001), (53.001, 0.0), (1e20, 0.0)])
def test_the_terms_of_an_item_that_is_zero(distance: float, terms: float) -> None:
    """What rounding may take for more than 0 is a difference of terms, what is far below is 0."""
    vectors: dict[str, Any] = {"anchor": [[0, 0]], "positive": [[30, 40]], "negative": [[distance, 0]]}
    found = answer("triplet_margin", REVERSE, "anchor", margin=[3], **vectors)
    assert found.value == pytest.approx([0.0])
    assert found.terms["value"] == pytest.approx([terms])


def test_the_terms_of_a_row_with_weights_of_classes() -> None:
    """Σ w t (−log p) + ζ (log Σ eᶻ)² Σ w t, of which the second is the larger; each has the row's weight."""
    logits = [[-math.log(6), -math.log(3)]]  # log Σ eᶻ = −log 2
    given: dict[str, Any] = {"target": [[0, 1]], "class_weight": [1, 8], "z_loss": [50], "logit_cap": [0]}
    found = answer("softmax_cross_entropy", REVERSE, "logits", logits=logits, **given)
    assert found.value == pytest.approx([8 * (math.log(1.5) + 50 * LOG_2**2)])
    assert found.terms["value"] == pytest.approx(found.value)


@pytest.mark.parametrize(("target", "is_free"), [([1.0, 0.5], False), ([1.0, 0.0], True)])
def test_the_logarithm_of_an_infinite_concentration(target: list[float], is_free: bool) -> None:
    """Of the density alpha y^(alpha − 1) at 1, which is infinite; at 0 that of alpha = 2 is 0: −∞ + ∞ is no number."""
    found = answer("beta_nll", REVERSE, "alpha", alpha=[INF, 2], target=target, beta=[1, 1], constant=[1])
    assert found.free["value"].all() == is_free
    assert is_free or found.value < -INFINITE


@pytest.mark.parametrize(("turn", "sign"), [(0.0, -1.0), (2.0**-7, 1.0)])
def test_an_infinite_concentration_of_angles(turn: float, sign: float) -> None:
    """k (1 − cos e) rises faster than ½ log k, however small the angle e is, unless that is 0."""
    found = answer("von_mises_nll", REVERSE, "prediction", prediction=[turn], target=[0], concentration=[INF])
    assert sign * found.value > INFINITE
    assert not found.free["value"].any()


@pytest.mark.parametrize("target", [0.7, 0.999])
def test_an_infinite_shape_of_times(target: float) -> None:
    """−log k − k log y is ∞ for an event before the scale, however little."""
    found = answer("weibull_nll", REVERSE, "shape", scale=[1], target=[target], shape=[INF], observed=[1])
    assert found.value > INFINITE
    assert not found.free["value"].any()


def mean_of_squares(losses: Any, weight: Any) -> Answer:
    arrays = {"prediction": np.sqrt(losses)[None], "target": np.zeros((1, len(losses))), "weight": weight[None]}
    plain = {"reduction": "mean", "denominator": "weight"}
    return reference(lossary.get("squared_error").record, arrays, plain, ["weight"], np.ones(1))


@pytest.mark.parametrize(
    ("target", "direction", "reduction", "is_free"),
    [
        ([0.0, 1.0, 0.0], [1.0, -1.0, 0.0], "mean", True),
        ([0.0, 1.0, 0.0], [1.0, 0.0, -1.0], "mean", True),
        ([0.0, 1.0, 0.0], [1.0, 0.0, -1.0], "sum", True),
        ([0.5, 0.5, 0.0], [1.0, -1.0, 0.0], "mean", False),
        ([0.5, 0.5, 0.0], [1.0, -1.0, 0.0], "sum", False),
    ],
)
def test_what_becomes_of_infinite_slopes_with_a_weight(
    target: list[float], direction: list[float], reduction: str, is_free: bool
) -> None:
    """L' = log t + 1 − log p is −∞ at t = 0: L' / w − L' / w is left of w L / w, and L₁' − L₃' of two such targets."""
    arrays = {"logits": np.zeros((1, 3)), "target": np.array([target]), "weight": np.ones(1)}
    along = {"target": np.array([direction]), "weight": np.zeros(1)}
    plain = {"reduction": reduction, "denominator": "weight", "axis": -1}
    record = lossary.get("softmax_kl_divergence").record
    found = reference(record, arrays, plain, ["target", "weight"], np.ones(1), SECOND, along)
    assert found.free["weight"].all() == is_free
    assert is_free or found.gradients["weight"] == pytest.approx(0.0, abs=1e-12)


def test_what_has_no_limit_is_free() -> None:
    """Two certain classes, and the curvature at a kink."""
    assert answer("softmax_cross_entropy", REVERSE, "logits", logits=[[INF, INF, 0]], target=[[1, 0, 0]]).free["value"]
    along = {"prediction": [1.0, 1.0]}
    kink = answer("huber", SECOND, "prediction", along, prediction=[1.0, 0.5], target=[0, 0])
    assert kink.free["prediction"].tolist() == [[True, False]]
