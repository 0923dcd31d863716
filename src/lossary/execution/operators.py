"""Custom operators of PyTorch, which run kernels inside the graphs that ``torch.compile`` makes.

An operator takes the arrays of a call and a text with everything else about the call; see operation.py. Only a call
that is being compiled imports this module.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import is_traceable_wrapper_subclass

from lossary.catalogue.keyword import keywords_of
from lossary.catalogue.record import Record
from lossary.contract.call import Call, prepare
from lossary.contract.keywords import as_tuple
from lossary.execution import engine
from lossary.execution.cpu import safety
from lossary.execution.gpu import kernels
from lossary.execution.gpu.compile import available
from lossary.execution.operation import Operation, read, register
from lossary.execution.plans import PLAIN
from lossary.frameworks.torch_autograd import Context
from lossary.kinds.layout import layout_of
from lossary.kinds.rows import is_of_rows

__all__ = ["record"]

Options = dict[str, Any]
Arrays = Sequence[Tensor]
DTYPES = {bool: torch.bool, int: torch.int64, float: torch.float64}  # of tensors that are made of numbers


# --- the operators -------------------------------------------------------------------------------------------------

LIBRARY = torch.library.Library("lossary", "DEF")
_keeps_graph = torch._C._autograd._get_current_graph_task_keep_graph
RETAINED = (
    "a compiled backward wrote over gradients of lossary that a retained graph would need again; compile with "
    "torch._functorch.config.donated_buffer = False and an empty cache, or do not retain the graph."
)


def _define(schema: str, run: Any, fake: Any) -> None:
    name = schema.partition("(")[0]
    LIBRARY.define(schema, tags=(torch.Tag.pt2_compliant_tag,))
    LIBRARY.impl(name, run, "CompositeExplicitAutograd")
    torch.library.register_fake(f"lossary::{name}", fake, lib=LIBRARY)


def _contiguous(value: Any) -> Tensor:
    """Return a value in the order in memory that compiled code relies on."""
    found: Tensor = value.contiguous()
    return found


@torch.no_grad()
def _value(arrays: Arrays, call: str) -> Tensor:
    plan, given = read(call).plan(arrays)
    return _contiguous(plan.value(given))


@torch.no_grad()
def _value_and_gradients(arrays: Arrays, call: str) -> list[Tensor]:
    operation = read(call)
    plan, given = operation.plan(arrays)
    value, gradients = plan.measure(given, operation.wrt)
    return [_contiguous(value), *operation.settled(arrays, gradients)]


@torch.no_grad()
def _gradients(arrays: Arrays, upstream: Tensor, call: str) -> list[Tensor]:
    operation = read(call)
    plan, given = operation.plan(arrays)
    return operation.settled(arrays, plan.pull(given, operation.wrt, upstream))


@torch.no_grad()
def _scaled(gradient: Tensor, upstream: Tensor, array: Tensor) -> Tensor:
    return (gradient * upstream).to(array.dtype)


@torch.no_grad()
def _scale(gradient: Tensor, upstream: Tensor) -> None:
    """Multiply in place; a factor of 1 costs no pass over memory."""
    if torch._C._current_graph_task_id() >= 0 and _keeps_graph():
        raise RuntimeError(RETAINED)
    if on_gpu([gradient]):
        kernels.rescale([gradient], upstream)
    elif upstream != 1:
        gradient.mul_(upstream)


def _fake_value(arrays: Arrays, call: str) -> Tensor:
    return read(call).new_value(arrays)


def _fake_value_and_gradients(arrays: Arrays, call: str) -> list[Tensor]:
    operation = read(call)
    return [operation.new_value(arrays), *operation.new_gradients(arrays)]


def _fake_gradients(arrays: Arrays, upstream: Tensor, call: str) -> list[Tensor]:
    return read(call).new_gradients(arrays)


def _fake_scaled(gradient: Tensor, upstream: Tensor, array: Tensor) -> Tensor:
    return torch.empty_like(gradient, dtype=array.dtype)


_define("value(Tensor[] arrays, str call) -> Tensor", _value, _fake_value)
_define("value_and_gradients(Tensor[] arrays, str call) -> Tensor[]", _value_and_gradients, _fake_value_and_gradients)
_define("gradients(Tensor[] arrays, Tensor upstream, str call) -> Tensor[]", _gradients, _fake_gradients)
_define("scaled(Tensor gradient, Tensor upstream, Tensor array) -> Tensor", _scaled, _fake_scaled)
_define("scale_(Tensor(a!) gradient, Tensor upstream) -> ()", _scale, lambda gradient, upstream: None)


# --- their derivatives ---------------------------------------------------------------------------------------------

Changes = tuple[list[Tensor | None], None]


class _Context(Context):
    call: str
    count: int  # of arrays


def _keep_arrays(ctx: _Context, inputs: tuple[list[Tensor], str], output: Tensor) -> None:
    arrays, ctx.call = inputs
    ctx.save_for_backward(*arrays)


def _pull(ctx: _Context, change: Tensor) -> Changes:
    """Return the gradients of each item's loss, which are made now that their upstream gradients are known."""
    arrays = list(ctx.saved_tensors)
    return _placed(ctx.call, len(arrays), torch.ops.lossary.gradients(arrays, change, ctx.call)), None


