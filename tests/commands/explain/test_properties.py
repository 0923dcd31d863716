"""Properties found for a loss, compared with known ones."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from lossary import losses
from lossary.commands.data.typed import typed_loss, typed_losses
from lossary.commands.explain.curves import curves
from lossary.commands.explain.properties import properties
from lossary.errors import ArgumentError

KNOWN = {
    ("squared_error", "convex"): "yes, in the prediction",
    ("squared_error", "slope"): "grows without bound",
    ("squared_error", "at residual 0"): "the slope fades to 0",
    ("squared_error", "value"): "never negative",
    ("squared_error", "best constant"): "3 for the numbers",  # the mean
    ("absolute_error", "slope"): "bounded, at most 1",
    ("absolute_error", "at residual 0"): "the slope jumps from −1 to 1",
    ("absolute_error", "best constant"): "1 for the numbers",  # the median
    ("huber", "slope"): "bounded, at most 1",
    ("huber", "symmetric"): "yes",
    ("huber", "best constant"): "1.33 for the numbers",  # where 1 + 2 (c − 1) = (2 − c) + 1
    ("gaussian_nll", "convex"): "yes, in the prediction, for a fixed variance",
    ("gaussian_nll", "best constant"): "3 for the numbers",
    ("sigmoid_cross_entropy", "convex"): "yes, in the logits",
    ("sigmoid_cross_entropy", "slope"): "bounded, at most 1",
    ("sigmoid_cross_entropy", "best constant"): "a probability of 0.3 where 30 %",
    (
        "binary_cross_entropy",
        "slope",
    ): "grows without bound as a probability nears 0, and as it nears 1 where the target is 0",
    ("binary_cross_entropy", "best constant"): "a probability of 0.3 where 30 %",
    ("softmax_cross_entropy", "convex"): "yes, in the logits",
    ("softmax_cross_entropy", "best constant"): "each class's share of the rows",
    ("categorical_cross_entropy", "convex"): "yes, in the probability",
    ("linear_log_probability", "value"): "never positive",
    ("linear_log_probability", "convex"): "no, it is concave in the logits",
    ("linear_log_probability", "best constant"): "none, the loss has no lower bound",
    ("linear_entropy", "value"): "never negative",
    ("linear_entropy", "convex"): "no, not in the logits",
    ("linear_entropy", "slope"): "grows with the number of classes",
    ("info_nce", "convex"): "yes, in the cosine similarity",
    ("info_nce", "slope"): "bounded, at most 10 in each cosine similarity",  # 1 / temperature
    ("dice", "value"): "from 0 to 1",
    ("kl_divergence", "convex"): "yes, in the probability",
    ("dice", "convex"): "no, not in the probability",
}


@pytest.mark.parametrize(("about", "finding"), KNOWN.items(), ids=[" ".join(about) for about in KNOWN])
def test_what_is_known_is_found(about: tuple[str, str], finding: str) -> None:
    name, part = about
    assert dict(properties(typed_loss(name)))[part].startswith(finding)


def test_settings_change_what_is_found() -> None:
    """With a positive weight of w the best constant probability is w s / (w s + 1 − s), here 0.6 / 1.3."""
    found = dict(properties(typed_loss("sigmoid_cross_entropy", positive_weight=2.0)))
    assert found["best constant"].startswith("a probability of 0.46 where")
    assert dict(properties(typed_loss("huber", delta=0.25)))["slope"].startswith("bounded, at most 0.25")


UNPROVED = {  # what is neither proved nor refuted by an example
    "softmax_poly1": {"convex", "slope"}, "softmax_focal": {"slope"}, "softmax_brier": {"slope"},
    "softmax_generalized_cross_entropy": {"slope"}, "jensen_shannon": {"slope"}, "sigmoid_focal": {"slope"},
    "sigmoid_asymmetric": {"slope"}, "sigmoid_poly1": {"convex"},
    "symmetric_absolute_percentage_error": {"slope"}, "squared_logarithmic_error": {"slope"},
    "cosine_distance": {"slope"}, "lp_distance": {"convex"}, "zero_inflated_poisson": {"convex"},
}  # fmt: skip


@pytest.mark.parametrize("record", losses(), ids=lambda record: record.name)
def test_something_is_found_of_every_loss(record: object) -> None:
    found = dict(properties(typed_loss(record.name)))  # type: ignore[attr-defined]
    left_out = UNPROVED.get(record.name, {"slope"} if record.kind == "overlap" else set())  # type: ignore[attr-defined]
    # A slope that a scale divides, or an advantage multiplies, has the bounds that these have, if they have any.
    others = [a for a in record.arguments[1:] if a.role != "target"]  # type: ignore[attr-defined]
    may_lack = {"slope"} if others else set()
    assert record.axes or {"convex", "slope"} - set(found) - may_lack == left_out  # type: ignore[attr-defined]
    assert all(found.values())


def test_slopes_are_reached_as_said() -> None:
    """The entropy's slope at shares p, (1 − p) / (K − 1), … is p |log p + H|; its maximum is found on a fine grid."""
    found = dict(properties(typed_loss("linear_entropy")))["slope"]
    for value, classes in re.findall(r"([\d.]+) with (\d+)", found.replace(",000", "000")):
        p = np.linspace(1e-6, 1 - 1e-6, 1_000_001)
        entropy = -p * np.log(p) - (1 - p) * np.log((1 - p) / (int(classes) - 1))
        greatest = np.abs(p * (np.log(p) + entropy)).max()
        assert greatest - 0.011 < float(value) <= greatest
    small = dict(properties(typed_loss("linear_entropy", temperature=4.0)))["slope"]
    assert "0.055 with 2 classes" in small  # a quarter of 0.2239


