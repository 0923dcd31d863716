"""The frameworks' faces fulfil their protocols: mypy compares types, and these tests names and parameters."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import jax
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import lossary
from lossary.frameworks import jax as jax_face
from lossary.frameworks import jax_watch, numpy_watch, torch_watch
from lossary.frameworks import numpy as numpy_face
from lossary.frameworks import torch as torch_face
from lossary.frameworks.face import Array, Face, Watch, absent

# mypy refuses a module that lacks a function of its protocol, or has one of other types.
NUMPY: Face[NDArray[Any], np.dtype[Any]] = numpy_face
TORCH: Face[torch.Tensor, torch.dtype] = torch_face
JAX: Face[jax.Array, np.dtype[Any]] = jax_face
NUMPY_WATCH: Watch[NDArray[Any]] = numpy_watch
TORCH_WATCH: Watch[torch.Tensor] = torch_watch
JAX_WATCH: Watch[jax.Array] = jax_watch
# It refuses an array that lacks an operation of the shared code, too.
ARRAYS: list[Array] = [np.zeros(()), torch.zeros(()), jax.numpy.zeros(())]

FACES = {"numpy": numpy_face, "torch": torch_face, "jax": jax_face}
WATCHES = {"numpy": numpy_watch, "torch": torch_watch, "jax": jax_watch}
SHARED = Path(lossary.__file__).parent
# What a framework does not have, by the attributes that say so: memory to point at, a record of what was computed.
ABSENT = {
    "numpy": {"smooth", "by_blocks", "fused", "expected", "deferred", "total", "scan"},
    "torch": {"total", "scan"},
    "jax": {"is_in_order", "in_order", "maker", "pointer", "numbers", "recognizer", "write"}
    | {"fused", "expected", "deferred"},
}


def members(protocol: type) -> dict[str, Any]:
    """The functions, properties and attributes of a protocol, by name."""
    own = {name: value for name, value in vars(protocol).items() if inspect.isfunction(value) or _is_property(value)}
    return {name: own.get(name) for name in {*own, *protocol.__annotations__} if not name.startswith("_")}


def _is_property(value: object) -> bool:
    return isinstance(value, property)


def differences(module: ModuleType, protocol: type) -> Iterator[str]:
    """Name each member of a protocol that a module lacks, or has with other parameters."""
    for name, wanted in members(protocol).items():
        if not hasattr(module, name):
            yield f"{name} is missing"
        found = getattr(module, name, None)
        if isinstance(wanted, FunctionType) and isinstance(found, FunctionType) and found is not absent:
            expected = list(inspect.signature(wanted).parameters.values())[1:]
            if not _fits(list(inspect.signature(found).parameters.values()), expected):
                yield f"{name} has other parameters"


def _fits(found: list[inspect.Parameter], expected: list[inspect.Parameter]) -> bool:
    """Return True if a call written for the expected parameters means the same to those found."""
    if any(p.kind is p.VAR_POSITIONAL for p in found):
        return True
    pairs = list(zip(found, expected, strict=False))
    alike = all(f.name == e.name or e.kind is e.POSITIONAL_ONLY for f, e in pairs)
    are_optional = all(f.default is not f.empty for f, e in pairs if e.default is not e.empty)
    extra = all(p.default is not p.empty for p in found[len(expected) :])
    return len(found) >= len(expected) and alike and are_optional and extra


@pytest.mark.parametrize("name", FACES)
def test_a_face_has_what_the_protocol_says(name: str) -> None:
    assert list(differences(FACES[name], Face)) == []


@pytest.mark.parametrize("name", WATCHES)
def test_a_watch_has_what_the_protocol_says(name: str) -> None:
    assert list(differences(WATCHES[name], Watch)) == []


@pytest.mark.parametrize("name", FACES)
def test_what_a_framework_does_not_have_is_known(name: str) -> None:
    assert {one for one in members(Face) if getattr(FACES[name], one) is absent} == ABSENT[name]


def test_shared_code_uses_all_of_the_protocol() -> None:
    paths = [path for path in SHARED.rglob("*.py") if path.parent.name != "frameworks"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    used = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert members(Face).keys() - used == set()


def test_a_difference_is_seen() -> None:
    module = ModuleType("lacking")
    vars(module).update(vars(numpy_face))
    del vars(module)["matmul"]
    module.reshape = lambda array: array  # type: ignore[attr-defined]
    module.cast = lambda values, dtype: values  # type: ignore[attr-defined]
    assert sorted(differences(module, Face)) == [
        "cast has other parameters",
        "matmul is missing",
        "reshape has other parameters",
    ]


@pytest.mark.parametrize("name", ["numpy", "torch", "jax"])
def test_a_text_of_numpy_is_a_text(name: str) -> None:
    ones: dict[str, Any] = {"numpy": np.ones, "torch": torch.ones, "jax": jax.numpy.ones}
    x = ones[name](3)
    options: dict[str, Any] = {"denominator": np.str_("count"), "reduction": np.str_("mean")}
    assert float(lossary.huber(x, 3 * x, **options)) == 1.5
