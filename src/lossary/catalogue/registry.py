"""The registry of all losses: registering a formula, and finding a loss by its name or another library's.

The decorators here (``pointwise``, ``softmax``, …, one for each kind) make a ``Record`` of a formula and register it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Unpack

from lossary.catalogue.absent import full, not_yet, spellings, squeezed, unresolved
from lossary.catalogue.record import TASKS, Declared, Record, Task, describe
from lossary.catalogue.signature import Formula
from lossary.errors import ArgumentError, ArgumentTypeError, UnknownLossError

__all__ = [
    "by_task",
    "counterpart",
    "find",
    "linear_softmax",
    "named_axes",
    "overlap",
    "pairs",
    "pointwise",
    "records",
    "row",
    "softmax",
]

ALIKE = 0.7  # share of letters that names have in common, of which one may be meant by the other
_records: dict[str, Record] = {}
_owners: dict[str, Record] = {}  # by name or alias


def records() -> tuple[Record, ...]:
    """Return the records of all losses, in the order of the catalogue's files."""
    return tuple(_records.values())


def find(name: str) -> Record:
    """Return the loss with a name, or with the name that another library gives to the same mathematics.

    That name may be given in full, ``torch.nn.HuberLoss``, or without the library, ``HuberLoss``; then capitals,
    underscores, hyphens and blanks do not matter, nor does "loss" at the end.
    """
    if not isinstance(name, str):
        raise ArgumentTypeError(f"the name of a loss is a str, not a {type(name).__name__}.")
    if (whole := full(name)) in _owners:
        return _owners[whole]
    for spelling in spellings(name):
        if problem := unresolved(name, spelling):
            raise UnknownLossError(problem)
        if record := _of_a_library(name) if "." in name else _by_spelling().get(spelling):
            return record
    raise UnknownLossError(not_yet(name) or _no_such_loss(name))


def _of_a_library(name: str) -> Record | None:
    """Return the loss that another library, perhaps an unknown one, calls so; its ``huber`` may be another one."""
    last = name.rpartition(".")[2]
    return None if last in _records else _owners.get(last)


def _by_spelling() -> dict[str, Record]:
    """Return the losses by their names without a library, as ``squeezed`` writes them."""
    return {squeezed(name): record for name, record in _owners.items() if "." not in name}


def counterpart(record: Record) -> Record | None:
    """Return the loss on probabilities for one on logits, and the reverse; None if none is declared."""
    return _records[record.counterpart] if record.counterpart else None


def by_task(records: Iterable[Record]) -> dict[Task, list[Record]]:
    """Group losses by task; those of the file that has the task's name, the plainest, come first."""
    listed = sorted(records, key=lambda record: not record.formula.__module__.endswith(f".{record.task}"))
    groups = {task: [record for record in listed if record.task == task] for task in TASKS}
    return {task: group for task, group in groups.items() if group}


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
    import difflib  # for errors only

    known = {spelling.removesuffix("loss"): record for spelling, record in _by_spelling().items()}
    words = difflib.get_close_matches(squeezed(name)[:80].removesuffix("loss"), known, n=3, cutoff=ALIKE)
    near = list(dict.fromkeys(known[word].name for word in words))
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"there is no loss {name[:80]!r}.{hint} lossary.losses() lists them all."


def _decorator(kind: str, *, task: Task, **declared: Unpack[Declared]) -> Callable[[Formula], Record]:
    """Return a decorator that registers a formula with these declarations."""
    return lambda formula: _register(describe(kind, formula, task, **declared))


pointwise = partial(_decorator, "pointwise")
row = partial(_decorator, "row")
softmax = partial(_decorator, "softmax")
linear_softmax = partial(_decorator, "linear_softmax")
overlap = partial(_decorator, "overlap")
pairs = partial(_decorator, "pairs")
named_axes = partial(_decorator, "axes")