def _keep_gradients(ctx: _Context, inputs: tuple[list[Tensor], str], output: list[Tensor]) -> None:
    arrays, ctx.call = inputs
    ctx.count = len(arrays)
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(*output[1:], *(arrays[place] for place in read(ctx.call).places))


def _scale_saved(ctx: _Context, changes: Sequence[Tensor | None]) -> Changes:
    """Return the gradients times the upstream gradient of the value.

    The operator is functional: for one that changes its argument, PyTorch would copy the saved gradients. Inductor
    compiles it to an operator in place where nothing else uses them; see inductor.py. It takes the array that a
    gradient depends on, without reading it: PyTorch sees by that that a second derivative would be lost, and raises.
    """
    change = changes[0]
    if change is None:
        return [None] * ctx.count, None
    _prepare_inductor()
    saved = ctx.saved_tensors
    gradients, arrays = saved[: len(saved) // 2], saved[len(saved) // 2 :]
    scaled = torch.ops.lossary.scaled
    found = [scaled(gradient, change, array) for gradient, array in zip(gradients, arrays, strict=True)]
    return _placed(ctx.call, ctx.count, found), None


def _prepare_inductor() -> None:
    """Register the code for Inductor if it compiles; without that, it calls the operator."""
    if "torch._inductor.lowering" in sys.modules:
        with suppress(ImportError, AttributeError):  # of a version with other internals
            importlib.import_module("lossary.execution.inductor").register()


def _placed(call: str, count: int, gradients: Arrays) -> list[Tensor | None]:
    """Return a gradient, or None, for each of the arrays."""
    found = dict(zip(read(call).places, gradients, strict=True))
    return [found.get(place) for place in range(count)]


torch.library.register_autograd("lossary::value", _pull, setup_context=_keep_arrays, lib=LIBRARY)
torch.library.register_autograd(
    "lossary::value_and_gradients", _scale_saved, setup_context=_keep_gradients, lib=LIBRARY
)


# --- while the compiler records ------------------------------------------------------------------------------------


def record(loss: Record, module: str, method: str, arrays: tuple[Any, ...], options: Options) -> Any:
    """Call the operator for a method of a loss; return None if no kernel serves the call, and formulas are needed."""
    all_gradients = method == "_value_and_gradient"
    if not (all_gradients or method == "_result") or options.pop("out", None) is not None:
        return None
    named = {name: value for name, value in options.items() if type(value) not in PLAIN}
    if not serves(loss, [*arrays, *named.values()]):
        return None
    named |= _numbers_as_arrays(loss, options, arrays[0].device if arrays else None)
    options, given = options | named, [*arrays, *named.values()]
    names = (*[argument.name for argument in loss.arguments[: len(arrays)]], *named)
    call = prepare(loss, arrays, options)  # raises for what is wrong
    wrt = engine.names_of(call) if all_gradients else _differentiated(call, dict(zip(names, given, strict=True)))
    if wrt is None:
        return None
    plain = {name: value for name, value in options.items() if name not in named}
    items = _items(call, names) if call.reduction == "none" else None
    dtype = str(call.dtype).removeprefix("torch.")
    operation = Operation(register(loss, module), names, len(arrays), plain, wrt, items, dtype)
    return _both(operation, given) if all_gradients else _result(operation, given)


def serves(loss: Record, given: Sequence[Any]) -> bool:
    """Return True if kernels compute a loss of tensors that the compiler traces."""
    if not given or _is_exporting() or _is_transformed():
        return False
    if not all(isinstance(array, Tensor) and not is_traceable_wrapper_subclass(array) for array in given):
        return False
    if all(array.device.type == "cpu" for array in given):
        return safety.allowed()
    return on_gpu(given) and (loss.inner.kind in kernels.BODIES or is_of_rows(loss))


def on_gpu(arrays: Arrays) -> bool:
    """Return True if all arrays are on one GPU that runs kernels."""
    device = arrays[0].device
    return device.type == "cuda" and all(array.device == device for array in arrays) and available(device)


def _differentiated(call: Call, given: dict[str, Tensor]) -> tuple[str, ...] | None:
    """Return the names of the predictions that autograd records; None if it records other arrays, too."""
    names = {name for name, array in given.items() if torch.is_grad_enabled() and array.requires_grad}
    predictions = engine.names_of(call)
    return tuple(name for name in predictions if name in names) if names.issubset(predictions) else None


def _is_exporting() -> bool:
    """Return True while a program is exported, which may be loaded without lossary."""
    return getattr(torch.compiler, "is_exporting", torch.compiler.is_compiling)()


def _is_transformed() -> bool:
    """Return True under a transform of torch.func or forward mode."""
    return torch._C._functorch.peek_interpreter_stack() is not None or torch.autograd.forward_ad._current_level >= 0


def _numbers_as_arrays(loss: Record, options: Options, device: torch.device | None) -> dict[str, Tensor]:
    """Return the options that are one number for all items, as tensors, which an operator takes."""
    rows = [row.name for row in keywords_of(loss) if row.becomes_array]
    numbers = {name: options[name] for name in rows if type(options.get(name)) in DTYPES}
    return {name: torch.full((), n, dtype=DTYPES[type(n)], device=device) for name, n in numbers.items()}


def _items(call: Call, names: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the name of an array that has the items' axis, or axes, and its other axes."""
    loss, name = call.record, call.record.arguments[0].name
    if loss.axes:
        items, own = loss.graph.axes, layout_of(loss).own
        name = next(name for name in own if name in names and items.issubset(own[name]))
        return name, tuple(place for place, axis in enumerate(own[name]) if axis not in items)
    if loss.scores:
        return name, (len(call.inputs[name].shape) - 1,)
    return name, as_tuple(call.axis)


def _both(operation: Operation, given: Arrays) -> tuple[Tensor, Any]:
    """Return the value and its gradients, which autograd does not record."""
    with torch.no_grad():
        value, *gradients = torch.ops.lossary.value_and_gradients(list(given), str(operation))
        wanted = [given[place] for place in operation.places]
        gradients = [g.to(a.dtype) if a.is_floating_point() else g for g, a in zip(gradients, wanted, strict=True)]
    return value, tuple(gradients) if len(gradients) > 1 else gradients[0]


def _result(operation: Operation, given: Arrays) -> Tensor:
    """Return the value; a reduced one is computed together with its gradients."""
    if operation.wrt and operation.items is None:
        both: list[Tensor] = torch.ops.lossary.value_and_gradients(list(given), str(operation))
        return both[0]
    result: Tensor = torch.ops.lossary.value(list(given), str(operation))
    return result
