"""The commands, run as a user runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

import lossary

if TYPE_CHECKING:
    from commands.cli.conftest import Command

QUICK = ("--folds", 3, "--repeats", 1, "--epochs", 3)


def test_version(command: Command) -> None:
    assert command("--version") == (0, f"lossary {lossary.__version__}\n", "")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("compare", "--help"), ("list", "-h"), ("explain", "-h")])
def test_help_fits_a_screen(arguments: tuple[str, ...], command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, out, err = command(*arguments)
    assert (status, err) == (0, "")
    assert "Usage: lossary" in out
    lines = out.splitlines()
    assert len(lines) < 45
    assert lines == [line.rstrip() for line in lines]


def test_list_shows_every_loss(command: Command) -> None:
    status, out, err = command("list")
    assert (status, err) == (0, "")
    for record in lossary.losses():
        (name,) = (line for line in out.splitlines() if line.startswith(f"  {record.name} "))
        before, after = out.split(name)
        assert re.findall(r"^\w+", before, re.MULTILINE)[-1] == record.task
        below = re.split(r"^ {0,2}\w", after, maxsplit=1, flags=re.MULTILINE)[0]
        assert f"{record.summary} {record.use}".replace("``", "") in _without_parameters(below)
        assert re.findall(r"^    (\w+=\S+)", below, re.MULTILINE) == [
            f"{p.name}={p.default:g}" for p in record.parameters
        ]


def _without_parameters(text: str) -> str:
    return " ".join(re.sub(r"^    \w+=\S+", "", text, flags=re.MULTILINE).split())


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["huber"], ["huber", "log_cosh", "quantile_huber", "modified_huber"]),
        (["MSELoss"], ["squared_error"]),
        (["quantile", "purple"], []),
        (["counts", "distribution"], ["poisson", "log_poisson"]),
    ],
)
def test_list_shows_those_that_words_describe(words: list[str], names: list[str], command: Command) -> None:
    status, out, err = command("list", *words)
    if not names:
        assert (status, out) == (2, "")
        assert "no loss is described with 'quantile' and 'purple'" in err
        return
    listed = re.findall(r"^  (\w+)", out, re.MULTILINE)
    assert (status, err) == (0, "")
    assert set(names) <= set(listed)
    assert len(listed) < 15


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_list_fits_a_narrow_window() -> None:
    lines = [ANSI.sub("", line).rstrip() for line in in_a_window(["list"], columns=80).splitlines()]
    assert max(map(len, lines)) <= 80
    words = {word for line in lines for word in line.split()}
    assert {"positive_weight=1", "label_smoothing=0", "temperature=0.1"} <= words  # none is cut in two


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("record", lossary.losses(), ids=lambda record: record.name)
def test_explain_tells_what_is_known(record: object, command: Command) -> None:
    status, out, err = command("explain", record.name)  # type: ignore[attr-defined]
    assert (status, err) == (0, "")
    assert record.summary in out  # type: ignore[attr-defined]
    assert record.use.replace("``", "") in " ".join(out.split())  # type: ignore[attr-defined]
    assert f"lossary.{record.name}(" in out  # type: ignore[attr-defined]


@pytest.mark.usefixtures("portable")
def test_explain_says_what_each_letter_is(command: Command) -> None:
    """An infinite logit is no error, an infinite target is."""
    lines = [" ".join(line.split()) for line in command("explain", "softmax_cross_entropy").out.splitlines()]
    assert "logits z any number, ±∞ included" in lines
    assert any(line.startswith("target y [0, 1]") for line in lines)
    lines = [" ".join(line.split()) for line in command("explain", "linear_entropy").out.splitlines()]
    assert {"features any number", "bias any number, none unless given"} <= set(lines)
    assert {"logits z features · classifierᵀ + bias", "temperature τ > 0; 1 unless given"} <= set(lines)
    assert "target y finite" in " ".join(command("explain", "huber").out.split())


@pytest.mark.usefixtures("portable")
def test_explain_takes_an_infinite_setting(command: Command) -> None:
    status, out, err = command("explain", "general_robust(alpha=-inf)")
    assert (status, err) == (0, "")
    assert out.startswith("general_robust(alpha=-inf)")
    assert "lossary.general_robust(prediction, target, alpha=-math.inf, scale=1)" in out


@pytest.mark.usefixtures("portable")
def test_explain_takes_settings(command: Command) -> None:
    status, out, _ = command("explain", "huber(delta=0.25)")
    assert status == 0
    assert "0.5 (ŷ − y)² if |ŷ − y| ≤ δ" in out
    assert "bounded, at most 0.25" in out
    assert "lossary.huber(prediction, target, delta=0.25)" in out
    assert "1 unless given, 0.25 here" in out
    lines = [
        " ".join(line.split()) for line in command("explain", "kl_divergence(label_smoothing=0.1)").out.splitlines()
    ]
    assert "label_smoothing ε 0.1 here" in lines
    assert "in Python lossary.kl_divergence(probability, target, label_smoothing=0.1)" in lines


SIGNATURES = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF", "html": b"<!doctype html>"}


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize(("suffix", "signature"), SIGNATURES.items(), ids=SIGNATURES.keys())
@pytest.mark.usefixtures("portable")
def test_explain_draws(suffix: str, signature: bytes, tmp_path: Path, command: Command) -> None:
    path = tmp_path / f"curve.{suffix}"
    assert command("explain", "sigmoid_cross_entropy", "--plot", path)[0] == 0
    assert path.read_bytes().startswith(signature)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_compare_takes_a_table_that_nobody_prepared(messy: Path, command: Command) -> None:
    status, out, err = command("compare", messy, "--target", "price", *QUICK)
    assert (status, err) == (0, "")
    said = (
        "regression: 'price' from 5 columns of 89 rows",
        "1 row without a value in 'price' left out",
        "left out, numbering the rows: 'id'",
        "left out, text of more than 50 distinct values: 'remark'",
        "texts in a column of numbers, 'unknown', taken as missing: 'size'",
        "heavy-tailed columns, replaced by ranks: 'size'",
    )
    assert all(line in out for line in said)
    names = ("squared_error", "absolute_error", "huber", "gaussian_nll", "a constant guess")
    assert all(any(line.strip().startswith(name) for line in out.splitlines()) for name in names)


@pytest.mark.parametrize("target", ["city", "old"])
def test_compare_takes_classes_of_text_and_truth(target: str, messy: Path, command: Command) -> None:
    status, out, err = command("compare", messy, "--target", target, *QUICK)
    assert (status, err) == (0, "")
    assert f"binary: '{target}' from" in out
    assert "sigmoid_cross_entropy" in out


def test_compare_takes_parquet(messy: Path, command: Command) -> None:
    path = messy.with_suffix(".parquet")
    parquet.write_table(csv.read_csv(messy), path)
    status, out, err = command("compare", path, "--target", "rooms", "--losses", "softmax_cross_entropy", *QUICK)
    assert (status, err) == (0, "")
    assert "multiclass: 'rooms' from" in out


def test_the_same_seed_prints_the_same_numbers(command: Command, shell: Command) -> None:
    """Another process prints the same, too."""
    arguments = ("compare", "--dataset", "diabetes", "--rows", 90, *QUICK, "--losses", "huber, gaussian_nll")
    first, other = (command(*arguments, "--seed", seed) for seed in (1, 2))
    assert first.status == 0
    assert first == shell(*arguments, "--seed", 1)
    assert first.out != other.out


COMPARED = ("compare", "--dataset", "breast_cancer", "--rows", 90, *QUICK, "--losses", "dice")


@pytest.mark.parametrize("arguments", [("list",), ("explain", "linear_entropy"), COMPARED], ids=lambda a: a[0])
@pytest.mark.parametrize("columns", [60, 120, None])
def test_piped_output_is_as_wide_as_asked_and_not_padded(
    arguments: tuple[object, ...], columns: int | None, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns)) if columns else monkeypatch.delenv("COLUMNS", raising=False)
    lines = command(*arguments).out.splitlines()
    assert lines == [line.rstrip() for line in lines]
    width = max(map(len, lines))
    assert width <= (columns or 160)
    assert width > 0.8 * (columns or 120)


def test_piped_output_is_plain_and_unfolded(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    _, out, _ = command("compare", "--dataset", "breast_cancer", "--rows", 90, *QUICK, "--losses", "dice")
    assert "\x1b" not in out
    (heading,) = (line for line in out.splitlines() if line.strip().startswith("loss "))
    assert all(metric in heading for metric in ("log loss", "Brier", "accuracy", "ROC AUC"))


ANSI = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|\].*?\x07)")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_narrow_window_gets_several_tables_and_a_progress_bar() -> None:
    arguments = ["compare", "--dataset", "breast_cancer", "--rows", "90", *map(str, QUICK), "--losses", "dice"]
    seen = in_a_window(arguments, columns=60)
    assert "training with dice" in seen
    lines = [ANSI.sub("", line).split("\r")[-1] for line in seen.splitlines()]
    assert sum(line.strip().startswith("loss ") for line in lines) > 1
    assert max(map(len, lines)) <= 60


def in_a_window(arguments: list[str], columns: int) -> str:
    """Return what a command writes to a terminal of that width."""
    import pty

    parent, child = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color"}
    line = [sys.executable, "-m", "lossary", *arguments]
    with subprocess.Popen(line, stdin=child, stdout=child, stderr=child, env=environment):
        os.close(child)
        parts = list(iter(lambda: readable(parent), b""))
    os.close(parent)
    return b"".join(parts).decode()


def readable(terminal: int) -> bytes:
    """Read the next bytes; none if the other side has closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
