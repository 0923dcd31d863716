"""Logits over a temperature, which several losses have."""

from __future__ import annotations

from lossary.symbolic.graph import Node, Value, as_node
from lossary.vocabulary import equal, greatest, square, where, with_slopes

__all__ = ["at_temperature"]


def at_temperature(logits: Value, temperature: Value) -> Node:
    """Return logits / temperature, for a softmax: its slope in the temperature is that beside the greatest logit."""
    z, t = as_node(logits), as_node(temperature)
    top = greatest(z)
    apart = where(equal(z, top), 0.0, z - top)
    return with_slopes(z / t, z, 1.0 / t, t, -apart / square(t))
