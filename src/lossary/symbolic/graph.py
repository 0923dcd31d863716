"""Expression graphs of formulas.

Calling a formula with symbols instead of arrays builds its graph. Equal subexpressions are one node: each is computed
once, and nodes are compared with ``is``.

A node has *axes*: the names of the axes along which its value varies. An elementwise formula has those of an element,
``item`` and ``class``, which it does not tell apart; a formula over rows reduces what varies along ``class``. A word
that runs along an axis has the axis as its last argument, a node of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from lossary.errors import FormulaError

if TYPE_CHECKING:
    from numpy import ufunc

__all__ = [
    "CLASS",
    "COLUMN",
    "ELEMENT",
    "ITEM",
    "ROW",
    "SCALAR",
    "Axes",
    "Node",
    "Value",
    "apply",
    "as_node",
    "axes_of",
    "axis",
    "constant",
    "crossed",
    "index",
    "places",
    "rebuilt",
    "simplification",
    "substitute",
    "symbol",
    "walk",
]

Axes: TypeAlias = frozenset[str]
ITEM, CLASS = "item", "class"
AXIS = "axis"  # the word of an axis, which no table has
SHOWN = 5  # levels of a formula in a message
SCALAR: Axes = frozenset()
ROW: Axes = frozenset({ITEM})  # one value for each row
COLUMN: Axes = frozenset({CLASS})  # one value for each class, the same in all rows
ELEMENT: Axes = ROW | COLUMN


class Node:
    """A value in a formula: a word of the vocabulary applied to other nodes, a symbol, or a constant."""

    __slots__ = ("arguments", "axes", "label", "word")

    def __init__(self, word: str, arguments: tuple[Node, ...], label: str | float | None, axes: Axes) -> None:
        self.word, self.arguments, self.label, self.axes = word, arguments, label, axes

    def __repr__(self) -> str:
        return self._shown(SHOWN)

    def _shown(self, levels: int) -> str:
        """Return the node as text, of so many levels: JAX prints formulas, whose shared parts would be endless."""
        if self.word in ("symbol", "constant", AXIS):
            return str(self.label)
        arguments = [argument._shown(levels - 1) for argument in self.arguments] if levels else ["…"]
        return f"{self.word}({', '.join(arguments)})"

    def is_number(self, *values: float) -> bool:
        """Return whether the node is a constant, and one of ``values`` if any are given."""
        return self.word == "constant" and (not values or self.label in values)

    @property
    def is_axis(self) -> bool:
        return self.word == AXIS

    @property
    def couples(self) -> bool:
        """True if a word that runs along an axis makes the value, which depends on several places there."""
        return any(argument.is_axis for argument in self.arguments)

    @property
    def operands(self) -> tuple[Node, ...]:
        """The arguments that have values: all but axes."""
        return tuple(argument for argument in self.arguments if not argument.is_axis)

    # Python's operators.

    def __add__(self, other: Value) -> Node:
        return apply("add", self, other)

    def __radd__(self, other: Value) -> Node:
        return apply("add", other, self)

    def __sub__(self, other: Value) -> Node:
        return apply("subtract", self, other)

    def __rsub__(self, other: Value) -> Node:
        return apply("subtract", other, self)

    def __mul__(self, other: Value) -> Node:
        return apply("multiply", self, other)

    def __rmul__(self, other: Value) -> Node:
        return apply("multiply", other, self)

    def __truediv__(self, other: Value) -> Node:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Value) -> Node:
        return apply("divide", other, self)

    def __pow__(self, other: Value) -> Node:
        return apply("power", self, other)

    def __rpow__(self, other: Value) -> Node:
        return apply("power", other, self)

    def __neg__(self) -> Node:
        return apply("negative", self)

    def __abs__(self) -> Node:
        return apply("absolute", self)

    def __lt__(self, other: Value) -> Node:
        return apply("less", self, other)

    def __le__(self, other: Value) -> Node:
        return apply("less_equal", self, other)

    def __gt__(self, other: Value) -> Node:
        return apply("less", other, self)

    def __ge__(self, other: Value) -> Node:
        return apply("less_equal", other, self)

    def __and__(self, other: Value) -> Node:
        return apply("both", self, other)

    def __or__(self, other: Value) -> Node:
        return apply("either", self, other)

    def __invert__(self) -> Node:
        return apply("opposite", self)

    # Operations that cannot be traced raise.

    def __bool__(self) -> bool:
        raise FormulaError(
            "a formula cannot branch on a value with `if`, `and`, `or`, `not` or `==`: it is traced once for all "
            "values. Use where(condition, a, b); &, | and ~ between conditions; equal(a, b) for equality."
        )

    def __float__(self) -> float:
        raise FormulaError("a traced formula's values have no number yet: use the functions of lossary.vocabulary.")

    def __iter__(self) -> Iterator[Node]:
        raise FormulaError("a formula computes with single values: an argument cannot be iterated over or indexed.")

    def __array_ufunc__(self, ufunc: ufunc, method: str, *values: Value, **_: object) -> Node:
        if ufunc.__name__ in OPERATORS and method == "__call__":  # a NumPy scalar and a node
            return apply(ufunc.__name__, *values)
        raise FormulaError(f"a formula cannot use numpy.{ufunc.__name__}: use the functions of lossary.vocabulary.")

    def __array__(self, *_: object, **__: object) -> Any:
        raise FormulaError("a formula cannot use NumPy's functions: use those of lossary.vocabulary.")


Value = Union[Node, float]  # noqa: UP007  (read at run time by typing.get_type_hints)
Rule = Callable[..., Node | None]

_interned: dict[tuple[Any, ...], Node] = {}
_simplifications: dict[str, list[Rule]] = {}
OPERATORS = ("add", "subtract", "multiply", "divide", "power")
AXES_OF: dict[str, Callable[..., Axes]] = {}  # of words that vary along other axes than their arguments; by ``Word``
LABEL = "_label"  # the symbol of integer targets; no argument of a formula has such a name
NUMBER_KINDS = {LABEL: "int"}  # symbols of integers ("int") and truths ("bool"); ``Keyword`` enters the others


def intern(word: str, arguments: tuple[Node, ...], label: str | float | None, axes: Axes) -> Node:
    """Return the one node of this word and these arguments."""
    key = (word, tuple(map(id, arguments)), repr(label), axes)
    return _interned.setdefault(key, Node(word, arguments, label, axes))


def symbol(name: str, axes: Axes = ELEMENT) -> Node:
    """Return the node of an argument of a formula."""
    return intern("symbol", (), name, axes)


def axis(name: str) -> Node:
    """Return the node of an axis, the last argument of a word that runs along it."""
    return intern(AXIS, (), name, SCALAR)


def index(name: str) -> Node:
    """Return the symbol of the place along an axis, from 0."""
    return symbol(f"_{name}_index", frozenset({name}))


def places(name: str) -> Node:
    """Return the number of places along an axis."""
    return symbol(f"_{name}_places", SCALAR)


def constant(value: float) -> Node:
    """Return the node of a number."""
    return intern("constant", (), float(value) + 0.0, SCALAR)  # -0.0 becomes 0.0


def as_node(value: Value) -> Node:
    """Return ``value`` if it is a node, else a constant."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Real):
        return constant(float(value))
    raise FormulaError(f"a formula computes with its arguments and numbers, not with {type(value).__name__}.")


