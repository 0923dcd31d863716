"""Operators of compiled graphs without a GPU: those that launch kernels, in Triton's interpreter."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from device import pass_in_the_interpreter

TESTS = Path(__file__).parent.parent / "test_operators.py"
LAUNCHING = ("test_one_operator_and_its_derivative", "test_by_the_checks_of_pytorch")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")
def test_in_the_interpreter() -> None:
    pass_in_the_interpreter(*(f"{TESTS}::{name}" for name in LAUNCHING))


def test_an_eager_call_loads_no_compiler() -> None:
    code = (
        "import sys, torch, lossary; x = torch.ones(3, requires_grad=True)\n"
        "lossary.huber(x, torch.zeros(3)).backward()\n"
        "print([n for n in ('torch._dynamo', 'torch._inductor', 'lossary.execution.operators') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
