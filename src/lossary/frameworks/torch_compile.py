"""torch.compile: a loss is one call in the compiled graph, and its operations are recorded below that call.

The compiler reads Python; lossary's checks are plain Python that it need not read. This module is imported by a call
that is being compiled, and by nothing else, because it loads the compiler.
"""

from __future__ import annotations

from typing import Any

import torch

from lossary.frameworks import CALLABLES


def recorded(key: str, method: str, *arrays: Any, **options: Any) -> Any:
    """Call a loss's method; the compiler records the operations that it performs."""
    return getattr(CALLABLES[key], method)(*arrays, **options)


torch.compiler.allow_in_graph(recorded)
