"""Divergences of two rows of probabilities, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4_OVER_3, Row

ROWS = [
    # the mixture is ¾ and ¼: ½ log 4/3 + ½ (½ log 2/3 + ½ log 2); the slopes are ½ log p/m
    Row(
        "jensen_shannon", ([0.5, 0.5], [1.0, 0.0]), LOG_4_OVER_3 / 2 + (2 * LOG_2 - LOG_3) / 4,
        slope=[(LOG_2 - LOG_3) / 2, LOG_2 / 2],
    ),
    # a skew of ¼: the mixture is ⅝ and ⅜
    Row(
        "jensen_shannon", ([0.5, 0.5], [1.0, 0.0]), 0.14170285273802308, [-0.16735766348565732, 0.2157615543388357],
        {"skew": 0.25},
    ),
    Row(  # ½ log (1e-36 / ¼)
        "jensen_shannon", ([1e-36, 1.0], [0.5, 0.5]), 0.75 * LOG_4_OVER_3,
        slope=[-40.75338449333288, 0.5 * LOG_4_OVER_3],
    ),
    Row("jensen_shannon", ([0.0, 1.0], [1.0, 0.0]), LOG_2, slope=[-INF, LOG_2 / 2]),
    Row("jensen_shannon", ([0.25, 0.75, 0.0], [0.25, 0.75, 0.0]), 0.0, slope=[0.0, 0.0, LOG_2 / 2]),
    Row("jensen_shannon", ([0.0, 1.0], [1.0, 0.0]), 0.0, slope=[0.0, 0.0], parameters={"skew": 1.0}),
    Row("total_variation_distance", ([0.25, 0.75], [1.0, 0.0]), 0.75, slope=[-0.5, 0.5]),
    Row("total_variation_distance", ([0.25, 0.75], [0.25, 0.75]), 0.0, slope=[0.0, 0.0]),
    Row("squared_hellinger", ([0.25, 0.75], [1.0, 0.0]), 0.5, slope=[-0.5, 0.5]),
    Row("squared_hellinger", ([0.25, 0.75, 0.0], [0.25, 0.75, 0.0]), 0.0, slope=[0.0, 0.0, 0.5]),
    Row("squared_hellinger", ([0.0, 1.0], [1.0, 0.0]), 1.0, slope=[-INF, 0.5]),
    Row("chi_squared", ([0.25, 0.75], [1.0, 0.0]), 3.0, slope=[-15.0, 1.0]),
    Row("chi_squared", ([0.25, 0.75, 0.0], [0.5, 0.5, 0.0]), 1 / 3, slope=[-3.0, 5 / 9, 1.0]),
    Row("chi_squared", ([0.0, 1.0], [1.0, 0.0]), INF),
]  # fmt: skip
