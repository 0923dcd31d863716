"""Explanation of a loss with settings: its call, and the documentation, which describes the defaults."""

from __future__ import annotations

import numpy as np
import pytest

import lossary
from lossary import get
from lossary.commands.data.typed import typed_loss, typed_losses
from lossary.commands.explain.explanation import Explanation, explain

CONFIGURED = [
    "softmax_cross_entropy(label_smoothing=0.1)", "linear_cross_entropy(z_loss=0.25, label_smoothing=0.1)",
    "categorical_cross_entropy(label_smoothing=0.1, axis=0)", "kl_divergence(label_smoothing=0.1)",
    "softmax_cross_entropy(ignore_label=255)", "squared_error(weight=2)", "dice(product=1, axis=1)",
    "huber(delta=0.123456789)",
]  # fmt: skip


def explained(text: str) -> Explanation:
    (loss,) = typed_losses(text)
    return explain(loss)


@pytest.mark.parametrize("text", CONFIGURED)
def test_the_call_has_every_setting(text: str) -> None:
    """The call without its arrays and defaults makes the same loss."""
    found = explained(text)
    arrays = ", ".join(argument.name for argument in found.record.arguments)
    call = found.call.removeprefix("lossary.").replace(f"({arrays}, ", "(")
    defaults = {parameter.name: parameter.default for parameter in found.record.parameters}
    assert get(call).options == defaults | get(text).options
    assert found.loss.name == text


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "categorical_cross_entropy", "kl_divergence"])
def test_the_smoothed_target_is_as_said(name: str) -> None:
    said = explained(f"{name}(label_smoothing=0.1)").details[0]
    assert said == "With (1 − ε) y + ε / K in the place of y, for K classes."
    probability, target = np.random.default_rng(0).dirichlet(np.ones(4), (2, 5))
    loss = getattr(lossary, name)
    smoothed = loss(probability, 0.9 * target + 0.1 / 4)
    assert float(loss(probability, target, label_smoothing=0.1)) == pytest.approx(float(smoothed), rel=1e-12)


def test_the_documentation_is_of_the_defaults() -> None:
    """Dice by products is not 0 for equal soft masks, a smoothed KL divergence not 0 for equal rows."""
    for text in ("dice(product=1)", "dice(smooth=1)", "kl_divergence(label_smoothing=0.1)"):
        found = explained(text)
        described = [each for each in found.details if " 0 " in each and "ε" not in each]
        assert described
        assert all(each.startswith("With the defaults: ") for each in described)
    for text in ("dice", "dice(product=0)", "huber(delta=1)"):
        assert not any(each.startswith("With the defaults") for each in explained(text).details)


def test_what_the_formula_does_not_show_is_said() -> None:
    assert "This is the loss of one item" in explained("squared_error(weight=2)").details[0]
    assert explain(typed_loss("huber")).details == explained("huber(delta=1)").details
