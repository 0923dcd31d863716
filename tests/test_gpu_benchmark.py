"""The benchmark of GPUs without one: it runs to its end, and its page says what no GPU has run."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import gpu_page

pytestmark = pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="Triton is not installed")
ROOT = Path(__file__).parent.parent


def test_a_dry_run(tmp_path: Path) -> None:
    parts = ["--part", "host", "--part", "linear"]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.gpu", "--dry", *parts, "--output", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "results-gpu.json").read_text(encoding="utf-8"))
    assert set(found) == {"host", "linear"}
    page = (tmp_path / "RESULTS-gpu.md").read_text(encoding="utf-8")
    assert "| lossary, autograd |" in page
    assert "- softmax: softmax cross-entropy, (65536, 1000) float32 (bar: ≥ 93 %)" in page


def test_the_page() -> None:
    """It is what the tool makes of what was measured."""
    known = ROOT / "benchmarks/results-gpu.json"
    measured = json.loads(known.read_text(encoding="utf-8")) if known.exists() else {}
    assert (ROOT / "benchmarks/RESULTS-gpu.md").read_text(encoding="utf-8") == gpu_page.text(measured)
