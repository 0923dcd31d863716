"""The page of names, docs/names.md: what a loss of another library is called here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lossary
from lossary.catalogue.names import NOT_YET, UNRESOLVED
from tools.coverage import table

__all__ = ["FILES", "page"]

HEAD = """# Your name, and ours

<!-- Written by `make stubs` from the losses' aliases and catalogue/names.py. Do not edit. -->

`ls.get` takes all these names, with the library or without, and with settings: `ls.get("torch.nn.HuberLoss(delta=2)")`.
Without the library, capitals, underscores, hyphens, blanks, and "loss" at the end do not matter. A name stands in a
first table only if the mathematics and the defaults of its parameters are the same. What holds for all losses here may
differ ([the contract](contract.md)): what a mean divides by, which argument comes first, that classes lie along the
last axis (for PyTorch's images, pass `axis=1`), and that no label is left out (for −100, pass `ignore_label=-100`).
"""
LIBRARIES = {"torch": "PyTorch", "keras": "Keras", "optax": "optax", "sklearn": "scikit-learn"}  # the others follow
DISPUTED = """## Names of several losses, or of one that differs a little

`ls.get` raises and lists the choices.
"""
TO_COME = """## Not here yet

Losses that `ls.get` knows by name and says so.
"""


def page() -> str:
    """Write the whole page."""
    rest = "Other libraries"
    sections: dict[str, list[list[str]]] = {title: [] for title in (*LIBRARIES.values(), rest)}
    for record in lossary.losses():
        for alias in record.aliases:
            sections[LIBRARIES.get(alias.partition(".")[0], rest)].append([f"`{alias}`", f"`{record.name}`"])
    tables = [f"## {title}\n\n{table(['there', 'here'], sorted(rows))}" for title, rows in sections.items() if rows]
    disputed = table(["name", "why", "instead"], list(_disputed()))
    return "\n".join([HEAD, *tables, DISPUTED, disputed, TO_COME, table(["loss", "names"], list(_to_come()))])


def _disputed() -> Iterator[list[str]]:
    for entry in UNRESOLVED:
        choices = "; ".join(f"`{call}`: {meaning}" for call, meaning in entry.choices.items())
        yield [", ".join(f"`{name}`" for name in entry.names), entry.why, choices or "—"]


def _to_come() -> Iterator[list[str]]:
    for family, names in NOT_YET.items():
        yield [family, ", ".join(f"`{name}`" for name in names.split())]


FILES = {Path(__file__).parent.parent / "docs" / "names.md": page}
