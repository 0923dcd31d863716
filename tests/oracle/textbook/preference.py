"""Losses of preferences."""

from __future__ import annotations

from mpmath import mp

from oracle.exact import HUGE, SATURATES, Jet, exp, jet, log
from oracle.textbook.common import Terms, rounded

__all__ = ["bradley_terry", "dpo", "ipo", "kto", "orpo", "simpo"]
ROUNDED = {"orpo": 2.0}  # its derivatives are quotients of sums of products of exponentials


def sigmoid(x: Jet) -> Jet:
    return 1 / (1 + exp(-x))


def size_of(*terms: Jet) -> Jet:
    """The sum of the sizes of numbers that are added up: how large the rounding of their sum is."""
    sizes = [abs(term.value) for term in terms]
    return jet(sum(sizes)) if sum(sizes) < SATURATES else jet(0)


def lost(gap: Jet, size: Jet) -> Terms:
    """log(1 + exp(gap)), and the change by a rounding of the gap."""
    return [log(1 + exp(gap)), *rounded(sigmoid(gap) * size)]


def bradley_terry(chosen: Jet, rejected: Jet, *, margin: Jet) -> Terms:
    gap = rejected - chosen
    return lost(gap + margin, size_of(gap, margin))


def simpo(chosen: Jet, rejected: Jet, *, beta: Jet, margin: Jet) -> Terms:
    gap = beta * (rejected - chosen)
    return lost(gap + margin, size_of(gap, margin))


def dpo(c: Jet, r: Jet, reference_c: Jet, reference_r: Jet, *, beta: Jet, label_noise: Jet) -> Terms:
    of_chosen, of_rejected = beta * (c - reference_c), beta * (r - reference_r)
    gain, size = of_chosen - of_rejected, size_of(of_chosen, of_rejected)
    right, wrong = lost(-gain, size), lost(gain, size)
    return [(1 - label_noise) * term for term in right] + [label_noise * term for term in wrong]


def ipo(c: Jet, r: Jet, reference_c: Jet, reference_r: Jet, *, beta: Jet) -> Terms:
    of_chosen, of_rejected, best = c - reference_c, r - reference_r, 1 / (2 * beta)
    error = of_chosen - of_rejected - best
    return [error * error, *rounded(2 * error * size_of(of_chosen, of_rejected, best))]


def orpo(chosen: Jet, rejected: Jet) -> Terms:
    """By the ratio of the odds; by their logarithms where it is infinite, and as for equal ones where both are 1."""
    if rejected.value:
        ratio = exp(rejected - chosen) * (1 - exp(chosen)) / (1 - exp(rejected))
        return [log(1 + ratio), *rounded(ratio / (1 + ratio) * size_of(chosen, rejected))]
    if chosen.value:
        return [rejected.through(HUGE, HUGE, HUGE), log(1 - exp(chosen)), -chosen]
    half = mp.log(2)
    return [chosen.through(half, -HUGE, -HUGE) if chosen.slope else rejected.through(half, HUGE, HUGE)]


def kto(log_probability: Jet, target: Jet, reference: Jet, *, beta: Jet, divergence: Jet) -> Terms:
    """The reward is rounded, and so is its product with beta."""
    reward = log_probability - reference - divergence
    size = 2 * beta * size_of(log_probability - reference, divergence)
    shares = [target * sigmoid(-beta * reward), (1 - target) * sigmoid(beta * reward)]
    return [*shares, *rounded(sigmoid(beta * reward) * sigmoid(-beta * reward) * size)]
