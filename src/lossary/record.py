"""What a loss is: a formula and what is known about it. The registry of all losses.

The decorators here turn a formula into a ``Record``. Everything else (checks, documentation, kernels, the command
line, tests) reads records and branches on their kind, never on a name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from lossary.domains import Interval, Unit
from lossary.errors import ArgumentTypeError, FormulaError, UnknownLossError
from lossary.graph import Level, Node, Value, apply, as_node, substitute, symbol
from lossary.latex import latex, layer, letter
from lossary.names import full, not_yet, unresolved
from lossary.simplify import CLASS_INDEX
from lossary.vocabulary import equal, where

__all__ = [
    "Argument",
    "Parameter",
    "Record",
    "Scores",
    "counterpart",
    "find",
    "linear_softmax",
    "overlap",
    "pairs",
    "pointwise",
    "records",
    "row",
    "softmax",
]

Formula = Callable[..., Value]
T = TypeVar("T")
OVER_CLASSES = ("row", "softmax", "linear_softmax", "pairs")  # kinds whose items are rows
# What losses of a kind do not have, and why: whoever asks is told so, and docs/coverage.md shows it.
CANNOT = {
    "linear_softmax": {"hessian": "every score depends on whole rows of two arrays, not on an element of its own"},
    "overlap": {"total": "the loss of a whole is not a sum over its parts"},
    "pairs": {
        "total": "the loss of a batch is not a sum over its parts",
        "hessian": "every row is compared with all others, so that no item has a Hessian of its own",
    },
}
INDEX = {"overlap": "i", "pairs": "j"}  # of the places that a loss sums over; elsewhere, of classes


@dataclass(frozen=True)
class Argument:
    """An array that a loss takes."""

    name: str
    role: str  # "prediction", "target", or "reference" for what a target is computed from
    domain: Interval
    optional: bool = False
    unit: Unit | None = None

    @property
    def symbol(self) -> Node:
        return symbol(self.name)

    @property
    def takes_logits(self) -> bool:
        """Whether the loss makes these scores probabilities itself; by the contract the name says so."""
        return self.name == "logits"

    @property
    def guesses_target(self) -> bool:
        """Whether it is a guess of the target itself, in its unit; by the contract the name says so."""
        return self.name == "prediction"

    @property
    def takes_probabilities(self) -> bool:
        return self.role == "prediction" and self.domain.rounds


@dataclass(frozen=True)
class Parameter:
    """A number that shapes a formula."""

    name: str
    default: float
    domain: Interval
    unit: Unit | None = None

    @property
    def symbol(self) -> Node:
        return symbol(self.name, Level.SCALAR)


@dataclass(frozen=True)
class Scores:
    """What a formula takes that is not given but computed: each row of one array times each row of another.

    There may be an array of numbers to add, one for each row of the second.
    """

    name: str
    left: str
    right: str
    bias: str = ""

    @property
    def factors(self) -> tuple[str, ...]:
        return (self.left, self.right, self.bias) if self.bias else (self.left, self.right)


@dataclass(frozen=True, eq=False)
class Record:
    """One loss: its formula, the kind that it runs inside, and what is known about it."""

    name: str
    kind: str
    task: str
    formula: Formula
    arguments: tuple[Argument, ...]
    parameters: tuple[Parameter, ...]
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    scores: tuple[Scores, ...] = ()

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.formula) or f"The loss {self.name}."

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def cannot(self) -> dict[str, str]:
        """What this loss does not have, and why."""
        return CANNOT.get(self.kind, {})

    @property
    def numbers(self) -> tuple[Argument | Parameter, ...]:
        """All that the loss takes: arrays, then parameters."""
        return (*self.arguments, *self.parameters)

    @cached_property
    def predictions(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.role == "prediction")

    @cached_property
    def inner(self) -> Record:
        """The loss of what the formula takes: of the scores, where those are computed from the arguments."""
        return describe("softmax", self.formula) if self.scores else self

    @property
    def shared(self) -> set[str]:
        """The arguments that belong to all items of a batch."""
        linear = self.kind == "linear_softmax"
        return {name for one in self.scores for name in one.factors[1:]} if linear else set()

    @property
    def takes_classes(self) -> bool:
        """Whether the target is one of several classes, or a probability for each."""
        return self.kind in ("row", "softmax", "linear_softmax") and any(a.name == "target" for a in self.arguments)

    @cached_property
    def graph(self) -> Node:
        """The formula's value, of its own arguments' symbols."""
        positional = [symbol(name) for name in _positional(self.formula)]
        return as_node(self.formula(*positional, **{p.name: p.symbol for p in self.parameters}))

    def moved_by(self, names: Collection[str]) -> tuple[Node, ...]:
        """The symbols of the graph that change with arguments of these names."""
        if not self.scores:
            return tuple(argument.symbol for argument in self.arguments if argument.name in names)
        return tuple(symbol(scores.name) for scores in self.scores if not set(names).isdisjoint(scores.factors))

    @property
    def whole(self) -> Node:
        """The formula of one item: where it is written for one class of several, their sum."""
        over_classes = self.kind in OVER_CLASSES and self.graph.level & Level.COLUMN
        return apply("total", self.graph) if over_classes else self.graph

    @cached_property
    def latex(self) -> str:
        """The formula as people write it."""
        return self.written(self.whole)

    def written(self, formula: Node) -> str:
        """The loss's formula, or what is left of it for some parameters, as LaTeX."""
        if self.kind == "pairs":  # the i-th belongs to the i-th
            own = where(equal(CLASS_INDEX, symbol("i", Level.ROW)), 1.0, 0.0)
            formula = substitute(formula, {symbol("target"): own})
        layers = [layer(*map(letter, (one.name, *one.factors))) for one in self.scores if one.bias]
        return r", \quad ".join([latex(formula, INDEX.get(self.kind, "c")), *layers])


