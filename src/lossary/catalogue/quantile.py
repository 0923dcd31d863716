"""Regression losses whose best constant is a chosen quantile or expectile, and losses that are 0 inside a tube."""

from __future__ import annotations

from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.catalogue.regression import smoothed_size
from lossary.domains import NonNegative, Real, Scale, Share, Unit
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import absolute, maximum, square, weighted, where

KOENKER = "Koenker & Bassett (1978), Regression quantiles, Econometrica 46(1), 33–50"
VAPNIK = "Vapnik (1995), The nature of statistical learning theory, Springer"
Width = Annotated[NonNegative, Unit(1)]


def _of_side(error: Value, level: Value) -> Node:
    """Return level where the prediction is too low or right, 1 − level where it is too high."""
    return where(0.0 < error, 1.0 - level, level)


@pointwise(
    task="regression",
    aliases=(
        "sklearn.metrics.mean_pinball_loss",
        "sklearn._loss.loss.PinballLoss",
        "pinball_loss",
        "quantile",
        "quantile_loss",
    ),
    references=(KOENKER,),
)
def pinball(prediction: Real, target: Real, *, level: Share = 0.5) -> Value:
    """The absolute error, weighted differently for predictions that are too low and too high: the quantile loss.

        level · (target − prediction)          where prediction ≤ target
        (1 − level) · (prediction − target)    elsewhere

    The unit is the target's. The constant that fits a sample best is its quantile of order ``level``. The slope is
    −level or 1 − level, and 0 where prediction and target are equal.

    Use it when you want a quantile, or too low a prediction costs more than one that is too high, or the reverse.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        level: Share of the targets that should lie below the prediction; in [0, 1].

    Example:
        >>> import lossary as ls
        >>> ls.pinball([1.0, 3.0], [2.0, 2.0], level=0.75, reduction="none").tolist()  # too low, too high
        [0.75, 0.25]

    Identities: with a level of ½ it is half of ``absolute_error``; ``quantile_huber`` tends to it as its delta tends to
    0.

    Elsewhere: ``level`` is ``alpha`` in scikit-learn's metric and ``quantile`` in its ``PinballLoss``, whose slope
    where prediction and target are equal is −quantile. rlax and rax have it for all pairs of predicted and target
    quantiles. PyTorch, Keras 3.15.1 and optax have none.
    """
    error = prediction - target
    return weighted(_of_side(error, level), absolute(error))


@pointwise(
    task="regression",
    references=(
        "Dabney et al. (2018), Distributional reinforcement learning with quantile regression, arXiv:1710.10044",
    ),
)
def quantile_huber(prediction: Real, target: Real, *, level: Share = 0.5, delta: Scale = 1.0) -> Value:
    """The quantile loss with a parabola in place of its corner, so that its slope has no jump.

        w · ½ e² / delta       where |e| ≤ delta, with e = prediction − target
        w · (|e| − ½ delta)    elsewhere
        with w = 1 − level where prediction > target, and level elsewhere

    The unit is the target's. The slope lies between −level and 1 − level.

    Use it when a network predicts quantiles, as in distributional reinforcement learning, and should converge smoothly.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        level: Share of the targets that should lie below the prediction; in [0, 1].
        delta: Size of a difference beyond which the loss is a straight line, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.quantile_huber([1.0, 5.0], [2.0, 2.0], level=0.75, reduction="none").tolist()  # ¾ · ½, and ¼ · 2½
        [0.375, 0.625]

    Identities: it tends to ``pinball`` as delta tends to 0; with a level of ½ it is half of ``smooth_l1`` with beta =
    delta, and ``huber`` / (2 delta).

    Elsewhere: ``quantile_regression_loss`` of rlax (read in 0.1.9) does not divide by its ``huber_param``, and sums
    over all pairs of predicted and target quantiles; that parameter is 0 by default, which is ``pinball``.
    """
    error = prediction - target
    return weighted(_of_side(error, level), smoothed_size(error, delta))


@pointwise(
    task="regression",
    aliases=("rlax.expectile_loss",),
    references=("Newey & Powell (1987), Asymmetric least squares estimation and testing, Econometrica 55(4), 819–847",),
)
def expectile(prediction: Real, target: Real, *, level: Share = 0.5) -> Value:
    """The squared error, weighted differently for predictions that are too low and too high.

        level · (prediction − target)²          where prediction ≤ target
        (1 − level) · (prediction − target)²    elsewhere

    The unit is the target's, squared. The constant that fits a sample best is its expectile of order ``level``, which
    is to the mean what a quantile is to the median.

    Use it when too low a prediction costs more than one that is too high, and large errors count more than small ones.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        level: Weight of predictions that are too low, beside 1 − level of the others; in [0, 1].

    Example:
        >>> import lossary as ls
        >>> ls.expectile([1.0, 4.0], [2.0, 2.0], level=0.75, reduction="none").tolist()  # ¾ · 1, and ¼ · 4
        [0.75, 1.0]

    Identities: with a level of ½ it is half of ``squared_error``.

    Elsewhere: ``level`` is ``expectile`` in rlax (read in 0.1.9), and τ in implicit Q-learning, which uses 0.7 to 0.9.
    """
    error = prediction - target
    return weighted(_of_side(error, level), square(error))


@pointwise(
    task="regression",
    references=(VAPNIK,),
)
def epsilon_insensitive(prediction: Real, target: Real, *, epsilon: Width = 0.1) -> Value:
    """The absolute error beyond a tolerance: the loss of support vector regression.

        max(|prediction − target| − epsilon, 0)

    The unit is the target's. Inside the tube, loss and slope are 0; outside, the slope is ±1.

    Use it when errors below a known tolerance cost nothing, and a few targets may be far off.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        epsilon: Tolerance: size of a difference that costs nothing, in the target's unit; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> ls.epsilon_insensitive([2.25, 3.0], [2.0, 2.0], epsilon=0.5, reduction="none").tolist()
        [0.0, 0.5]

    Identities: with an epsilon of 0 it is ``absolute_error``.

    Elsewhere: it is ``loss="epsilon_insensitive"`` of scikit-learn's ``SGDRegressor`` and ``LinearSVR``, whose epsilon
    is 0.1 and 0 by default. PyTorch, Keras 3.15.1 and optax have none.
    """
    return maximum(absolute(prediction - target) - epsilon, 0.0)


@pointwise(
    task="regression",
    references=(VAPNIK,),
)
def squared_epsilon_insensitive(prediction: Real, target: Real, *, epsilon: Width = 0.1) -> Value:
    """The square of the absolute error beyond a tolerance.

        max(|prediction − target| − epsilon, 0)²

    The unit is the target's, squared. Inside the tube, loss and slope are 0; outside, the slope begins at 0.

    Use it when errors below a known tolerance cost nothing, and large ones cost more than in proportion.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        epsilon: Tolerance: size of a difference that costs nothing, in the target's unit; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> ls.squared_epsilon_insensitive([2.25, 3.0], [2.0, 2.0], epsilon=0.5, reduction="none").tolist()
        [0.0, 0.25]

    Identities: it is the square of ``epsilon_insensitive``; with an epsilon of 0 it is ``squared_error``.

    Elsewhere: it is ``loss="squared_epsilon_insensitive"`` of scikit-learn's ``SGDRegressor`` and ``LinearSVR``.
    """
    return square(maximum(absolute(prediction - target) - epsilon, 0.0))
