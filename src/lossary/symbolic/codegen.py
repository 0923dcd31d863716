"""Code from graphs: straight-line Python for a target machine."""

from __future__ import annotations

import importlib
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, walk
from lossary.symbolic.whole_arrays import eager, fused
from lossary.symbolic.words import WORDS

__all__ = ["build", "source", "statements"]

Literal = Callable[[float, bool], str]
FORMS: dict[str, Callable[[Node], Node]] = {"jax": fused, "eager": eager}  # of formulas, for some targets
FUNCTIONS: dict[str, dict[str, Any]] = {}  # that the spellings of a target name, given by the framework
DEEPEST = 80  # Python reads at most 200 parentheses within each other
LOOSE = re.compile(r"^(-|~|not )| ([-+*/<&|]|<=|==) ")  # an expression that needs parentheses within another


def statements(outputs: Sequence[Node], target: str, literal: Literal, name: str = "t") -> tuple[list[str], list[str]]:
    """The statements that compute nodes (lowered ones) and the expression of each output.

    A part that is used once stands inside the expression that uses it, so that no array outlives its use; unless that
    gets too long.
    ``literal`` spells a number; its second argument says that nothing beside the number gives it a type. ``name``
    begins the name of each part.
    """
    nodes = walk(*outputs)
    uses = Counter(use for node in nodes for use in _mentions(node, target)) + Counter(outputs)
    text: dict[Node, str] = {}
    lines: list[str] = []
    for node in nodes:
        if node.word == "symbol":
            text[node] = f"x_{node.label}"  # no name of ours begins so
        elif node.word == "constant":
            text[node] = literal(float(node.label or 0.0), False)
        else:
            owned = bool(node.arguments[0].arguments) and uses[node.arguments[0]] == 1
            expression = _expression(node, text, target, literal, owned)
            if uses[node] > 1 or expression.count("(") > DEEPEST:
                text[node] = f"{name}{len(lines)}"
                lines.append(f"{text[node]} = {expression}")
            else:
                text[node] = expression
    return lines, [literal(float(o.label or 0.0), True) if o.is_number() else text[o] for o in outputs]


def _mentions(node: Node, target: str) -> list[Node]:
    """The arguments of a node, as often as its spelling names them."""
    if not node.arguments:
        return []
    template = WORDS[node.word].code(target)
    return [a for i, a in enumerate(node.arguments) for _ in range(template.count(f"{{{i}}}"))]


def _expression(node: Node, text: dict[Node, str], target: str, literal: Literal, owned: bool) -> str:
    """The expression of a node; ``owned`` says that nothing else needs its first argument."""
    template = WORDS[node.word].code(target, owned)
    parts = [text[argument] for argument in node.arguments]
    if node.word == "where" and all(branch.is_number() for branch in node.arguments[1:]):
        parts[1] = literal(float(node.arguments[1].label or 0.0), True)
    if LOOSE.search(template.replace("{{", "").replace("}}", "")):
        parts = [f"({part})" if LOOSE.search(part) else part for part in parts]
    return template.format(*parts)


def source(outputs: Sequence[Node], arguments: Sequence[Node], target: str) -> str:
    """A function of arrays, as text, for a target that computes with whole arrays."""
    names = [f"x_{argument.label}" for argument in arguments]
    lowered = [FORMS.get(target, lower)(output) for output in outputs]
    lines, results = statements(lowered, target, lambda value, bare: f"literal({value!r})" if bare else repr(value))
    body = "".join(f"    {line}\n" for line in [f"literal = typed_as({names[0]})", *lines])
    return f"def formula({', '.join(names)}, axis=-1):\n{body}    return ({', '.join(results)},)\n"


@cache
def build(outputs: tuple[Node, ...], arguments: tuple[Node, ...], target: str) -> Callable[..., tuple[Any, ...]]:
    """The function that ``source`` prints: arrays, then the axis that rows run along; a tuple of results."""
    namespace = _namespace(target)
    exec(source(outputs, arguments, target), namespace)
    function: Callable[..., tuple[Any, ...]] = namespace["formula"]
    return function


def _namespace(target: str) -> dict[str, Any]:
    """What the printed text may name."""
    name = "torch" if target == "eager" else target
    library = importlib.import_module("jax.numpy" if target == "jax" else name)
    common = {"inf": math.inf, "nan": math.nan, name: importlib.import_module(name)}
    common |= FUNCTIONS.get(target, {})
    if name == "torch":

        def take_along_axis(a: Any, index: Any, axis: int) -> Any:
            """PyTorch's take_along_dim, which would compile for one size alone."""
            shape = (*index.shape[:axis], a.shape[axis], *index.shape[axis:][1:])
            return library.gather(a.expand(shape), axis, index)

        return common | {
            "take_along_axis": take_along_axis,
            "typed_as": lambda like: lambda value: library.full((), value, dtype=like.dtype, device=like.device),
        }
    return common | {
        "take_along_axis": library.take_along_axis,
        "typed_as": lambda like: lambda value: library.asarray(value, dtype=like.dtype),
    }
