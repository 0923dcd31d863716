"""Margin losses of several classes, worked out by hand."""

from __future__ import annotations

from hand.row import INF, Row

ROWS = [
    # the rival has ½ + 1 − 1; and 3 + 1 − 0; and both rivals are equal
    Row("crammer_singer", ([1.0, 0.5, 0.25], 0), 0.5, slope=[-1.0, 1.0, 0.0]),
    Row("crammer_singer", ([0.0, 0.5, 3.0], 0), 4.0, slope=[-1.0, 0.0, 1.0]),
    Row("crammer_singer", ([1.0, 0.5, 0.5], 0), 0.5, slope=[-1.0, 0.5, 0.5]),
    Row("crammer_singer", ([-1.0, -2.5, -3.0], 0), 0.0, slope=[0.0, 0.0, 0.0]),
    Row("crammer_singer", ([1.0, 0.5, 0.25], 0), 1.5, slope=[-1.0, 1.0, 0.0], parameters={"margin": 2.0}),
    # 1 + ½ and 0 + ½ compete with ½ · 1 + ½ · 0
    Row("crammer_singer", ([1.0, 0.0], [0.5, 0.5]), 1.0, slope=[0.5, -0.5]),
    Row("crammer_singer", ([INF, 0.0], 0), 0.0, slope=[0.0, 0.0]),
    Row("crammer_singer", ([-INF, 0.0], 0), INF, slope=[-1.0, 1.0]),
    Row("multiclass_perceptron", ([1.0, 0.5, 3.0], 0), 2.0, slope=[-1.0, 0.0, 1.0]),
    Row("multiclass_perceptron", ([0.0, 0.0], 0), 0.0, slope=[-0.5, 0.5]),
    Row("multiclass_perceptron", ([1.0, 0.5, 3.0], [0.5, 0.0, 0.5]), 1.0, slope=[-0.5, 0.0, 0.5]),
]
