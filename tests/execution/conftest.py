"""Fixtures of the tests of kernels: what is launched on a GPU, and compilation by PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from device import INTERPRETED, counted_launches

launches = pytest.fixture(counted_launches)


@pytest.fixture
def compiling(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is compiled yet; in the interpreter, the CPU stands for a GPU while PyTorch compiles, too."""
    from lossary.execution import operators

    if INTERPRETED:
        monkeypatch.setattr(operators, "on_gpu", lambda arrays: all(array.is_cpu for array in arrays))
    torch.compiler.reset()
    yield
    torch.compiler.reset()
