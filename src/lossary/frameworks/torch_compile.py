"""A loss under torch.compile: one call in the compiled graph, whose operations are recorded below that call.

The compiler reads Python; it need not read the checks of lossary, which are plain Python. Only a call that is being
compiled imports this module, because it loads the compiler.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from lossary.catalogue.keyword import KEYWORDS
from lossary.frameworks import CALLABLES


def recorded(key: str, method: str, *arguments: Tensor | str, **options: object) -> Any:
    """Call a method of a loss, with arrays or with another method and arrays; the compiler records the operations."""
    loss = CALLABLES[key]
    varying = {row.name for row in KEYWORDS if row.takes_arrays and row.number == "float"}
    varying |= {parameter.name for parameter in loss.record.parameters}  # numbers that may as well be tensors
    like = next((array for array in arguments if isinstance(array, Tensor)), None)
    known = {name: _known(value, name in varying, like) for name, value in options.items()}
    return loss._in_graph(method, arguments, known)


def _known(value: object, varies: bool, like: Tensor | None) -> object:
    """Replace a symbolic number by a tensor if the option may be one, else by its value, which the graph then fixes."""
    if not isinstance(value, torch.SymFloat | torch.SymInt):
        return value
    number: Any = value
    if varies:
        return torch.full((), number, dtype=torch.float64, device=None if like is None else like.device)
    return float(number) if isinstance(value, torch.SymFloat) else int(number)


torch.compiler.allow_in_graph(recorded)
