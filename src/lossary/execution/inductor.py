"""Code of Inductor, the compiler of PyTorch, for gradients that are scaled in their own memory.

Inductor may write over a *donated* buffer: a tensor that the forward saved for one backward and that nothing else uses.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch._inductor import ir, lowering
from torch._inductor.virtualized import V

__all__ = ["register"]

DONATED: Any = getattr(ir, "DonatedBuffer", ())  # older versions have none


@cache
def register() -> None:
    """Tell Inductor how to compile the operator ``lossary::scaled``."""
    lowering.register_lowering(torch.ops.lossary.scaled.default, type_promotion_kind=None)(_scaled)


def _scaled(gradient: Any, upstream: Any, array: Any) -> Any:
    """Scale a gradient by a kernel that reads it only if the factor is not 1, or by code to fuse with what uses it."""
    node: Any = V.graph.current_node
    is_donated = isinstance(gradient.data.data, DONATED) and len(node.args[0].users) == 1
    is_donated = is_donated and gradient.get_dtype() == array.get_dtype()
    if is_donated and not all(map(_is_fused, node.users)):
        ir.FallbackKernel.create(torch.ops.lossary.scale_.default, gradient, upstream)
        return gradient
    product = lowering.lowerings[torch.ops.aten.mul.Tensor](gradient, upstream)
    return lowering.to_dtype(product, array.get_dtype())


def _is_fused(node: torch.fx.Node) -> bool:
    """Return True for an operation element by element."""
    return torch.Tag.pointwise in getattr(node.target, "tags", ())
