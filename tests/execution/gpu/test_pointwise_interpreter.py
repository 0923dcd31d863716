"""GPU kernels of elements without a GPU: compiled by Triton."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import torch

import lossary
from lossary.contract.call import prepare
from lossary.execution import engine
from lossary.execution.gpu import kernels
from lossary.frameworks import torch as face
from lossary.kinds.program import SCALE
from lossary.vocabulary import absolute, expm1, log1p, power, tanh

pytestmark = pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")

TYPES = {torch.float32: "*fp32", torch.bfloat16: "*bf16", torch.float64: "*fp64", torch.bool: "*i1"}


@lossary.pointwise
def of_many_words(prediction: Any, target: Any, *, shape: Any = 2.5) -> Any:
    gap = prediction - target
    return power(absolute(gap), shape) + tanh(gap) * expm1(gap) + log1p(absolute(gap))


CASES = [
    (lossary.sigmoid_cross_entropy, torch.float32),
    (lossary.huber, torch.bfloat16),
    (of_many_words, torch.float64),
]


@pytest.mark.parametrize(("loss", "dtype"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_compiled_for_a_gpu(loss: Any, dtype: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Compiled to machine code that reads and writes memory 16 bytes at a time."""
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(face, "sees", lambda *arrays: False)
    weight = {"weight": torch.rand(64), "mask": torch.rand(64) > 0.5} if dtype == torch.float32 else {}
    code = _compile(loss, [torch.rand(64, dtype=dtype) for _ in loss.record.arguments], weight)
    assert code["cubin"]
    assert len(set(re.findall(r"(ld|st)\.global\.v(?:4\.b32|2\.b64)", code["ptx"]))) == 2


def _compile(loss: Any, arrays: list[Any], options: dict[str, Any]) -> Any:
    """Compile the kernel for a value and its gradient by Triton."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    call = prepare(loss.record, tuple(arrays), options)
    inputs: dict[str, Any] = {**call.inputs, **call.numbers, SCALE: torch.ones(())}
    ways = tuple((name, kernels._way(value, arrays[0])) for name, value in inputs.items())
    dtype = str(call.dtype).removeprefix("torch.")
    kernel, taken = kernels._kernel(
        (call.program.loss,), (), engine.gradients(call, engine.names_of(call)), ways, dtype
    )
    types = {f"x_{name}_at": TYPES[inputs[name].dtype] for name in (*taken.arrays, *taken.singles)}
    types |= {f"gradient_{k}_at": TYPES[arrays[0].dtype] for k in range(taken.gradients)}
    types |= dict.fromkeys(taken.bits, "i64") | {
        "sums_at": "*fp64",
        "size": "i32",
        "ONLY": "constexpr",
        "BLOCK": "constexpr",
    }
    names = [*taken.names, "sums_at", "size", "ONLY", "BLOCK"]
    aligned = {
        (i,): [["tt.divisibility", 16]] for i, name in enumerate(names) if types[name][0] == "*" or name == "size"
    }
    source = ASTSource(
        fn=kernel, signature=types, constexprs={(len(names) - 2,): False, (len(names) - 1,): 1024}, attrs=aligned
    )
    options = {"num_warps": 4, "enable_fp_fusion": True}
    return triton.compile(source, target=GPUTarget("cuda", 90, 32), options=options).asm
