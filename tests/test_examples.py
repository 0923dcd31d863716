"""The examples run, and what they print is what they claim."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
NEEDS = {
    "train_pytorch": ("torch", "sklearn"),
    "own_formula": ("torch", "jax"),
    "boosting": ("sklearn",),
}


def printed_by(name: str) -> str:
    for package in NEEDS[name]:
        pytest.importorskip(package)
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py")], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_has_a_test() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(NEEDS)


def test_a_pytorch_model_learns() -> None:
    before, after = map(float, re.findall(r"\d\.\d+", printed_by("train_pytorch")))
    assert after < 0.7 * before


def test_an_own_formula_gives_the_same_on_every_framework() -> None:
    results = re.findall(r"^(?:NumPy|PyTorch|JAX): +(.*)$", printed_by("own_formula"), flags=re.MULTILINE)
    assert len(results) == 3
    assert len(set(results)) == 1
    # scale (√((e/scale)² + 1) − 1), of the errors 3, ½ and −8
    assert results[0].startswith(f"{2 * ((3.25**0.5 + 1.0625**0.5 + 17**0.5) / 3 - 1):.6f}")


def test_boosted_trees_learn() -> None:
    lines = re.findall(r"(\d+) trees: held-out loss (\S+), accuracy (\S+)", printed_by("boosting"))
    losses, accuracies = ([float(line[i]) for line in lines] for i in (1, 2))
    assert losses[0] > losses[1] > losses[2]
    assert accuracies[2] > 0.93
