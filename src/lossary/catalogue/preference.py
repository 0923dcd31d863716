"""Losses of preferences: of two answers, or of single ones that are good or bad."""

from __future__ import annotations

from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.domains import Interval, LogProbability, NonNegative, Positive, Probability, Real, Reference
from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import (
    absolute,
    clip,
    equal,
    exp,
    expm1,
    log,
    log1p,
    log_ratio,
    minimum,
    product,
    sigmoid,
    sigmoid_slope,
    softplus,
    square,
    tanh,
    weighted,
    where,
    with_slopes,
    written_as,
)

Noise = Annotated[Value, Interval(0.0, 0.5)]
LARGE = 1e30  # a ratio beside which 1 is nothing, and which is a float32
RAFAILOV = "Rafailov et al. (2023), Direct preference optimization, NeurIPS, arXiv:2305.18290"


@pointwise(
    task="preference",
    references=(
        "Bradley & Terry (1952), Rank analysis of incomplete block designs, Biometrika 39(3/4), 324–345",
        "Touvron et al. (2023), Llama 2, arXiv:2307.09288 (margin)",
    ),
)
def bradley_terry(chosen: Real, rejected: Real, *, margin: Real = 0.0) -> Value:
    """The negative log-probability that the better one of two wins, given a score of each.

        log(1 + exp(rejected − chosen + margin))

    It is in nats: log 2 for equal scores without a margin. Only differences of scores count, so that a constant may be
    added to all scores.

    Use it when pairs of items are known of which one is better, and each should get a score: reward models, rankings.

    Args:
        chosen: Scores (rewards) of the better item of each pair.
        rejected: Scores of the other item.
        margin: By how much the better score should be above the other. A margin of each pair may be an array.

    Example:
        >>> import lossary as ls
        >>> float(ls.bradley_terry([1.0], [0.0]))  # log(1 + 1/e)
        0.313262

    Identities: ``sigmoid_cross_entropy(chosen − rejected − margin, 1)``.

    Elsewhere: the ``RewardTrainer`` of TRL has it, and may add a penalty of the squared sum of both scores.
    """
    return softplus(rejected - chosen + margin)


def _lost(gap: Value, beta: Value, margin: Value = 0.0) -> Node:
    """Return log(1 + exp(beta · gap + margin)); where the gap is −∞, no derivative multiplies it by 0."""
    gap, beta, margin = as_node(gap), as_node(beta), as_node(margin)
    z = product(beta, gap) + margin
    share, bend = sigmoid(z), sigmoid_slope(z)
    share = with_slopes(share, gap, beta * bend, beta, weighted(bend, gap), margin, bend)
    return with_slopes(softplus(z), gap, beta * share, beta, weighted(share, gap), margin, share)


def _gain(chosen: Value, rejected: Value, reference_chosen: Value, reference_rejected: Value) -> Node:
    """Return (chosen − reference_chosen) − (rejected − reference_rejected): the smaller differences first."""
    by_answer = as_node(chosen) - reference_chosen - (as_node(rejected) - reference_rejected)
    by_model = as_node(chosen) - rejected - (as_node(reference_chosen) - reference_rejected)
    is_by_model = absolute(as_node(chosen) - rejected) < absolute(as_node(chosen) - reference_chosen)
    return written_as(by_answer, where(is_by_model, by_model, by_answer))


@pointwise(
    task="preference",
    aliases=("torchtune.rlhf.loss.DPOLoss", "dpo_loss"),
    references=(RAFAILOV, "Mitchell (2023), A note on DPO with noisy preferences and relationship to IPO (noise)"),
)
def dpo(
    chosen: Real,
    rejected: Real,
    reference_chosen: Reference,
    reference_rejected: Reference,
    *,
    beta: Positive = 0.1,
    label_noise: Noise = 0.0,
) -> Value:
    """Direct preference optimisation (DPO): the log-ratios to a reference model are the rewards.

        (1 − label_noise) log(1 + exp(−m)) + label_noise log(1 + exp(m))
        with m = beta ((chosen − reference_chosen) − (rejected − reference_rejected))

    It is in nats: log 2 for a model that is its reference. Log-probabilities are those of whole answers: sums over
    their tokens, not means.

    Use it when a language model should prefer the better one of two answers, and stay close to a reference model.

    Args:
        chosen: Log-probabilities of the better answers.
        rejected: Log-probabilities of the other answers.
        reference_chosen: The reference model's log-probabilities of the better answers.
        reference_rejected: The reference model's log-probabilities of the other answers.
        beta: Factor of the log-ratios, > 0; the larger, the closer the model stays to its reference.
        label_noise: Share of the pairs whose answers are in the wrong order, in [0, 0.5].

    Example:
        >>> import lossary as ls
        >>> float(ls.dpo([-10.0], [-12.0], [-11.0], [-11.0]))  # log(1 + exp(−0.2))
        0.598139

    Identities: ``bradley_terry`` of the rewards beta (chosen − reference_chosen) and beta (rejected −
    reference_rejected), without noise. ``linear_log_probability`` with ``reduction="none"`` gives the log-probabilities
    of tokens, whose sums are those of answers, without storing logits.

    Elsewhere: ``label_noise`` is the ``label_smoothing`` of torchtune and TRL (read in 0.6.1 and 1.16.0), whose DPO has
    it for some of its losses only. A label smoothing s of other losses here, which mixes with equal shares, is a noise
    of s / 2.
    """
    gain = _gain(chosen, rejected, reference_chosen, reference_rejected)
    shown = weighted(1.0 - label_noise, softplus(-(beta * gain))) + weighted(label_noise, softplus(beta * gain))
    return written_as(shown, weighted(1.0 - label_noise, _lost(-gain, beta)) + weighted(label_noise, _lost(gain, beta)))


