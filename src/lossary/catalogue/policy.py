"""Losses of reinforcement learning: of the log-probabilities of actions, and of predicted returns."""

from __future__ import annotations

from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Real, Reference, Share, Unit
from lossary.symbolic.graph import Value, as_node
from lossary.vocabulary import (
    absolute,
    exp,
    log1p,
    maximum,
    minimum,
    product,
    square,
    weighted,
    where,
    with_slopes,
    written_as,
)

SCHULMAN = "Schulman et al. (2017), Proximal policy optimization algorithms, arXiv:1707.06347"


@pointwise(
    task="policy",
    references=("Williams (1992), Simple statistical gradient-following algorithms …, Machine Learning 8, 229–256",),
)
def policy_gradient(log_probability: Real, advantage: Reference) -> Value:
    """The loss whose gradient is the policy gradient: REINFORCE.

        −advantage · log_probability

    Its value says nothing about the policy. An action with advantage 0 adds 0, whatever its probability.

    Use it when actions were drawn by the very policy that is trained, and each is used for one step.

    Args:
        log_probability: The policy's log-probabilities of the actions that were taken.
        advantage: By how much the return was better than expected; constants, made without a gradient.

    Example:
        >>> import lossary as ls
        >>> float(ls.policy_gradient([-1.5], [2.0]))
        3.0

    Identities: it has the gradient of ``clipped_surrogate`` where the policy is the old one.

    Elsewhere: rlax takes the logits of all actions, and stops the gradient of the advantages.
    """
    return -product(advantage, log_probability)


@pointwise(
    task="policy",
    references=(
        SCHULMAN,
        "Shao et al. (2024), DeepSeekMath, arXiv:2402.03300 (GRPO)",
        "Yu et al. (2025), DAPO, arXiv:2503.14476 (a higher upper limit)",
    ),
)
def clipped_surrogate(
    log_probability: Real,
    old_log_probability: Reference,
    advantage: Reference,
    *,
    low: Share = 0.2,
    high: NonNegative = 0.2,
) -> Value:
    """The clipped surrogate objective of PPO and GRPO, negated.

        −min(ratio · advantage, clip(ratio, 1 − low, 1 + high) · advantage)
        with ratio = exp(log_probability − old_log_probability)

    It is −advantage for a policy that is the old one. A good action (advantage > 0) that has become more probable by
    more than high has no slope, nor has a bad one that has become less probable by more than low. That of a bad action
    that becomes more probable has no bound.

    Use it when actions were drawn by an older policy, whose data are used for several steps.

    Args:
        log_probability: The policy's log-probabilities of the actions that were taken.
        old_log_probability: The log-probabilities with which they were drawn.
        advantage: By how much the return was better than expected; constants, made without a gradient.
        low: How far a ratio may fall below 1; in [0, 1].
        high: How far a ratio may rise above 1; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> old = [-1.0, -1.0]
        >>> ls.clipped_surrogate([-1.0, 0.0], old, [2.0, 2.0], reduction="none").tolist()  # −2, and −1.2 · 2
        [-2.0, -2.4]

    Identities: where nothing is clipped it has the gradient of ``policy_gradient``, times the ratio. Log-probabilities
    of whole answers, divided by their lengths, make the ratio that of GSPO.

    Elsewhere: there is no penalty of a divergence from a reference model here, and the mean is over tokens, as in DAPO:
    TRL (read in 1.16.0) has a mean of answers' means for GRPO. Both limits are one epsilon there by default, 0.2, and
    0.1 in torchtune (0.6.1). Where a ratio overflows and is clipped, ratio · 0 makes the gradient NaN in the plain
    expression, and ∞ · 0 the value where the advantage is 0.
    """
    change, is_good = as_node(log_probability) - old_log_probability, 0.0 <= as_node(advantage)
    ratio, least, most = exp(change), 1.0 - as_node(low), 1.0 + as_node(high)
    shown = -minimum(ratio * advantage, minimum(maximum(ratio, least), most) * advantage)
    excess = where(is_good, change - log1p(high), log1p(-as_node(low)) - change)
    is_limited, weight = 0.0 < excess, as_node(advantage)
    near = where(is_limited, 0.0, change)
    root = exp(0.5 * near)  # the ratio may overflow before it is multiplied
    whole, by_weight = -(weight * root * root), with_slopes(-square(root), near, -square(root))
    slope = with_slopes(whole, near, whole, weight, -square(root))  # products by it are 0 for a change of 0
    inside = with_slopes(whole, near, slope, weight, by_weight)
    return written_as(shown, where(is_limited, -weighted(weight, where(is_good, most, least)), inside))


@pointwise(
    task="policy",
    references=(SCHULMAN, "Engstrom et al. (2020), Implementation matters in deep policy gradients, ICLR (clipping)"),
)
def clipped_value(
    prediction: Real,
    target: Real,
    old_prediction: Annotated[Reference, Unit(1)],
    *,
    clip: Annotated[NonNegative, Unit(1)] = 0.2,
) -> Value:
    """The value loss of PPO: half the squared error, at least that of a prediction that stays near the old one.

        ½ max((prediction − target)², (clipped − target)²)
        with clipped = prediction, limited to old_prediction − clip … old_prediction + clip

    The unit is the target's, squared. A prediction that comes closer to its target by more than clip has no slope.

    Use it when a value function is trained along with a policy by ``clipped_surrogate``, and should move as slowly.

    Args:
        prediction: Predicted returns: numbers.
        target: The returns: finite numbers.
        old_prediction: The returns that were predicted when the actions were drawn, in the target's unit.
        clip: How far a prediction may move without a limit to its effect, in the target's unit; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> float(ls.clipped_value([1.0], [2.0], [0.0]))  # ½ · (0.2 − 2)²
        1.62

    Identities: half of ``squared_error`` where the prediction has moved by less than clip.

    Elsewhere: torchtune and TRL (read in 0.6.1 and 1.16.0) have the ½, too, and multiply it by a coefficient of 0.1.
    """
    error, moved = as_node(prediction) - target, as_node(prediction) - old_prediction
    limited = as_node(old_prediction) - target + where(moved < 0.0, -as_node(clip), clip)
    both = error + limited  # the prediction is nearer than its limit if it has moved towards the target
    is_nearer = (clip < absolute(moved)) & (where(moved < 0.0, -both, both) < 0.0)
    is_number = (moved < 0.0) | (0.0 <= moved)
    nearest = minimum(maximum(prediction, old_prediction - clip), old_prediction + clip)
    shown = 0.5 * maximum(square(error), square(nearest - target))
    return written_as(shown, 0.5 * square(where(is_number, where(is_nearer, limited, error), moved)))
