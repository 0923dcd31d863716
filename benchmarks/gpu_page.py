"""RESULTS-gpu.md: what the parts found, of each the last time that it ran."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["PARTS", "text", "write"]

PARTS = ("matrix", "softmax", "pointwise", "value alone", "host", "linear", "jax", "tiles")

TITLE = """# On a GPU

Made by `make gpu`; of each part the last run stands here. Milliseconds are medians of the device's clock, contenders in
turn, from a cold second-level cache, with the quartiles in brackets. *Limit* is each input read once and each output
written once at the bandwidth of a copy in the same run, for products the rate of a product of bfloat16 matrices. *Peak*
is memory over the inputs. Errors are against float64: of the value relative to it, of the gradient to its largest
element.
"""
NEVER = "## What no GPU has run\n\n{}\n"
NOTES = Path(__file__).with_name("gpu_notes.md")  # what is said by hand


def write(folder: Path, machine: dict[str, Any], parts: Sequence[str], found: list[dict[str, Any]]) -> None:
    """Put what was found among what is known, and write both files."""
    data, page = folder / "results-gpu.json", folder / "RESULTS-gpu.md"
    known = json.loads(data.read_text(encoding="utf-8")) if data.exists() else {}
    for part in parts:
        rows = [row for row in found if row["part"] == part]
        known[part] = {"machine": machine, "date": datetime.now(UTC).date().isoformat(), "rows": rows}
    folder.mkdir(parents=True, exist_ok=True)
    data.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page.write_text(text(known), encoding="utf-8")


def text(known: dict[str, Any]) -> str:
    """The page."""
    sections = [_section(part, known[part]) for part in PARTS if part in known]
    missing = [line for part in PARTS if part not in known for line in _lines(part)]
    never = [NEVER.format("\n".join(missing))] if missing else []
    return "\n".join([TITLE, *sections, *never, NOTES.read_text(encoding="utf-8")])


def _lines(part: str) -> list[str]:
    """The lines of a part that were not measured."""
    from benchmarks.gpu_cases import cases

    named = [f"- {part}: {case.name} (bar: {case.bar})" for case in cases("cuda", dry=False) if case.part == part]
    return named or [f"- {part}"]


def _section(part: str, known: dict[str, Any]) -> str:
    machine = known["machine"]
    head = f"## {part.capitalize()}\n\n{machine['device']}, {known['date']}"
    head += f"; copy {machine['bandwidth'] / 1e9:.2f} TB/s, products {machine['rate'] / 1e9:.0f} TFLOP/s.\n"
    return "\n".join([head, *(_row(row) for row in known["rows"])])


def _row(row: dict[str, Any]) -> str:
    title = f"**{row['name']}**" + (f" (bar: {row['bar']})" if row.get("bar") else "")
    if "error" in row and "wrong" not in row:
        return f"{title}: it failed.\n\n```\n{row['error'].strip()}\n```\n"
    if "wrong" in row:
        failed = row["wrong"]["failed"]
        return f"{title}: {row['wrong']['cases']} cases, {len(failed)} wrong.\n" + "".join(
            f"- {one}\n" for one in failed
        )
    if "tiles" in row:
        ordered = sorted(row["tiles"].items(), key=lambda one: one[1])
        return f"{title}:\n\n" + "".join(f"- {ms:.3f} ms: {name}\n" for name, ms in ordered)
    if "us" in row:
        return f"{title}: " + ", ".join(f"{name} {us:.1f} µs" for name, us in row["us"].items()) + " of the host.\n"
    return f"{title}; limit {row['limit']:.3f} ms\n\n{_table(row)}{_skipped(row)}"


def _table(row: dict[str, Any]) -> str:
    lines = ["| contender | ms | % of the limit | peak MB | error of value | of gradients |", "| --- " * 6 + "|"]
    for name, (median, low, high, _) in row["ms"].items():
        value, *slopes = [f"{error:.1e}" for error in row["error of"].get(name, [])] or [""]
        share = 100 * row["limit"] / median
        cells = [
            name,
            f"{median:.3f} ({low:.3f}–{high:.3f})",
            f"{share:.0f}",
            f"{row['peak'][name]:.0f}",
            value,
            ", ".join(slopes),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _skipped(row: dict[str, Any]) -> str:
    return "\nNot measured: " + "; ".join(row["skipped"]) + ".\n" if row["skipped"] else ""
