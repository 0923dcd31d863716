"""Losses for quantiles, expectiles and tubes, worked out by hand."""

from __future__ import annotations

from hand.row import INF, Row

ROWS = [
    Row("pinball", (1.0, 3.0), 1.5, slope=-0.75, parameters={"level": 0.75}),
    Row("pinball", (3.0, 1.0), 0.5, slope=0.25, parameters={"level": 0.75}),
    Row("pinball", (1.0, 1.0), 0.0, slope=0.0, parameters={"level": 0.75}),
    Row("pinball", (INF, 1.0), 0.0, slope=0.0, parameters={"level": 1.0}),
    # ¾ · ½ · 1 / 2, and ¼ · (3 − 1)
    Row("quantile_huber", (3.0, 0.0), 1.25, slope=0.5),
    Row("quantile_huber", (1.0, 2.0), 0.1875, slope=-0.375, parameters={"level": 0.75, "delta": 2.0}),
    Row("quantile_huber", (5.0, 2.0), 0.5, slope=0.25, parameters={"level": 0.75, "delta": 2.0}),
    Row("expectile", (1.0, 3.0), 3.0, slope=-3.0, parameters={"level": 0.75}),
    Row("expectile", (3.0, 1.0), 1.0, slope=1.0, parameters={"level": 0.75}),
    Row("epsilon_insensitive", (1.0, 3.0), 1.9, slope=-1.0),
    Row("epsilon_insensitive", (1.0, 3.0), 1.5, slope=-1.0, parameters={"epsilon": 0.5}),
    Row("epsilon_insensitive", (2.75, 3.0), 0.0, slope=0.0, parameters={"epsilon": 0.5}),
    Row("squared_epsilon_insensitive", (1.0, 3.0), 3.61, slope=-3.8),
    Row("squared_epsilon_insensitive", (1.0, 3.0), 2.25, slope=-3.0, parameters={"epsilon": 0.5}),
    Row("squared_epsilon_insensitive", (2.75, 3.0), 0.0, slope=0.0, parameters={"epsilon": 0.5}),
]  # fmt: skip
