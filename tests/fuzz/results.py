"""What a fuzz has found so far: counts, the worst errors and what was wrong; added up, saved, and shown."""

from __future__ import annotations

import json
import platform
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fuzz.factors import FACTORS
from fuzz.hold import Outcome
from fuzz.plan import command

__all__ = ["FILE", "PAGE", "Tally", "page", "table", "versions"]

FILE = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[2] / "docs" / "fuzz.md"
HEAD = """# What was fuzzed

<!-- Written by `make fuzz`. Do not edit. -->

Calls drawn from the product of all choices below, each held to the textbook's loss in float64 (tests/fuzz): the value,
and the gradient in everything that has one, for upstream gradients that differ from item to item.
"""
FEW = 20  # wrong groups that are told
Worst = dict[str, float]


@dataclass
class Tally:
    """A fuzz from group 0 to the one before ``group``."""

    seed: int
    group: int = 0
    cases: int = 0
    seconds: float = 0.0
    date: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    by_loss: dict[str, Counter[str]] = field(default_factory=dict)  # cases by loss and engine
    by_choice: dict[str, Counter[str]] = field(default_factory=dict)  # cases by factor and choice
    worst_values: Worst = field(default_factory=dict)  # by dtype
    worst_gradients: Worst = field(default_factory=dict)
    wrong: int = 0
    told: list[list[str]] = field(default_factory=list)  # how to see it again, and what was wrong
    fixed: dict[str, str] = field(default_factory=dict)  # choices that every case has

    def add(self, outcome: Outcome) -> None:
        """Count the next group."""
        case, draws = outcome.case, outcome.draws
        self.by_loss.setdefault(case["loss"], Counter())[case["engine"]] += draws
        for factor, choice in case.items():
            self.by_choice.setdefault(factor, Counter())[choice] += draws
        for worst, error in ((self.worst_values, outcome.value_error), (self.worst_gradients, outcome.gradient_error)):
            worst[case["dtype"]] = max(worst.get(case["dtype"], 0.0), error)
        if outcome.wrong:
            self.wrong += 1
            self.told += (
                [[command(self.seed, self.group, self.fixed), *outcome.wrong[:2]]] if len(self.told) < FEW else []
            )
        self.group, self.cases = self.group + 1, self.cases + draws

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(vars(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Tally:
        known = json.loads(path.read_text(encoding="utf-8"))
        for name in ("by_loss", "by_choice"):
            known[name] = {key: Counter(counts) for key, counts in known[name].items()}
        return cls(**known)


def page(tally: Tally) -> str:
    """The summary, as Markdown."""
    installed = ", ".join(f"{name} {number}" for name, number in tally.versions.items())
    dtypes = [dtype for dtype in FACTORS["dtype"] if dtype in tally.worst_values]
    errors = [[d, f"{tally.worst_values[d]:.1e}", f"{tally.worst_gradients[d]:.1e}"] for d in dtypes]
    engines = FACTORS["engine"]
    losses = [[f"`{loss}`", *(f"{counts[e]:,}" for e in engines)] for loss, counts in sorted(tally.by_loss.items())]
    choices = [
        [f"`{factor}`", ", ".join(f"{choice} {counts[choice]:,}" for choice in FACTORS[factor] if counts[choice])]
        for factor, counts in tally.by_choice.items()
        if factor not in ("loss", "engine")
    ]
    done = (
        f"`make fuzz` on {tally.date}, seed {tally.seed}: {tally.cases:,} calls, {tally.group:,} combinations of "
        f"choices, in {tally.seconds:,.0f} seconds. Wrong combinations: {tally.wrong}. ({installed}.)"
    )
    parts = [
        HEAD.rstrip(),
        done,
        "The worst errors, of the largest number of an array, or of 1 if that is larger:",
        table(["dtype", "value", "gradient"], errors),
        "Calls by loss and engine:",
        table(["loss", *engines], losses),
        "Calls by choice:",
        table(["factor", "calls"], choices),
    ]
    told = [f"- `{line}`: {'; '.join(wrong)}" for line, *wrong in tally.told]
    return "\n\n".join(parts + (["What was wrong:", "\n".join(told)] if told else [])) + "\n"


def table(columns: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [columns, ["---"] * len(columns), *rows])


def versions() -> dict[str, Any]:
    """Of what the numbers depend on."""
    return {"Python": platform.python_version()} | {
        name: version(name) for name in ("numpy", "llvmlite", "torch", "jax")
    }
