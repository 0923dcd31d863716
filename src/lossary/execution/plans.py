"""The plans of one loss: a call like an earlier one is recognised by its arrays and options, and not checked again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from types import NoneType
from typing import Any, NamedTuple, TypeAlias

from lossary.catalogue.record import Record
from lossary.contract.call import prepare
from lossary.contract.keywords import keywords_of
from lossary.execution import engine
from lossary.execution.engine import Gradients
from lossary.execution.plan import Plan
from lossary.execution.sources import pattern
from lossary.frameworks import face_of_type
from lossary.frameworks.face import Array
from lossary.kinds.layout import layout_of

__all__ = ["Plans"]

PLAIN = (str, int, float, bool, NoneType)  # options that are known by their value
MOST = 256  # plans of one loss

Arrays: TypeAlias = Sequence[Array]
Options: TypeAlias = dict[str, Any]


class Recent(NamedTuple):
    """A test for calls of the same kind and sizes as the last two, faster than their key."""

    plan: Plan
    is_like: Callable[[Arrays], bool]
    positions: int  # number of arrays that were passed by position
    names: tuple[str, ...]  # of options
    plain: list[tuple[str, Any]]
    arrays: list[str]

    def given(self, arrays: Arrays, options: Options) -> Arrays | None:
        """Return the arrays of a call if it is like the last ones: its plain options are the same objects."""
        if len(arrays) != self.positions:
            return None
        if options or self.names:
            if tuple(options) != self.names or any(options[name] is not value for name, value in self.plain):
                return None
            arrays = (*arrays, *[options[name] for name in self.arrays])
        return arrays if self.is_like(arrays) else None


class Plans:
    """The plans of the kinds of calls of one loss."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._known: dict[Hashable, Plan] = {}
        self._recent: Recent | None = None
        self._last: tuple[Plan | None, Any] = None, None  # the plan of the last call, and the shapes of its arrays
        self._positions = [argument.name for argument in record.arguments]
        self._has_places = any(parameter.domain.index_of for parameter in record.parameters)  # limited by lengths
        rows = keywords_of(record)
        self._become_arrays = tuple(row.name for row in rows if row.becomes_array)
        self._may_be_arrays = {
            *self._positions,
            *(parameter.name for parameter in record.parameters),
            *(row.name for row in rows if row.takes_arrays),
        }

    def result(self, arrays: Arrays, options: Options) -> Array:
        """Return the result of a call."""
        plan, given = self.find(arrays, options)
        return plan.result(given)

    def value_and_gradient(self, arrays: Arrays, options: Options, out: Gradients | None) -> tuple[Array, Gradients]:
        """Return the value and its gradient, written into ``out`` if that is given."""
        plan, given = self.find(arrays, options)
        call = plan.call
        buffers = () if out is None else call.buffers(out, dict(zip(plan.names, given, strict=True)))
        return engine.with_gradients(call, *plan.measure(given, engine.names_of(call), buffers))

    def gradient_and_hessian(self, arrays: Arrays, options: Options) -> tuple[Gradients, Gradients]:
        """Return the first and second derivative of each item's weighted loss."""
        plan, given = self.find(arrays, options)
        return engine.gradient_and_hessian(plan.bind(given))

    def total(self, arrays: Arrays, options: Options) -> tuple[Array, ...]:
        """Return the sums of the losses, the weights and the number of the items; or the sums of regions."""
        plan, given = self.find(arrays, options)
        return plan.total(given)

    def find(self, arrays: Arrays, options: Options) -> tuple[Plan, Arrays]:
        """Return the plan of a call, and the call's arrays as the plan takes them."""
        recent = self._recent
        given = None if recent is None else recent.given(arrays, options)
        if recent is not None and given is not None:
            plan = recent.plan
        else:
            plan, given = self._by_key(arrays, options)
        if plan.watched and not plan.accepts(given):
            prepare(self.record, tuple(arrays), options)  # raises the error
        return plan, given

    def _by_key(self, arrays: Arrays, options: Options) -> tuple[Plan, Arrays]:
        named = [name for name, value in options.items() if type(value) not in PLAIN] if options else []
        given = (*arrays, *(options[name] for name in named))
        face = face_of_type(type(given[0])) if given and not self._has_places else None  # type: ignore[arg-type]
        if any(options.get(name) is not None and name not in named for name in self._become_arrays):
            return self.alone(arrays, options)  # one number for all items
        types = face.key(given) if face is not None and self._may_be_arrays.issuperset(named) else None
        if face is None or types is None:
            return self.alone(arrays, options)
        shapes = [array.shape for array in given]
        plain = [(name, value) for name, value in options.items() if name not in named] if options else []
        key = (types, *pattern(shapes), len(arrays), *named, *[(name, type(value), value) for name, value in plain])
        plan = self._known.get(key)
        if plan is None:
            plan = self._keep(key, arrays, options, given, named)
        last, self._recent, self._last = self._last, None, (plan, shapes)
        if last[0] is plan and last[1] == shapes and (is_like := face.recognizer(given)):
            self._recent = Recent(plan, is_like, len(arrays), tuple(options), plain, named)
        return plan, given

    def _keep(self, key: Hashable, arrays: Arrays, options: Options, given: Arrays, named: list[str]) -> Plan:
        if len(self._known) >= MOST:
            self._known.clear()
        call = prepare(self.record, tuple(arrays), options)
        names = [*self._positions[: len(arrays)], *named]
        plan = self._known[key] = Plan(call, dict(zip(names, given, strict=True)))
        return plan

    def alone(self, arrays: Arrays, options: Options) -> tuple[Plan, Arrays]:
        """Make a plan for one call, which is not kept; its arrays are the inputs that were made of the call's."""
        call = prepare(self.record, tuple(arrays), options)
        inputs = dict(call.inputs)
        for name in self.record.axes.keys() & inputs.keys():
            inputs[name] = layout_of(self.record).as_given(call.face, name, inputs[name])
        if not isinstance(call.denominator, str | float):
            inputs["denominator"] = call.denominator
        return Plan(call, inputs), tuple(inputs.values())
