"""Likelihoods of durations, angles and shares, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, Row

LOG_PI = 1.1447298858494002

ROWS = [
    # the density is 2 · 2 · exp(−2²)
    Row("weibull_nll", (1.0, 2.0, 2.0, 1.0), 4.0 - 2 * LOG_2, slope=-6.0, parameters={"constant": 1.0}),
    Row("weibull_nll", (1.0, 2.0, 2.0, 1.0), 4.0 - 3 * LOG_2, slope=-6.0),
    Row("weibull_nll", (2.0, 1.0, 2.0, 0.0), 0.25, slope=-0.25),
    Row("weibull_nll", (2.0, 4.0, 1.0, 0.5), 2.0 - LOG_2 / 2, slope=-0.75),
    # a quarter of a turn, and half of one: I₀(1) = 1.2660658777520084
    Row("von_mises_nll", (1.5707963267948966, 0.0, 1.0), 0.23591435850717865, slope=1.0),
    Row("von_mises_nll", (3.141592653589793, 0.0, 1.0), 1.2359143585071786, slope=0.0),
    Row("von_mises_nll", (2.0, 1.0, 0.0), LOG_2 + LOG_PI, slope=0.0, parameters={"constant": 1.0}),
    # the densities 6 y (1 − y) and 2 y
    Row("beta_nll", (2.0, 0.5, 2.0), LOG_2 - LOG_3, slope=LOG_2 - 5 / 6, parameters={"constant": 1.0}),
    Row("beta_nll", (2.0, 0.25, 1.0), LOG_2, parameters={"constant": 1.0}),
    Row("beta_nll", (2.0, 0.25, 1.0), 5 * LOG_2 - LOG_3),
    Row("beta_nll", (1.0, 0.0, 2.0), -LOG_2, parameters={"constant": 1.0}),
    Row("beta_nll", (2.0, 0.0, 1.0), INF),
    Row("beta_nll", (INF, 1.0, 1.0), -INF, parameters={"constant": 1.0}),  # of alpha y^(alpha − 1)
]  # fmt: skip
