"""Checks of PyTorch's tensors under ``checking()``: an identity that checks its input and its upstream gradient.

Under the transforms of ``torch.func`` and in forward mode it is a function of autograd with the rules that they need;
in compiled programs it is an operator that the compiler does not trace into.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from numpy.typing import NDArray
from torch import Tensor

from lossary.frameworks import flatten
from lossary.frameworks.face import Checks
from lossary.frameworks.torch import to_numpy
from lossary.frameworks.torch_autograd import Context
from lossary.frameworks.torch_eager import PLAIN

T = TypeVar("T")
RESULTS, UPSTREAM = "results", "upstream gradient"  # subjects of a check; any other is a prediction's gradient


def compiles() -> bool:
    """Return True while torch.compile traces the call."""
    return bool(torch.compiler.is_compiling())


@dataclass(frozen=True)
class _Check:
    """A check of one tensor, beside the inputs of its call."""

    checks: Checks
    names: tuple[str, ...]  # of the inputs
    subject: str  # RESULTS, UPSTREAM, or the prediction whose gradient is checked

    def __call__(self, subject: Tensor, context: list[Tensor]) -> None:
        if any(tensor.is_meta for tensor in (subject, *context)):
            return
        first, *rest = map(_host, (subject, *context))
        inputs, results = dict(zip(self.names, rest, strict=False)), rest[len(self.names) :]
        if self.subject == RESULTS:
            self.checks(inputs, [first, *results])
        elif self.subject == UPSTREAM:
            self.checks.returned(first)
        else:
            self.checks.leaves(self.subject, inputs, first)

    def is_wanted(self) -> bool:
        """Return True if ``checking()`` is on, in a program that was compiled while it was."""
        return self.checks.is_wanted(self.subject == RESULTS)


def with_checked_gradient(checks: Checks, name: str, prediction: object, inputs: dict[str, Tensor]) -> object:
    """Return a prediction whose gradient will be checked."""
    if not isinstance(prediction, Tensor) or not prediction.is_floating_point():
        return prediction
    return _watched(None, _Check(checks, tuple(inputs), name), prediction, *_context(inputs))


def checked(checks: Checks, inputs: dict[str, Tensor], result: T) -> T:
    """Return the result, checked, and with its upstream gradient to be checked."""
    first, *rest = flatten(result)
    names = tuple(inputs)
    context = [*_context(inputs), *(tensor.detach() for tensor in rest if isinstance(tensor, Tensor))]
    first = _watched(_Check(checks, names, RESULTS), _Check(checks, names, UPSTREAM), first, *context)
    watched: T = _with_first(result, first)
    return watched


def _with_first(result: Any, first: Tensor) -> Any:
    """Replace the first tensor of nested tuples."""
    return (_with_first(result[0], first), *result[1:]) if isinstance(result, tuple) else first


def _context(inputs: dict[str, Tensor]) -> list[Tensor]:
    return [tensor.detach() for tensor in inputs.values()]


def _host(tensor: Tensor) -> NDArray[Any]:
    """Return a copy of a tensor on any device as a NumPy array."""
    tensor = tensor.detach().cpu().resolve_neg()
    plain = not tensor.is_floating_point() or tensor.dtype in (torch.float16, torch.float32, torch.float64)
    return to_numpy(tensor if plain else tensor.float())


def _watched(forward: _Check | None, back: _Check | None, subject: Tensor, *context: Tensor) -> Tensor:
    result: Tensor = _Watched.apply(forward, back, subject, *context)  # type: ignore[no-untyped-call]
    return result


class _WatchedContext(Context):
    back: _Check | None


class _Watched(torch.autograd.Function):
    """The identity, with a check in the forward and another of the upstream gradient."""

    @staticmethod
    def forward(forward: _Check | None, back: _Check | None, subject: Tensor, *context: Tensor) -> Tensor:
        if forward is None:
            return subject.view_as(subject)
        if type(subject) not in PLAIN:
            watched: Tensor = _look(_key(forward), subject, list(context))
            return watched
        forward(subject, list(context))
        return subject.view_as(subject)

    @staticmethod
    def setup_context(ctx: _WatchedContext, inputs: tuple[Any, ...], output: Tensor) -> None:
        _, ctx.back, _, *context = inputs
        ctx.save_for_backward(*context)

    @staticmethod
    def backward(ctx: _WatchedContext, change: Tensor) -> tuple[Tensor | None, ...]:
        context = ctx.saved_tensors
        return (None, None, _watched(ctx.back, ctx.back, change, *context), *(None for _ in context))

    @staticmethod
    def jvp(ctx: _WatchedContext, *tangents: Any) -> Tensor:
        change: Tensor = tangents[2]
        return change.clone()

    @staticmethod
    def vmap(
        info: Any,
        in_dims: tuple[int | None, ...],
        forward: _Check | None,
        back: _Check | None,
        subject: Tensor,
        *context: Tensor,
    ) -> tuple[Tensor, int]:
        tensors = list(zip((subject, *context), in_dims[2:], strict=True))
        each = [
            _watched(forward, back, *(t if dim is None else t.select(dim, i) for t, dim in tensors))
            for i in range(info.batch_size)
        ]
        return torch.stack(each), 0


# --- compiled programs ------------------------------------------------------------------------------------------------

_PROCESS, _number = uuid.uuid4().hex, itertools.count()  # keys that no graph in the compiler's disk cache has
_checks: dict[str, _Check] = {}


def _key(check: _Check) -> str:
    key = f"{_PROCESS}:{next(_number)}"
    _checks[key] = check
    return key


@torch.library.custom_op("lossary::look", mutates_args=())
def _look(key: str, subject: Tensor, context: list[Tensor]) -> Tensor:
    check = _checks[key]
    if check.is_wanted():
        check(subject, context)
    return subject.clone()


@_look.register_fake
def _(key: str, subject: Tensor, context: list[Tensor]) -> Tensor:
    return torch.empty_like(subject)
