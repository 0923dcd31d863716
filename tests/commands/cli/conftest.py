"""Fixtures that run the command line: in this process, which is quick, or in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from lossary.__main__ import main


class Result(NamedTuple):
    """Exit status and output of a command."""

    status: int
    out: str
    err: str


Command = Callable[..., Result]
MESSY_ROWS = 90


@pytest.fixture(autouse=True)
def no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove COLUMNS, which pytest-xdist sets, so that piped output has its own width."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs ``lossary ARGUMENTS`` in this process."""

    def run(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["lossary", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Result(int(ended.value.code or 0), *capfd.readouterr())

    return run


@pytest.fixture
def shell() -> Command:
    """Return a function that runs ``python -m lossary ARGUMENTS`` in a process of its own."""

    def run(*arguments: object) -> Result:
        line = [sys.executable, "-m", "lossary", *map(str, arguments)]
        ended = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)
        return Result(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Write an unprepared table: text, gaps, a heavy tail, dates, identifiers, a broken number."""
    draw = np.random.default_rng(0)
    rooms, city = draw.integers(1, 9, MESSY_ROWS), draw.choice(["Oslo", "Rome", ""], MESSY_ROWS)
    size = np.exp(draw.normal(3, 2.5, MESSY_ROWS))
    price = 50 * rooms + 30 * (city == "Oslo") + draw.normal(0, 10, MESSY_ROWS)
    lines = ["id,sold,rooms,size,city,remark,old,price"]
    for i in range(MESSY_ROWS):
        size_text = "unknown" if i == 5 else "" if i == 6 else f"{size[i]:.2f}"
        price_text = "" if i == 7 else f"{price[i]:.1f}"
        day = f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}"
        lines.append(f'{i},{day},{rooms[i]},{size_text},{city[i]},"note, no. {i}",{i % 2 == 0},{price_text}')
    path = tmp_path / "houses.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
