"""Generated code: a graph as straight-line Python for a target (NumPy, PyTorch, JAX, LLVM or Triton)."""

from __future__ import annotations

import importlib
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

from lossary.symbolic.derivatives import lower
from lossary.symbolic.graph import Node, walk
from lossary.symbolic.limits import by_bounds
from lossary.symbolic.orders import in_order
from lossary.symbolic.products import contracted
from lossary.symbolic.recurrence import STEP, Step, step_of
from lossary.symbolic.whole_arrays import eager, fused
from lossary.symbolic.words import WORDS

__all__ = ["Build", "build", "printed", "source", "statements", "step_function"]

Literal = Callable[[float, bool], str]
Build: TypeAlias = Callable[[tuple[Node, ...], tuple[Node, ...], str], Callable[..., tuple[Any, ...]]]
FORMS: dict[str, Callable[[Node], Node]] = {"jax": fused, "eager": eager}  # rewrites a formula before it is printed
FUNCTIONS: dict[str, dict[str, Any]] = {}  # called by the spellings of a target; its framework adds them
DEEPEST = 80  # parentheses in one expression; Python reads at most 200 within each other
LOOSE = re.compile(r"^(-|~|not )| ([-+*/<&|]|<=|==) ")  # an expression that needs parentheses within another


def statements(outputs: Sequence[Node], target: str, literal: Literal, name: str = "t") -> tuple[list[str], list[str]]:
    """Return the statements that compute ``outputs`` (lowered nodes), and the expression of each output.

    A node that is used once is printed inside the expression that uses it, so that no array outlives its use, unless
    the expression gets too deep. ``literal`` spells a number; its second argument is True if no operand beside it gives
    it a dtype. ``name`` is the prefix of variables.
    """
    nodes = walk(*outputs)
    uses = Counter(use for node in nodes for use in _mentions(node, target)) + Counter(outputs)
    text: dict[Node, str] = {}
    lines: list[str] = []
    for node in nodes:
        if node.word == "symbol":
            text[node] = f"x_{node.label}"  # no other name begins with x_
        elif node.is_axis:
            text[node] = f"over_{node.label}"
        elif node.word == STEP:
            text[node] = step_of(node).name
        elif node.word == "constant":
            text[node] = literal(float(node.label or 0.0), False)
        else:
            owned = _is_owned(node.arguments[0], uses)
            expression = _expression(node, text, target, literal, owned)
            if uses[node] > 1 or expression.count("(") > DEEPEST:
                text[node] = f"{name}{len(lines)}"
                lines.append(f"{text[node]} = {expression}")
            else:
                text[node] = expression
    return lines, [literal(float(o.label or 0.0), True) if o.is_number() else text[o] for o in outputs]


def _is_owned(value: Node, uses: Counter[Node]) -> bool:
    """Return whether nothing else uses the memory of a value, which is used here."""
    if not value.arguments or uses[value] > 1:
        return False
    return not WORDS[value.word].is_view or _is_owned(value.arguments[0], uses)


def _mentions(node: Node, target: str) -> list[Node]:
    """Return the arguments of a node, each as often as its spelling names it."""
    if not node.arguments:
        return []
    template = WORDS[node.word].template(target, len(node.arguments))
    return [a for i, a in enumerate(node.arguments) for _ in range(template.count(f"{{{i}}}"))]


def _expression(node: Node, text: dict[Node, str], target: str, literal: Literal, owned: bool) -> str:
    """Return the expression of a node; ``owned`` says that nothing else uses its first argument."""
    template = WORDS[node.word].template(target, len(node.arguments), owned)
    parts = [text[argument] for argument in node.arguments]
    if node.word == "where" and all(branch.is_number() for branch in node.arguments[1:]):
        parts[1] = literal(float(node.arguments[1].label or 0.0), True)
    if LOOSE.search(template.replace("{{", "").replace("}}", "")):
        parts = [f"({part})" if LOOSE.search(part) else part for part in parts]
    return template.format(*parts)


def source(outputs: Sequence[Node], arguments: Sequence[Node], target: str) -> str:
    """Return the text of a function of arrays, for a target that computes with whole arrays."""
    names = [f"x_{argument.label}" for argument in arguments]
    lowered = printed(tuple(outputs), target)
    lines, results = statements(lowered, target, lambda value, bare: f"literal({value!r})" if bare else repr(value))
    over = sorted(str(node.label) for node in walk(*lowered) if node.is_axis)
    begin = [f"literal = typed_as({', '.join(names)})", *(f"over_{name} = axes[{name!r}]" for name in over)]
    body = "".join(f"    {line}\n" for line in [*begin, *lines])
    return f"def formula({', '.join(names)}, axes=None):\n{body}    return ({', '.join(results)},)\n"


@cache
def printed(outputs: tuple[Node, ...], target: str) -> list[Node]:
    """Return the formulas in words that a target spells."""
    return by_bounds(in_order([contracted(FORMS.get(target, lower)(output)) for output in outputs]))


@cache
def build(
    outputs: tuple[Node, ...], arguments: tuple[Node, ...], target: str, more: tuple[tuple[str, Any], ...] = ()
) -> Callable[..., tuple[Any, ...]]:
    """Compile the function that ``source`` prints: it takes arrays and the dimensions of axes, and returns a tuple.

    ``more`` are functions for it to call instead of the target's.
    """
    namespace = _namespace(target) | {step.name: step_function(step, target) for step in _steps(outputs, target)}
    namespace |= dict(more)
    exec(source(outputs, arguments, target), namespace)
    function: Callable[..., tuple[Any, ...]] = namespace["formula"]
    return function


def _steps(outputs: tuple[Node, ...], target: str) -> list[Step]:
    """Return the steps of the recurrences that the printed text calls."""
    return [step_of(node) for node in walk(*printed(outputs, target)) if node.word == STEP]


def step_function(step: Step, target: str) -> tuple[Callable[..., tuple[Any, ...]], tuple[bool, ...], Step]:
    """Return the function that makes a state, which of its inputs have a value for each place, and the step itself."""
    return build((step.after,), step.symbols, target), step.moving, step


def _namespace(target: str) -> dict[str, Any]:
    """Return the globals of the printed text."""
    name = "torch" if target == "eager" else target
    library = importlib.import_module("jax.numpy" if target == "jax" else name)
    common = {"inf": math.inf, "nan": math.nan, name: importlib.import_module(name)}
    common |= FUNCTIONS.get(target, {})
    if name == "torch":
        return common | {
            "typed_as": lambda *given: lambda value: library.full((), value, **_kind_of(given, "dtype", "device")),
        }
    return common | {"typed_as": lambda *given: lambda value: library.asarray(value, **_kind_of(given, "dtype"))}


def _kind_of(given: Sequence[Any], *names: str) -> dict[str, Any]:
    """Return dtype and device of the first array; a parameter that comes before it may be a number."""
    like = next((each for each in given if not isinstance(each, float)), given[0])
    return {name: getattr(like, name) for name in names}
