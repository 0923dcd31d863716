"""Divergences of normal distributions, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_4, Row

ROWS = [
    Row("gaussian_kl_divergence", (1.0, 0.0, 3.0, 0.0), 2.0, slope=-2.0),
    # variances of 4 and 1: ½ (1/4 − 1 + log 4 + 4/4)
    Row("gaussian_kl_divergence", (1.0, LOG_4, 3.0, 0.0), 0.125 + LOG_2, slope=-0.5),
    # a variance of 2 where 4 is right: ½ (2 − 1 − log 2)
    Row("gaussian_kl_divergence", (1.0, LOG_2, 1.0, LOG_4), 0.5 - 0.5 * LOG_2, slope=0.0),
    Row("standard_normal_kl", (2.0, 0.0), 2.0, slope=2.0),
    Row("standard_normal_kl", (1.0, LOG_4), 2.0 - LOG_2, slope=1.0),
    Row("standard_normal_kl", (0.0, 1e-4), 2.5000833354166875e-09, slope=0.0),  # v²/4 + v³/12 + v⁴/48
    Row("standard_normal_kl", (0.0, -INF), INF),
]
