"""Losses of pairs, worked out by hand."""

from __future__ import annotations

from hand.row import LOG_1_PLUS_1_OVER_E, Row

ROWS = [
    # each of two orthogonal vectors is its own positive: the softmax of 1 and 0
    Row(
        "info_nce", ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]]), LOG_1_PLUS_1_OVER_E,
        parameters={"temperature": 1.0},
    ),
    # the same at the temperature 1/10: log(1 + exp(-10))
    Row("info_nce", ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]]), 4.539889921686465e-05),
]  # fmt: skip
