"""Notations of words in LaTeX and in a terminal: templates with a precedence."""

from __future__ import annotations

from enum import IntEnum
from itertools import chain, repeat
from typing import NamedTuple

__all__ = ["Binds", "Notation", "call", "function", "infix", "roman"]


class Binds(IntEnum):
    """Precedence, lowest first. A part that binds less tightly than its place asks gets parentheses."""

    CHOICE, EITHER, BOTH, COMPARISON, SUM, PRODUCT, FUNCTION, POWER, FRACTION, ATOM = range(10)


class Notation(NamedTuple):
    """A template for ``str.format``, its precedence, and the least precedence of each argument without parentheses.

    A word along an axis may also show the axis's letter as ``{c}``, that of an axis which it makes as ``{new}``, and
    its direction as ``{way}`` and ``{shift}``. ``inside`` is the letter that its axis has in the first argument.
    """

    template: str
    binds: Binds = Binds.ATOM
    asks: tuple[Binds, ...] = ()
    inside: str = ""

    def asked(self, count: int) -> list[Binds]:
        """Return the precedence asked of each of ``count`` arguments."""
        endless = chain(self.asks, repeat(Binds.CHOICE))
        return [next(endless) for _ in range(count)]


def infix(sign: str, binds: Binds, right: Binds | None = None) -> Notation:
    """Return an operator between two arguments; ``right`` is asked of the second, by default ``binds``."""
    return Notation(f"{{0}} {sign} {{1}}", binds, (binds, binds if right is None else right))


def function(name: str) -> Notation:
    """Return a LaTeX function that is written without parentheses, as in log x."""
    return Notation(name + " {0}", Binds.FUNCTION, (Binds.FRACTION,))


def roman(name: str, count: int = 1) -> Notation:
    """Return a call in LaTeX, with the name in roman letters."""
    return Notation(rf"\operatorname{{{{{name}}}}}\left({_places(count)}\right)")


def call(name: str, count: int) -> Notation:
    """Return a call in a terminal, with spaces in the name."""
    return Notation(f"{name.replace('_', ' ')}({_places(count)})")


def _places(count: int) -> str:
    return ", ".join(f"{{{i}}}" for i in range(count))
