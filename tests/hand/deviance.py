"""Deviances, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, Row

ROWS = [
    Row("tweedie_deviance", (4.0, 1.0), 2.0, slope=0.75),
    Row("tweedie_deviance", (1.0, 0.0), 4.0, slope=2.0),
    Row("tweedie_deviance", (2.0, 4.0), 8 * LOG_2 - 4.0, slope=-2.0, parameters={"power": 1.0}),
    Row("tweedie_deviance", (2.0, 4.0), 2.0 - 2 * LOG_2, slope=-1.0, parameters={"power": 2.0}),
    Row("tweedie_deviance", (3.0, 3.0), 0.0, slope=0.0),
    Row("generalized_kl_divergence", (2.0, 4.0), 4 * LOG_2 - 2.0, slope=-1.0),
    Row("generalized_kl_divergence", (2.0, 0.0), 2.0, slope=1.0),
    Row("generalized_kl_divergence", (0.0, 0.0), 0.0, slope=1.0),
    Row("generalized_kl_divergence", (0.0, 1.0), INF, slope=-INF),
]  # fmt: skip