@pointwise(
    task="preference",
    references=("Azar et al. (2023), A general theoretical paradigm to understand learning from human preferences",),
)
def ipo(
    chosen: Real, rejected: Real, reference_chosen: Reference, reference_rejected: Reference, *, beta: Positive = 0.1
) -> Value:
    """Identity preference optimisation (IPO): the squared distance of a log-ratio from the best one.

        ((chosen − reference_chosen) − (rejected − reference_rejected) − 1 / (2 beta))²

    Certain preferences do not drive the log-ratios to infinity, as they do in ``dpo``: the best difference is 1 / (2
    beta). Log-probabilities are those of whole answers: sums over their tokens, as in the paper. Divided by the
    answers' lengths they have another scale, and need another beta.

    Use it when preferences are nearly certain, so that ``dpo`` would leave its reference far behind.

    Args:
        chosen: Log-probabilities of the better answers.
        rejected: Log-probabilities of the other answers.
        reference_chosen: The reference model's log-probabilities of the better answers.
        reference_rejected: The reference model's log-probabilities of the other answers.
        beta: Strength of the regularisation, > 0: τ in the paper.

    Example:
        >>> import lossary as ls
        >>> float(ls.ipo([-10.0], [-12.0], [-11.0], [-11.0]))  # (2 − 5)²
        9.0

    Identities: ``squared_error`` of the difference and 1 / (2 beta).

    Elsewhere: the trainers of TRL (read in 1.16.0) for DPO, CPO and TPO divide the log-probabilities by the answers'
    lengths, those for online DPO and XPO do not.
    """
    return square(_gain(chosen, rejected, reference_chosen, reference_rejected) - 0.5 / as_node(beta))


@pointwise(
    task="preference",
    references=("Meng, Xia & Chen (2024), SimPO: simple preference optimization, NeurIPS, arXiv:2405.14734",),
)
def simpo(chosen: Real, rejected: Real, *, beta: Positive = 2.0, margin: Real = 1.0) -> Value:
    """Simple preference optimisation (SimPO): mean log-probabilities of tokens are the rewards.

        log(1 + exp(−(beta (chosen − rejected) − margin)))

    It is in nats. There is no reference model. The margin, γ in the paper, is one of rewards: beta does not scale it.

    Use it when a language model should prefer the better one of two answers, whatever their lengths, without reference.

    Args:
        chosen: Log-probabilities of the better answers, divided by their numbers of tokens.
        rejected: Log-probabilities of the other answers, divided by their numbers of tokens.
        beta: Factor of the log-probabilities, > 0.
        margin: By how much the better reward should be above the other.

    Example:
        >>> import lossary as ls
        >>> float(ls.simpo([-1.0], [-1.5]))  # log 2, as 2 · 0.5 is the margin
        0.693147

    Identities: ``bradley_terry(beta * chosen, beta * rejected, margin=margin)``.

    Elsewhere: TRL and Liger-Kernel (read in 1.16.0 and 0.8.5) have beta = 0.1 and gamma = 0.5 by default; the paper's
    betas are 2 to 10, and its margins half of beta or less. TRL subtracts gamma / beta before it multiplies by beta,
    which is the same.
    """
    return _lost(as_node(rejected) - chosen, beta, margin)


