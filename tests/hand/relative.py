"""Losses of relative errors, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, Row

ROWS = [
    Row("absolute_percentage_error", (1.0, 2.0), 0.5, slope=-0.5),
    Row("absolute_percentage_error", (3.0, -2.0), 2.5, slope=0.5),
    Row("absolute_percentage_error", (0.0, 0.0), 0.0, slope=0.0),
    Row("absolute_percentage_error", (1.0, 0.0), INF),
    # 4 · 3 / (1 + 3)², of the sign of the error
    Row("symmetric_absolute_percentage_error", (1.0, 3.0), 1.0, slope=-0.75),
    Row("symmetric_absolute_percentage_error", (-3.0, -1.0), 1.0, slope=-0.25),
    Row("symmetric_absolute_percentage_error", (2.0, -1.0), 2.0, slope=0.0),
    Row("symmetric_absolute_percentage_error", (0.0, 0.0), 0.0, slope=0.0),
    Row("symmetric_absolute_percentage_error", (INF, 1.0), 2.0, slope=0.0),
    Row("squared_logarithmic_error", (1.0, 0.0), LOG_2**2, slope=LOG_2),
    Row("squared_logarithmic_error", (0.0, 2.0), LOG_3**2, slope=-2 * LOG_3),
    Row("squared_logarithmic_error", (0.5, 0.5), 0.0, slope=0.0),
    # the sum of both is beyond all numbers of float32
    Row("symmetric_absolute_percentage_error", (1e38, 3e38), 1.0),
]
