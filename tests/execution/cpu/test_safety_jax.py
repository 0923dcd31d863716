"""Safe kernels under JAX: formulas replace one that cannot be used, and missing memory is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import lossary as ls
from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu import notice, safety
from lossary.execution.cpu.compile import available
from lossary.execution.cpu.printed import Printed
from lossary.execution.cpu.xla import VERSION
from lossary.frameworks import jax_kernel

pytestmark = pytest.mark.skipif(
    not (available() and jax_kernel.available(VERSION)), reason="neither kernels nor this jaxlib can be called"
)


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for kernels, and forget those that are known."""
    monkeypatch.setenv("LOSSARY_JAX_KERNELS", "1")
    monkeypatch.setenv("LOSSARY_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiling, "_kernels", {})
    monkeypatch.setattr(safety, "_known", {})
    monkeypatch.setattr(notice, "_told", set())


def value_and_gradient(size: int) -> Any:
    """Compute the mean squared error of twos against zeros, 4, and its gradient, 4 / size."""
    return jax.jit(jax.value_and_grad(ls.squared_error))(jnp.full(size, 2.0), jnp.zeros(size))


def assert_right(size: int, found: Any) -> None:
    assert float(found[0]) == 4.0
    np.testing.assert_allclose(found[1], np.full(size, 4.0 / size), rtol=1e-6)


def test_a_new_kernel_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    monkeypatch.setattr("lossary.execution.cpu.kernels.verify", lambda *given: checked.append(given))
    assert_right(1000, value_and_gradient(1000))
    assert len(checked) == len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("wrong", [False, True], ids=["it raises", "it is wrong"])
def test_formulas_compute_where_there_is_no_kernel(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_entry = compiling.compile_entry

    def fail(text: str, *rest: Any) -> Any:
        if not wrong:
            raise OSError("the compiler is broken")
        assert "t_0 * t_0" in text
        return compile_entry(text.replace("t_0 * t_0", "t_0 + t_0"), *rest)

    monkeypatch.setattr("lossary.execution.cpu.kernels.compile_entry", fail)
    with pytest.warns(RuntimeWarning, match="squared_error cannot be used") as seen:
        found = value_and_gradient(1001)
    assert_right(1001, found)
    assert_right(1002, value_and_gradient(1002))
    assert len(seen) == 1


@pytest.mark.parametrize("size", [1003, 1 << 20], ids=["one thread", "several"])
def test_missing_memory_is_an_error(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lossary.execution.cpu.kernels.verify", lambda *_: None)
    monkeypatch.setattr(Printed, "room", lambda *_: 1 << 62)  # bytes that a thread needs
    with pytest.raises(Exception, match=r"RESOURCE_EXHAUSTED.*lossary: there is no memory"):
        jax.block_until_ready(value_and_gradient(size))
    monkeypatch.undo()
    assert_right(1004, value_and_gradient(1004))
