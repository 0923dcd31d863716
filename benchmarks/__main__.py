"""`python -m benchmarks [--quick] [--only TEXT]`: measure, print, and write results.json and RESULTS.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks import machine, results
from benchmarks.measure import cases, measure_case, measure_memory, measure_starts
from benchmarks.rounds import FULL, QUICK

FOLDER = Path(__file__).parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small arrays and few rounds: tries the harness only")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases whose title holds TEXT")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write (default: here, if complete)")
    parser.add_argument("--render", action="store_true", help="write RESULTS.md again from results.json; time nothing")
    return parser.parse_args()


def measure(quick: bool, only: str, console: Console) -> results.Results:
    effort = QUICK if quick else FULL
    here = machine.describe()
    chosen = list(cases(quick, only))
    progress = track(chosen, description="timing", console=console, disable=not console.is_terminal)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": effort.rounds,
        "machine": here,
        "cases": [measure_case(group, loss, shape, effort) for group, loss, shape in progress],
        "memory": list(measure_memory(quick, only)),
        "starts": list(measure_starts(1 if quick else 7, only)),
    }


def write(found: results.Results, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "RESULTS.md").write_text(results.page(found), encoding="utf-8")


def main() -> int:
    wanted = arguments()
    folder = wanted.output or FOLDER
    if wanted.render:
        write(json.loads((folder / "results.json").read_text(encoding="utf-8")), folder)
        return 0
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    console = Console()
    if not console.is_terminal:
        console.width = 180  # a log has no edge to wrap at
    found = measure(wanted.quick, wanted.only, console)
    results.show(found, console)
    if wanted.output or not (wanted.quick or wanted.only):  # a part never replaces the whole
        write(found, folder)
    return int(results.lossary_failed(found))


if __name__ == "__main__":
    sys.exit(main())
