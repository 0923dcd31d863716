"""Records: everything that is known about a loss, and the registry of all losses.

The decorators here (``pointwise``, ``softmax``, …, one for each kind) make a ``Record`` of a formula and register it.
Checks, documentation, kernels, the command line and tests read records, and branch on their kind, never on a name.
Signature, docstring and graph of a formula are read when they are first needed, so that importing stays fast.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated, Any, Literal, TypedDict, TypeVar, Unpack, get_args, get_origin, get_type_hints

from lossary.catalogue.names import full, not_yet, unresolved
from lossary.domains import Interval, Unit
from lossary.errors import ArgumentError, ArgumentTypeError, FormulaError, UnknownLossError
from lossary.symbolic.graph import CLASS, ROW, SCALAR, Node, Value, apply, as_node, axis, substitute, symbol
from lossary.symbolic.latex import latex, layer, letter
from lossary.symbolic.simplify import CLASS_INDEX
from lossary.symbolic.words import equal, where

__all__ = [
    "TASKS",
    "USE",
    "Argument",
    "Parameter",
    "Record",
    "Scores",
    "Task",
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
Task = Literal["regression", "binary", "multiclass", "divergence", "segmentation", "embedding"]
TASKS: tuple[Task, ...] = get_args(Task)
OVER_CLASSES = ("row", "softmax", "linear_softmax", "pairs")  # kinds whose items are rows
# What losses of a kind do not have, and why: shown by error messages and docs/coverage.md.
CANNOT = {
    "linear_softmax": {
        "hessian": "a logit is computed from whole rows of two arrays, so that no element has a Hessian of its own"
    },
    "overlap": {"total": "the loss of a region is not a sum over its parts"},
    "pairs": {
        "total": "the loss of a batch is not a sum over its parts",
        "hessian": "every row is compared with all others, so that no element has a Hessian of its own",
    },
}
USE = "Use it when "  # how the paragraph of a docstring begins that says when to use a loss
INDEX = {"overlap": "i", "pairs": "j"}  # letter of a sum's index; "c" for sums over classes


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
        """True if the loss applies the sigmoid or softmax itself; the contract reserves the name for that."""
        return self.name == "logits"

    @property
    def guesses_target(self) -> bool:
        """True if it estimates the target itself, in its unit; the contract reserves the name for that."""
        return self.name == "prediction"

    @property
    def takes_probabilities(self) -> bool:
        return self.role == "prediction" and self.domain.rounds


@dataclass(frozen=True)
class Parameter:
    """A parameter of a formula, such as ``delta``."""

    name: str
    default: float
    domain: Interval
    unit: Unit | None = None

    @property
    def symbol(self) -> Node:
        return symbol(self.name, SCALAR)


@dataclass(frozen=True)
class Scores:
    """Scores that the loss computes for its formula: ``left @ right.T + bias``, where a bias is declared."""

    name: str
    left: str
    right: str
    bias: str = ""

    @property
    def factors(self) -> tuple[str, ...]:
        return (self.left, self.right, self.bias) if self.bias else (self.left, self.right)


@dataclass(frozen=True, eq=False)
class Record:
    """A loss: its formula, its kind, and what its author declares.

    ``task`` is the problem that the loss was made for, and its heading in the catalogue; ``fits`` lists other tasks
    whose targets it takes. ``counterpart`` names the loss on probabilities where this is on logits, or the reverse.
    ``compared`` losses are those that ``lossary compare`` tries unless others are asked for: few, which differ in what
    they estimate.
    """

    name: str
    kind: str
    formula: Formula
    task: Task = "regression"
    fits: tuple[Task, ...] = ()
    counterpart: str = ""
    compared: bool = False
    aliases: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    scores: tuple[Scores, ...] = ()

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        return _given(self.kind, self._signature[0], self.scores)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return self._signature[1]

    @cached_property
    def _signature(self) -> tuple[tuple[Argument, ...], tuple[Parameter, ...]]:
        return _signature(self.formula)

    @property
    def doc(self) -> str:
        """What the author wrote; ``docstring.complete`` adds what follows from the record."""
        return inspect.getdoc(self.formula) or f"The loss {self.name}."

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def use(self) -> str:
        """The docstring's sentence that says when to use the loss; empty without one."""
        return next((block for block in self.doc.split("\n\n") if block.startswith(USE)), "")

    @property
    def cannot(self) -> dict[str, str]:
        """Features that the loss does not have, with the reasons."""
        return CANNOT.get(self.kind, {})

    @property
    def numbers(self) -> tuple[Argument | Parameter, ...]:
        """All arguments: arrays, then parameters."""
        return (*self.arguments, *self.parameters)

    @cached_property
    def predictions(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.role == "prediction")

    @cached_property
    def inner(self) -> Record:
        """The loss of the formula's own arguments: of scores, if the loss computes them."""
        return describe("softmax", self.formula, task=self.task) if self.scores else self

    @property
    def shared(self) -> set[str]:
        """Names of the arguments that all rows of a batch share, such as a classifier."""
        linear = self.kind == "linear_softmax"
        return {name for one in self.scores for name in one.factors[1:]} if linear else set()

    @property
    def takes_classes(self) -> bool:
        """True if the target is a class, or a probability for each class."""
        return self.kind in ("row", "softmax", "linear_softmax") and any(a.name == "target" for a in self.arguments)

    @cached_property
    def graph(self) -> Node:
        """The graph of the formula, traced with symbols for its own arguments."""
        positional = [argument.symbol for argument in self._signature[0]]
        return as_node(self.formula(*positional, **{p.name: p.symbol for p in self.parameters}))

    def moved_by(self, names: Collection[str]) -> tuple[Node, ...]:
        """Return the symbols of the graph that depend on arguments of these names."""
        if not self.scores:
            return tuple(argument.symbol for argument in self.arguments if argument.name in names)
        return tuple(symbol(scores.name) for scores in self.scores if not set(names).isdisjoint(scores.factors))

    @property
    def whole(self) -> Node:
        """The formula of one item: summed over the classes, if it is written for one of them."""
        over_classes = self.kind in OVER_CLASSES and CLASS in self.graph.axes
        return apply("total", self.graph, axis(CLASS)) if over_classes else self.graph

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX."""
        return self.written(self.whole)

    def written(self, formula: Node) -> str:
        """Return the formula, or what remains of it for given parameters, as LaTeX."""
        if self.kind == "pairs":  # the target of row i is column i
            own = where(equal(CLASS_INDEX, symbol("i", ROW)), 1.0, 0.0)
            formula = substitute(formula, {symbol("target"): own})
        layers = [layer(*map(letter, (one.name, *one.factors))) for one in self.scores if one.bias]
        return r", \quad ".join([latex(formula, INDEX.get(self.kind, "c")), *layers])


_records: dict[str, Record] = {}
_owners: dict[str, Record] = {}  # by name or alias


def records() -> tuple[Record, ...]:
    """Return the records of all losses, in the order of the catalogue's files."""
    return tuple(_records.values())


