"""The examples run, and what they print is what they claim."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossary

EXAMPLES = Path(__file__).parent.parent / "examples"
NEEDS = {
    "train_pytorch": ("torch", "sklearn"),
    "own_formula": ("torch", "jax"),
    "boosting": ("sklearn",),
    "dpo": ("torch", "resource"),
}


@cache
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


def test_preferences_are_learned_in_less_memory() -> None:
    lines = re.findall(r": loss (\S+) before and (\S+) after training, (\d+) MB", printed_by("dpo"))
    (before, after, memory), (same_before, same_after, all_logits) = (map(float, line) for line in lines)
    assert (before, after) == pytest.approx((same_before, same_after), abs=2e-4)
    assert before == pytest.approx(np.log(2), abs=1e-4)
    assert after < 0.7 * before
    assert memory < 0.6 * all_logits


def test_boosted_trees_learn() -> None:
    lines = re.findall(r"(\d+) trees: held-out loss (\S+), accuracy (\S+)", printed_by("boosting"))
    losses, accuracies = ([float(line[i]) for line in lines] for i in (1, 2))
    assert losses[0] > losses[1] > losses[2]
    assert accuracies[2] > 0.93


def test_boosted_trees_learn_where_the_hessian_is_0() -> None:
    lines = re.findall(
        r"^(\w+): (\d+)% .*held-out loss (\S+) before, (\S+) after", printed_by("boosting"), re.MULTILINE
    )
    assert [line[0] for line in lines] == ["huber", "absolute_error"]
    for _, share, before, after in lines:
        assert int(share) > 50
        assert float(after) < 0.95 * float(before)


BOOSTERS: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "xgboost": lambda library, objective, x, y: library.train(
        {"eta": 0.3, "base_score": 0.0, "disable_default_eval_metric": 1},
        library.DMatrix(x, label=y),
        20,
        obj=objective,
    ).predict(library.DMatrix(x), output_margin=True),
    "lightgbm": lambda library, objective, x, y: library.train(
        {"learning_rate": 0.3, "objective": objective, "verbose": -1}, library.Dataset(x, y), 20
    ).predict(x),
}


@pytest.mark.parametrize("library", BOOSTERS)
@pytest.mark.parametrize("loss", [lossary.absolute_error, lossary.huber], ids=lambda loss: loss.record.name)
def test_a_booster_learns_with_a_floor_and_not_with_zeros(library: str, loss: lossary.Loss) -> None:
    """The target steps from −1 to 1; of zeros alone a booster makes a constant, as the documentation says."""
    pytest.importorskip("sklearn")
    package = pytest.importorskip(library)
    x = np.linspace(0, 1, 200)[:, None]
    y = np.where(x[:, 0] > 0.5, 1.0, -1.0)
    objective = runpy.run_path(str(EXAMPLES / "boosting.py"))["objective"]
    constant, learned = (BOOSTERS[library](package, objective(loss, floor), x, y) for floor in (0.0, 1.0))
    assert float(loss(learned, y)) < 0.3 * float(loss(np.zeros(200), y))
    if loss is lossary.absolute_error:
        assert np.ptp(constant) == 0
