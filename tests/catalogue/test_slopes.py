"""Derivatives worked out by hand that hand values have no place for: in targets and parameters, and second ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import torch

import lossary
from hand.row import INF, LOG_2, LOG_4_OVER_3

pytestmark = pytest.mark.usefixtures("portable")


@dataclass(frozen=True)
class Slope:
    """A derivative of an element or row, in an argument or parameter or in two of them one after the other."""

    loss: str
    by: tuple[str, ...]
    value: Any
    given: dict[str, Any] = field(default_factory=dict)


ABSENT = {"probability": [0.25, 0.75, 0.0], "target": [0.25, 0.75, 0.0]}
ONE_OF_TWO = {"probability": [0.25, 0.75], "target": [0.0, 1.0]}
LACKING = {"probability": [0.0, 1.0], "target": [0.5, 0.5]}
SURE = {"probability": [0.0, 1.0], "target": [0.0, 1.0]}
WEIBULL = {"scale": 1.0, "target": 1.0 + 2.0**-30, "shape": 3.0, "observed": 1.0}
SLOPES = [
    # scale/3 · u⁴ (3 − 2 u²); e (1 − u²)² of a scale whose square is no number; (1 − u²) (1 − 5 u²) and 4 u³ (1 − u²);
    # and u⁴ (10/3 u² − 3)
    Slope("tukey_biweight", ("scale",), 2 / 3 * 0.0625 * 2.5, {"prediction": 1.0, "target": 0.0, "scale": 2.0}),
    Slope("tukey_biweight", ("scale",), 2.0, {"prediction": 9.0, "target": 0.0, "scale": 6.0}),
    Slope("tukey_biweight", ("target",), -1.0, {"prediction": 1.0, "target": 0.0, "scale": 1e200}),
    Slope("tukey_biweight", ("prediction", "prediction"), 1.0, {"prediction": 1.0, "target": 0.0, "scale": 1e200}),
    Slope("tukey_biweight", ("prediction", "prediction"), -0.1875, {"prediction": 1.0, "target": 0.0, "scale": 2.0}),
    Slope("tukey_biweight", ("scale", "prediction"), 0.375, {"prediction": 1.0, "target": 0.0, "scale": 2.0}),
    Slope("tukey_biweight", ("scale", "scale"), 0.0625 * (5 / 6 - 3), {"prediction": 1.0, "target": 0.0, "scale": 2.0}),
    Slope("tukey_biweight", ("scale", "scale"), 1 / 3, {"prediction": 9.0, "target": 0.0, "scale": 6.0}),
    # of a small u it is u⁴ scale, of terms that are far larger; and (e / scale)² is less than any number
    Slope("tukey_biweight", ("scale",), 1e-34, {"prediction": 1e-7, "target": 0.0, "scale": 1e2}),
    Slope("tukey_biweight", ("scale",), 1e-280, {"prediction": 1e-10, "target": 0.0, "scale": 1e80}),
    # −(1 − p)² log(1 − p) log p is p log p near 0
    Slope("binary_focal", ("gamma", "probability"), -INF, {"probability": 0.0, "target": 1.0, "gamma": 2.0}),
    # a negative that is less probable than the margin costs nothing, whatever the power
    Slope("sigmoid_asymmetric", ("margin",), 0.0,
          {"logits": -1.0, "target": 0.0, "negative_gamma": 0.0, "margin": 0.5}),
    Slope("sigmoid_asymmetric", ("logits", "logits"), 0.0,
          {"logits": -800.0, "target": 0.0, "negative_gamma": 2.0, "margin": 0.0}),
    # with v = 1 − u: of u^gamma (−log v) it is 1 + log v where u = 1; here −log v is the logit
    Slope("sigmoid_asymmetric", ("negative_gamma", "margin"), 1.0 - 800.0,
          {"logits": 800.0, "target": 0.0, "negative_gamma": 2.0, "margin": 0.0}),
    Slope("generalized_kl_divergence", ("prediction", "prediction"), 0.0, {"prediction": 0.0, "target": 0.0}),
    # 2 log(target / mean); and −2 ∫ t^−1.5 dt between numbers that nearly are the same
    Slope("tweedie_deviance", ("target",), -2 * LOG_2, {"mean": 2.0, "target": 1.0, "power": 1.0}),
    Slope("tweedie_deviance", ("target",), -1.8626451479299144253e-9,
          {"mean": 1.0 + 2.0**-30, "target": 1.0, "power": 1.5}),
    # Poisson's limit: mean − target log mean
    Slope("negative_binomial", ("target",), -LOG_2, {"mean": 2.0, "target": 3.0, "shape": INF}),
    Slope("negative_binomial", ("shape",), 0.0, {"mean": 2.0, "target": 3.0, "shape": INF}),
    # log(1 + m/r) − (m − t) / (m + r) − ψ(t + r) + ψ(r), a difference of numbers a hundred million times as large
    Slope("negative_binomial", ("shape",), -9.9999998333333363333e-17, {"mean": 2.0, "target": 3.0, "shape": 1e8}),
    # log(1 + r/m) − ψ(t + r) + ψ(t + 1), whose terms are 16
    Slope("negative_binomial", ("target",), 9.99999500000483333e-8,
          {"mean": 1e7, "target": 1e7, "shape": 10.0, "constant": 1.0}),
    Slope("negative_binomial", ("target",), 6.666666664444444445432e-10,  # log(1 + 1/m)
          {"mean": 1.5e9, "target": 1e9, "shape": 1.0, "constant": 1.0}),
    # of no event, the slope in the rate is sigmoid(−logit − rate), and that in the logit has the same slope in the rate
    *(Slope("zero_inflated_poisson", by, -0.25, {"rate": LOG_2, "target": 0.0, "zero_logit": -LOG_2})
      for by in (("zero_logit", "rate"), ("rate", "zero_logit"))),
    # −shape ((target / scale)^shape − 1) / scale
    Slope("weibull_nll", ("scale",), -8.3819031793455622849e-9, WEIBULL),
    # |p − t| / |t|, whatever the sign of a zero
    Slope("absolute_percentage_error", ("target",), -INF, {"prediction": 1.0, "target": -0.0}),
    Slope("absolute_percentage_error", ("target",), -INF, {"prediction": -1.0, "target": 0.0}),
    # t exp(−s) + (1 − t) exp(s)
    Slope("exponential", ("target", "scores"), -2.5, {"scores": LOG_2, "target": 0.5}),
    # −4 p / (p + t)², 4 (p − t) / (p + t)³ and −8 t / (p + t)³
    Slope("symmetric_absolute_percentage_error", ("target",), -8e-35 / 9, {"prediction": 2e35, "target": 1e35}),
    Slope("symmetric_absolute_percentage_error", ("prediction", "target"), 4e-71 / 2.7,
          {"prediction": 2e35, "target": 1e35}),
    Slope("symmetric_absolute_percentage_error", ("prediction", "prediction"), -8e-71 / 2.7,
          {"prediction": 2e35, "target": 1e35}),
    # of a logit that is the cap, of two
    Slope("softmax_cross_entropy", ("logit_cap",), 0.8807970779778824,
          {"logits": [INF, 0.0], "target": [0.0, 1.0], "logit_cap": 2.0}),
    # of a class that neither row has: ½ log (t / m) for t = 0 and m = t / 2; −¼ / m of the others
    Slope("jensen_shannon", ("target",), [0.0, 0.0, LOG_2 / 2], ABSENT),
    Slope("jensen_shannon", ("probability", "target"), [-1.0, -1 / 3, 0.0], ABSENT),
    # both layers' softmaxes stay as they are, whatever the temperature
    Slope("logits_kl_divergence", ("temperature",), 0.0,
          {"logits": [0.0, 0.0], "target_logits": [INF, 0.0], "temperature": 2.0}),
    # of −(1 − s) log(1 − s), the slope in p where t is 0, and of −s log s, that in t where p is 0
    Slope("jensen_shannon", ("skew", "probability"), [0.0, 0.0, 1.0 - LOG_2], {**ABSENT, "skew": 0.5}),
    Slope("jensen_shannon", ("skew", "target"), [0.0, 0.0, LOG_2 - 1.0], {**ABSENT, "skew": 0.5}),
    # −¼ / √(p t)
    Slope("squared_hellinger", ("probability", "target"), [-INF, -0.28867513459481287],
          ONE_OF_TWO),
    Slope("squared_hellinger", ("probability", "target"), [-1.0, -1 / 3, 0.0], ABSENT),
    # log(p / t) + 1, 1 / p, −1 / t, −p / t and p / t², and nothing of a class that neither row has
    Slope("reverse_kl_divergence", ("probability",), [1.0, 1.0, 0.0], ABSENT),
    Slope("reverse_kl_divergence", ("probability", "probability"), [4.0, 4 / 3, 0.0], ABSENT),
    Slope("reverse_kl_divergence", ("probability", "target"), [-4.0, -4 / 3, 0.0], ABSENT),
    Slope("reverse_kl_divergence", ("target",), [-1.0, -1.0, 0.0], ABSENT),
    Slope("reverse_kl_divergence", ("target", "target"), [4.0, 4 / 3, 0.0], ABSENT),
    Slope("reverse_kl_divergence", ("target", "probability"), [-4.0, -4 / 3, 0.0], ABSENT),
    # 2 (t − p) / p, −2 t / p² and, in p twice, 2 t² / p³
    Slope("chi_squared", ("target",), [0.0, 0.0, INF], ABSENT),
    Slope("chi_squared", ("probability", "target"), [-8.0, -8 / 3, 0.0], ABSENT),
    Slope("chi_squared", ("probability", "probability"), [8.0, 8 / 3, 0.0], ABSENT),
    # (alpha r^s − 1) / (s S) with s = alpha − 1, r = t / p and S = Σ t r^s: 4/3 for alpha = 2 and √3/2 for ½
    Slope("renyi_divergence", ("target",), [-0.75, 1.25], {**ONE_OF_TWO, "alpha": 2.0}),
    Slope("renyi_divergence", ("target",), [-INF, 4 / 3**0.5 - 1], {**ONE_OF_TWO, "alpha": 0.5}),
    Slope("renyi_divergence", ("target",), [-INF, 1 + LOG_4_OVER_3], {**ONE_OF_TWO, "alpha": 1.0}),
    Slope("renyi_divergence", ("alpha", "target"), [0.75 + 0.75 * LOG_4_OVER_3, 0.75 * LOG_4_OVER_3 - 0.25],
          {**ONE_OF_TWO, "alpha": 2.0}),
    Slope("renyi_divergence", ("alpha", "target"), [INF, 4 * (1 - 0.75**0.5 - LOG_4_OVER_3 / 2) / 0.75**0.5],
          {**ONE_OF_TWO, "alpha": 0.5}),
    # of a class that the prediction does not have, r^s is 0 for alpha < 1; for ¼, S is the fourth root of ½
    Slope("renyi_divergence", ("target",), [4 / 3 * 2**0.25, 4 / 3 * 2**0.25 - 2 / 3], {**LACKING, "alpha": 0.25}),
    Slope("renyi_divergence", ("probability", "probability"), [INF, INF], {**LACKING, "alpha": 0.5}),
    Slope("renyi_divergence", ("probability", "probability"), [INF, INF], {**LACKING, "alpha": 0.25}),
    Slope("renyi_divergence", ("probability", "probability"), [INF, 0.0], {**LACKING, "alpha": 1.5}),
    # a target of 0 is the less of two zeros: t^alpha p^(1 − alpha) is 0 for alpha = ½, and rises without bound for 2
    Slope("renyi_divergence", ("target",), [2.0, 1.0], {**SURE, "alpha": 0.5}),
    Slope("renyi_divergence", ("target",), [INF, 1.0], {**SURE, "alpha": 1.5}),
    Slope("renyi_divergence", ("alpha", "target"), [4.0, 0.0], {**SURE, "alpha": 0.5}),
]  # fmt: skip


def name_of(slope: Any) -> str:
    return f"{slope.loss}-{'-'.join(slope.by)}-{slope.value}"


@pytest.mark.parametrize("slope", SLOPES, ids=name_of)
def test_slope(slope: Slope) -> None:
    given = {name: torch.tensor([x], dtype=torch.float64) for name, x in slope.given.items()}
    moving = [given[name].requires_grad_() for name in slope.by]
    loss = lossary.get(slope.loss)
    arrays = [given.pop(argument.name) for argument in loss.record.arguments]
    found = loss(*arrays, **given, reduction="sum")
    for one in moving:
        (found,) = torch.autograd.grad(found.sum(), one, create_graph=True)
    assert found[0].tolist() == pytest.approx(slope.value, rel=1e-12, abs=1e-300)