_records: dict[str, Record] = {}


def records() -> tuple[Record, ...]:
    """Every loss of the library, in the order of the formulas."""
    return tuple(_records.values())


def find(name: str) -> Record:
    """The loss of a name, or of the name that a peer gives to the same mathematics.

    A peer's name may be given whole, ``torch.nn.HuberLoss``, or without its library, ``HuberLoss``.
    """
    if not isinstance(name, str):
        raise ArgumentTypeError(f"a loss is found by its name, a str, not by a {type(name).__name__}.")
    names, last = _names(), name.rpartition(".")[2]
    if full(name) in names:
        return names[full(name)]
    if problem := unresolved(name):
        raise UnknownLossError(problem)
    if last in names and last not in _records:  # another library's loss of our name is not known to be ours
        return names[last]
    raise UnknownLossError(not_yet(name) or _no_such_loss(name, names))


def counterpart(record: Record) -> Record | None:
    """The loss on probabilities where this is on logits, or the other way round: of several, that named most alike."""
    import difflib

    def alike(other: Record) -> float:
        return difflib.SequenceMatcher(None, record.name, other.name).ratio()

    wanted = "takes_logits" if any(a.takes_probabilities for a in record.predictions) else "takes_probabilities"
    return max(
        (r for r in records() if _fits(record, r) and getattr(r.predictions[0], wanted)), key=alike, default=None
    )


def _fits(record: Record, other: Record) -> bool:
    """Whether two losses have items and targets of one sort."""
    kinds = {record.kind, other.kind}
    targets = [[a.domain for a in one.arguments if a.role == "target"] for one in (record, other)]
    return (len(kinds) == 1 or kinds == {"row", "softmax"}) and targets[0] == targets[1]


def _names() -> dict[str, Record]:
    """Every name of every loss: its own, and those of its equals elsewhere, with their library and without."""
    aliases = {alias: record for record in records() for alias in record.aliases}
    short = {alias.rpartition(".")[2]: record for alias, record in aliases.items()}
    return {name: record for name, record in short.items() if not unresolved(name)} | aliases | _records


def _no_such_loss(name: str, names: dict[str, Record]) -> str:
    import difflib

    words = difflib.get_close_matches(name.rpartition(".")[2][:80].lower(), names, n=3)
    near = list(dict.fromkeys(names[word].name for word in words))
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"there is no loss {name[:80]!r}.{hint} lossary.losses() lists them all."


