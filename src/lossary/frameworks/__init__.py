"""The frameworks whose arrays lossary computes with, one face each; found by the type of the arrays."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from numbers import Number, Real
from typing import Any
from weakref import WeakValueDictionary

from lossary.errors import ArgumentTypeError
from lossary.frameworks.face import AnyFace, Array, Watch

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
    "same",
    "settle",
    "watch_of",
]

CALLABLES: WeakValueDictionary[str, Any] = WeakValueDictionary()  # losses, by the key that compiled code calls them
LOCK = threading.Lock()
FACES = {"torch": "torch", "jax": "jax", "jaxlib": "jax"}  # top package of a type → its face


@cache
def framework_of(kind: type) -> str | None:
    """Return the name of the framework that a type belongs to; None for numbers, texts and Python types."""
    if issubclass(kind, Number | str):  # NumPy's own, too
        return None
    for parent in kind.__mro__:
        root = parent.__module__.partition(".")[0]
        if root in FACES:
            return FACES[root]
        if root == "numpy":
            return "numpy"
    return None


def _module(name: str) -> Any:
    """Import a module of this folder, whose types tests/frameworks/test_faces.py has checked."""
    return importlib.import_module(f"lossary.frameworks.{name}")


@cache
def load(framework: str) -> AnyFace:
    """Return the face of a framework by name; the framework is imported with it."""
    face: AnyFace = _module(framework)
    return face


@cache
def watch_of(framework: str) -> Watch[Array]:
    """Return the functions of a framework that check arrays under ``checking()``."""
    watch: Watch[Array] = _module(f"{framework}_watch")
    return watch


@cache
def face_of_type(kind: type) -> AnyFace | None:
    """Return the face for arrays of a type; None for Python types."""
    framework = framework_of(kind)
    return None if framework is None else load(framework)


def same(a: Any, b: Any) -> bool:
    """Compare two options, arrays by value; values that cannot be seen, as under ``jax.jit``, count as equal."""
    if isinstance(a, Real) and isinstance(b, Real):
        return bool(a == b)
    equal: Any = a is b or (type(a) is type(b) and getattr(a, "shape", None) == getattr(b, "shape", None) and a == b)
    face = face_of_type(equal.__class__)
    return bool(equal) if face is None else not face.sees(equal) or bool(equal.all())


def flatten(result: object) -> list[Any]:
    """Return the arrays of nested tuples as one list."""
    return [array for part in result for array in flatten(part)] if isinstance(result, tuple) else [result]


def inverse(order: Sequence[int]) -> tuple[int, ...]:
    """Return the permutation of axes that undoes another."""
    return tuple(sorted(range(len(order)), key=order.__getitem__))


def forget_compiled() -> None:
    """Clear the compiled programs of frameworks that do not notice that ``checking()`` began or ended."""
    if "jax" in sys.modules:
        _module("jax_watch").forget_compiled()


def settle(problem: Exception | None) -> None:
    """Wait for pending checks, and raise the error that one of them found in place of the framework's ``problem``."""
    if "jax" in sys.modules:
        _module("jax_watch").settle(problem)


def face_of(loss: str, arrays: Iterable[tuple[str, object]]) -> AnyFace:
    """Return the face for the named arrays of a call; raise an error if they belong to several frameworks."""
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
