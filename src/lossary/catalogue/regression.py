"""Regression losses: of numbers that predict numbers."""

from __future__ import annotations

import math
from typing import Annotated

from lossary.catalogue.registry import pointwise
from lossary.domains import NonNegative, Real, Scale, Share, Unit, Variance
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import HALF_LOG_TWO_PI, absolute, log, sqrt, square, weighted, where, with_slopes, written_as
from lossary.vocabulary import log_cosh as log_cosh_of


@pointwise(
    task="regression",
    compared=True,
    aliases=(
        "torch.nn.MSELoss",
        "torch.nn.functional.mse_loss",
        "keras.losses.MeanSquaredError",
        "keras.losses.mean_squared_error",
        "optax.losses.squared_error",
        "sklearn.metrics.mean_squared_error",
        "mse",
        "MSE",
    ),
    references=(
        "Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes",
        "Gauss (1809), Theoria motus corporum coelestium",
    ),
)
def squared_error(prediction: Real, target: Real) -> Value:
    """The square of the difference; its mean is the mean squared error (MSE).

        (prediction − target)²

    The unit is the target's, squared. The constant that fits a sample best is its mean. The slope, 2 (prediction −
    target), has no bound: one far outlier can outweigh all other rows.

    Use it when you want the mean of the targets, and a large error costs more than many small ones.

    Args:
        prediction: Numbers.
        target: Finite numbers.

    Example:
        >>> import lossary as ls
        >>> float(ls.squared_error([3.0, 1.0], [1.0, 1.0]))  # (4 + 0) / 2
        2.0

    Identities: half of it is ``gaussian_nll`` with a variance of 1, and ``huber`` within its delta.

    Elsewhere: optax's ``l2_loss`` and scikit-learn's ``HalfSquaredError`` are half of it. A weighted mean divides by
    the sum of the weights here and in PyTorch, by the number of elements in Keras 3.15.1: errors of 1 and 3 with
    weights 1 and 3 have the mean 7 and 14. Keras' functions take the mean over the last axis only.
    """
    return square(prediction - target)


@pointwise(
    task="regression",
    compared=True,
    aliases=(
        "torch.nn.L1Loss",
        "torch.nn.functional.l1_loss",
        "keras.losses.MeanAbsoluteError",
        "keras.losses.mean_absolute_error",
        "sklearn.metrics.mean_absolute_error",
        "sklearn._loss.loss.AbsoluteError",
        "mae",
        "MAE",
        "l1",
    ),
    references=(
        "Boscovich (1757), De litteraria expeditione per pontificiam ditionem",
        "Laplace (1774), Mémoire sur la probabilité des causes par les événements",
    ),
)
def absolute_error(prediction: Real, target: Real) -> Value:
    """The size of the difference; its mean is the mean absolute error (MAE).

        |prediction − target|

    The unit is the target's. The constant that fits a sample best is its median. The slope is ±1, whatever the size of
    the difference, and 0 where prediction and target are equal.

    Use it when you want the median of the targets, or some targets may be far off and should not count more.

    Args:
        prediction: Numbers.
        target: Finite numbers.

    Example:
        >>> import lossary as ls
        >>> float(ls.absolute_error([3.0, 0.0], [1.0, 1.0]))  # (2 + 1) / 2
        1.5

    Identities: ``huber(delta=d) / d`` tends to it as d tends to 0.

    Elsewhere: at a difference of 0 the slope is 0 in PyTorch too, but −1 in scikit-learn, and in Keras 3.15.1 on JAX.
    """
    return absolute(prediction - target)


@pointwise(
    task="regression",
    compared=True,
    aliases=(
        "torch.nn.HuberLoss",
        "torch.nn.functional.huber_loss",
        "keras.losses.Huber",
        "keras.losses.huber",
        "optax.losses.huber_loss",
    ),
    references=(
        "Huber (1964), Robust estimation of a location parameter, Annals of Mathematical Statistics 35(1), 73–101",
    ),
)
def huber(prediction: Real, target: Real, *, delta: Scale = 1.0) -> Value:
    """Half the squared error for small differences, and a straight line for large ones.

        ½ e²                    where |e| ≤ delta, with e = prediction − target
        delta (|e| − ½ delta)   elsewhere

    The unit is the target's, squared. The slope is the difference, clipped to ±delta.

    Use it when most errors are small and a few targets are outliers, whose pull should be limited.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        delta: Size of a difference beyond which the loss is a straight line, in the target's unit; > 0.

    Example:
        >>> import lossary as ls
        >>> ls.huber([0.5, 3.0], [0.0, 0.0], reduction="none").tolist()  # ½ · 0.25, and 3 − ½
        [0.125, 2.5]

    Identities: half of ``squared_error`` within delta; ``huber(delta=d) / d`` is ``smooth_l1`` with beta = d (for
    a difference of 3 and d = 2: 4.0 and 2.0), and tends to ``absolute_error`` as d tends to 0.

    Elsewhere: PyTorch's weighted mean of this loss divides by the number of elements (that of its squared error, by the
    sum of the weights): errors of 1 and 3 with weights 1 and 3 and delta = 10 have the mean 7.0 there, 3.5 here. optax
    and Keras 3.15.1 accept a delta of 0 or less (delta = −1 gives −3.5 for an error of 3). scikit-learn's ``HuberLoss``
    has delta = 0.5 by default, and its boosting estimates delta from the data.
    """
    size = absolute(prediction - target)
    return where(size <= delta, 0.5 * square(size), delta * (size - 0.5 * delta))


def smoothed_size(error: Value, width: Value) -> Node:
    """Return |error| − ½ width, with a parabola in place of its corner for errors below the width, which may be 0."""
    size = absolute(error)
    divisor = where(0.0 < width, width, 1.0)  # never 0: it divides in both branches
    parabola = written_as(0.5 * (square(error) / width), 0.5 * error * (error / divisor))
    return where(size < width, parabola, size - 0.5 * width)