def find(name: str) -> Record:
    """Return the loss with a name, or with the name that another library gives to the same mathematics.

    That name may be given in full, ``torch.nn.HuberLoss``, or without the library, ``HuberLoss``.
    """
    if not isinstance(name, str):
        raise ArgumentTypeError(f"the name of a loss is a str, not a {type(name).__name__}.")
    whole, last = full(name), name.rpartition(".")[2]
    if whole in _owners:
        return _owners[whole]
    if problem := unresolved(name):
        raise UnknownLossError(problem)
    if last in _owners and last not in _records:  # x.huber of an unknown library x may be another loss
        return _owners[last]
    raise UnknownLossError(not_yet(name) or _no_such_loss(name))


def counterpart(record: Record) -> Record | None:
    """Return the loss on probabilities for one on logits, and the reverse; None if none is declared."""
    return _records[record.counterpart] if record.counterpart else None


def _register(record: Record) -> Record:
    """Register a loss; raise if another one has one of its names."""
    names = _names(record)
    if taken := next((name for name in names if name in _owners), None):
        one, other = (f"{each.name} ({each.formula.__module__})" for each in (_owners[taken], record))
        raise ArgumentError(f"{taken!r} would name two losses, {one} and {other}; give one of them another name.")
    _records[record.name] = record
    _owners.update(dict.fromkeys(names, record))
    return record


def _names(record: Record) -> list[str]:
    """Return name and aliases of a loss; aliases also without the library, unless that is ambiguous."""
    short = (alias.rpartition(".")[2] for alias in record.aliases)
    return [record.name, *record.aliases, *(name for name in short if not unresolved(name))]


