"""Margin losses of several classes, worked out by hand."""

from __future__ import annotations

from hand.row import INF, Row

ROWS = [
    # behind the margin by ½; two rivals share the slope; exactly at the margin, and beyond another one
    Row("crammer_singer", ([[1.0, 0.5, 0.25]], [0]), 0.5, slope=[[-1.0, 1.0, 0.0]]),
    Row("crammer_singer", ([[0.0, 0.0, 0.0]], [1]), 1.0, slope=[[0.5, -1.0, 0.5]]),
    Row("crammer_singer", ([[2.0, 1.0, 0.0]], [0]), 0.0, slope=[[-0.5, 0.5, 0.0]]),
    Row("crammer_singer", ([[1.0, 0.5, 0.25]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]], parameters={"margin": 0.25}),
    Row("crammer_singer", ([[1.0, 0.5, 0.25]], [2]), 2.75, slope=[[1.0, 0.0, -1.0]], parameters={"margin": 2.0}),
    # the best rival of what is infinitely behind; two that are equal; a class without rivals
    Row("crammer_singer", ([[-INF, 0.0, 1.0]], [0]), INF, slope=[[-1.0, 0.0, 1.0]]),
    Row("crammer_singer", ([[INF, INF, 0.0]], [0]), 1.0, slope=[[-1.0, 1.0, 0.0]]),
    Row("crammer_singer", ([[1.0, 0.5]], [1]), 1.5, slope=[[1.0, -1.0]]),
    Row("crammer_singer", ([[-INF]], [0]), 0.0),
    Row("crammer_singer", ([[3.0]], [0]), 0.0, slope=[[0.0]]),
    # ½ and ¼ behind the margin; all equal; one rival at the margin and one beyond
    Row("weston_watkins", ([[1.0, 0.5, 0.25]], [0]), 0.75, slope=[[-2.0, 1.0, 1.0]]),
    Row("weston_watkins", ([[0.0, 0.0, 0.0]], [2]), 2.0, slope=[[1.0, 1.0, -2.0]]),
    Row("weston_watkins", ([[1.0, 0.5, 0.25]], [0]), 0.0, slope=[[-0.5, 0.5, 0.0]], parameters={"margin": 0.5}),
    Row("weston_watkins", ([[-INF, -INF, 1.0]], [0]), INF, slope=[[-2.0, 1.0, 1.0]]),
    Row("weston_watkins", ([[INF, -INF, 1.0]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]]),
    Row("weston_watkins", ([[3.0]], [0]), 0.0, slope=[[0.0]]),
    Row("squared_weston_watkins", ([[1.0, 0.5, 0.25]], [0]), 0.3125, slope=[[-1.5, 1.0, 0.5]]),
    Row("squared_weston_watkins", ([[0.0, 0.0, 0.0]], [2]), 2.0, slope=[[2.0, 2.0, -4.0]]),
    Row("squared_weston_watkins", ([[1.0, 0.5, 0.25]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]], parameters={"margin": 0.5}),
    Row("squared_weston_watkins", ([[3.0, 1.0, 2.5]], [1]), 15.25, slope=[[6.0, -11.0, 5.0]]),
    Row("squared_weston_watkins", ([[-INF, -INF, 1.0]], [0]), INF, slope=[[-INF, 2.0, INF]]),
    Row("squared_weston_watkins", ([[INF, -INF, 1.0]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]]),
    Row("squared_weston_watkins", ([[3.0]], [0]), 0.0, slope=[[0.0]]),
    Row("multiclass_perceptron", ([[1.0, 0.5, 0.25]], [2]), 0.75, slope=[[1.0, 0.0, -1.0]]),
    Row("multiclass_perceptron", ([[1.0, 0.5, 0.25]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]]),
    Row("multiclass_perceptron", ([[0.0, 0.0, 0.0, -1.0]], [0]), 0.0, slope=[[-2 / 3, 1 / 3, 1 / 3, 0.0]]),
    Row("multiclass_perceptron", ([[INF, 0.0, 0.0]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]]),
    # the first class leads the second by ½, the third is behind it by ½; all classes, and none
    Row("multilabel_margin", ([[1.0, 0.5, 0.0]], [[1.0, 0.0, 1.0]]), 2.0, slope=[[-1.0, 2.0, -1.0]]),
    Row("multilabel_margin", ([[1.0, 0.5]], [[1.0, 1.0]]), 0.0, slope=[[0.0, 0.0]]),
    Row("multilabel_margin", ([[1.0, 0.5]], [[0.0, 0.0]]), 0.0, slope=[[0.0, 0.0]]),
    Row("multilabel_margin", ([[1.0, 0.5]], [[0.0, 1.0]]), 0.75, slope=[[1.0, -1.0]], parameters={"margin": 0.25}),
    # of one class without the other, in either order, with a probability of ½ · ¾ and ¼ · ½
    Row("multilabel_margin", ([[1.0, 0.5]], [[0.5, 0.25]]), 0.375, slope=[[-0.25, 0.25]]),
    Row("multilabel_margin", ([[-INF, -INF, 1.0]], [[1.0, 1.0, 0.0]]), INF, slope=[[-1.0, -1.0, 2.0]]),
    # probabilities of ½ and ½; of ¾, ¼ and 0, with the threshold −¼; a lead of 1; straight lines
    Row("multiclass_sparsemax", ([[0.0, 0.0]], [0]), 0.25, slope=[[-0.5, 0.5]]),
    Row("multiclass_sparsemax", ([[0.5, 0.0, -2.0]], [0]), 0.0625, slope=[[-0.25, 0.25, 0.0]]),
    Row("multiclass_sparsemax", ([[0.5, 0.0, -2.0]], [2]), 2.5625, slope=[[0.75, 0.25, -1.0]]),
    # probabilities of ⅜, 0 and ⅝: with the threshold −⅝, the second class is within 1 of the third and has none
    Row("multiclass_sparsemax", ([[-0.25, -0.75, 0.0]], [2]), 0.140625, slope=[[0.375, 0.0, -0.375]]),
    Row("multiclass_sparsemax", ([[-0.25, -0.75, 0.0]], [1]), 0.890625, slope=[[0.375, -1.0, 0.625]]),
    Row("multiclass_sparsemax", ([[2.0, 1.0, 1.0]], [0]), 0.0, slope=[[0.0, 0.0, 0.0]]),
    Row("multiclass_sparsemax", ([[3.0, 0.0]], [1]), 3.0, slope=[[1.0, -1.0]]),
    Row("multiclass_sparsemax", ([[0.0, INF, 0.0]], [0]), INF, slope=[[-1.0, 1.0, 0.0]]),
    Row("multiclass_sparsemax", ([[0.0, -INF, 0.0]], [0]), 0.25, slope=[[-0.5, 0.0, 0.5]]),
    Row("multiclass_sparsemax", ([[3.0]], [0]), 0.0, slope=[[0.0]]),
]
