"""Planning of loops along rows, for the kernels of CPUs and GPUs: each sum or maximum over the row ends a stage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import count

from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import COSTLY, Arguments, literal, nest
from lossary.kinds.program import Work
from lossary.symbolic.codegen import statements
from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import CLASS, ROW, Node, apply, axis, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class
from lossary.symbolic.words import CONDITIONS

__all__ = ["Staged", "Statements", "along_row", "costly_apart", "in_parts", "split_own"]


class Statements(ABC):
    """Statements that compute values of rows; ``known`` maps each computed node to the symbol of its result."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.known: dict[Node, Node] = {}
        self.numbers = count()

    @abstractmethod
    def _compute(self, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
        """Print statements and expressions that compute nodes from what is known."""

    def _name(self, node: Node) -> None:
        """Compute a value of the row now, if it is not known."""
        if node not in self.known:
            lines, (value,) = self._compute([node])
            self.lines += lines
            self._define(node, value)

    def _define(self, node: Node, value: str) -> None:
        """Assign an expression to a new name for a node."""
        self.known[node] = symbol(f"row_{next(self.numbers)}", ROW)
        self.lines.append(f"x_{self.known[node].label} = {value}")


class Staged(Statements):
    """The statements of a kernel for rows, stage by stage."""

    def __init__(self, arguments: Arguments) -> None:
        super().__init__()
        self.arguments = arguments
        self.blocks = 0  # of scratch memory, each for BLOCK values

    def write(self, work: Work) -> None:
        """Print the stages, the values of the rows, then their gradients."""
        outputs = [lower(node, "llvm") for node in (*work.sums, *work.losses)]
        gradients = [lower(node, "llvm") for node in work.gradients]
        for stage, again in _stages_of(outputs, gradients, self.known):
            self._stage(stage, again)
        self._results(outputs, work)
        if gradients:
            self._gradients(gradients)

    @abstractmethod
    def _stage(self, stage: list[Node], again: list[Node]) -> None:
        """Print one loop along the row for sums and maxima; keep the values of ``again`` for later loops."""

    @abstractmethod
    def _results(self, outputs: list[Node], work: Work) -> None:
        """Print the losses of rows, and add what is summed over rows."""

    @abstractmethod
    def _gradients(self, gradients: list[Node]) -> None:
        """Print the loop that writes gradients."""


def _stages_of(
    outputs: list[Node], gradients: list[Node], known: dict[Node, Node]
) -> Iterator[tuple[list[Node], list[Node]]]:
    """Yield the sums and maxima of each stage, and the costly values in it that later loops need again."""
    stages = _stages([*outputs, *gradients])
    loops = [[split_own(node.arguments[0])[0] for node in stage] for stage in stages]
    loops.append([split_own(gradient)[0] for gradient in gradients])
    for k, stage in enumerate(stages):
        yield stage, _wanted_again(loops[k], loops[k + 1 :], known)


def _stages(outputs: list[Node]) -> list[list[Node]]:
    """Group sums and maxima by depth: those first that need no other."""
    found: dict[Node, int] = {}
    for node in walk(*outputs):
        if node.word in ("total", "greatest"):
            found[node] = 1 + max((found.get(part, 0) for part in walk(node.arguments[0])), default=0)
    return [[node for node, stage in found.items() if stage == k] for k in sorted(set(found.values()))]


def split_own(node: Node) -> tuple[Node, tuple[Node, Node] | None]:
    """Split ``where(own class, a, b)`` into b, and a with the label's class; other nodes have no second part."""
    if node.word == "where" and is_own_class(node.arguments[0]):
        condition, own, other = node.arguments
        place = condition.arguments[1]
        return other, (apply("pick", own, place, axis(CLASS)), place)
    return node, None


def along_row(nodes: Iterable[Node], known: Container[Node] = ()) -> list[Node]:
    """List the parts of nodes that vary along the row, each after its own parts; what is known has no parts here."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in found and CLASS in node.axes and node not in known:
            for argument in node.arguments:
                visit(argument)
            found[node] = None

    for node in nodes:
        visit(node)
    return list(found)


def _wanted_again(loop: list[Node], later: list[list[Node]], known: Mapping[Node, Node]) -> list[Node]:
    """List the costly values of a loop that later loops start from, but for those that follow cheaply from others."""
    here = set(along_row(loop, known))
    shared = {node for node in here if node.word not in CONDITIONS and _is_costly(node, known)}
    needed = along_row((node for nodes in later for node in nodes), shared | known.keys())
    used = {*(part for node in needed for part in node.arguments), *(node for nodes in later for node in nodes)}
    first = [node for node in along_row(loop, known) if node in shared and node in used]
    return [node for node in first if _is_costly(node, {*known, *first} - {node})]


def _is_costly(node: Node, known: Container[Node]) -> bool:
    """Return True if it takes a costly word to compute a node from what is known."""
    return any(part.word in COSTLY for part in along_row([node], known))


def costly_apart(
    outputs: list[Node], loads: list[str], blocks: int, name: str = ""
) -> tuple[list[list[str]], list[str]]:
    """Print the bodies of loops over a block, and the expressions of the outputs in the last.

    Each costly word has a loop of its own, whose constants then stay in registers, and a block of scratch memory for
    its results. ``name`` makes the names of variables unique.
    """
    loops: list[list[str]] = []
    known: dict[Node, Node] = {}
    for node in walk(*outputs):
        if node.word in COSTLY and node.axes:
            lines, (value,) = statements([substitute(node, known)], "llvm", literal, f"t{name}{len(loops)}_")
            place = f"scratch[{(blocks + len(loops)) * BLOCK} + i]"
            known[node] = symbol(f"ahead_{name}{len(loops)}", node.axes)
            loops.append([*loads, *lines, f"{place} = {value}"])
            loads = [*loads, f"x_{known[node].label} = {place}"]
    lines, results = statements([substitute(node, known) for node in outputs], "llvm", literal, f"t{name}_")
    return [*loops, [*loads, *lines]], results


def in_parts(loop: list[str], prefetches: list[str], part: int) -> list[str]:
    """Print a loop over a block, in parts, with the prefetches for each part before it."""
    each = [f"stop_part = min(count, part + {part})", *prefetches, *nest("for i in range(part, stop_part):", loop)]
    return nest(f"for part in range(0, count, {part}):", each)
