"""What a call does, written out for calls like it: at a small batch loops over arrays take as long as the kernel."""

from __future__ import annotations

import math
from collections.abc import Callable
from ctypes import string_at
from dataclasses import dataclass, replace
from typing import Any

from lossary import engine
from lossary.check import Call, inputs_of
from lossary.cpu import kernels
from lossary.cpu.order import Order, of_items
from lossary.domains import Interval
from lossary.keywords import WEIGHTS, as_tuple
from lossary.kinds import scores
from lossary.kinds.program import Work

__all__ = ["Steps", "steps_of"]

SMALL = 1 << 14  # bytes of an array whose values are compared with the last ones, not looked at

FUNCTION = """
def steps(given, out=None):
    upstream = {upstream}
    {steps}
    return {result}
"""


def steps_of(call: Call, named: dict[str, Any], wrt: tuple[str, ...]) -> Steps | ScoredSteps | None:
    """The steps to the value of a call and its gradients, given its arrays; None if it has no short way."""
    names = [argument.name for argument in call.record.arguments]
    if call.record.scores:
        return ScoredSteps(call, wrt) if ScoredSteps.serve(call, list(named), wrt) else None
    if not kernels.serves(call) or not named.keys() >= set(names) or math.prod(call.shape) == 0:
        return None
    if not any(call.face.is_floating(named[name].dtype) for name in names):  # the dtype is the framework's default then
        return None
    divisor, (work, over) = engine.divisor(call), engine.plan(call, wrt)
    if over == 0 and divisor is None:  # a mean over nothing
        return None
    if divisor is not None and not wrt:
        work = replace(work, sums=(*work.sums, divisor))
    works = {"total": work}
    if divisor is not None and wrt:  # which are divided by it
        works = {"over": Work(sums=(divisor,)), **works}
    passes = {name: run for name, one in works.items() if (run := kernels.prepared(call, one)) is not None}
    if len(passes) < len(works):
        return None
    inputs = dict.fromkeys(name for one in passes.values() for name in one.kernel.arrays)
    sources: dict[str, Any] = {name: _source(call, name, named, passes["total"].order) for name in inputs}
    return None if None in sources.values() else Steps(call, work, over, passes, sources)


def _function(lines: list[str], names: dict[str, Any], result: str, upstream: str) -> Callable[..., Any]:
    """What takes steps, which refer to what is named, and gives a result."""
    module = dict(names)
    exec(FUNCTION.format(steps="\n    ".join(lines), result=result, upstream=upstream), module)
    steps: Callable[..., Any] = module["steps"]
    return steps


class ScoredSteps:
    """The steps of a loss of scores: most of the time goes to products of arrays, the rest is prepared.

    Where a value looks wrong, the function gives None.
    """

    @staticmethod
    def serve(call: Call, named: list[str], wrt: tuple[str, ...]) -> bool:
        """Whether a call is of plain arrays, in their order, and no array but those tells what it is divided by."""
        if named != [argument.name for argument in call.record.arguments][: len(named)]:
            return False
        if engine.divisor(call) is not None or math.prod(call.shape) == 0:
            return False
        pulled = call.reduction == "none" and wrt  # which is made when a change is there
        return not pulled and call.face.has_pointers and not call.options.guard

    def __init__(self, call: Call, wrt: tuple[str, ...]) -> None:
        self.work, self.over = engine.plan(call, wrt)
        self.names, given = [argument.name for argument in call.record.arguments], {*call.dtypes}
        self.labels = call.items if "target" in given and "label" in call.inputs else None
        given |= {"label"} if self.labels is not None else set()
        self.call = call.but(inputs={name: value for name, value in call.inputs.items() if name not in given})
        self.passes = engine.Passes()

    def function(self, result: str, upstream: str = "1.0", **more: Any) -> Callable[..., Any]:
        """What takes the steps and gives a result; products are not made anew for an upstream gradient."""
        lines = ["done = measure(given, out or ())", "if done is None: return None", "value, gradients = done"]
        return _function(lines, vars(self.call.face) | more | {"measure": self._measure}, result, "1.0")

    def _measure(self, given: tuple[Any, ...], out: tuple[Any, ...]) -> tuple[Any, list[Any]] | None:
        call, named = self.call, dict(zip(self.names, given, strict=False))
        inputs = inputs_of(call.record, call.face, named, call.dtype, self.labels)
        call = call.but(inputs=call.inputs | inputs)
        work = replace(self.work, out=out) if out else self.work
        done = call.face.untracked(lambda: scores.measure(call, work, self.passes))
        return None if done.suspect else (engine.finish(call, done, self.over), done.gradients)


