"""torch.compile: a loss is one call in the compiled graph, and its operations are recorded below that call.

The compiler reads Python; lossary's checks are plain Python that it need not read. This module is imported by a call
that is being compiled, and by nothing else, because it loads the compiler.
"""

from __future__ import annotations

from typing import Any

import torch

from lossary.catalogue.keyword import KEYWORDS
from lossary.frameworks import CALLABLES


def recorded(key: str, method: str, *arrays: Any, **options: Any) -> Any:
    """Call a loss's method; the compiler records the operations that it performs."""
    loss = CALLABLES[key]
    varying = {row.name for row in KEYWORDS if row.takes_arrays and row.number == "float"}
    varying |= {parameter.name for parameter in loss.record.parameters}  # numbers that may as well be tensors
    known = {name: _known(value, name in varying, arrays[0]) for name, value in options.items()}
    return getattr(loss, method)(*arrays, **known)


def _known(value: Any, varies: bool, like: Any) -> Any:
    """An option that the compiler holds open: a tensor where it may be one, else each value has its own graph."""
    if not isinstance(value, torch.SymFloat | torch.SymInt):
        return value
    number: Any = value
    if varies:
        return torch.full((), number, dtype=torch.float64, device=like.device)
    return float(number) if isinstance(value, torch.SymFloat) else int(number)


torch.compiler.allow_in_graph(recorded)
