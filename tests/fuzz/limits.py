"""Limits in float64: infinity is a huge number, a probability of 0 a tiny one, and both are chosen several times.

Where choices (``APPROACHES``) lead to different results, the result depends on the way to the limit: there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import torch
from torch import Tensor

__all__ = [
    "APPROACHES",
    "CLOSE",
    "CLOSE_AT_KINKS",
    "EXACT",
    "HUGE",
    "INFINITE",
    "OF_PREDICTIONS",
    "PAST_KINKS",
    "SMALL",
    "STEEP",
    "TINY",
    "Approach",
    "agree",
    "apart",
    "approaching",
    "capped_exp",
    "complement",
    "entropy",
    "exp",
    "huge",
    "log",
]

Array = np.ndarray[Any, Any]
HUGE = 1e100  # an infinite logit, or minus a logarithm of 0
APART = 20.0  # decades between infinities, more than between what multiplies them; the squares are numbers, too
INFINITE = 1e85  # results beyond it are infinite
LOG_INFINITE = 230.0  # its exponential is HUGE
STEEP = 1e90  # an infinite slope, which is small beside an infinite number
GROWTH = 4.0  # of infinities from one approach to the next: smaller results that grow with them are no limits
# A target of 0 is much smaller than a prediction of 0, even divided by the square of that: t / p² is 0. But its
# logarithm is the nearer to 0: where both are 0, the divergence's slope in the target, log t + 1 − log p, is that of
# the cross-entropy, −log p.
TINY, OF_PREDICTIONS = {"target": 1e-280, "observed": 1e-280}, 1e-130
TINY_APART = 5.0  # decades between tiny numbers
SMALL, SMALLER = 1e-120, 1e-250
DEPTH = 130.0  # decades down to a prediction of 0
CLOSE, CLOSE_AT_KINKS = 1e-7, 1e-4  # approaches that differ by less agree
TURNS = 8  # of an order of infinities
JITTER = 3e-7  # what single precision rounds, and a little more


@dataclass(frozen=True)
class Approach:
    """One way to the limits: which of several infinite numbers is the largest, and which of several tiny ones."""

    turn: int = 0  # each of as many numbers as there are turns is the largest in one of them
    deep: bool = True  # the smaller of two tiny numbers has the larger logarithm
    seed: int = 0  # of the order
    jitter: float = 0.0  # relative, of finite numbers: past a kink

    @property
    def huge(self) -> float:
        """The least infinite number."""
        return HUGE * GROWTH**self.turn

    def near(self, array: Array, name: str, is_probability: bool, is_logarithm: bool = False) -> Array:
        """Numbers close to those of an argument, of which none is infinite and no probability 0."""
        rng = np.random.default_rng((self.seed, crc32(name.encode()), 1))
        jitter = rng.uniform(0.5, 1.0, array.shape) * rng.choice([-1.0, 1.0], array.shape)
        huge = np.sign(array) * self.huge * 10 ** (APART * self.order(np.isinf(array), name))
        moved = np.where(np.isinf(array), huge, array)
        moved = moved * (1 + np.where(is_probability & (array == 1), 0.0, self.jitter * jitter))  # 1 stays
        if not (is_probability or is_logarithm):
            return np.asarray(moved)
        sign = 1.0 if is_probability else -1.0
        return np.asarray(np.where(array == 0, sign * self.tiny(array == 0, name), moved))

    def tiny(self, chosen: Array, name: str) -> Array:
        """Tiny numbers, for the chosen places of an argument."""
        return TINY.get(name, OF_PREDICTIONS) * 10 ** (-TINY_APART * self.order(chosen, name))

    def order(self, chosen: Array, name: str) -> Array:
        """Numbers from 0 to 1 that differ among the chosen places of a draw."""
        draws = chosen.reshape(len(chosen), math.prod(chosen.shape[1:]))
        dice = np.random.default_rng((self.seed, crc32(name.encode()))).random(draws.shape)
        ranks = np.where(draws, dice, 1.0).argsort(1).argsort(1)
        count = np.maximum(draws.sum(1, keepdims=True), 1)
        step = -(-count // TURNS)  # so that also of three among many each is once the smallest
        return np.asarray((ranks + self.turn * step) % count / count).reshape(chosen.shape)

    def logarithm(self, depth: Tensor) -> Tensor:
        """A huge number for the decades of a tiny one."""
        share = (depth - DEPTH) / TINY_APART
        return self.huge * 10 ** (APART * (share if self.deep else 1 - share))


EVERY = (*(Approach(turn) for turn in range(TURNS)), *(Approach(turn, deep=False, seed=1 + turn) for turn in range(4)))
EXACT, APPROACHES = EVERY[0], EVERY[1:]
PAST_KINKS = (Approach(jitter=JITTER), Approach(jitter=-JITTER))
_current = [EXACT]


@contextmanager
def approaching(approach: Approach) -> Iterator[None]:
    """Within, logarithms of tiny numbers are those of an approach."""
    _current.append(approach)
    try:
        yield
    finally:
        _current.pop()


def huge() -> float:
    """The least infinite number of the current approach."""
    return _current[-1].huge


def log(x: Tensor) -> Tensor:
    """The logarithm; of tiny numbers minus a huge one, of huge ones one that is small beside them; the slope 1 / x."""
    x, small = x.clamp_min(1e-300), x < SMALL
    depth = -torch.log10(torch.where(small, x, 10**-DEPTH)).detach()
    below = torch.where(x < SMALLER, 1e-10 * HUGE, _current[-1].logarithm(depth))
    return torch.log(x) + torch.where(x > INFINITE, STEEP, torch.where(small, -below, 0.0))


def exp(x: Tensor) -> Tensor:
    """The exponential; of great numbers, an infinite number with infinite derivatives."""
    near = x.clamp(max=LOG_INFINITE)
    beyond = x - near
    return torch.exp(near) * (1 + beyond + beyond**2 / 2)


def capped_exp(x: Tensor) -> Tensor:
    """The exponential; of great numbers, an infinite number, which times a tiny one is 0, with infinite derivatives.

    Each approach has another ratio of the second to the first: a difference of them is no number.
    """
    near, change = x.clamp(max=LOG_INFINITE), torch.where(x > LOG_INFINITE, x - x.detach(), 0.0) * (HUGE / huge())
    return torch.exp(near) * (x.detach() / HUGE).clamp(min=1.0) * (1 + change + change**2 / 2)


def complement(p: Tensor) -> Tensor:
    """1 − p; of 1, a tiny number."""
    tiny = torch.tensor(_current[-1].tiny(p.numpy(force=True) == 1, "complement"))
    return torch.where(p == 1, tiny - (p - p.detach()), 1 - p)


def apart(x: Tensor) -> Tensor:
    """x, changed a little more or less by each approach: infinite changes that cancel have no sum."""
    more = 1e-9 * _current[-1].turn + _current[-1].jitter
    return x + more * (x - x.detach())


def entropy(t: Tensor) -> Tensor:
    """t log t."""
    return t * log(t)


def agree(a: Array, b: Array, close: float = CLOSE) -> Array:
    """Where two results are the same limit."""
    infinite = (abs(a) > INFINITE) & (abs(b) > INFINITE) & (np.sign(a) == np.sign(b))
    with np.errstate(invalid="ignore"):
        near = abs(a - b) <= close * np.maximum(1.0, np.maximum(abs(a), abs(b)))
    return np.asarray(infinite | near | (np.isnan(a) & np.isnan(b)))
