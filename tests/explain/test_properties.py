"""What is found out about a loss, against what is known of it."""

from __future__ import annotations

import pytest

from lossary import losses
from lossary.data.typed import typed_loss, typed_losses
from lossary.errors import ArgumentError
from lossary.explain.properties import properties

KNOWN = {
    ("squared_error", "convex"): "yes, in prediction",
    ("squared_error", "slope"): "grows without bound",
    ("squared_error", "smooth"): "yes",
    ("squared_error", "best constant"): "3 for the numbers",  # the mean
    ("absolute_error", "slope"): "bounded, at most 1",
    ("absolute_error", "smooth"): "no, at residual 0 the slope jumps from −1 to 1",
    ("absolute_error", "best constant"): "1 for the numbers",  # the median
    ("huber", "slope"): "bounded, at most 1",
    ("huber", "symmetric"): "yes",
    ("huber", "best constant"): "1.33 for the numbers",  # where 1 + 2 (c − 1) = (2 − c) + 1
    ("gaussian_nll", "best constant"): "3 for the numbers",
    ("sigmoid_cross_entropy", "convex"): "yes, in logits",
    ("sigmoid_cross_entropy", "slope"): "bounded, at most 1",
    ("sigmoid_cross_entropy", "best constant"): "a probability of 0.3 where 30%",
    ("binary_cross_entropy", "slope"): "grows without bound near 0",
    ("binary_cross_entropy", "best constant"): "a probability of 0.3 where 30%",
    ("softmax_cross_entropy", "convex"): "yes, in logits",
    ("categorical_cross_entropy", "convex"): "yes, in probability",
    ("kl_divergence", "convex"): "yes, in probability",
    ("dice", "convex"): "no, not in probability",
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


@pytest.mark.parametrize("record", losses(), ids=lambda record: record.name)
def test_something_is_found_of_every_loss(record: object) -> None:
    found = dict(properties(typed_loss(record.name)))  # type: ignore[attr-defined]
    assert found["convex"]
    assert found["slope"]


def test_names_of_peers_and_several_losses_are_read() -> None:
    assert [each.name for each in typed_losses("squared_error, huber(delta=2)")] == ["squared_error", "huber(delta=2)"]
    with pytest.raises(ArgumentError, match="names no losses"):
        typed_losses("huber(delta")
