"""Curves of every loss: finite, and with slopes that are the derivatives of the values."""

from __future__ import annotations

import numpy as np
import pytest

from lossary import losses
from lossary.commands.data.typed import typed_loss
from lossary.commands.explain.curves import curves

NAMES = [record.name for record in losses()]


@pytest.mark.parametrize("of_output", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_slopes_are_those_of_the_values(name: str, of_output: bool) -> None:
    """Between two points the value changes by nearly the mean of their slopes."""
    _, drawn = curves(typed_loss(name), of_output=of_output)
    for curve in drawn:
        step = np.diff(curve.x)
        mean = (curve.slope[1:] + curve.slope[:-1]) / 2
        expected = np.diff(curve.value) / step
        steepness, bend = np.abs(np.diff(curve.slope)), np.abs(np.diff(curve.slope, 2))
        at_either_end = np.maximum(np.append(bend, bend[-1]), np.append(bend[0], bend))
        assert np.all(np.abs(expected - mean) <= 0.5 * steepness + at_either_end / 12 + 1e-6)
        assert np.isfinite(curve.value).all()


def test_settings_are_in_the_curve() -> None:
    _, (curve,) = curves(typed_loss("huber", delta=0.5))
    assert curve.value[-1] == pytest.approx(0.5 * (4 - 0.25))
    assert curve.slope.max() == 0.5


def test_a_loss_that_is_infinite_of_a_label_is_drawn_of_another_target() -> None:
    """KL(p ‖ t) at p = ½, of t = (0.7, 0.3): −log(4 · 0.21) / 2."""
    for name in ("reverse_kl_divergence", "reverse_logits_kl_divergence"):
        _, (curve,) = curves(typed_loss(name), of_output=True)
        assert curve.label == "target (0.7, 0.3)"
        assert curve.value[curve.x == 0.0] == pytest.approx(-np.log(0.84) / 2)