def simplification(*words: str) -> Callable[[Rule], Rule]:
    """Register a rule that ``apply`` tries for ``words``, or for all words if "any" is given.

    The rule returns a simpler node that is equal, or None.
    """

    def register(rule: Rule) -> Rule:
        for word in words:
            _simplifications.setdefault(word, []).append(rule)
        _simplified.cache_clear()
        return rule

    return register


def apply(word: str, *values: Value) -> Node:
    """Return ``word`` applied to values, simplified."""
    return _simplified(word, *map(as_node, values))


@cache  # derivatives and programs of a formula apply the same words to the same nodes, nine times out of ten
def _simplified(word: str, *arguments: Node) -> Node:
    for rule in (*_simplifications["any"], *_simplifications.get(word, ())):
        simpler: Node | None = rule(word, *arguments)
        if simpler is not None:
            return simpler
    return intern(word, arguments, None, AXES_OF.get(word, axes_of)(*arguments))


def axes_of(*nodes: Node) -> Axes:
    """Return the axes along which any of the nodes varies."""
    return SCALAR.union(*(node.axes for node in nodes))


def crossed(nodes: Iterable[Node]) -> Axes:
    """Return the axes that words run along: a value at one place depends on others there."""
    return frozenset(str(argument.label) for node in nodes for argument in node.arguments if argument.is_axis)


def walk(*outputs: Node) -> list[Node]:
    """Return every node that the outputs depend on, each after its arguments."""
    seen: dict[Node, None] = {}

    def visit(nodes: Sequence[Node]) -> None:
        for node in nodes:
            if node not in seen:
                visit(node.arguments)
                seen[node] = None

    visit(outputs)
    return list(seen)


def substitute(node: Node, replacements: dict[Node, Node]) -> Node:
    """Return ``node`` with some nodes replaced, simplified again."""
    done = dict(replacements)
    for part in walk(node):
        if part not in done:
            done[part] = _with_arguments(part, tuple([done[argument] for argument in part.arguments]))
    return done[node]


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return ``node`` with ``change`` of every part in its place: first of its arguments, then of itself."""
    done: dict[Node, Node] = {}
    for part in walk(node):
        done[part] = change(_with_arguments(part, tuple([done[argument] for argument in part.arguments])))
    return done[node]


def _with_arguments(node: Node, arguments: tuple[Node, ...]) -> Node:
    return node if arguments == node.arguments else _simplified(node.word, *arguments)
