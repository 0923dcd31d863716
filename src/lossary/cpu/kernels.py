"""Compiled bodies for the CPU."""

from __future__ import annotations

from typing import Any

from lossary.kinds.program import Measured, Work


def serves(call: Any) -> bool:
    """Whether a compiled kernel can compute this call."""
    return False


def measure(call: Any, work: Work) -> Measured:
    """Sums and arrays in one pass."""
    raise NotImplementedError
