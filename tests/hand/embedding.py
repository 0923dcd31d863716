"""Losses of pairs, worked out by hand."""

from __future__ import annotations

from hand.row import LOG_1_PLUS_1_OVER_E, LOG_2, Row

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
    # cosines of 0.6, of a similar pair and of another one
    Row(
        "cosine_embedding", ([[1.0, 0.0], [3.0, 4.0]], [[3.0, 4.0], [2.0, 0.0]], [1.0, 0.0]), 1.0,
        parameters={"margin": 0.0}, slope=[[0.0, -0.8], [0.128, -0.096]],
    ),
    Row("cosine_embedding", ([[1.0, 0.0]], [[3.0, 4.0]], [0.25]), 0.175, parameters={"margin": 0.5}),
    Row("cosine_embedding", ([[1.0, 0.0]], [[3.0, 4.0]], [0.0]), 0.0, parameters={"margin": 0.75}),
    # opposite; a vector without a direction
    Row("cosine_embedding", ([[1.0, 1.0]], [[-2.0, -2.0]], [1.0]), 2.0, slope=[[0.0, 0.0]]),
    Row("cosine_embedding", ([[0.0, 0.0]], [[0.0, 5.0]], [1.0]), 1.0, slope=[[0.0, 0.0]]),
    # distances of 5 and 5.5; a negative that is far enough
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 5.5]), 0.5, slope=[-0.6, 0.2]),
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 6.5]), 0.0, slope=[0.0, 0.0]),
    Row("triplet_margin", ([0.0, 0.0], [3.0, 4.0], [0.0, 6.5]), 1.5, parameters={"margin": 3.0}),
    # each of two vectors has cosine 1 to its partner and 0 to the other
    Row(
        "siglip", ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]]), 2 * (LOG_1_PLUS_1_OVER_E + LOG_2),
        parameters={"scale": 1.0, "bias": 0.0},
    ),
    # two of three rows have a partner, with cosine 1 where the third has 0
    Row(
        "supervised_contrastive", ([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [7, 7, 1]), 2 * LOG_1_PLUS_1_OVER_E,
        parameters={"temperature": 1.0},
    ),
    Row("supervised_contrastive", ([[1.0, 0.0], [1.0, 0.0]], [1, 2]), 0.0, slope=[[0.0, 0.0], [0.0, 0.0]]),
    # standard deviations of √2, above 1; two covariances of −2 in each set of two features
    Row("vicreg", ([[0.0, 2.0], [2.0, 0.0]], [[0.0, 2.0], [2.0, 0.0]]), 8.0),
    # of a pair of partners each, 1 apart; the factor of the covariances, which are as above
    Row("vicreg", ([[0.0], [2.0]], [[1.0], [3.0]]), 3.0, parameters={"similarity": 3.0, "deviation": 7.0}),
    Row("vicreg", ([[0.0, 2.0], [2.0, 0.0]], [[0.0, 2.0], [2.0, 0.0]]), 24.0, parameters={"covariance": 3.0}),
    Row("vicreg", ([[3.0], [3.0]], [[3.0], [3.0]]), 1.98, parameters={"similarity": 7.0, "deviation": 2.0}),
    # no spread: 1 − √0.0001 is lacking in both sets
    Row("vicreg", ([[3.0], [3.0]], [[3.0], [3.0]]), 24.75, slope=[[0.0], [0.0]]),
]  # fmt: skip
