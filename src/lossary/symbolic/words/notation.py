"""Templates for words as people write them, in LaTeX and in a terminal, with their precedence."""

from __future__ import annotations

from enum import IntEnum
from itertools import chain, repeat
from typing import NamedTuple

__all__ = ["Binds", "Notation", "call", "function", "infix", "roman"]


class Binds(IntEnum):
    """Precedence, lowest first. A part that binds less tightly than its place asks gets parentheses."""

    CHOICE, EITHER, BOTH, COMPARISON, SUM, PRODUCT, FUNCTION, POWER, FRACTION, ATOM = range(10)


class Notation(NamedTuple):
    """A template for ``str.format``, its precedence, and what it asks of its arguments (nothing unless given)."""

    template: str
    binds: Binds = Binds.ATOM
    asks: tuple[Binds, ...] = ()

    def asked(self, count: int) -> list[Binds]:
        """The precedence asked of each of ``count`` arguments."""
        endless = chain(self.asks, repeat(Binds.CHOICE))
        return [next(endless) for _ in range(count)]


def infix(sign: str, binds: Binds, right: Binds | None = None) -> Notation:
    """An operator between two arguments; ``right`` is asked of the second where that is not ``binds``."""
    return Notation(f"{{0}} {sign} {{1}}", binds, (binds, binds if right is None else right))


def function(name: str) -> Notation:
    """A LaTeX function written without parentheses, as in log x."""
    return Notation(name + " {0}", Binds.FUNCTION, (Binds.FRACTION,))


def roman(name: str, count: int = 1) -> Notation:
    """A call in LaTeX, the name in roman letters."""
    return Notation(rf"\operatorname{{{{{name}}}}}\left({_places(count)}\right)")


def call(name: str, count: int) -> Notation:
    """A call in a terminal, the name in words."""
    return Notation(f"{name.replace('_', ' ')}({_places(count)})")


def _places(count: int) -> str:
    return ", ".join(f"{{{i}}}" for i in range(count))
