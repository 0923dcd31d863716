"""`python -m benchmarks [--quick] [--only TEXT [--merge]]`: measure, print, and write results.json and RESULTS.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks import machine, results
from benchmarks.measure import Job, jobs

FOLDER = Path(__file__).parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small arrays and few rounds: tries the harness only")
    parser.add_argument("--rounds", type=int, metavar="N", help="other than each case's own number of rounds")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases whose title holds TEXT")
    parser.add_argument("--merge", action="store_true", help="put what is measured among the results that are there")
    parser.add_argument("--list", action="store_true", help="print the cases' titles; measure nothing")
    parser.add_argument("--render", action="store_true", help="write RESULTS.md again from results.json; time nothing")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write (default: here, if complete)")
    wanted = parser.parse_args()
    if wanted.merge and wanted.quick:
        parser.error("--quick measures nothing that is worth keeping: it does not go with --merge")
    return wanted


def measure(chosen: list[Job], console: Console) -> list[results.Row]:
    progress = track(chosen, description="timing", console=console, disable=not console.is_terminal)
    return [job.run() for job in progress]


def read(folder: Path) -> results.Results:
    found: results.Results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


def write(found: results.Results, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "RESULTS.md").write_text(results.page(found, notes()), encoding="utf-8")


def notes() -> str:
    return (FOLDER / "notes.md").read_text(encoding="utf-8")


def main() -> int:
    wanted = arguments()
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    console = Console()
    if not console.is_terminal:
        console.width = 180  # a log has no edge to wrap at
    folder = wanted.output or FOLDER
    chosen = jobs(wanted.quick, wanted.only, wanted.rounds)
    if wanted.list:
        console.print("\n".join(job.title for job in chosen))
        return 0
    if wanted.render:
        write(read(folder), folder)
        return 0
    found: results.Results = {"machine": machine.describe(), "rows": []}
    before = results.merged(read(folder), found) if wanted.merge else found  # another machine's are refused first
    found = {**found, "rows": measure(chosen, console)}
    results.show(found, console)
    if wanted.merge or wanted.output or not (wanted.quick or wanted.only):  # a part never replaces the whole
        write(results.merged(before, found), folder)
    return int(results.failed(found))


if __name__ == "__main__":
    sys.exit(main())
