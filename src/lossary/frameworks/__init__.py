"""The frameworks whose arrays lossary computes with, one face each; found by the arrays' own type."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from numbers import Number
from typing import Any
from weakref import WeakValueDictionary

from lossary.errors import ArgumentTypeError

__all__ = [
    "CALLABLES",
    "LOCK",
    "face_of",
    "face_of_type",
    "flatten",
    "forget_compiled",
    "framework_of",
    "inverse",
    "load",
    "settle",
]

CALLABLES: WeakValueDictionary[str, Any] = WeakValueDictionary()  # losses, by the key that compiled code calls them
LOCK = threading.Lock()
FACES = {"torch": "torch", "jax": "jax", "jaxlib": "jax"}  # the package that defines a type → its face


@cache
def framework_of(kind: Any) -> str | None:
    """The framework that a type belongs to; None for numbers, and for what NumPy makes an array of, such as a list."""
    if issubclass(kind, Number):
        return None
    for parent in kind.__mro__:
        root = parent.__module__.partition(".")[0]
        if root in FACES:
            return FACES[root]
        if root == "numpy":
            return "numpy"
    return None


@cache
def load(framework: str) -> Any:
    """The face of a framework, which the arrays show to be imported already."""
    return importlib.import_module(f"lossary.frameworks.{framework}")


@cache
def face_of_type(kind: Any) -> Any:
    """The face for arrays of a type; None for what is no array yet."""
    framework = framework_of(kind)
    return framework and load(framework)


def flatten(result: Any) -> list[Any]:
    """The arrays of nested tuples."""
    return [array for part in result for array in flatten(part)] if isinstance(result, tuple) else [result]


def inverse(order: Sequence[int]) -> tuple[int, ...]:
    """The order of axes that undoes another."""
    return tuple(sorted(range(len(order)), key=order.__getitem__))


def forget_compiled() -> None:
    """Let what was compiled be compiled again, by the frameworks that do not see themselves that a look is wanted."""
    if "jax" in sys.modules:
        load("jax_watch").forget_compiled()


def settle(problem: Exception | None) -> None:
    """Wait for looks that frameworks take later, and raise what they found in place of their own ``problem``."""
    if "jax" in sys.modules:
        load("jax_watch").settle(problem)


def face_of(loss: str, arrays: Iterable[tuple[str, Any]]) -> Any:
    """The face for a call's arrays; they must be of one framework."""
    found: dict[str, str] = {}
    for name, array in arrays:
        framework = framework_of(type(array))  # type: ignore[arg-type]
        if framework is not None:
            found.setdefault(framework, name)
    if "jax" in found:
        found.pop("numpy", None)  # JAX takes NumPy's arrays as its own
    if len(found) > 1:
        given = " and ".join(f"{name} is a {framework} array" for framework, name in found.items())
        raise ArgumentTypeError(f"{loss}: {given}; convert one of them, lossary does not move data between frameworks.")
    return load(next(iter(found), "numpy"))
