"""The functions that kernels call, as text for one dtype."""

from __future__ import annotations

import inspect
from functools import cache

from lossary.execution.cpu import functions, functions_float32, functions_float64, functions_wide
from lossary.execution.cpu.series import written_out

__all__ = ["INLINED", "prelude"]

OF_DTYPE = {
    "float32": (functions_float32, functions.SERIES | functions_wide.SERIES, functions_wide.WORDS),
    "float64": (functions_float64, functions.SERIES, functions.OF_LIBRARIES),
}
INLINED = tuple({  # see compile.py
    name: None for _, series, more in OF_DTYPE.values()
    for name in (*series, *(word.__name__ for word in (*functions.WORDS, *more)))
})  # fmt: skip


@cache
def prelude(dtype: str) -> str:
    """Return the text of the functions for one dtype, which is ``number`` there."""
    table, series, more = OF_DTYPE[dtype]
    polynomials = (written_out(name, terms, len(getattr(table, terms))) for name, terms in series.items())
    return "\n\n".join([
        inspect.getsource(table), *polynomials, *(inspect.getsource(word) for word in (*functions.WORDS, *more)),
    ])  # fmt: skip
