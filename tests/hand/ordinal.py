"""Losses of levels, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

TWO = [0.0, LOG_3]  # thresholds below which a prediction of 0 is with probabilities of ½ and ¾

ROWS = [
    Row("cumulative_link", ([0.0], [0], TWO), LOG_2, slope=[0.5]),
    Row("cumulative_link", ([0.0], [1], TWO), LOG_4, slope=[-0.25]),
    Row("cumulative_link", ([0.0], [2], TWO), LOG_4, slope=[-0.75]),
    Row("cumulative_link", ([0.0, 0.0], [0, 1], [0.0]), 2 * LOG_2, slope=[0.5, -0.5]),
    # far off, where the probability is 2 exp(−prediction); the middle of two thresholds that are far apart
    Row("cumulative_link", ([1000.0], [1], TWO), 1000 - LOG_2, slope=[1.0]),
    Row("cumulative_link", ([0.0], [1], [-1000.0, 1000.0]), 0.0, slope=[0.0]),
    Row("cumulative_link", ([INF], [2], TWO), 0.0, slope=[0.0]),
    Row("cumulative_link", ([-INF], [1], TWO), INF, slope=[-1.0]),
    # no room between two thresholds; a level that is impossible, and the one below
    Row("cumulative_link", ([0.0], [1], [0.0, 0.0]), INF, slope=[0.0]),
    Row("cumulative_link", ([0.0], [2], [0.0, INF]), INF, slope=[-1.0]),
    Row("cumulative_link", ([0.0], [1], [0.0, 2.0**-30]), 32 * LOG_2),  # a quarter of the distance of two thresholds
    Row("cumulative_link", ([0.0], [1], [0.0, INF]), LOG_2, slope=[-0.5]),
    # at a threshold that is infinite, too
    Row("cumulative_link", ([INF], [1], [0.0, INF]), LOG_2, slope=[0.5]),
    Row("cumulative_link", ([-INF], [1], [-INF, 0.0]), LOG_2, slope=[-0.5]),
    Row("ordinal_cross_entropy", ([[0.0, 0.0]], [1]), 2 * LOG_2, slope=[[-0.5, 0.5]]),
    Row("ordinal_cross_entropy", ([[0.0, -LOG_3]], [0]), LOG_2 + LOG_4_OVER_3, slope=[[0.5, 0.25]]),
    Row("ordinal_cross_entropy", ([[0.0, -LOG_3]], [2]), LOG_2 + LOG_4, slope=[[-0.5, -0.75]]),
    Row("ordinal_cross_entropy", ([[INF, -INF]], [1]), 0.0, slope=[[0.0, 0.0]]),
    Row("ordinal_cross_entropy", ([[INF, -INF]], [2]), INF, slope=[[0.0, -1.0]]),
]
