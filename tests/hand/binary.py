"""Losses of two classes, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

ROWS = [
    Row("binary_cross_entropy", (0.25, 1.0), LOG_4, slope=-4.0),
    Row("binary_cross_entropy", (0.25, 0.0), LOG_4_OVER_3, slope=4 / 3),
    Row("binary_cross_entropy", (0.0, 1.0), INF, slope=-INF),
    Row("binary_cross_entropy", (1.0, 1.0), 0.0, slope=-1.0),
    Row("binary_cross_entropy", (0.25, 1.0), 3 * LOG_4, slope=-12.0, parameters={"positive_weight": 3.0}),
    # the target becomes 0.9: 0.9 log 4 + 0.1 log 4/3
    Row("binary_cross_entropy", (0.25, 1.0), 1.2764331322530796, parameters={"label_smoothing": 0.2}),
    Row("sigmoid_cross_entropy", (0.0, 1.0), LOG_2, slope=-0.5),
    Row("sigmoid_cross_entropy", (LOG_3, 0.0), LOG_4, slope=0.75),
    Row("sigmoid_cross_entropy", (-200.0, 1.0), 200.0, slope=-1.0),
    Row("sigmoid_cross_entropy", (0.0, 1.0), 3 * LOG_2, slope=-1.5, parameters={"positive_weight": 3.0}),
    # log 4 of the target 0.9 and log 4/3 of 0.1, the other way round for p = 3/4
    Row("sigmoid_cross_entropy", (LOG_3, 0.0), 1.2764331322530796, slope=0.65, parameters={"label_smoothing": 0.2}),
]  # fmt: skip
