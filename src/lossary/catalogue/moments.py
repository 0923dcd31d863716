"""Series of integrals that several losses are made of."""

from __future__ import annotations

from lossary.symbolic.graph import Node, as_node

__all__ = ["moment"]

TERMS = 20  # of a series in numbers smaller than 1


def moment(x: Node, n: float) -> Node:
    """Return ∫₀¹ s^(n − 1) exp(s x) ds = Σ_k x^k / (k! (k + n)) for |x| < 1."""
    series: Node = as_node(1.0)
    for k in range(TERMS, 0, -1):
        series = 1.0 + (k + n - 1.0) * x * series / (k * (k + n))
    return series / n
