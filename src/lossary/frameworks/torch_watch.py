"""Looking at PyTorch's tensors: the same identity everywhere, that looks forward and backward at what goes through.

Under the transforms of ``torch.func`` and in forward mode it is a function with the rules that they need; in what is
compiled, an operation that the compiler does not look into.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lossary.frameworks import flatten
from lossary.frameworks.torch import PLAIN, to_numpy


def compiles() -> bool:
    """Whether a call is being compiled, for whoever runs it later."""
    return bool(torch.compiler.is_compiling())


@dataclass(frozen=True)
class _See:
    """A look at a tensor and the inputs of its call."""

    look: Any
    names: tuple[str, ...]
    what: str  # "results"; "came back", the gradient of a result; or the prediction whose gradient it is

    def __call__(self, subject: Tensor, context: list[Tensor]) -> None:
        if any(tensor.is_meta for tensor in (subject, *context)):
            return
        first, *rest = map(_host, (subject, *context))
        inputs, results = dict(zip(self.names, rest, strict=False)), rest[len(self.names) :]
        if self.what == "results":
            self.look(inputs, [first, *results])
        elif self.what == "came back":
            self.look.came_back(first)
        else:
            self.look.leaves(self.what, inputs, first)

    def is_wanted(self) -> bool:
        """Whether to look now, in what was compiled while somebody was checking."""
        wanted: bool = self.look.is_wanted(self.what == "results")
        return wanted


def leaving(look: Any, name: str, prediction: Any, inputs: dict[str, Any]) -> Any:
    """A prediction whose gradient is looked at when it leaves the loss."""
    if not isinstance(prediction, Tensor) or not prediction.is_floating_point():
        return prediction
    see = _See(look, tuple(inputs), name)
    return _Watched.apply(None, see, prediction, *_context(inputs))  # type: ignore[no-untyped-call]


def look(look: Any, inputs: dict[str, Any], result: Any) -> Any:
    """The result, looked at, and its gradient when that comes back."""
    first, *rest = flatten(result)
    names = tuple(inputs)
    see, back = _See(look, names, "results"), _See(look, names, "came back")
    context = [*_context(inputs), *(tensor.detach() for tensor in rest if isinstance(tensor, Tensor))]
    first = _Watched.apply(see, back, first, *context)  # type: ignore[no-untyped-call]
    return _with_first(result, first)


def _with_first(result: Any, first: Any) -> Any:
    return (_with_first(result[0], first), *result[1:]) if isinstance(result, tuple) else first


def _context(inputs: dict[str, Any]) -> list[Tensor]:
    return [tensor.detach() for tensor in inputs.values()]


def _host(tensor: Tensor) -> Any:
    tensor = tensor.detach().cpu().resolve_neg()
    plain = not tensor.is_floating_point() or tensor.dtype in (torch.float16, torch.float32, torch.float64)
    return to_numpy(tensor if plain else tensor.float())


class _Watched(torch.autograd.Function):
    """A tensor as it is: one look when it goes through, another when its gradient comes back."""

    @staticmethod
    def forward(see: _See | None, back: _See | None, subject: Any, *context: Any) -> Any:
        if see is None:
            return subject.view_as(subject)
        if type(subject) not in PLAIN:
            return _look(_key(see), subject, list(context))
        see(subject, list(context))
        return subject.view_as(subject)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        _, ctx.back, _, *context = inputs
        ctx.save_for_backward(*context)

    @staticmethod
    def backward(ctx: Any, *changes: Any) -> Any:
        context = ctx.saved_tensors
        change = _Watched.apply(ctx.back, ctx.back, changes[0], *context)  # type: ignore[no-untyped-call]
        return (None, None, change, *(None for _ in context))

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        return tangents[2].clone()

    @staticmethod
    def vmap(info: Any, in_dims: Any, see: Any, back: Any, subject: Any, *context: Any) -> Any:
        tensors = list(zip((subject, *context), in_dims[2:], strict=True))
        each = [
            _Watched.apply(see, back, *(t if dim is None else t.select(dim, i) for t, dim in tensors))  # type: ignore[no-untyped-call]
            for i in range(info.batch_size)
        ]
        return torch.stack(each), 0


# --- what is compiled ------------------------------------------------------------------------------------------------

_PROCESS, _number = uuid.uuid4().hex, itertools.count()  # a graph from the compiler's disk cache is not taken for ours
_sees: dict[str, Callable[..., Any]] = {}


def _key(see: _See) -> str:
    key = f"{_PROCESS}:{next(_number)}"
    _sees[key] = see
    return key


@torch.library.custom_op("lossary::look", mutates_args=())
def _look(key: str, subject: Tensor, context: list[Tensor]) -> Tensor:
    see: Any = _sees[key]
    if see.is_wanted():
        see(subject, context)
    return subject.clone()


@_look.register_fake
def _(key: str, subject: Tensor, context: list[Tensor]) -> Tensor:
    return torch.empty_like(subject)
