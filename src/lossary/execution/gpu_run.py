"""Values and gradients of a plan's calls on a GPU: a kernel is prepared once for arrays of one layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from lossary.contract.call import Call
from lossary.execution import engine
from lossary.execution.gpu import kernels, launch
from lossary.execution.gpu.prepared import Prepared, maker, write_value
from lossary.execution.sources import Source
from lossary.frameworks.face import Array
from lossary.kinds.denominator import denominator_node
from lossary.kinds.program import SCALE, Work
from lossary.kinds.rows import as_rows

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["GpuRun", "serves"]

T = TypeVar("T")
Arrays: TypeAlias = Sequence[Array]
Made: TypeAlias = tuple[Array, list[Array]]  # a value and gradients
Compared: TypeAlias = Sequence[Array | float]
Run: TypeAlias = Callable[[Arrays, Arrays, Array | float], Made]
MOST = 256  # layouts of one plan


def serves(call: Call) -> bool:
    """Return True if one kernel computes the value and the gradients: the denominator is known without the arrays."""
    of_numbers = not hasattr(call.denominator, "dtype") and denominator_node(call) is None
    return of_numbers and not call.record.scores and kernels.serves(call)


class GpuRun:
    """The kernels for the value and the gradients in ``wrt`` of a plan's calls.

    ``bind`` makes the call on some arrays; ``portable`` computes it where a kernel fails.
    """

    def __init__(
        self, call: Call, sources: Sequence[Source], wrt: tuple[str, ...], bind: Callable[[Arrays], Call], portable: Run
    ) -> None:
        self.sources, self.wrt, self.bind, self.portable = sources, wrt, bind, portable
        self.key = call.record, engine.work_of(call, wrt)[0].nodes, call.dtype
        self._launches: dict[Any, _Launch | None] = {}  # by layout; None: a kernel failed

    def run(self, given: Arrays, out: Arrays, upstream: Array | float) -> Made:
        """Return the value, and the gradients times an upstream gradient, which is a number or lies on the device."""
        found = None if out else self._find(given, upstream, ())
        done = None if found is None else self._started(found, found.run, given, upstream)
        return self.portable(given, out, upstream) if done is None else done

    def renew(self, given: Arrays, gradients: Arrays, upstream: Array | float, change: Array) -> Array | None:
        """Replace gradients times ``upstream`` by those times ``change``; return a copy of it, or None."""
        found = self._find(given, change, (upstream, change), gradients)
        return None if found is None else self._started(found, found.renew, given, gradients, upstream, change)

    def _started(self, found: _Launch, start: Callable[..., T], *arguments: object) -> T | None:
        """Start a kernel; return None if its first start fails."""
        if found.has_started:
            return start(*arguments)
        done = kernels.attempt(*self.key, partial(start, *arguments))
        found.has_started = done is not None
        return done

    def _find(self, given: Arrays, scale: Array | float, unless: Compared, out: Arrays = ()) -> _Launch | None:
        """Return the launch for arrays of a layout, made at the first call."""
        key = (scale if isinstance(scale, int | float) else None, bool(unless), *map(_layout, given))
        found = self._launches.get(key)
        if found is None and key not in self._launches:
            if len(self._launches) >= MOST:
                self._launches.clear()
            found = self._launches[key] = kernels.attempt(*self.key, lambda: self._made(given, scale, unless, out))
        return found

    def _made(self, given: Arrays, scale: Array | float, unless: Compared, out: Arrays) -> _Launch:
        call = self.bind(given)
        work, divided_by = engine.work_of(call, self.wrt, scale)
        if unless:
            work = replace(work, sums=(), losses=(), out=tuple(out), unless=tuple(unless))
        return _Launch(self.sources, *as_rows(call, work), float(divided_by))


def _layout(array: Any) -> tuple[Any, ...]:
    """Return what distinguishes the arrays of a plan for a kernel; their dtypes and devices are the same."""
    return array.shape, array.stride(), array.data_ptr() & 15


class _Launch:
    """A prepared kernel, and where a plan's calls of one layout have its inputs."""

    def __init__(self, sources: Sequence[Source], call: Call, work: Work, divided_by: float) -> None:
        self.has_started = False
        self.ready = ready = kernels.prepare(call, work, launch.tensors(work.out))
        named = {source.name: source for source in sources}
        names = [name for name in ready.names if name != SCALE]
        self.takes_scale = len(names) < len(ready.names)  # it is the last one
        self.inputs = [_input(ready, named[name], call) for name in names]
        numbers = {**call.inputs, **call.numbers, SCALE: work.factor}
        self.bits = [launch.bits(numbers[name]) for name in ready.numbers]
        self.bits.append(launch.bits(1.0 / work.divided_by))
        self.share = launch.bits(1.0 / divided_by)
        self.items = call.public_items if work.losses else None
        self.number = maker((), launch.dtype_of(call), ready.device)
        self.sums = maker((ready.places,), launch.double(), ready.device)

    def run(self, given: Arrays, upstream: Array | float) -> Made:
        """Return the value and the gradients."""
        ready = self.ready
        losses, slopes = [make() for make in ready.losses], [make() for make in ready.slopes]
        arguments = [*self._given(given, upstream), *losses, *slopes, *self.bits]
        if self.items is not None:
            ready.start(arguments, self.number())  # no sums are written
            return losses[0].reshape(self.items), slopes  # type: ignore[return-value]
        value = self.number()
        if ready.places == 1:
            ready.start(arguments, value, only=True)
        else:
            sums = self.sums()
            ready.start(arguments, sums)
            write_value(sums, value, self.share)
        return value, slopes  # type: ignore[return-value]

    def renew(self, given: Arrays, gradients: Arrays, upstream: Array | float, change: Array) -> Array:
        """Write gradients times ``change`` unless they hold those already; return a copy of it."""
        copied = self.number()
        self.ready.start([*self._given(given, change), *gradients, *self.bits, upstream, change, copied], copied)
        return copied

    def _given(self, given: Arrays, scale: Array | float) -> list[Array | float]:
        found: list[Array | float] = [read(given) for read in self.inputs]
        return [*found, scale] if self.takes_scale else found


def _input(ready: Prepared, source: Source, call: Call) -> Callable[[Arrays], Array]:
    """Return the function that finds an input among the arrays of a call; a view has the address of its array."""
    copy, shape = ready.copies.get(source.name), call.shape
    if copy is not None:
        return lambda given: copy(cast("Tensor", source.read(given, shape)))
    return itemgetter(source.place) if source.dtype is None else source.cast
