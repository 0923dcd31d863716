"""Protocols of a reduced loss within a compiled program, and of a kernel that such a program calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

__all__ = ["Handler", "Hosted"]

A = TypeVar("A")  # the framework's arrays


class Hosted(Protocol[A]):
    """A reduced loss of arrays within a compiled program: by its formulas, by a loop over blocks, or by a kernel."""

    @property
    def scans(self) -> bool:
        """True if it is computed by a loop."""

    @property
    def names(self) -> Sequence[str]:
        """Names of the arrays."""

    @property
    def places(self) -> tuple[int, ...]:
        """Places of the predictions among the arrays."""

    def trace(self, arrays: Sequence[A]) -> A:
        """Return the result by the formulas."""

    def measure(self, places: tuple[int, ...], arrays: Sequence[A]) -> tuple[A, list[A]]:
        """Return the result and its gradients at some places, which are not differentiable."""

    def for_xla(self, gradients: bool, integers: str) -> Handler | None:
        """Return a kernel for the value and, if asked for, the gradients; None if there is none."""


class Handler(Protocol):
    """A kernel as XLA calls it."""

    @property
    def name(self) -> str:
        """Name of the kernel, the same in every process."""

    @property
    def function(self) -> Any:
        """Function of ctypes to call."""

    @property
    def arrays(self) -> Sequence[str]:
        """Names of the arrays that it takes."""

    @property
    def numbers(self) -> Sequence[float]:
        """Numbers that it takes."""