UNKNOWN = {
    # Logits are capped before the softmax: 30 tanh(z / 30) has the best softmax, 0.3, for many pairs of logits.
    "softmax_cross_entropy(logit_cap=30)": {"best constant"},
    "linear_cross_entropy(logit_cap=30)": {"best constant"},
    "linear_entropy(logit_cap=1)": {"slope", "best constant"},  # bounded, by what the rules do not find
    "linear_kl_divergence": {"best constant"},  # it has no target
    "info_nce": {"best constant"},
    "dice": {"slope", "best constant"},
}


@pytest.mark.parametrize(("name", "left_out"), UNKNOWN.items(), ids=UNKNOWN.keys())
def test_what_is_not_known_is_not_said(name: str, left_out: set[str]) -> None:
    (loss,) = typed_losses(name)
    assert not left_out & dict(properties(loss)).keys()


def test_names_of_peers_and_several_losses_are_read() -> None:
    assert [each.name for each in typed_losses("squared_error, huber(delta=2)")] == ["squared_error", "huber(delta=2)"]
    with pytest.raises(ArgumentError, match="names no losses"):
        typed_losses("huber(delta")


def test_an_infinite_setting_is_read_as_it_is_written() -> None:
    (loss,) = typed_losses("general_robust(alpha=-inf)")
    assert loss.settings == {"alpha": -math.inf}
    assert loss.name == "general_robust(alpha=-inf)"


MISWRITTEN = {
    "huber(2)": "2 has no keyword: write it as keyword=2",
    "huber(delta=x)": "x is no number",
    "general_robust(alpha=nan)": "nan is no number",
    "huber(delta='2')": "'2' is no number",
    "huber(delta=[2])": "[2] is no number",
    "mse loss": "a name has no spaces",
    "huber(delta": "its parentheses do not match",
    "huber)": "its parentheses do not match",
    "huber = 2": "it is no list of names",
    "": "no name is given",
}


@pytest.mark.parametrize(("text", "why"), MISWRITTEN.items(), ids=MISWRITTEN.keys())
def test_says_what_is_wrong_with_what_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"{text!r} names no losses: {why}")):
        typed_losses(text)


@pytest.mark.parametrize(
    "setting", ["softmax_cross_entropy(ignore_label=255)", "softmax_cross_entropy(axis=0)", "dice(axis=0)",
                "categorical_cross_entropy(axis=1, ignore_label=1)", "squared_error(weight=2)",
                "squared_error(denominator=2)"]
)  # fmt: skip
def test_what_concerns_the_items_does_not_change_the_loss_of_one(setting: str) -> None:
    """Integers stay integers, which these keywords need."""
    (loss,) = typed_losses(setting)
    assert loss.name == setting
    assert properties(loss) == properties(typed_loss(loss.record.name))
    curves(loss)
