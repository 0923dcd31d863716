"""Functions of several definitions: sums over classes, and logarithms and powers that keep their derivatives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from fuzz.limits import INFINITE, LOG_INFINITE, STEEP

OUT = -1e300  # a logit that no softmax sees
HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True)
class OverClasses:
    """The sum over the classes of a row, each with its weight."""

    weights: Tensor
    of_row: Any  # Σ w t

    def __call__(self, terms: Tensor) -> Tensor:
        return (self.weights * terms).sum(-1)


def beside(total: Any, term: Tensor) -> Any:
    """A term of a row's loss that is no sum over classes: it has the row's weight."""
    return total.of_row * term if isinstance(total, OverClasses) else term


def above(x: Tensor, least: Any) -> Tensor:
    """How far numbers are above a least one, or 0."""
    gap = x - least
    return torch.maximum(gap, torch.zeros_like(gap))


def length(x: Tensor) -> Tensor:
    """Of a vector; where it is 0, so is its slope."""
    squares = (x**2).sum(-1)
    nothing = squares == 0
    return torch.where(nothing, 0.0, torch.where(nothing, 1.0, squares).sqrt())


def _first(z: Tensor) -> Tensor:
    """Where the largest logit is; nowhere if there is none."""
    return z.argsort(-1, descending=True)[..., :1]


def log_softmax(z: Tensor) -> Tensor:
    """Of the distances to the largest logit, so that no derivative is a difference of numbers as large as that."""
    return torch.log_softmax(z - z.gather(-1, _first(z)), -1)


def log_sum_exp(z: Tensor) -> Tensor:
    """The largest logit less the logarithm of its share, whose derivatives vanish exactly where that is 1."""
    return (z - log_softmax(z)).gather(-1, _first(z))


def tanh(x: Tensor) -> Tensor:
    """By the exponential of −2 |x|, so that derivatives, which fall with it, are no differences of larger numbers."""
    way = torch.where(x < 0, -1.0, 1.0).double()
    power = torch.exp(-2 * way * x)
    return way * (1 - power) / (1 + power)


def log_cosh(e: Tensor) -> Tensor:
    """log((1 + exp(2 e)) / 2) − e."""
    return -logsigmoid(-2 * e) - e - math.log(2.0)


class _Digamma(torch.autograd.Function):
    """PyTorch's, with the derivative that is a sum of squares: torch.polygamma has 9 digits."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return torch.digamma(x)

    @staticmethod
    def backward(ctx: Any, change: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        squares = torch.special.zeta(torch.tensor(2.0, dtype=x.dtype), x)
        return change * torch.where(x < 1e15, squares, 1 / x)


class _LogGamma(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return torch.lgamma(x)

    @staticmethod
    def backward(ctx: Any, change: Tensor) -> Any:
        return change * digamma(ctx.saved_tensors[0])


def digamma(x: Tensor) -> Tensor:
    found: Tensor = _Digamma.apply(x)  # type: ignore[no-untyped-call]
    return found


def log_gamma(x: Tensor) -> Tensor:
    """log Γ(x), which may be differentiated twice."""
    found: Tensor = _LogGamma.apply(x)  # type: ignore[no-untyped-call]
    return found


STIRLING_FROM = 1e3


def log_rising(a: Tensor, n: Tensor) -> Tensor:
    """log Γ(a + n) − log Γ(a); of a large a by Stirling's series, as the difference would have no digits."""
    small, large = torch.where(a < STIRLING_FROM, a, 1.0), torch.where(a < STIRLING_FROM, STIRLING_FROM, a)
    powers = n * torch.log(large) + (large + n - 0.5) * torch.log1p(n / large) - n
    series = _stirling(large + n) - _stirling(large)
    return torch.where(a < STIRLING_FROM, log_gamma(small + n) - log_gamma(small), powers + series)


def _stirling(x: Tensor) -> Tensor:
    inverse = 1 / x  # its powers have derivatives for the greatest numbers, too
    return inverse / 12 - inverse**3 / 360


def beyond(x: Tensor) -> Tensor:
    """An infinite number where x is infinite, else 0: the part of its logarithm that no number of digits shows."""
    return STEEP * (x > INFINITE).double()


def power(x: Tensor) -> Any:
    """The exponential; of great numbers, an infinite one with infinite derivatives, also in a mean."""
    far = torch.where(x > LOG_INFINITE, x - LOG_INFINITE, 1.0)
    rest = far * far.clamp(max=1e80).detach() + (far - far.detach()) ** 2
    infinite = math.exp(LOG_INFINITE) * 1e6 * (1 + far + rest / 2)
    return torch.where(x > LOG_INFINITE, infinite, torch.exp(x.clamp(max=LOG_INFINITE)))
