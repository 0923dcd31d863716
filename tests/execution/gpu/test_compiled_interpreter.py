"""Operators of compiled graphs without a GPU: run in Triton's interpreter; and who does not load the compiler."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = [Path(__file__).with_name(name) for name in ("test_compiled.py", "test_inductor.py")]


@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")
def test_in_the_interpreter() -> None:
    """Triton must be imported with the interpreter on: in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, TESTS)]
    environment = os.environ | {"TRITON_INTERPRET": "1"}
    done = subprocess.run(
        command, env=environment, cwd=TESTS[0].parents[2], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_an_eager_call_loads_no_compiler() -> None:
    code = (
        "import sys, torch, lossary; x = torch.ones(3, requires_grad=True)\n"
        "lossary.huber(x, torch.zeros(3)).backward()\n"
        "print([n for n in ('torch._dynamo', 'torch._inductor', 'lossary.execution.operators') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
