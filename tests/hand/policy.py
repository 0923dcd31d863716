"""Losses of policies and of predicted returns, worked out by hand."""

from __future__ import annotations

import math

from hand.row import INF, LOG_2, LOG_4_OVER_3, Row

ROWS = [
    Row("policy_gradient", (-1.5, 2.0), 3.0, slope=-2.0),
    Row("policy_gradient", (-INF, 0.0), 0.0, slope=0.0),
    # ratios of ½, 2 and 4/3, and one that is infinite: only what makes the loss larger is not clipped
    Row("clipped_surrogate", (-LOG_2, 0.0, 1.0), -0.5, slope=-0.5),
    Row("clipped_surrogate", (-LOG_2, 0.0, -1.0), 0.8, slope=0.0),
    Row("clipped_surrogate", (LOG_2, 0.0, 1.0), -1.2, slope=0.0),
    Row("clipped_surrogate", (LOG_2, 0.0, -3.0), 6.0, slope=6.0),
    Row("clipped_surrogate", (LOG_4_OVER_3, 0.0, 1.0), -4 / 3, slope=-4 / 3, parameters={"high": 0.5}),
    Row("clipped_surrogate", (-1.0, -1e4, 1.0), -1.2, slope=0.0),
    Row("clipped_surrogate", (-1.0, -1e4, 0.0), 0.0, slope=0.0),
    # ½ (0.2 − 2)², ½ (1 − 2)² and ½ (1 + 1)²
    Row("clipped_value", (1.0, 2.0, 0.0), 1.62, slope=0.0),
    Row("clipped_value", (1.0, 2.0, 0.875), 0.5, slope=-1.0),
    Row("clipped_value", (1.0, -1.0, 0.0), 2.0, slope=2.0),
    Row("clipped_value", (1.0, 2.0, math.nan), math.nan),
    Row("clipped_value", (1.0, 2.0, 0.0), 1.125, slope=0.0, parameters={"clip": 0.5}),
]  # fmt: skip
