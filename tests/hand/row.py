"""A loss worked out by hand, and the numbers that such values are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LOG_2, LOG_3, LOG_4 = 0.6931471805599453, 1.0986122886681098, 1.3862943611198906
LOG_4_OVER_3 = 0.28768207245178096
LOG_1_PLUS_1_OVER_E = 0.31326168751822286
HALF_LOG_TWO_PI = 0.9189385332046727
INF = float("inf")


@dataclass(frozen=True)
class Row:
    """One loss of one element, row or batch; ``slope`` is the derivative in the first argument."""

    loss: str
    arguments: tuple[Any, ...]
    value: float
    slope: Any = None
    parameters: dict[str, float] = field(default_factory=dict)
