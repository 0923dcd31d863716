"""What a loss is: a formula and what is known about it. The registry of all losses.

The decorators here turn a formula into a ``Record``. Everything else (checks, documentation, kernels, the command
line, tests) reads records and branches on their kind, never on a name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from lossary.domains import Interval
from lossary.errors import FormulaError, UnknownLossError
from lossary.graph import Level, Node, as_node, symbol
from lossary.printing import latex

__all__ = ["Argument", "Parameter", "Record", "find", "overlap", "pairs", "pointwise", "records", "row", "softmax"]

Formula = Callable[..., Node]


@dataclass(frozen=True)
class Argument:
    """An array that a loss takes."""

    name: str
    role: str  # "prediction" or "target"
    domain: Interval

    @property
    def symbol(self) -> Node:
        return symbol(self.name)


@dataclass(frozen=True)
class Parameter:
    """A number that shapes a formula."""

    name: str
    default: float
    domain: Interval

    @property
    def symbol(self) -> Node:
        return symbol(self.name, Level.SCALAR)


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

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.formula) or f"The loss {self.name}."

    @property
    def summary(self) -> str:
        return self.doc.partition("\n")[0]

    @property
    def predictions(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.arguments if argument.role == "prediction")

    @cached_property
    def graph(self) -> Node:
        """The formula's value, of its own arguments' symbols."""
        positional = [symbol(name) for name in _positional(self.formula)]
        return as_node(self.formula(*positional, **{p.name: p.symbol for p in self.parameters}))

    @property
    def differentiated(self) -> list[Node]:
        """The symbols of the graph that gradients are taken in."""
        return [symbol(name) for name in _positional(self.formula) if name != "target"]

    @cached_property
    def latex(self) -> str:
        """The formula as people write it."""
        return latex(self.graph)


_records: dict[str, Record] = {}


def records() -> tuple[Record, ...]:
    """Every loss of the library, in the order of the formulas."""
    return tuple(_records.values())


def find(name: str) -> Record:
    """The loss of a name, or of the name that a peer gives to the same mathematics."""
    if name in _records:
        return _records[name]
    found = [record for record in records() if name in record.aliases]
    if len(found) == 1:
        return found[0]
    raise UnknownLossError(_no_such_loss(name, found))


def _no_such_loss(name: str, meant: list[Record]) -> str:
    if meant:
        choices = "; ".join(f"{record.name}: {record.summary}" for record in meant)
        return f"{name!r} means different losses in different libraries. Choose one by name: {choices}"
    import difflib

    words = {alias: record.name for record in records() for alias in (record.name, *record.aliases)}
    near = list(dict.fromkeys(words[word] for word in difflib.get_close_matches(name, words, n=3)))
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"there is no loss {name!r}.{hint} lossary.losses() lists them all."


def _positional(formula: Formula) -> list[str]:
    parameters = inspect.signature(formula).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]


def describe(kind: str, formula: Formula, between: tuple[str, ...] = (), **known: Any) -> Record:
    """The record of a formula, read from its signature; ``between`` names the arrays that a loss of pairs compares."""
    hints = get_type_hints(formula, include_extras=True)
    arguments, parameters = [], []
    for name, parameter in inspect.signature(formula).parameters.items():
        domain = _domain(hints.get(name))
        if parameter.kind is parameter.KEYWORD_ONLY:
            if not isinstance(parameter.default, int | float):
                raise FormulaError(f"parameter {name!r} of {formula.__name__} needs a number as its default.")
            parameters.append(Parameter(name, float(parameter.default), domain))
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            arguments.append(Argument(name, "target" if name == "target" else "prediction", domain))
        else:
            raise FormulaError(f"{formula.__name__} takes *{name}: a formula names each argument.")
    if between:
        arguments = [Argument(name, "prediction", Interval()) for name in between]
    task = formula.__module__.rpartition(".")[2]
    return Record(formula.__name__, kind, task, formula, tuple(arguments), tuple(parameters), **known)


def _domain(hint: object) -> Interval:
    if get_origin(hint) is Annotated:
        return next((extra for extra in get_args(hint)[1:] if isinstance(extra, Interval)), Interval())
    return Interval()


def _decorator(kind: str) -> Callable[..., Callable[[Formula], Record]]:
    def define(
        aliases: tuple[str, ...] = (), references: tuple[str, ...] = (), between: tuple[str, ...] = ()
    ) -> Callable[[Formula], Record]:
        def register(formula: Formula) -> Record:
            record = describe(kind, formula, between, aliases=aliases, references=references)
            _records[record.name] = record
            return record

        return register

    return define


pointwise = _decorator("pointwise")
row = _decorator("row")
softmax = _decorator("softmax")
overlap = _decorator("overlap")
pairs = _decorator("pairs")
