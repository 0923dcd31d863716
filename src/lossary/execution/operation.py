"""Calls of losses as text, which means the same in every process: compiled graphs are kept on disk."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

import torch
from torch import Tensor

from lossary.catalogue.record import Record
from lossary.execution.plan import Plan
from lossary.execution.plans import Plans
from lossary.symbolic.graph import Node, as_node, walk
from lossary.symbolic.recurrence import Step

__all__ = ["Operation", "read", "register"]

Arrays = Sequence[Tensor]
MOST = 1024  # operations whose plans are kept


@dataclass(frozen=True)
class Operation:
    """A call without its arrays, as the text that an operator is given describes it."""

    loss: tuple[str, str, str]  # module, name, and a digest of the formula
    names: tuple[str, ...]  # of the arrays
    positions: int  # number of arrays that were passed by position
    options: dict[str, Any]  # that are no arrays
    wrt: tuple[str, ...]  # names of the arrays whose gradients are made
    items: tuple[str, tuple[int, ...]] | None  # array with the items' shape, axes that items run over; None: reduced
    dtype: str  # of the value

    def __str__(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @cached_property
    def places(self) -> list[int]:
        """Places of the arrays whose gradients are made."""
        return list(map(self.names.index, self.wrt))

    @cached_property
    def _plans(self) -> Plans:
        return Plans(_find(*self.loss))

    def plan(self, arrays: Arrays) -> tuple[Plan, Any]:
        """Return the plan of a call whose gradients in ``wrt`` are wanted, and the arrays as the plan takes them."""
        wanted = {place for place in self.places if arrays[place].is_floating_point()}
        given = [array.detach().requires_grad_(place in wanted) for place, array in enumerate(arrays)]
        named = dict(zip(self.names[self.positions :], given[self.positions :], strict=True))
        with torch.enable_grad():
            return self._plans.find(tuple(given[: self.positions]), {**self.options, **named})

    def new_value(self, arrays: Arrays) -> Tensor:
        """Allocate the value; nothing depends on sizes, which may be symbolic."""
        dtype: torch.dtype = getattr(torch, self.dtype)
        if self.items is None:
            return arrays[0].new_empty((), dtype=dtype)
        like, gone = self.items
        shape = arrays[self.names.index(like)].shape
        return arrays[0].new_empty([n for axis, n in enumerate(shape) if axis not in gone], dtype=dtype)

    def new_gradients(self, arrays: Arrays) -> list[Tensor]:
        """Allocate the gradients: with the shapes and order in memory of the arrays."""
        wanted = [arrays[place] for place in self.places]
        return [torch.empty_like(array, dtype=self._dtype_of(array)) for array in wanted]

    def settled(self, arrays: Arrays, gradients: Sequence[Any]) -> list[Tensor]:
        """Return gradients with the dtypes and strides of ``new_gradients``, on which compiled code relies."""
        wanted = [arrays[place] for place in self.places]
        found = zip(wanted, gradients, strict=True)
        return [_settled(array, gradient, self._dtype_of(array)) for array, gradient in found]

    def _dtype_of(self, array: Tensor) -> torch.dtype:
        """Return the dtype of a gradient: that of its array, but a wider one for float16 while a factor is to come.

        Losses of float16 are multiplied by a large factor so that small gradients do not become 0.
        """
        waits = array.dtype == torch.float16 and self.items is None
        wider: torch.dtype = getattr(torch, self.dtype)
        return wider if waits or not array.is_floating_point() else array.dtype


def _settled(array: Tensor, gradient: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a gradient with a dtype, and in the order in memory of its array."""
    if gradient.dtype == dtype and array.is_contiguous() and gradient.is_contiguous():
        return gradient
    right = torch.empty_like(array, dtype=dtype)
    same = gradient.dtype == dtype and gradient.stride() == right.stride()
    return gradient if same else right.copy_(gradient)


@lru_cache(maxsize=MOST)
def read(text: str) -> Operation:
    fields = json.loads(text)
    like = fields["items"] and (fields["items"][0], tuple(fields["items"][1]))
    names = {name: tuple(fields[name]) for name in ("loss", "names", "wrt")}
    return Operation(**{**fields, **names, "items": like})


# --- losses by name ------------------------------------------------------------------------------------------------

_records: dict[tuple[str, str, str], Record] = {}  # of the losses that were compiled in this process


def register(record: Record, module: str) -> tuple[str, str, str]:
    """Keep the record of a loss, and return the key that it has in every process."""
    key = module, record.name, _digest(record)
    _records[key] = record
    return key


def _find(*key: str) -> Record:
    """Return the record of a loss; one that this process has not compiled is looked up in its module."""
    module, name, digest = key
    if (module, name, digest) not in _records:
        record: Record = attrgetter(name)(importlib.import_module(module)).record
        if _digest(record) != digest:
            raise RuntimeError(f"{module}.{name} has changed since a graph with it was compiled; compile it again.")
        register(record, module)
    return _records[module, name, digest]


def _digest(record: Record) -> str:
    """Return a digest of all of a loss that its values and checks depend on."""
    parts: list[object] = [record.kind, _described(record.graph, {}), list(record.axes.items()), record.mask]
    parts += [asdict(argument) for argument in record.arguments]
    parts += [asdict(parameter) for parameter in record.parameters]
    parts += [asdict(scores) for scores in record.scores]
    parts += [(name, _tried(length)) for name, length in record.lengths.items()]
    known = {one.name: one.symbol for one in record.numbers}
    for rule in record.rules:
        needed = inspect.signature(rule.holds).parameters
        parts.append((rule.name, rule.otherwise, _described(as_node(rule.holds(*map(known.get, needed))), {})))
    text = json.dumps(parts, default=sorted)  # axes are a set, whose order is another in every process
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _tried(length: Callable[..., int]) -> list[object]:
    """Return what a function of lengths takes, and makes of some."""
    names = list(inspect.signature(length).parameters)
    return [names, [length(**{name: n + k for k, name in enumerate(names)}) for n in (2, 5, 11)]]


def _described(graph: Node, own: dict[Node, int]) -> list[object]:
    """Return a graph as data; the symbols of a recurrence, ``own``, have numbers, as their names differ by process."""
    places: dict[Node, int] = {}
    parts: list[object] = []
    for node in walk(graph):
        label: Any = node.label
        if isinstance(label, Step):
            label = _described(label.after, own | {one: len(own) + k for k, one in enumerate(label.symbols)})
        places[node] = len(places)
        parts.append((node.word, own.get(node, label), node.axes, [places[argument] for argument in node.arguments]))
    return parts
