"""Formulas of pairs, split into passes over blocks of one axis, so that no array of all pairs is made.

A value that varies along ``item`` and ``other_item`` is large where its inputs and its sums are not. A pass takes some
items at a time, with all others: it computes their pairs, and keeps what has fewer axes. That is either one part for
each block, or a sum over all blocks. Values that depend on a sum over all items wait for another pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lossary.symbolic.graph import Node, crossed, substitute, symbol, walk
from lossary.symbolic.words import CONDITIONS, contraction, total, where

__all__ = ["Pass", "Segment", "named", "passes"]

NEVER = 1 << 30  # a pass that no formula has
ADDED = (total.name, contraction.name)  # words along an axis whose results for blocks of it add up


@dataclass(frozen=True)
class Segment:
    """Values computed together, of symbols for what was computed before."""

    outputs: tuple[Node, ...]
    results: tuple[Node, ...]  # symbols for them


@dataclass(frozen=True)
class Pass:
    """Values computed block by block along an axis: those that vary along it are joined, others added up."""

    before: Segment  # computed of whole arrays, before the first block
    inside: Segment


def passes(outputs: Sequence[Node], pair: tuple[str, str]) -> tuple[list[Pass], tuple[Node, ...]] | None:
    """Return the passes over blocks of the first axis of a pair, and the outputs in terms of their results.

    None if a formula has no values that vary along both axes, or needs those of all blocks at once.
    """
    split = _Split(outputs, *pair)
    if not split.pairs or any(split.whole[node] >= NEVER for node in outputs):
        return None
    return split.passes()


@dataclass
class _Split:
    """A formula's values, each with the first pass in which a block has it, and the last before all of it is known."""

    outputs: Sequence[Node]
    over: str
    beside: str
    pairs: set[Node] = field(default_factory=set)
    block: dict[Node, int] = field(default_factory=dict)
    whole: dict[Node, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in walk(*self.outputs):
            if {self.over, self.beside} <= node.axes:
                self.pairs.add(node)
            self.block[node], self.whole[node] = self._place(node)

    def _place(self, node: Node) -> tuple[int, int]:
        """Return the pass in which a block has a value, and the one after which all blocks together have it."""
        if not node.arguments:
            return 1, 0
        parts = node.operands
        whole = max(self.whole[part] for part in parts)
        inside = max(self.block[part] if self.over in part.axes else self.whole[part] + 1 for part in parts)
        if self.over in crossed([node]):
            adds = node.word in ADDED and self._reads_pairs(node)
            return NEVER, inside if adds else whole
        if node in self.pairs:
            return inside, NEVER
        return inside, inside if self._reads_pairs(node) else whole

    def _reads_pairs(self, node: Node) -> bool:
        return node not in self.pairs and any(part in self.pairs and part.arguments for part in node.arguments)

    def passes(self) -> tuple[list[Pass], tuple[Node, ...]]:
        """Return the passes, and the outputs in terms of their results."""
        asked = self._asked()
        known: dict[Node, Node] = {}
        found = []
        for now in sorted(asked):
            ends = list(asked[now])
            whole = [part for part in self._read(ends, now) if part.arguments and part not in known]
            found.append(Pass(named(whole, known, "_whole"), named(ends, known, "_whole")))
        return found, tuple(substitute(node, known) for node in self.outputs)

    def _asked(self) -> dict[int, dict[Node, None]]:
        """Return the values that each pass is to return."""
        asked: dict[int, dict[Node, None]] = {}
        todo, seen = list(self.outputs), set(self.outputs)
        while todo:
            node = todo.pop()
            if self._reads_pairs(node):
                asked.setdefault(self.whole[node], {})[node] = None
                needed = list(self._read([node], self.whole[node]))
            else:
                needed = list(node.arguments)
            todo += [part for part in needed if part not in seen]
            seen.update(needed)
        return asked

    def _read(self, ends: Sequence[Node], now: int) -> Iterator[Node]:
        """Yield the whole values that the blocks of a pass read."""
        todo, seen = list(ends), set(ends)
        while todo:
            for part in todo.pop().arguments:
                if part in seen or part.is_number() or part.is_axis:
                    continue
                seen.add(part)
                if self.whole[part] < now:
                    yield part
                else:
                    todo.append(part)


def named(nodes: Sequence[Node], known: dict[Node, Node], prefix: str, of: Sequence[Node] = ()) -> Segment:
    """Return nodes in terms of what is known, and symbols for them, which are known from now on.

    The nodes may be other forms of those in ``of``, which the symbols stand for. A condition is a number, 1 or 0,
    between steps.
    """
    inside = [substitute(node, known) for node in nodes]
    results = tuple(symbol(f"{prefix}_{len(known) + k}", node.axes) for k, node in enumerate(of or nodes))
    for node, result in zip(of or nodes, results, strict=True):
        known[node] = 0.5 < result if node.word in CONDITIONS else result
    return Segment(tuple(where(node, 1.0, 0.0) if node.word in CONDITIONS else node for node in inside), results)
