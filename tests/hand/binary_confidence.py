"""Losses of two classes that count an outcome by how probable it is, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, Row

ROWS = [
    # p = ¼: (¾)² log 4; the slope is −(¾)² (¾ + 2 · ¼ log 4)
    Row("sigmoid_focal", (-LOG_3, 1.0), 9 / 16 * LOG_4, slope=-9 / 16 * (0.75 + 0.5 * LOG_4)),
    Row("sigmoid_focal", (LOG_3, 0.0), 9 / 16 * LOG_4, slope=9 / 16 * (0.75 + 0.5 * LOG_4)),
    Row("sigmoid_focal", (-LOG_3, 1.0), LOG_4, slope=-0.75, parameters={"gamma": 0.0}),
    Row("sigmoid_focal", (0.0, 1.0), 0.1875 * LOG_2, parameters={"positive_weight": 0.75, "negative_weight": 0.25}),
    Row("sigmoid_focal", (0.0, 0.0), 0.0625 * LOG_2, parameters={"positive_weight": 0.75, "negative_weight": 0.25}),
    # certain and right, certain and wrong
    Row("sigmoid_focal", (1000.0, 1.0), 0.0, slope=0.0, parameters={"gamma": 0.5}),
    Row("sigmoid_focal", (-1000.0, 1.0), 1000.0, slope=-1.0, parameters={"gamma": 0.5}),
    Row("sigmoid_focal", (INF, 0.0), INF, slope=1.0, parameters={"gamma": 0.5}),
    Row("sigmoid_focal", (-INF, 0.0), 0.0, slope=0.0, parameters={"gamma": 0.5}),
    # in the probability: −(¾)² / ¼ − 2 · ¾ log 4
    Row("binary_focal", (0.25, 1.0), 9 / 16 * LOG_4, slope=-9 / 4 - 1.5 * LOG_4),
    Row("binary_focal", (0.75, 0.0), 9 / 16 * LOG_4, slope=9 / 4 + 1.5 * LOG_4),
    Row("binary_focal", (1.0, 1.0), 0.0, slope=0.0, parameters={"gamma": 0.5}),
    Row("binary_focal", (1.0, 0.0), INF, slope=INF),
    Row("binary_focal", (0.5, 0.5), 0.25 * LOG_2, parameters={"positive_weight": 0.5, "negative_weight": 1.5}),
    Row("sigmoid_asymmetric", (0.0, 1.0), 0.5 * LOG_2, slope=-0.25 * (1.0 + LOG_2)),
    # p = ¾ less ¼ is ½: (½)⁴ log 2; the slope is (4 (½)³ log 2 + (½)⁴ / ½) 3/16
    Row("sigmoid_asymmetric", (LOG_3, 0.0), LOG_2 / 16, 3 / 16 * (0.5 * LOG_2 + 0.125), {"margin": 0.25}),
    Row("sigmoid_asymmetric", (-LOG_3, 0.0), 0.0, slope=0.0, parameters={"margin": 0.25}),
    # 0.95⁴ log 20
    Row("sigmoid_asymmetric", (INF, 0.0), 2.4400426601364334, slope=0.0),
    Row("sigmoid_poly1", (-LOG_3, 1.0), LOG_4 + 0.75, slope=-15 / 16),
    Row("sigmoid_poly1", (LOG_3, 0.0), LOG_4 + 1.5, slope=9 / 8, parameters={"epsilon": 2.0}),
    Row("sigmoid_poly1", (-1000.0, 1.0), 1001.0, slope=-1.0),
    # (¾)²; the slope is 2 · ¾ · 3/16
    Row("sigmoid_brier", (LOG_3, 0.0), 9 / 16, slope=9 / 32),
    Row("sigmoid_brier", (LOG_3, 0.75), 0.0, slope=0.0),
    Row("sigmoid_brier", (40.0, 1.0), 1.8048513878454153e-35, slope=-3.6097027756908306e-35),  # exp(−80)
]  # fmt: skip
