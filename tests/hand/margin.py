"""Margin losses, worked out by hand."""

from __future__ import annotations

from hand.row import INF, Row

E = 2.718281828459045

ROWS = [
    Row("hinge", (0.5, 1.0), 0.5, slope=-1.0),
    Row("hinge", (0.5, 0.0), 1.5, slope=1.0),
    Row("hinge", (1.0, 1.0), 0.0, slope=-0.5),
    Row("hinge", (2.0, 0.25), 2.25, slope=0.75),
    Row("hinge", (INF, 1.0), 0.0, slope=0.0),
    Row("squared_hinge", (0.5, 1.0), 0.25, slope=-1.0),
    Row("squared_hinge", (3.0, 0.0), 16.0, slope=8.0),
    Row("squared_hinge", (2.0, 1.0), 0.0, slope=0.0),
    Row("modified_huber", (0.5, 1.0), 0.25, slope=-1.0),
    Row("modified_huber", (3.0, 0.0), 12.0, slope=4.0),
    Row("modified_huber", (-1.0, 1.0), 4.0, slope=-4.0),
    Row("modified_huber", (-INF, 1.0), INF, slope=-4.0),
    Row("binary_sparsemax", (0.0, 1.0), 0.25, slope=-0.5),
    Row("binary_sparsemax", (3.0, 0.0), 3.0, slope=1.0),
    Row("binary_sparsemax", (0.5, 0.75), 0.1875, slope=0.0),  # ¾ · 1/16 + ¼ · 9/16
    Row("perceptron", (-2.0, 1.0), 2.0, slope=-1.0),
    Row("perceptron", (-2.0, 0.0), 0.0, slope=0.0),
    Row("perceptron", (0.0, 1.0), 0.0, slope=-0.5),
    Row("exponential", (-1.0, 1.0), E, slope=-E),
    Row("exponential", (1.0, 0.5), 0.5 * (E + 1 / E), slope=0.5 * (E - 1 / E)),
    Row("exponential", (INF, 1.0), 0.0, slope=0.0),
    Row("margin_ranking", (1.0, 2.0), 1.0, slope=-1.0),
    Row("margin_ranking", (1.0, 0.75), 0.25, slope=-1.0, parameters={"margin": 0.5}),
    Row("margin_ranking", (2.0, 1.0), 0.0, slope=0.0, parameters={"margin": 0.5}),
    Row("hinge_embedding", (0.25, 1.0), 0.25, slope=1.0),
    Row("hinge_embedding", (0.25, 0.0), 0.75, slope=-1.0),
    Row("hinge_embedding", (0.25, 0.0), 0.0, slope=0.0, parameters={"margin": 0.125}),
]
