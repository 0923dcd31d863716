"""Robust losses, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, Row

ROWS = [
    Row("charbonnier", (4.0, 0.0), 5.0, slope=0.8, parameters={"scale": 3.0}),
    Row("charbonnier", (1.0, 1.0), 1.0, slope=0.0),
    Row("charbonnier", (-1e30, 0.0), 1e30, slope=-1.0),
    # log(1 + 4/2); the slope is 2 / 3. And log(1 + 1/2) with the slope 1 / (1 + 1/2) / 2
    Row("cauchy", (3.0, 1.0), LOG_3, slope=2 / 3),
    Row("cauchy", (2.0, 0.0), LOG_3 - LOG_2, slope=1 / 3, parameters={"scale": 2.0}),
    Row("welsch", (2.0, 1.0), 0.3934693402873666, slope=0.6065306597126334),
    Row("welsch", (INF, 1.0), 1.0, slope=0.0),
    # 8/8; the slope is 16 · 2 / 8²
    Row("geman_mcclure", (-2.0, 0.0), 1.0, slope=-0.5),
    Row("geman_mcclure", (1e30, 0.0), 2.0, slope=0.0, parameters={"scale": 0.5}),
    # 4/6 · (1 - 27/64); the slope is 1 · (3/4)²
    Row("tukey_biweight", (100.0, 0.0), 4.685**2 / 6, slope=0.0),
    Row("tukey_biweight", (1.0, 0.0), 37 / 96, slope=0.5625, parameters={"scale": 2.0}),
    Row("tukey_biweight", (-3.0, 0.0), 2 / 3, slope=0.0, parameters={"scale": 2.0}),
    Row("tukey_biweight", (1.0, 0.0), 0.5, slope=1.0, parameters={"scale": 1e25}),  # whose square is no float32
    Row("general_robust", (2.0, 0.0), 1.2360679774997898, slope=0.8944271909999159),
    Row("general_robust", (2.0, 0.0), LOG_3, slope=2 / 3, parameters={"alpha": 0.0}),
    Row("general_robust", (4.0, 0.0), 2.0, slope=1.0, parameters={"alpha": 2.0, "scale": 2.0}),
    Row("general_robust", (2.0, 0.0), 1.0, slope=0.5, parameters={"alpha": -2.0}),
    # 2/4 · ((1/2 + 1)² - 1); the slope is 1/2 + 1
    Row("general_robust", (1.0, 0.0), 0.625, slope=1.5, parameters={"alpha": 4.0}),
    Row("general_robust", (1.0, 0.0), 0.3934693402873666, slope=0.6065306597126334, parameters={"alpha": -INF}),
    # 10 log 3/2; and beyond the width 20 - 10 + 10 log 6
    Row("wing", (1.0, 0.0), 4.054651081081644, slope=10 / 3),
    Row("wing", (0.0, 20.0), 27.917594692280552, slope=-1.0),
]