@pointwise(
    task="regression",
    aliases=("torch.nn.SmoothL1Loss", "torch.nn.functional.smooth_l1_loss"),
    references=("Girshick (2015), Fast R-CNN, arXiv:1504.08083",),
)
def smooth_l1(prediction: Real, target: Real, *, beta: Annotated[NonNegative, Unit(1)] = 1.0) -> Value:
    """The absolute error, with a parabola in place of its corner.

        ½ e² / beta       where |e| < beta, with e = prediction − target
        |e| − ½ beta      elsewhere

    The unit is the target's. The slope is ±1 beyond beta, whatever beta is, and falls to 0 inside.

    Use it when outliers should pull no harder than in ``absolute_error``, and small errors should fade out: for boxes.

    Args:
        prediction: Numbers.
        target: Finite numbers.
        beta: Size of a difference beyond which the loss is a straight line, in the target's unit; ≥ 0.

    Example:
        >>> import lossary as ls
        >>> ls.smooth_l1([0.5, 3.0], [0.0, 0.0], beta=2.0, reduction="none").tolist()  # ½ · 0.25 / 2, and 3 − 1
        [0.0625, 2.0]

    Identities: it is ``huber(delta=beta) / beta``; with a beta of 0 it is ``absolute_error``, exactly.

    Elsewhere: PyTorch has it. fvcore takes a beta below 1e-5 for 0. For the Huber loss with the same threshold, which
    is beta times as large, see ``huber``.
    """
    return smoothed_size(prediction - target, beta)


@pointwise(
    task="regression",
    aliases=(
        "keras.losses.LogCosh",
        "keras.losses.log_cosh",
        "optax.losses.log_cosh",
        "logcosh",
        "log_cosh_loss",
        "log_cosh_error",
    ),
    references=(
        "Green (1990), Bayesian reconstructions from emission tomography data, IEEE Trans. Medical Imaging 9(1), 84–93",
    ),
)
def log_cosh(prediction: Real, target: Real) -> Value:
    """The logarithm of the difference's hyperbolic cosine: a Huber loss without seams.

        log cosh(prediction − target)

    It is ½ e² for small differences e and |e| − log 2 for large ones, exactly: for 1e-4 and for 1e300. The slope is
    tanh(e), the second derivative 1 − tanh(e)². The scale is fixed: divide prediction and target by the size of a
    typical error.

    Use it when a Huber loss with a delta of about 1 fits, and second derivatives should be continuous.

    Args:
        prediction: Numbers.
        target: Finite numbers.

    Example:
        >>> import lossary as ls
        >>> ls.log_cosh([1e-4, 100.0], [0.0, 0.0], reduction="none").tolist()  # ½ · 1e-8, and 100 − log 2
        [5e-09, 99.306853]

    Identities: it lies between ``huber`` and half of ``squared_error``; it tends to ``absolute_error`` − log 2 for
    large differences.

    Elsewhere: in float32, the difference 1e-4 gives 0.0 in optax, Keras 3.15.1 and torchmetrics (read in 1.9.0), and
    100 is infinite in torchmetrics.
    """
    return log_cosh_of(prediction - target)


@pointwise(
    task="regression",
    compared=True,
    aliases=("torch.nn.GaussianNLLLoss", "torch.nn.functional.gaussian_nll_loss"),
    references=(
        "Nix & Weigend (1994), Estimating the mean and variance of the target probability distribution, ICNN, 55–60",
    ),
)
def gaussian_nll(prediction: Real, target: Real, variance: Variance, *, constant: Share = 0.0) -> Value:
    """The negative log-likelihood of a normal distribution whose mean and variance are both predicted.

        ½ (log variance + (prediction − target)² / variance) + constant · ½ log 2π

    It is in nats, and may be negative. ``value_and_gradient`` returns two gradients: in the prediction and in the
    variance.

    Use it when each prediction needs an uncertainty of its own, and errors are roughly normal.

    Args:
        prediction: The means: numbers.
        target: Finite numbers.
        variance: Numbers > 0, in the target's unit squared: not standard deviations.
        constant: 1 adds what does not depend on the predictions, here ½ log 2π = 0.9189…, and 0 leaves it out.

    Example:
        >>> import lossary as ls
        >>> value, (to_prediction, to_variance) = ls.gaussian_nll.value_and_gradient([3.0], [1.0], [1.0])
        >>> float(value), to_prediction.tolist(), to_variance.tolist()  # ½ · 4, 2 and ½ (1 − 4)
        (2.0, [2.0], [-1.5])

    Identities: with a variance of 1 it is half of ``squared_error``.

    Elsewhere: PyTorch replaces a variance below 1e-6 by 1e-6 (variance 0 and no error: −6.9078), and its ``full=True``
    is ``constant=1`` here. Here the variance is not clipped, and 0 is an error. Let the network end in a softplus or an
    exponential, plus the smallest variance that makes sense.
    """
    error = prediction - target
    ratio = error / variance
    by_root = square(error / sqrt(variance))  # where the quotient overflows
    squared = where(absolute(ratio) < math.inf, error * ratio, by_root)
    textbook = 0.5 * (log(variance) + square(error) / variance)
    across, bend = -ratio / variance, (squared - 0.5) / variance / variance
    slope = with_slopes(ratio, error, 1.0 / variance, variance, across)
    by_variance = with_slopes(0.5 * (1.0 - squared) / variance, error, across, variance, bend)
    loss = with_slopes(0.5 * (log(variance) + squared), error, slope, variance, by_variance)
    return written_as(textbook, loss) + weighted(constant, HALF_LOG_TWO_PI)
