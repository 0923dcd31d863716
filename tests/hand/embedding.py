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
    # at right angles; opposite; the angle of 60 degrees; of a vector without a direction
    Row("cosine_distance", ([3.0, 0.0], [0.0, 5.0]), 1.0, slope=[0.0, -1 / 3]),
    Row("cosine_distance", ([1.0, 1.0], [-2.0, -2.0]), 2.0, slope=[0.0, 0.0]),
    Row("cosine_distance", ([1.0, 0.0, 0.0], [1.0, 1.0, 2**0.5]), 0.5, slope=[0.0, -0.5, -(0.5**0.5)]),
    Row("cosine_distance", ([0.0, 0.0], [0.0, 5.0]), 1.0, slope=[0.0, 0.0]),
    # distances of 5 and 5.5; a negative that is far enough
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 5.5]), 0.5, slope=[-0.6, 0.2]),
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 6.5]), 0.0, slope=[0.0, 0.0]),
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 6.5]), 1.5, parameters={"margin": 3.0}),
]  # fmt: skip