def _no_such_loss(name: str) -> str:
    import difflib

    words = difflib.get_close_matches(name.rpartition(".")[2][:80].lower(), _owners, n=3)
    near = list(dict.fromkeys(_owners[word].name for word in words))
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"there is no loss {name[:80]!r}.{hint} lossary.losses() lists them all."


class Declared(TypedDict, total=False):
    """Declarations of a loss beside its task: attributes of ``Record`` with a default."""

    fits: tuple[Task, ...]
    counterpart: str
    compared: bool
    aliases: tuple[str, ...]
    references: tuple[str, ...]
    scores: tuple[Scores, ...]


def describe(kind: str, formula: Formula, task: Task = "regression", **declared: Unpack[Declared]) -> Record:
    """Make the record of a formula, without registering it."""
    _check_is_plain(formula)
    record = Record(formula.__name__, kind, formula, task, **declared)
    for known in (task, *record.fits):
        if known not in TASKS:
            raise ArgumentError(f"{record.name}: there is no task {known!r}; it must be one of {', '.join(TASKS)}.")
    return record


def _signature(formula: Formula) -> tuple[tuple[Argument, ...], tuple[Parameter, ...]]:
    """Return the formula's own arguments (scores, not the arrays they are computed from) and its parameters."""
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
                raise FormulaError(f"{formula.__name__}: {name} has a default, so it is a parameter: put it after a *.")
            arguments.append(Argument(name, _role(name), domain, unit=unit))
        else:
            raise FormulaError(f"{formula.__name__} takes *{name}: a formula names each argument.")
    return tuple(arguments), tuple(parameters)


def _role(name: str) -> str:
    return name if name == "target" else "reference" if name.startswith("target_") else "prediction"


def _given(kind: str, arguments: tuple[Argument, ...], scores: tuple[Scores, ...]) -> tuple[Argument, ...]:
    """Return the arrays that a loss takes: scores replaced by their factors, optional ones last."""
    computed = {one.name: one for one in scores}
    found, last = [], []
    for argument in arguments:
        if one := computed.get(argument.name):
            found += [Argument(name, argument.role, Interval()) for name in (one.left, one.right)]
            last += [Argument(one.bias, argument.role, Interval(), optional=True)] if one.bias else []
        elif kind != "pairs":  # a loss of pairs has no target argument
            found.append(argument)
    return (*found, *last)


def _check_is_plain(formula: object) -> None:
    """Raise if a formula is not an ordinary function."""
    if not (inspect.isfunction(formula) or inspect.ismethod(formula)):
        raise FormulaError(f"a formula is a function of its arguments, written with def; this is {formula!r:.80}.")
    if inspect.iscoroutinefunction(formula) or inspect.isgeneratorfunction(formula):
        raise FormulaError(f"{formula.__name__} is async or a generator; a formula is a plain function.")


def _annotations(formula: Formula) -> dict[str, Any]:
    try:
        return get_type_hints(formula, include_extras=True)
    except NameError as problem:
        raise FormulaError(f"an annotation of {formula.__name__} cannot be read: {problem}.") from None


RESERVED = {"out"}  # names that no argument of a formula may have; the rows of keywords add theirs


def _not_reserved(name: str, formula: Formula) -> None:
    if name in RESERVED:
        raise FormulaError(f"{formula.__name__} cannot call an argument {name!r}: that is a keyword of every loss.")
    if name.startswith("_"):
        raise FormulaError(f"{formula.__name__} cannot call an argument {name!r}: names with _ first are taken.")


def _noted(hint: object, kind: type[T]) -> T | None:
    """Return the part of an annotation that has a type: its domain, or its unit."""
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((note for note in notes if isinstance(note, kind)), None)


def _decorator(kind: str, *, task: Task, **declared: Unpack[Declared]) -> Callable[[Formula], Record]:
    """Return a decorator that registers a formula with these declarations."""
    return lambda formula: _register(describe(kind, formula, task, **declared))


pointwise = partial(_decorator, "pointwise")
row = partial(_decorator, "row")
softmax = partial(_decorator, "softmax")
linear_softmax = partial(_decorator, "linear_softmax")
overlap = partial(_decorator, "overlap")
pairs = partial(_decorator, "pairs")
