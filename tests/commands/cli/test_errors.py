"""Every mistake ends with status 2 and one line on standard error that says what to change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from commands.cli.conftest import Command

TWENTY = "x,y\n" + "".join(f"{i % 7},{i}.5\n" for i in range(20))
# Per mistake: the table, the arguments after it, and what the line says.
TABLES: dict[str, tuple[str | bytes, str, str]] = {
    "unknown column": (TWENTY, "--target Y2", "there is no column 'Y2'; did you mean 'y'?"),
    "no rows": ("x,y\n", "--target y", "a header but no rows"),
    "empty": ("", "--target y", "is empty"),
    "one class": ("x,y\n" + "1,a\n" * 30, "--target y", "one class only, 'a'"),
    "no target": ("x,y\n" + "1,\n" * 30, "--target y", "the column 'y' has no values"),
    "too few rows": ("x,y\n1,1.5\n2,2.5\n3,3.5\n", "--target y", "3 rows with a value in 'y' are too few for 5 folds"),
    "two rows": ("x,y\n1,1.5\n2,2.5\n", "--target y", "2 rows with a value in 'y' are too few for 5 folds"),
    "names": ("x,y\n" + "".join(f"{i},n{i}\n" for i in range(30)), "--target y", "the 5 rows that 5 folds need\n"),
    "binary": (b"\0\1\2\3" * 99, "--target y", "is neither a CSV nor a Parquet file"),
    "latin-1": ("x,y\né,1\n".encode("latin-1"), "--target y", "is not UTF-8 text"),
    "a name twice": ("x,y,x\n1,2,3\n", "--target y", "more than one column named 'x'"),
    "text for a regression": ("x,y\n" + "1,a\n2,b\n" * 20, "--target y --task regression", "is not numeric"),
    "infinite target": (TWENTY + "1,inf\n", "--target y", "has 1 infinite value"),
    "no column left": ("x,y\n" + "".join(f"1,{i}.5\n" for i in range(30)), "--target y", "no column is left"),
    "unknown loss": (TWENTY, "--target y --losses hubr", "there is no loss 'hubr'. Did you mean huber?"),
    "unfitting loss": (TWENTY, "--target y --losses dice", "dice does not fit a regression target"),
    "unreadable list": (TWENTY, "--target y --losses huber(", "'huber(' names no losses"),
    "unknown task": (
        TWENTY,
        "--target y --task ranking",
        "--task 'ranking' is unknown; choose one of regression, binary",
    ),
    "no target given": (TWENTY, "", "name the column to predict: --target COLUMN"),
    "one fold": (TWENTY, "--target y --folds 1", "--folds"),
    "no number": (TWENTY, "--target y --seed one", "--seed"),
    "report in no folder": (TWENTY, "--target y --report no/such/report.html", "there is no folder"),
    "report has a name that is too long": (TWENTY, f"--target y --report {'r' * 300}.html", "cannot be written"),
    "report is a folder": (TWENTY, "--target y --report .", "is a folder"),
    "table and data set": (TWENTY, "--target y --dataset wine", "name one table"),
}


def one_line(status: int, out: str, err: str) -> str:
    """Return the line on standard error; check that it is one."""
    assert status == 2
    assert err.startswith("lossary: ")
    assert err.count("\n") == 1
    assert "Traceback" not in out + err
    return err


@pytest.mark.parametrize(("content", "arguments", "message"), TABLES.values(), ids=TABLES.keys())
def test_a_table_that_cannot_be_used(
    content: str | bytes, arguments: str, message: str, tmp_path: Path, command: Command
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert message in one_line(*command("compare", path, *arguments.split()))


COMMANDS = {
    "compare": "name one table",
    "compare no-such-file.csv --target y": "there is no file no-such-file.csv",
    "compare --dataset iris": "there is no data set 'iris'; choose one of diabetes, breast_cancer, digits, wine",
    "compare --dataset wine --target grape": "there is no column 'grape'",
    "compare --dataset wine --fold 3": "No such option",
    "compares": "No such command",
    "explain": "Missing argument",
    "explain hubr": "there is no loss 'hubr'. Did you mean huber? 'lossary list' shows them all.\n",
    "explain TripletLoss": "known loss (triplet) that is not here yet. 'lossary list' shows those that are.\n",
    "explain huber,squared_error": "one loss at a time",
    "explain huber --plot huber.xls": "huber.xls has no known format; end its name in .png, .svg, .pdf or .html",
    "explain huber --plot no/such/huber.png": "there is no folder",
    "explain huber(delta=-1)": "delta",
    "explain huber(detla=1)": "detla",
}


@pytest.mark.parametrize(("line", "message"), COMMANDS.items(), ids=COMMANDS.keys())
def test_a_command_that_cannot_be_run(line: str, message: str, command: Command) -> None:
    assert message in one_line(*command(*line.split()))


def test_the_report_never_replaces_the_table(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TWENTY)
    other_name = tmp_path / "." / "table.csv"
    assert "would overwrite" in one_line(*command("compare", path, "--target", "y", "--report", other_name))
    assert path.read_text() == TWENTY


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("line", ["compare --dataset wine --report", "explain huber --plot"])
def test_a_device_is_never_replaced(line: str, tmp_path: Path, command: Command) -> None:
    """A superuser could replace even /dev/null, and with it that of every other program."""
    path = tmp_path / "pipe.html"
    os.mkfifo(path)
    assert "is a pipe or a device" in one_line(*command(*line.split(), path))
    assert path.is_fifo()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_must_not_be_written_to(tmp_path: Path, command: Command) -> None:
    tmp_path.chmod(0o500)
    line = one_line(*command("compare", "--dataset", "wine", "--report", tmp_path / "report.html"))
    assert "cannot be written" in line


@pytest.mark.parametrize(
    ("package", "arguments", "extra"),
    [
        ("torch", "compare --dataset wine", "compare"),
        ("sklearn", "compare --dataset wine", "compare"),
        ("plotly", "explain huber --plot huber.html", "compare"),
        ("rich", "list", "cli"),
        ("typer", "list", "cli"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(package: str, arguments: str, extra: str, tmp_path: Path) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; from lossary.__main__ import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments.split()], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    line = one_line(ended.returncode, ended.stdout, ended.stderr)
    assert line == f"lossary: this needs {package}: pip install 'lossary[{extra}]'\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_an_interruption_is_one_line() -> None:
    line = [sys.executable, "-u", "-m", "lossary", "compare", "--dataset", "digits"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()  # the table is read, the training begins
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read().strip() == "lossary: interrupted"
