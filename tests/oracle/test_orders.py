"""Rényi's divergence in its order: through 1, where it is another formula, and where its powers overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp

import lossary

ORDERS = (0.125, 0.75, 1 - 2.0**-30, 1.0, 1 + 2.0**-30, 2.5, 1024.0)
ROWS = {
    "apart": ([0.125, 0.375, 0.5], [0.75, 0.1875, 0.0625]),
    "nearly equal": ([0.25, 0.75], [0.25 + 2.0**-20, 0.75 - 2.0**-20]),
    "nearly without a common class": ([2.0**-40, 1 - 2.0**-40], [1 - 2.0**-40, 2.0**-40]),
}


def divergence(numbers: list[Any]) -> Any:
    """The definition, of probabilities, targets and the order in one list; beside 1, where mpmath has no limit."""
    classes = len(numbers) // 2
    p, t, alpha = numbers[:classes], numbers[classes:-1], numbers[-1]
    whole = mp.fsum(t**alpha * p ** (1 - alpha) for p, t in zip(p, t, strict=True))
    return mp.log(whole + 1 - mp.fsum(t)) / (alpha - 1)


def slopes(numbers: list[Any], step: Any) -> list[Any]:
    found = []
    for i, x in enumerate(numbers):
        up, down = ([*numbers[:i], x + sign * step, *numbers[i + 1 :]] for sign in (1, -1))
        found.append((divergence(up) - divergence(down)) / (2 * step))
    return found


@pytest.mark.parametrize("alpha", ORDERS)
@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_derivatives_at_an_order(rows: tuple[list[float], list[float]], alpha: float) -> None:
    """Value, gradient and the gradient's change along a direction, by differences of hundreds of digits."""
    mp.prec = 1200
    given = [torch.tensor([row], dtype=torch.float64, requires_grad=True) for row in rows]
    given.append(torch.tensor(alpha, dtype=torch.float64, requires_grad=True))
    value = lossary.renyi_divergence(given[0], given[1], alpha=given[2])
    gradient = torch.autograd.grad(value, given, create_graph=True)
    along = [torch.linspace(-0.5, 1.0, x.numel(), dtype=torch.float64).reshape(x.shape) for x in given]
    moved = torch.stack([(g * d).sum() for g, d in zip(gradient, along, strict=True)]).sum()
    change = torch.autograd.grad(moved, given)

    step = mp.mpf(10) ** -90
    numbers = [mp.mpf(x) for x in flat(given)]
    numbers[-1] += mp.mpf(10) ** -60 * (alpha == 1)
    beside = [[x + sign * step * d for x, d in zip(numbers, flat(along), strict=True)] for sign in (1, -1)]
    ahead, behind = (slopes(place, step) for place in beside)
    curves = [(a - b) / (2 * step) for a, b in zip(ahead, behind, strict=True)]
    for found, exactly in (
        ([value.item()], [divergence(numbers)]),
        (flat(gradient), slopes(numbers, step)),
        (flat(change), curves),
    ):
        right = np.array([float(x) for x in exactly])
        close = 1e-14 * max(1.0, alpha) * (1 + np.log2(abs(right).max() + 1))
        np.testing.assert_allclose(found, right, rtol=close, atol=close * max(1.0, abs(right).max()))


def flat(arrays: Any) -> list[float]:
    return [float(x) for array in arrays for x in array.detach().flatten()]
