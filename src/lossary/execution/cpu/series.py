"""Polynomials as text: unrolled, so that no loop over their terms is left to be compiled."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["written_out"]


def written_out(name: str, table: str, length: int) -> str:
    """Print the function ``name``: the polynomial whose coefficients are in ``table``, lowest power first.

    Terms are added in pairs, then pairs of pairs (Estrin's scheme), which a processor computes in parallel. The lowest
    term is added last, so that it is rounded once.
    """
    terms = [f"{table}_{k}" for k in range(length)]
    powers = [2**k for k in range(1, (length - 2).bit_length())]
    lines = [f"{', '.join(terms)} = {table}\n\n", f"def {name}(x):"]
    lines += [f"    {_power(p)} = {_power(p // 2)} * {_power(p // 2)}" for p in powers]
    return "\n".join([*lines, f"    return {_pairs(terms[1:])} * x + {terms[0]}\n"])


def _power(p: int) -> str:
    return f"x{p}" if p > 1 else "x"


def _pairs(terms: Sequence[str]) -> str:
    """Print the sum of the terms times 1, x, x**2, and so on."""
    if len(terms) == 1:
        return terms[0]
    half = 1 << (len(terms) - 1).bit_length() - 1  # the greatest power of two below the number of terms
    return f"({_pairs(terms[half:])} * {_power(half)} + {_pairs(terms[:half])})"
