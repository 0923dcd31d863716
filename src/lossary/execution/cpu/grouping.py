"""Grouping of a formula of several axes into loops over all places of some axes, and the array operations between them.

A framework makes an array for every operation. What is computed place by place along the same axes, and the sums and
maxima of it, is one loop here, which stores only what something else needs. Sorts, gathers, products and whatever runs
along an axis otherwise stay the framework's. Loops that share an axis, such as the items', form a chain: a kernel goes
through all of them for a few items before the next ones, so that what only they need is never a whole array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lossary.execution.cpu.text import COSTLY
from lossary.symbolic.blocked import Segment, named
from lossary.symbolic.graph import Axes, Node, apply, axis, index, substitute, walk
from lossary.symbolic.words import WORDS
from lossary.symbolic.words.word import Along

__all__ = ["Chain", "Loop", "grouped", "is_by_place"]

FEWEST = 3  # operations that are worth a loop
ENDS = ("total", "greatest")  # words along an axis that loops compute
CHOSEN = "chosen"  # stands for a total of zeros and at most one other value, which needs no float64


@dataclass(frozen=True)
class Loop(Segment):
    """Values that one loop over all places of some axes computes, or what a word of ENDS makes of them along axes."""

    axes: Axes
    ends: tuple[str, ...]  # a word or CHOSEN, or nothing for the value at each place
    gone: tuple[Axes, ...]  # along which axes the words run

    def as_operations(self) -> Segment:
        """Return the same for array operations to compute."""
        values = list(self.outputs)
        for k, (end, gone) in enumerate(zip(self.ends, self.gone, strict=True)):
            for name in sorted(gone):
                values[k] = apply("total" if end == CHOSEN else end, values[k], axis(name))
        return Segment(tuple(values), self.results)


@dataclass(frozen=True)
class Chain:
    """Loops that one kernel goes through, one after the other, for some places of an axis before the next ones."""

    loops: tuple[Loop, ...]
    kept: frozenset[Node]  # results that something else needs

    @property
    def is_worth_a_kernel(self) -> bool:
        """True if any loop goes over several axes, and computes something."""
        return any(len(one.axes) > 1 and any(value.arguments for value in one.outputs) for one in self.loops)


Steps = list[Segment | Chain]


def grouped(outputs: Sequence[Node]) -> tuple[Steps, list[Node]]:
    """Return the steps that compute a formula, and its outputs, as symbols of what the steps computed.

    No step is a chain if none is worth a kernel.
    """
    steps, results = _Grouping(outputs).steps()
    names = sorted(frozenset().union(*(step.axes for step in steps if isinstance(step, Loop))))
    ways = [list(_chained(steps, results, name)) for name in names] or [list(steps)]
    found: Steps = []
    for one in min(ways, key=len):
        if isinstance(one, Chain) and not one.is_worth_a_kernel:
            found += [loop.as_operations() for loop in one.loops]
        else:
            found.append(one)
    return found, results


def _chained(steps: Sequence[Segment], results: Sequence[Node], shared: str) -> Iterator[Segment | Chain]:
    """Yield the steps, those loops that share an axis as chains, as long as no word has to run along it first."""
    reads = [_symbols(step.outputs) for step in steps]

    def chain(links: Sequence[Loop]) -> Chain:
        own = {id(one) for one in links}
        others = [read for step, read in zip(steps, reads, strict=True) if id(step) not in own]
        needed = frozenset().union(_symbols(results), *others)
        return Chain(tuple(links), frozenset(needed.intersection(*[[n for one in links for n in one.results]])))

    links: list[Loop] = []
    for step, read in zip(steps, reads, strict=True):
        is_link = isinstance(step, Loop) and shared in step.axes
        made = {
            node: is_link and shared not in gone
            for one in links
            for node, gone in zip(one.results, one.gone, strict=True)
        }
        if not all(made.get(node, True) for node in read):
            yield chain(links)
            links = []
        if isinstance(step, Loop) and is_link:
            links.append(step)
        else:
            yield chain([step]) if isinstance(step, Loop) else step
    if links:
        yield chain(links)


def _symbols(nodes: Sequence[Node]) -> frozenset[Node]:
    return frozenset(node for node in walk(*nodes) if node.word == "symbol")


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
        largest = [axes for axes in several if not any(axes < other for other in several)]
        # Values along one axis are computed between those along several, by the same kernel.
        single = [axes for axes in counts if len(axes) == 1 and any(axes < other for other in largest)]
        self.spaces = [*largest, *single]
        # In the order of the formula, which is the same in every process: names of kernels on disk depend on it.
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
                    ends = tuple(_end(node.word, *base) for node, base in zip(values, bases, strict=True))
                    found.append(Loop(made.outputs, made.results, axes, ends, tuple(gone for _, gone in bases)))
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
        """Return True for a value that a loop returns: one for each place, or a sum or maximum of such."""
        base, gone = self._base(node)
        return (is_by_place(base) or (bool(gone) and base.word == "symbol")) and base.axes in self.spaces

    def _base(self, node: Node) -> tuple[Node, Axes]:
        """Return what a sum adds up, and along which axes; of other values, the value itself and no axes."""
        gone: set[str] = set()
        base = node
        while base.word == node.word in ENDS and (base is node or self.uses[base] == 1):
            gone.add(str(base.arguments[1].label))
            base = base.arguments[0]
        return (base, frozenset(gone)) if base.axes >= gone else (node, frozenset())

    def _is_apart(self, part: Node, node: Node) -> bool:
        """Return True if an argument comes from a loop that does not compute ``node``, too."""
        if not (is_by_place(part) and part.axes in self.spaces) and not self._is_looped(part):
            return False
        together = node.axes if is_by_place(node) else self._base(node)[0].axes if node.word in ENDS else None
        return self._base(part)[0].axes != together or (part.word in ENDS and part.word != node.word)


def _end(word: str, base: Node, gone: Axes) -> str:
    """Return what is to be made of a value along some axes: a word or CHOSEN; nothing if there are none."""
    if word != "total" or len(gone) != 1 or base.word != "where" or not base.arguments[2].is_number(0.0):
        return word * bool(gone)
    (along,), condition = gone, base.arguments[0]
    place, label = condition.arguments if condition.word == "equal" else (base, base)
    moved = place.word == "add" and place.arguments[1].is_number()
    is_index = index(along) in (place, *place.arguments[:moved])
    return CHOSEN if is_index and along not in label.axes else word


def is_by_place(node: Node) -> bool:
    """Return True if kernels compute a value from others at the same place."""
    if not node.arguments or node.word not in WORDS:
        return False
    word = WORDS[node.word]
    return word.along is Along.PLACE and ("llvm" in word.spelling or word.definition is not None)


def _is_cheap(node: Node) -> bool:
    """Return True if computing a value again takes no longer than reading it."""
    return not any(part.word in COSTLY for part in walk(node) if part.axes == node.axes)
