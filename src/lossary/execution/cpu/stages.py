"""What a loop over a row computes, and in which order: every sum or maximum over the row ends a stage."""

from __future__ import annotations

from collections.abc import Iterator

from lossary.execution.cpu.sums import BLOCK
from lossary.execution.cpu.text import COSTLY, literal
from lossary.symbolic.codegen import statements
from lossary.symbolic.graph import Level, Node, apply, substitute, symbol, walk
from lossary.symbolic.simplify import is_own_class

__all__ = ["along_row", "asking", "costly_apart", "split_own", "stages_of"]


def stages_of(
    outputs: list[Node], gradients: list[Node], known: dict[Node, Node]
) -> Iterator[tuple[list[Node], list[Node]]]:
    """The sums and maxima over the row, those first that need no other, and what later loops want again."""
    stages = _stages([*outputs, *gradients])
    loops = [[split_own(node.arguments[0])[0] for node in stage] for stage in stages]
    loops.append([split_own(gradient)[0] for gradient in gradients])
    for k, stage in enumerate(stages):
        yield stage, _wanted_again(loops[k], loops[k + 1 :], known)


def _stages(outputs: list[Node]) -> list[list[Node]]:
    found: dict[Node, int] = {}
    for node in walk(*outputs):
        if node.word in ("total", "greatest"):
            found[node] = 1 + max((found.get(part, 0) for part in walk(node.arguments[0])), default=0)
    return [[node for node, stage in found.items() if stage == k] for k in sorted(set(found.values()))]


def split_own(node: Node) -> tuple[Node, tuple[Node, Node] | None]:
    """The value along the row, and the one at the label's class with its place, where that is another."""
    if node.word == "where" and is_own_class(node.arguments[0]):
        condition, own, other = node.arguments
        place = condition.arguments[1]
        return other, (apply("pick", own, place), place)
    return node, None


def along_row(nodes: list[Node]) -> list[Node]:
    """What a loop computes for each place of the row: all but what is one number a row."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in found and node.level & Level.COLUMN:
            for argument in node.arguments:
                visit(argument)
            found[node] = None

    for node in nodes:
        visit(node)
    return list(found)


def _wanted_again(loop: list[Node], later: list[list[Node]], known: dict[Node, Node]) -> list[Node]:
    """What a loop computes at some cost and a later loop needs too."""
    needed = {node for nodes in later for node in along_row(nodes)}
    shared = [node for node in along_row(loop) if node in needed]
    parts = {part for node in shared for part in node.arguments}
    outermost = [node for node in shared if node not in parts and node not in known]
    return [node for node in outermost if any(part.word in COSTLY for part in along_row([node]))]


def costly_apart(
    outputs: list[Node], loads: list[str], blocks: int, name: str = ""
) -> tuple[list[list[str]], list[str]]:
    """The loops over a block, and the expressions of the outputs in the last.

    A costly word has a loop of its own, whose numbers then stay in the processor's registers, and a block for results.
    ``name`` makes what they define differ from what others do.
    """
    loops: list[list[str]] = []
    known: dict[Node, Node] = {}
    for node in walk(*outputs):
        if node.word in COSTLY and node.level:
            lines, (value,) = statements([substitute(node, known)], "numba", literal, f"t{name}{len(loops)}_")
            place = f"scratch[{(blocks + len(loops)) * BLOCK} + i]"
            known[node] = symbol(f"ahead_{name}{len(loops)}", node.level)
            loops.append([*loads, *lines, f"{place} = {value}"])
            loads = [*loads, f"x_{known[node].label} = {place}"]
    lines, results = statements([substitute(node, known) for node in outputs], "numba", literal, f"t{name}_")
    return [*loops, [*loads, *lines]], results


def asking(loop: list[str], asks: list[str], part: int) -> list[str]:
    """A loop over a block, a part of it at a time, before which it asks memory for so much of what comes later."""
    each = [*asks, "for i in range(part, stop_part):", *(f"    {line}" for line in loop)]
    lines = [f"for part in range(0, count, {part}):", f"    stop_part = min(count, part + {part})"]
    return [*lines, *(f"    {line}" for line in each)]
