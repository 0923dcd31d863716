"""What is written from the records is fresh, and tells a type checker how each loss is called."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import lossary
from tools import catalogue, coverage, names, stubs

ROOT = Path(__file__).parent.parent
FILES = stubs.FILES | catalogue.FILES | coverage.FILES | names.FILES


@pytest.mark.parametrize(("path", "text"), FILES.items(), ids=[path.name for path in FILES])
def test_written_files_are_fresh(path: Path, text: Callable[[], str]) -> None:
    assert path.read_text(encoding="utf-8") == text(), "run `make stubs`"


def test_the_stub_has_every_public_name() -> None:
    text = stubs.losses_stub()
    assert [name for name in lossary.__all__ if not re.search(rf"\b{name}\b", text)] == []


# Each line's comment is the error that mypy has to report there; a line without one is right.
CALLS = """
import numpy as np
import torch
import lossary as ls
from lossary.torch import Huber, SoftmaxCrossEntropy

x, t = np.zeros(3), torch.zeros(3)
ls.huber(x, x)
ls.huber([1.0, 2.0], [0, 0], delta=2.0, weight=x, mask=[True, False], reduction="none")
ls.huber(t, t, delta=t.sum(), denominator=3, empty="nan")
ls.huber(x, x, denominator="count")
ls.huber(x, x, delta="2")  # arg-type
ls.huber(x, x, 2.0)  # call-arg
ls.huber(x)  # call-arg
ls.huber(x, x, detla=2.0)  # call-arg
ls.huber(x, x, reduction="avg")  # arg-type
ls.huber(x, x, denominator="sum")  # arg-type
ls.huber(x, x, axis=1)  # call-arg
ls.huber(x, x, weight=3 + 4j)  # arg-type
ls.huber.configure(delta=1.0).configure(delta=2.0)(x, x)
ls.huber.configure(smooth=1.0)  # call-arg
ls.huber.total(x, x).mean
ls.huber.total(x, x, reduction="mean")  # call-arg
value, gradient = ls.huber.value_and_gradient(x, x, out=x)
value, (to_prediction, to_variance) = ls.gaussian_nll.value_and_gradient(x, x, x, out=(x, x))
gradient, hessian = ls.huber.gradient_and_hessian(x, x, weight=x)
ls.gaussian_nll(x, x)  # call-arg
ls.softmax_cross_entropy(x, [0, 1], axis=1, class_weight=x, label_smoothing=0.1, ignore_label=-100)
ls.softmax_cross_entropy(x, x, ignore_label="none")  # arg-type
ls.softmax_cross_entropy(logits=x, target=x)
ls.softmax_cross_entropy(probability=x, target=x)  # call-arg
ls.dice(x, x, axis=(1, 2), smooth=1.0)
ls.dice(x, x, label_smoothing=0.1)  # call-arg
ls.info_nce(x, x, temperature=0.5)
ls.mse_loss  # attr-defined
def of_any(loss: ls.Loss) -> None:
    loss(x, x, anything=1)
of_any(ls.huber)
of_any(ls.get("huber"))
of_any("huber")  # arg-type
Huber(delta=2.0, weight=t)(t, t, mask=t > 0)
Huber(delat=2.0)  # call-arg
SoftmaxCrossEntropy(label_smoothing="a lot")  # arg-type
"""


def test_mypy_knows_right_calls_from_wrong_ones(tmp_path: Path) -> None:
    snippet = tmp_path / "calls.py"
    snippet.write_text(CALLS, encoding="utf-8")
    # The options and the cache are those of `make lint`: all but the snippet has been checked already.
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(snippet)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert _reported(done.stdout) == _expected(CALLS), done.stdout + done.stderr


def _reported(output: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for line, code in re.findall(r"calls\.py:(\d+): error: .*\[([a-z-]+)\]$", output, flags=re.MULTILINE):
        found.setdefault(int(line), set()).add(code)
    return found


def _expected(text: str) -> dict[int, set[str]]:
    lines = enumerate(text.splitlines(), start=1)
    return {number: set(line.partition("  # ")[2].split()) for number, line in lines if "  # " in line}
