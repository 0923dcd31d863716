"""Where losses are looked at: all corners of a domain in a floating-point type, near-equal arguments, and at random."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from lossary.catalogue.record import Argument, Record
from lossary.domains import Interval

# How large an argument may be: logits are exponentiated by the oracle, which takes long beyond this.
GREATEST = 1e30


def corners(argument: Argument, dtype: Any) -> list[float]:
    """The numbers at which something changes: zeros, subnormals, where exp ends, the ends of the domain, infinities."""
    info = np.finfo(dtype)
    eps, subnormal, tiny = float(info.eps), float(info.smallest_subnormal), float(info.tiny)
    small = [subnormal, tiny, 1e-30, eps, 1e-4, 0.3, 0.5, 0.75, 1.0]
    if argument.domain.high == 1.0:
        return [0.0, *small[2 * (argument.role == "target") :], 1 - eps / 2, 1 - 1e-3]
    large = [1 + eps, 2.0, 17.3, 88.0, 89.5, 104.5, *([709.5, 746.5] if info.bits == 64 else []), 1e5, GREATEST]
    signs = (1.0,) if argument.domain.low >= 0 else (1.0, -1.0)
    infinite = [math.inf] if argument.role == "prediction" else []
    found = [sign * x for sign in signs for x in (0.0, *small, *large, *infinite)]
    if -math.inf < argument.domain.low < 0:
        found += [argument.domain.low + x for x in (eps, 1e-4, 0.3)]
    at_ends = {end for end in (argument.domain.low, argument.domain.high) if math.isinf(end)}
    return [x for x in dict.fromkeys(found) if argument.domain.contains(x) or x in at_ends]


def at_random(domain: Interval, rng: np.random.Generator, size: int) -> np.ndarray[Any, Any]:
    """Numbers of all magnitudes, half of them within a few powers of ten of 1."""
    power = np.where(rng.random(size) < 0.5, rng.uniform(-3, 3, size), rng.uniform(-30, 30, size))
    if domain.high == 1.0:
        near = 10.0 ** -abs(power)
        return np.where(rng.random(size) < 0.5, near, 1 - near)
    if math.isfinite(domain.high):
        return np.asarray(domain.high - 10.0**power)
    if math.isfinite(domain.low):
        return np.asarray(domain.low + 10.0**power)
    return np.asarray(10.0**power * rng.choice([-1.0, 1.0], size))


def elements(record: Record, dtype: Any, size: int) -> list[np.ndarray[Any, Any]]:
    """Columns of arguments for a loss of single elements: some ``size`` corners, random ones and near-equal ones."""
    rng = np.random.default_rng(7)
    chosen = _combined([corners(a, dtype) for a in record.arguments], size, rng)
    random = np.stack([at_random(a.domain, rng, size // 2) for a in record.arguments], axis=1)
    near = random[: size // 4].copy()
    near[:, 1] = near[:, 0] * (1 + rng.integers(-3, 4, len(near)) * float(np.finfo(dtype).eps))
    table = np.concatenate([np.array(chosen), random, near]).astype(dtype)
    inside = [
        [a.domain.contains(x) or math.isinf(x) for a, x in zip(record.arguments, row, strict=True)] for row in table
    ]
    has_limit = np.isinf(table).sum(axis=1) <= 1
    return list(table[np.all(inside, axis=1) & has_limit].T.copy())


def _combined(columns: list[list[float]], size: int, rng: np.random.Generator) -> list[tuple[float, ...]]:
    """All combinations of the corners, or some ``size`` of them: each corner of each argument equally often."""
    grid = list(itertools.product(*columns))
    if len(grid) <= size:
        return grid
    longest = max(map(len, columns))
    found = list(zip(*(np.resize(column, longest) for column in columns), strict=True))  # equal ones, mostly
    while len(found) < size:
        found += zip(*(np.resize(rng.permutation(column), longest) for column in columns), strict=True)
    return found


def parameters(record: Record, dtype: Any) -> list[dict[str, float]]:
    """The defaults, each parameter elsewhere in its domain, and all of them moved at once."""
    moved = {p.name: [float(dtype(x)) for x in _settings(p.domain)] for p in record.parameters}
    one = [{name: x} for name, values in moved.items() for x in values]
    together = {name: values[1] for name, values in moved.items()}
    return [{}, *one, *([together] if len(moved) > 1 else [])]


def _settings(domain: Interval) -> list[float]:
    """Some numbers of a domain; of one that has few of the usual ones, its ends and what is close to them."""
    usual = [x for x in (0.0, 0.1, 1.0, 2.5) if domain.contains(x)] + [math.inf] * domain.takes_infinity
    low, high = domain.low, domain.high
    return usual if len(usual) > 1 else [low, low + 1e-6, low + 0.3, high - 1e-6, high]


def columns(record: Record, dtype: Any, size: int) -> list[list[np.ndarray[Any, Any]]]:
    """Rows of every argument; a third one's are other rows than those of a name that is as long."""
    return [rows(argument, dtype, size, place // 2) for place, argument in enumerate(record.arguments)]


def rows(argument: Argument, dtype: Any, size: int, seed: int = 0) -> list[np.ndarray[Any, Any]]:
    """Rows of one to five logits or other numbers, or of probabilities that sum to 1 as well as the type can."""
    rng = np.random.default_rng(len(argument.name) + seed)
    found = []
    for i in range(size):
        classes = 1 + i % 5
        logits = rng.choice([0.0, 1.0, 3.0, 10.0, 40.0, 80.0], classes) * rng.normal(size=classes)
        if argument.domain.high != 1.0:
            row = logits.astype(dtype)
            if math.isfinite(argument.domain.high):
                row = (logits - logits.max() - np.log(np.exp(logits - logits.max()).sum())).astype(dtype)
            if i % 7 == 3:
                may_be_infinite = argument.takes_logits or argument.domain.takes_minus_infinity
                row[: classes // 2] = -math.inf if may_be_infinite else 0.0
            if i % 11 == 5 and math.isinf(argument.domain.high):
                row[rng.integers(classes)] = (math.inf if argument.takes_logits else 1e-30, GREATEST, -GREATEST)[i % 3]
            if i % 13 == 6:
                row[:] = row[0]
        else:
            powers = np.exp(logits - logits.max())
            row = (powers / powers.sum()).astype(dtype)
            row[row < 1e-30] = 0.0
            if i % 5 == 2:
                row = np.eye(classes, dtype=dtype)[rng.integers(classes)]
        found.append(row)
    return found