@pointwise(
    task="preference",
    references=("Hong, Lee & Thorne (2024), ORPO: monolithic preference optimization, EMNLP, arXiv:2403.07691",),
)
def orpo(chosen: LogProbability, rejected: LogProbability) -> Value:
    """The odds ratio term of ORPO: the better answer's share in the odds of both, as a loss.

        log(1 + odds(rejected) / odds(chosen)), with odds(x) = exp(x) / (1 − exp(x))

    It is in nats: log 2 for equal log-probabilities. There is no reference model. It is 0 for a chosen answer that is
    certain, with a finite slope, and infinite for a rejected one.

    Use it when a language model is trained on answers and on preferences at once, without a reference model.

    Args:
        chosen: Log-probabilities of the better answers, ≤ 0, divided by their numbers of tokens.
        rejected: Log-probabilities of the other answers, ≤ 0, divided by their numbers of tokens.

    Example:
        >>> import lossary as ls
        >>> float(ls.orpo([-0.6931471805599453], [-1.3862943611198906]))  # odds of 1 and 1/3: log 4/3
        0.287682

    Identities: the loss of the paper is ``negative_log_likelihood`` of the chosen answers plus a factor, 0.1 in most
    libraries, times this. It is ``bradley_terry`` of the logarithms of the odds.

    Elsewhere: Liger-Kernel (read in 0.8.5) adds the likelihood of the chosen answers, and computes log(1 − exp(x)) as
    log1p(−exp(x)), which is −∞ for an x of −1e-9 in float32. TRL (read in 1.16.0) returns −0.1 times the loss, to be
    subtracted from that likelihood.
    """
    c, r = as_node(chosen), as_node(rejected)
    shown = softplus(r - log(1.0 - exp(r)) - (c - log(1.0 - exp(c))))
    return written_as(shown, _odds(c, r))


def _odds(c: Node, r: Node) -> Node:
    """Return log(1 + odds(r) / odds(c)), with derivatives by quotients of e^c, e^r and e^c (1 − e^r) + e^r (1 − e^c).

    The larger one of e^c and e^r is taken out of both.
    """
    of_c, of_r, gap = absolute(expm1(c)), absolute(expm1(r)), where(equal(c, r), 0.0, r - c)  # 0, not −0
    power_of_r, power_of_c = exp(minimum(gap, 0.0)), exp(minimum(-gap, 0.0))
    none = equal(of_c, 0.0) & equal(of_r, 0.0)
    divisor = where(none, 1.0, of_r)
    quotient = where(none, 1.0, of_c / divisor)
    ratio, whole = quotient * (power_of_r / power_of_c), power_of_r * of_c + power_of_c * of_r
    by_c, other = power_of_r / whole, power_of_c / whole  # the slope in c, but for its sign
    by_r, across = product(by_c, quotient), -(by_c * other)
    slope = with_slopes(-by_c, c, product(-across, of_r - exp(r)), r, across)
    rise = with_slopes(by_r, c, across, r, product(by_r, exp(r) / of_r + other))
    is_near = ratio < LARGE
    value = where(is_near, log1p(where(is_near, ratio, 0.0)), gap + log_ratio(of_c, divisor))
    return with_slopes(value, c, slope, r, rise)


@pointwise(
    task="preference",
    references=("Ethayarajh et al. (2024), KTO: model alignment as prospect theoretic optimization, ICML",),
)
def kto(
    log_probability: Real,
    target: Probability,
    reference_log_probability: Reference,
    *,
    beta: Positive = 0.1,
    divergence: NonNegative = 0.0,
) -> Value:
    """Kahneman–Tversky optimisation (KTO): single answers, good or bad, and a utility that saturates either way.

        target sigmoid(−z) + (1 − target) sigmoid(z)
        with z = beta (log_probability − reference_log_probability − divergence)

    The loss is from 0 to 1; it is ½ for a model that is its reference.

    Use it when answers are known to be good or bad, but not by pairs.

    Args:
        log_probability: Log-probabilities of whole answers: sums over their tokens.
        target: 1 for good answers, 0 for bad ones, or the probability that an answer is good.
        reference_log_probability: The reference model's log-probabilities of the same answers.
        beta: Factor of the log-ratios, > 0.
        divergence: The estimated divergence KL(model ‖ reference), ≥ 0: z₀ in the paper, without a gradient there.

    Example:
        >>> import lossary as ls
        >>> float(ls.kto([-10.0], [1.0], [-10.0]))
        0.5

    Identities: with ``weight=`` good and bad answers get the weights λ_D and λ_U of the paper.

    Elsewhere: TRL (read in 1.16.0) estimates the divergence from answers to other prompts of the batch, and limits it
    to ≥ 0; in Liger-Kernel (read in 0.8.5) it is an argument, too.
    """
    gap, factor = as_node(log_probability) - reference_log_probability - divergence, as_node(beta)
    reward, sign = product(factor, gap), 1.0 - 2.0 * as_node(target)
    bend, turn = sigmoid_slope(reward), tanh(0.5 * reward)
    across = weighted(bend, gap)  # 0 where the gap is infinite
    turn = with_slopes(turn, gap, 2.0 * factor * bend, factor, 2.0 * across)
    across = with_slopes(across, gap, bend - factor * across * turn, factor, -weighted(bend, square(gap)) * turn)
    bend = with_slopes(bend, gap, -factor * bend * turn, factor, -across * turn)
    value = weighted(target, sigmoid(-reward)) + weighted(1.0 - as_node(target), sigmoid(reward))
    slopes = gap, factor * sign * bend, factor, sign * across, target, -turn
    return clip(with_slopes(value, *slopes), 0.0, 1.0)
