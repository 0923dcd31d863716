"""The files around the package say what is true of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lossary
from hand import Row
from lossary import domains, vocabulary
from lossary.catalogue import robust

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])


def test_constraints_are_exact_pins_and_nothing_else() -> None:
    """No address, no path, no local build: only a name and a release."""
    pins = [line for line in CONSTRAINTS if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)] == []


def test_every_dependency_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"]
    wanted = PROJECT["dependencies"] + [
        one for extra in ("torch", "jax", "gpu", "cli", "compare", "dev") for one in extras[extra]
    ]
    pinned = {plain(line) for line in CONSTRAINTS}
    assert {plain(one) for one in wanted} - pinned == {"lossary"}


def plain(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_-]", requirement)[0].lower().replace("_", "-")


def test_the_readme_lists_every_loss() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("## The losses") :]
    listed = re.findall(r"`(\w+)`", table[: table.index("[docs/losses.md]")])
    assert sorted(listed) == sorted(record.name for record in lossary.losses())


def test_the_changelog_knows_the_version() -> None:
    assert f"## [{lossary.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_example_of_a_new_loss_works() -> None:
    """CONTRIBUTING's formula and its row of hand values, tried as the user's own loss: the library stays as it is."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    formula, row, *_ = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    names = {**vars(vocabulary), **vars(domains), **vars(robust), "pointwise": lambda **_known: lossary.pointwise}
    exec("from __future__ import annotations\n" + formula, names)
    hand = eval(row[row.index("Row(") :].strip().rstrip(","), {"Row": Row})
    value, slope = names[hand.loss].value_and_gradient(*map(np.float64, hand.arguments), **hand.parameters)
    assert (float(value), float(slope)) == pytest.approx((hand.value, hand.slope), rel=1e-15)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
