"""Grouping of a formula of several axes into loops over all places of some axes, and the array operations between them.

A framework makes an array for every operation. What is computed place by place along the same axes, and the sums of it,
is one loop here, which stores only what something else needs. Sorts, gathers, products and whatever runs along an axis
otherwise stay the framework's; so does what varies along fewer axes, which is small.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lossary.execution.cpu.text import COSTLY
from lossary.symbolic.blocked import Segment, named
from lossary.symbolic.graph import Axes, Node, substitute, walk
from lossary.symbolic.words import WORDS
from lossary.symbolic.words.word import Along

__all__ = ["Loop", "grouped", "is_by_place"]

FEWEST = 3  # operations that are worth a loop


@dataclass(frozen=True)
class Loop(Segment):
    """Values that one loop over all places of some axes computes; ``summed`` says along which axes each is a sum."""

    axes: Axes
    summed: tuple[Axes, ...]


def grouped(outputs: Sequence[Node]) -> tuple[list[Segment], list[Node]]:
    """Return the steps that compute a formula, and its outputs, as symbols of what the steps computed.

    No step is a loop if none is worth it.
    """
    return _Grouping(outputs).steps()


@dataclass
class _Grouping:
    """The loops of a formula. A value is computed in a *round* after those of all loops that it depends on."""

    outputs: Sequence[Node]
    rounds: dict[Node, int] = field(default_factory=dict)
    asked: dict[Node, None] = field(default_factory=dict)  # values that a loop is to return

    def __post_init__(self) -> None:
        self.nodes = walk(*self.outputs)
        self.uses = Counter(argument for node in self.nodes for argument in node.arguments) + Counter(self.outputs)
        counts = Counter(node.axes for node in self.nodes if is_by_place(node))
        several = [axes for axes, count in counts.items() if len(axes) > 1 and count >= FEWEST]
        # In the order of the formula, which is the same in every process: names of kernels on disk depend on it.
        self.spaces = [axes for axes in several if not any(axes < other for other in several)]
        for node in self.nodes:
            ends = [self.rounds[part] + self._is_apart(part, node) for part in node.arguments]
            self.rounds[node] = max(ends, default=0)

    def steps(self) -> tuple[list[Segment], list[Node]]:
        """Return the steps, and the outputs in terms of them."""
        between = self._between()
        known: dict[Node, Node] = {}
        found: list[Segment] = []
        for now in sorted({*map(self.rounds.__getitem__, [*self.asked, *between])}):
            wanted = [node for node in between if self.rounds[node] == now]
            if wanted:
                found.append(named(wanted, known, "_part"))
            for axes in self.spaces:
                if values := [n for n in self.asked if self.rounds[n] == now and self._base(n)[0].axes == axes]:
                    bases = [self._base(node) for node in values]
                    made = named([base for base, _ in bases], known, "_part", values)
                    found.append(Loop(made.outputs, made.results, axes, tuple(summed for _, summed in bases)))
        return found, [substitute(node, known) for node in self.outputs]

    def _between(self) -> list[Node]:
        """Return the values that the framework computes for later steps; ask for those that loops compute for them."""
        todo, seen = list(self.outputs), dict.fromkeys(self.outputs)
        kept = dict.fromkeys(self.outputs)
        while todo:
            node = todo.pop()
            if self._is_looped(node):
                self.asked[node] = None
                needed = list(self._inputs(node))
                kept |= dict.fromkeys(needed)
            else:
                needed = list(node.arguments)
                kept |= dict.fromkeys(part for part in needed if self.rounds[part] < self.rounds[node])
            todo += [part for part in needed if part not in seen]
            seen |= dict.fromkeys(needed)
        return [node for node in self.nodes if node in kept and node.arguments and not self._is_looped(node)]

    def _inputs(self, looped: Node) -> Iterator[Node]:
        """Yield what a loop reads for a value."""
        base, now = self._base(looped)[0], self.rounds[looped]
        todo, seen = [base], {base}
        while todo:
            for part in todo.pop().arguments:
                if part in seen or part.is_number():
                    continue
                seen.add(part)
                if is_by_place(part) and part.axes == base.axes and (self.rounds[part] == now or _is_cheap(part)):
                    todo.append(part)
                else:
                    yield part

    def _is_looped(self, node: Node) -> bool:
        """Return True for a value that a loop returns: one for each place, or a sum of such."""
        base, _ = self._base(node)
        return is_by_place(base) and base.axes in self.spaces

    def _base(self, node: Node) -> tuple[Node, Axes]:
        """Return what a sum adds up, and along which axes; of other values, the value itself and no axes."""
        summed: set[str] = set()
        base = node
        while base.word == "total" and (base is node or self.uses[base] == 1):
            summed.add(str(base.arguments[1].label))
            base = base.arguments[0]
        return (base, frozenset(summed)) if base.axes >= summed else (node, frozenset())

    def _is_apart(self, part: Node, node: Node) -> bool:
        """Return True if an argument comes from a loop that does not compute ``node``, too."""
        if not (is_by_place(part) and part.axes in self.spaces) and not self._is_looped(part):
            return False
        together = node.axes if is_by_place(node) else self._base(node)[0].axes if node.word == "total" else None
        return self._base(part)[0].axes != together or part.word == "total" != node.word


def is_by_place(node: Node) -> bool:
    """Return True if kernels compute a value from others at the same place."""
    if not node.arguments or node.word not in WORDS:
        return False
    word = WORDS[node.word]
    return word.along is Along.PLACE and ("llvm" in word.spelling or word.definition is not None)


def _is_cheap(node: Node) -> bool:
    """Return True if computing a value again takes no longer than reading it."""
    return not any(part.word in COSTLY for part in walk(node) if part.axes == node.axes)