def _positional(formula: Formula) -> list[str]:
    parameters = inspect.signature(formula).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]


def describe(kind: str, formula: Formula, scores: tuple[Scores, ...] = (), **known: Any) -> Record:
    """The record of a formula, read from its signature; ``scores`` says which of what it takes is computed, and how."""
    hints = _annotations(formula)
    arguments, parameters = [], []
    for name, parameter in inspect.signature(formula).parameters.items():
        domain, unit = _noted(hints.get(name), Interval) or Interval(), _noted(hints.get(name), Unit)
        if parameter.kind is parameter.KEYWORD_ONLY:
            if isinstance(parameter.default, bool) or not isinstance(parameter.default, int | float):
                raise FormulaError(f"parameter {name!r} of {formula.__name__} needs a number as its default.")
            _not_reserved(name, formula)
            parameters.append(Parameter(name, float(parameter.default), domain, unit))
        elif parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.POSITIONAL_ONLY):
            _not_reserved(name, formula)
            if parameter.default is not parameter.empty:
                raise FormulaError(f"{formula.__name__}: {name} has a default, as parameters do: name it after a *.")
            arguments.append(Argument(name, _role(name), domain, unit=unit))
        else:
            raise FormulaError(f"{formula.__name__} takes *{name}: a formula names each argument.")
    task = (formula.__module__ or "__main__").rpartition(".")[2]
    given = _given(kind, arguments, scores)
    return Record(formula.__name__, kind, task, formula, given, tuple(parameters), scores=scores, **known)


def _role(name: str) -> str:
    return name if name == "target" else "reference" if name.startswith("target_") else "prediction"


def _given(kind: str, arguments: list[Argument], scores: tuple[Scores, ...]) -> tuple[Argument, ...]:
    """The arrays that a loss takes: in place of scores their factors; what may be left out comes last."""
    computed = {one.name: one for one in scores}
    found, last = [], []
    for argument in arguments:
        if one := computed.get(argument.name):
            found += [Argument(name, argument.role, Interval()) for name in (one.left, one.right)]
            last += [Argument(one.bias, argument.role, Interval(), optional=True)] if one.bias else []
        elif kind != "pairs":  # there the i-th belongs to the i-th
            found.append(argument)
    return (*found, *last)


def _annotations(formula: Any) -> dict[str, Any]:
    if not (inspect.isfunction(formula) or inspect.ismethod(formula)):
        raise FormulaError(f"a formula is a function of its arguments, written with def; this is {formula!r:.80}.")
    if inspect.iscoroutinefunction(formula) or inspect.isgeneratorfunction(formula):
        raise FormulaError(f"{formula.__name__} is async or a generator; a formula is a plain function.")
    try:
        return get_type_hints(formula, include_extras=True)
    except NameError as problem:
        raise FormulaError(f"an annotation of {formula.__name__} cannot be read: {problem}.") from None


RESERVED = ("weight", "mask", "reduction", "denominator", "empty", "axis", "class_weight", "ignore_label", "out")


def _not_reserved(name: str, formula: Formula) -> None:
    if name in RESERVED:
        raise FormulaError(f"{formula.__name__} cannot call an argument {name!r}: that is a keyword of every loss.")


def _noted(hint: object, kind: type[T]) -> T | None:
    """The note of one type in an annotation: its domain, its unit."""
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((note for note in notes if isinstance(note, kind)), None)


def _decorator(kind: str) -> Callable[..., Callable[[Formula], Record]]:
    def define(
        aliases: tuple[str, ...] = (), references: tuple[str, ...] = (), scores: tuple[Scores, ...] = ()
    ) -> Callable[[Formula], Record]:
        def register(formula: Formula) -> Record:
            record = describe(kind, formula, scores, aliases=aliases, references=references)
            _records[record.name] = record
            return record

        return register

    return define


pointwise = _decorator("pointwise")
row = _decorator("row")
softmax = _decorator("softmax")
linear_softmax = _decorator("linear_softmax")
overlap = _decorator("overlap")
pairs = _decorator("pairs")
