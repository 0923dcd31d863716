"""Counts, quotations and lists in sentences."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["counted", "joined", "quoted"]


def counted(count: int, thing: str) -> str:
    """Return '1 row', '1,200 rows'."""
    return f"{count:,} {thing}" + ("" if count == 1 else "es" if thing.endswith("s") else "s")


def quoted(names: Sequence[str], most: int = 4) -> str:
    """Return the first ``most`` names in quotes, and the number of the others."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def joined(parts: Sequence[str]) -> str:
    """Return 'a', 'a and b', 'a, b and c'."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
