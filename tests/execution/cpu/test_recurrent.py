"""Recurrences by compiled kernels, beside the frameworks' loop over times: displacements, masks, layouts, threads."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lossary.execution.cpu import several_axes
from lossary.execution.cpu.nested_layout import BESIDE
from lossary.execution.cpu.recurrent import StepKernel, has_kernel
from lossary.execution.cpu.recurrent_run import Compiled
from lossary.execution.cpu.verify import WrongKernelError
from lossary.frameworks import load
from lossary.frameworks.face import Dimensions
from lossary.frameworks.places import Places
from lossary.symbolic import codegen
from lossary.symbolic.graph import Node, axis, constant, index, symbol, walk
from lossary.symbolic.recurrence import step_of
from lossary.symbolic.words import running_log_sum_exp
from lossary.vocabulary import cumulative, decayed, log_add, recurrence, shifted, square, tanh, where

A, B = (symbol(name, frozenset(axes.split())) for name, axes in (("a", "item time state"), ("b", "item state")))
C, S, T = symbol("c", frozenset(("item", "time"))), index("state"), index("time")
load("numpy")  # whose functions printed text calls
AXES = Dimensions((("item", 0), ("time", 1), ("state", 2)))
STEPS: dict[str, Callable[[Node], Node]] = {
    "place by place": lambda s: tanh(s + A) * B + C,
    "from places on either side": lambda s: 0.3 * shifted(s, "state", 2, -1.0) + shifted(s * A, "state", -1, 2.0) + B,
    "one displacement of another": lambda s: 0.5 * shifted(shifted(s, "state") + A, "state", 1, 0.5) - C,
    "a log-sum-exp with infinite states": lambda s: C + log_add(s, where(S < 1.0, -math.inf, shifted(s, "state") + A)),
    "a condition of the inputs": lambda s: where(A < B, s, square(s) * 0.1 + C),
}


def computed(step: Callable[[Node], Node], build: Any, shape: tuple[int, int, int], from_end: bool, lie: str) -> Any:
    n, t, s = shape
    draw = np.random.default_rng(0)
    a = draw.normal(size=(n, t, 2 * s))[..., ::2] if lie == "every other" else draw.normal(size=shape)
    a = np.ascontiguousarray(a.T).T if lie == "transposed" else a
    given = [a, draw.normal(size=(n, 1, s)), draw.normal(size=(n, t, 1))]
    given += [np.arange(1.0 * s).reshape(1, 1, s), np.arange(1.0 * t).reshape(1, t, 1)]
    node = recurrence(step, where(S < 2.0, 0.25, -0.5) * B, over="time", from_end=from_end)
    return build((node,), (A, B, C, S, T), "numpy")(*given, axes=AXES)[0]


@pytest.mark.parametrize("lie", ["in order", "every other", "transposed"])
@pytest.mark.parametrize("from_end", [False, True])
@pytest.mark.parametrize("name", STEPS)
def test_the_same_states(name: str, from_end: bool, lie: str) -> None:
    for shape in ((3, 4, 5), (1, 3, 1), (2, 1, 2)):
        found = computed(STEPS[name], several_axes.build, shape, from_end, lie)
        expected = computed(STEPS[name], codegen.build, shape, from_end, lie)
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)


def test_a_kernel_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time, without the framework's loop over times, to which the kernel was compared."""
    function = several_axes.build((recurrence(lambda s: 0.7 * s + A, B, over="time"),), (A, B, T), "numpy")
    given = np.ones((2, 3, 4)), np.ones((2, 1, 4)), np.arange(3.0).reshape(1, 3, 1)
    expected = function(*given, axes=AXES)[0]
    monkeypatch.setattr(Places, "run", None)
    np.testing.assert_array_equal(function(*given, axes=AXES)[0], expected)


@pytest.mark.parametrize("shape", [(3, 700), (1, 5), (4, 1), (700, 3)])
@pytest.mark.parametrize("from_end", [False, True])
def test_running_words_are_recurrences_in_a_register(shape: tuple[int, int], from_end: bool) -> None:
    """Exact beside what is hundreds greater, infinite or no number, and beside the framework's own functions."""
    by = constant(-1.0 if from_end else 1.0)
    nodes = (
        running_log_sum_exp(C, by, axis("time")),
        decayed(where(C < 1.0, C, 2.0), where(C < 0.0, 0.5, 0.75), by, axis("time")),
    )
    draw = np.random.default_rng(0)
    c = draw.choice([0.0, -30.0, -400.0, 400.0, 1.0], shape) + draw.normal(size=shape)
    c[-1] = np.where(draw.random(shape[1]) < 0.5, -math.inf, c[-1])
    c[0, -1], c[-1, -2:] = math.inf, math.nan
    c[0, :2] = [0.0, -60.0][: shape[1]]
    axes = Dimensions((("item", 0), ("time", 1)))
    for array in (c, np.ascontiguousarray(c.T).T):
        given = array, np.arange(1.0 * shape[1]).reshape(1, -1)
        with np.errstate(all="ignore"):
            found = several_axes.build(nodes, (C, T), "numpy")(*given, axes=axes)
            expected = codegen.build(nodes, (C, T), "numpy")(*given, axes=axes)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-13, atol=1e-300)
    if not from_end and shape[1] > 1 < shape[0]:
        assert found[0][0, 1] == pytest.approx(math.exp(-60.0), rel=1e-13)  # log(1 + e⁻⁶⁰), not 0


def test_what_runs_along_a_state_has_no_kernel() -> None:
    node = recurrence(lambda s: 0.1 * cumulative(s, "state") + A, B, over="time")
    (states,) = (part for part in walk(node) if part.word == "states")
    assert not has_kernel(step_of(states))
    found = computed(lambda s: 0.1 * cumulative(s, "state") + A, several_axes.build, (2, 3, 4), False, "in order")
    assert found.shape == (2, 3, 4)


def test_a_kernel_that_is_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Any = StepKernel.__dict__["text"].func
    monkeypatch.setattr(StepKernel, "text", property(lambda self: right(self).replace(" + x_", " - x_")))

    def step(state: Node) -> Node:
        return 0.375 * state + A

    (states,) = (part for part in walk(recurrence(step, B, over="time")) if part.word == "states")
    with pytest.raises(WrongKernelError, match="on a sample it gives"):
        Compiled(StepKernel(step_of(states), (BESIDE, BESIDE), (False,), 1, "float64"))
