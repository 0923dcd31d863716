"""Losses of the error, worked out by hand."""

from __future__ import annotations

from hand.row import HALF_LOG_TWO_PI, LOG_3, Row

ROWS = [
    Row("squared_error", (3.0, 1.0), 4.0, slope=4.0),
    Row("squared_error", (-1.0, 0.5), 2.25, slope=-3.0),
    Row("absolute_error", (1.0, 3.0), 2.0, slope=-1.0),
    Row("absolute_error", (2.0, 2.0), 0.0, slope=0.0),
    Row("huber", (0.5, 0.0), 0.125, slope=0.5),
    Row("huber", (-2.0, 1.0), 2.5, slope=-1.0),
    Row("huber", (3.0, 0.0), 4.0, slope=2.0, parameters={"delta": 2.0}),
    # ½ · 0.25 / 2, and 3 − ½ · 2
    Row("smooth_l1", (1.5, 0.0), 1.0, slope=1.0),
    Row("smooth_l1", (0.5, 0.0), 0.0625, slope=0.25, parameters={"beta": 2.0}),
    Row("smooth_l1", (-3.0, 0.0), 2.0, slope=-1.0, parameters={"beta": 2.0}),
    Row("smooth_l1", (3.0, 1.0), 2.0, slope=1.0, parameters={"beta": 0.0}),
    Row("smooth_l1", (1.0, 1.0), 0.0, slope=0.0, parameters={"beta": 0.0}),
    # cosh(log 3) = (3 + 1/3) / 2 = 5/3, and tanh(log 3) = (9 − 1) / (9 + 1)
    Row("log_cosh", (LOG_3, 0.0), 0.5108256237659907, slope=0.8),
    Row("log_cosh", (1e-4, 0.0), 4.999999991666667e-09, slope=9.999999966666667e-05),  # e²/2 − e⁴/12, e − e³/3
    # (log 4 + 4 / 4) / 2
    Row("gaussian_nll", (1.0, 3.0, 4.0), 1.1931471805599453, slope=-0.5),
    Row("gaussian_nll", (2.0, 0.0, 1.0), 2.0, slope=2.0),
    Row("gaussian_nll", (2.0, 0.0, 1.0), 2.0 + HALF_LOG_TWO_PI, slope=2.0, parameters={"constant": 1.0}),
]  # fmt: skip