class Steps:
    """The text of some steps, and what it refers to.

    ``passes`` are over the arrays: one for the total, and for what that is divided by, where only their values tell; if
    gradients are divided too, it has a pass before. Where a value looks wrong, the function gives None.
    """

    def __init__(
        self, call: Call, work: Work, over: float, passes: dict[str, kernels.Pass], sources: dict[str, Any]
    ) -> None:
        self.work, run, face = work, passes["total"], call.face
        losses = [f"loss_{k}" for k in range(len(work.losses))]
        makes = [f"make_{k}()" for k in range(len(run.fresh))]
        self.names = vars(face) | {f"make_{k}": make for k, make in enumerate(run.fresh)}
        self.names |= {"scale": float(work.scale), "over": over, "number": face.numbers(call.dtype)}
        public = face.maker(call.public_items, call.dtype, of_items(run.order, as_tuple(call.axis)))
        self.names |= {"order": run.order} | {f"make_{k}": public for k in range(len(losses))}
        self.lines = ["if out and not all(is_in_order(one, order) for one in out): return None"]
        for name, source in sources.items():
            self._read(name, source)
        if "over" in passes:
            self._run("over", passes["over"], ["over"], [], "1.0", "1.0")
            self.lines += ["if not over > 0.0: return None", "scale = 1.0 / over"]
        self.lines += [f"{loss} = {make}" for loss, make in zip(losses, makes, strict=False)]
        self.lines.append(f"gradients = out or [{', '.join(makes[len(losses) :])}]")
        outputs = [*losses, *(f"gradients[{k}]" for k in range(run.gradients))]
        sums = ["total", "over"][: max(1, len(work.sums))]
        self._run("total", run, sums, outputs, "scale", "upstream")
        self.lines.append("if total != total: return None")
        if len(sums) > 1:
            self.lines.append("if not over > 0.0: return None")
        self.lines.append(f"value = {losses[0]}" if losses else "value = number(total / over)")

    def _read(self, name: str, source: _Source) -> None:
        """Lines that bring an input into the order and the dtype that kernels take."""
        array = f"given[{source.place}]"
        self.names |= {f"{key}_{name}": getattr(source, key) for key in ("dtype", "look", "before", "after")}
        if source.dtype is not None:
            array = f"cast({array}, dtype_{name})"
        if source.look is not None:
            self.lines.append(f"x_{name} = {array if source.direct else f'in_order({array})'}")
            self.lines.append(f"if not look_{name}(x_{name}): return None")
            array = f"x_{name}"
        if source.before is not None:
            array = f"reshape({array}, before_{name})"
        if source.after is not None:
            array = f"broadcast({array}, after_{name})"
        if source.permuted:
            array = f"permute({array}, order)"
        self.lines.append(f"x_{name} = {array if source.direct else f'in_order({array})'}")

    def _run(self, name: str, run: kernels.Pass, sums: list[str], outputs: list[str], *factors: str) -> None:
        """A line that runs a kernel."""
        pointers = [f"pointer({x})" for x in (*(f"x_{name}" for name in run.kernel.arrays), *outputs)]
        numbers = {f"{name}_number_{k}": number for k, number in enumerate(run.numbers)}
        line, names = run.written(name, sums, ", ".join([*pointers, *numbers, *factors]))
        self.lines.append(line)
        self.names |= names | numbers

    def function(self, result: str, upstream: str = "1.0", **more: Any) -> Callable[..., Any]:
        """What takes the steps and gives a result."""
        return _function(self.lines, self.names | more, result, upstream)


@dataclass(frozen=True)
class _Source:
    """Which array of a call an input of its kernel is, and what becomes of it."""

    place: int
    dtype: Any  # that it is cast to, if it has another
    look: _Look | None  # at what the kernel does not check
    before: tuple[int, ...] | None  # its shape with all axes, if that is needed
    after: tuple[int, ...] | None  # the shape that it is broadcast to
    direct: bool  # whether its elements lie as the kernel takes them
    permuted: bool  # whether they are brought into another order than that of the axes


def _source(call: Call, name: str, named: dict[str, Any], order: Order) -> _Source | None:
    public = "target" if name == "label" else name
    array, used = named.get(public), call.inputs[name]
    if array is None:
        return None
    shape, full = tuple(array.shape), tuple(used.shape)
    same, whole = math.prod(shape) == math.prod(full), shape == full
    gone, lengths = as_tuple(call.axis) if 0 < len(shape) < len(full) else (), iter(shape)
    longer = full if same else tuple(1 if i in gone else next(lengths) for i in range(len(shape) + len(gone)))
    domains = {"class_weight": WEIGHTS} | {parameter.name: parameter.domain for parameter in call.record.parameters}
    size = math.prod(shape) * call.face.itemsize(used.dtype)
    direct = same and (order is None or whole) and call.face.is_in_order(array, order)
    return _Source(
        place=list(named).index(public),
        dtype=None if array.dtype == used.dtype else used.dtype,
        look=_Look(call.face, domains[name], size) if name in domains else None,
        before=None if whole or direct or (same and order is None) else longer,
        after=None if same else full,
        direct=direct,
        permuted=order is not None and not direct,
    )


class _Look:
    """Whether all values of an array lie in a domain; a small one is looked at once, while its values stay the same."""

    def __init__(self, face: Any, domain: Interval, size: int) -> None:
        self.face, self.domain, self.size = face, domain, size
        self.content = b""

    def __call__(self, array: Any) -> bool:
        content = string_at(self.face.pointer(array), self.size) if self.size <= SMALL else None
        if content is not None and content == self.content:
            return True
        holds = self.domain.holds(self.face.to_numpy(array))
        if holds and content is not None:
            self.content = content
        return holds
