"""Losses of regions, worked out by hand."""

from __future__ import annotations

from hand.row import Row

ROWS = [
    # 1 - 2 · 1.5 / 3.8, and 1 - (3 + 1) / (3.8 + 1)
    Row("dice", ([1.0, 0.5, 0.3], [1.0, 1.0, 0.0]), 0.21052631578947367),
    Row("dice", ([1.0, 0.5, 0.3], [1.0, 1.0, 0.0]), 1 / 6, parameters={"smooth": 1.0}),
    # 1 - 2 · 0.5 / 2.5; the slope is 2 · 0.5 / 2.5² - 2 t / 2.5
    Row("dice", ([0.5, 1.0], [1.0, 0.0]), 0.6, slope=[-0.64, 0.16]),
    Row("dice", ([0.0, 0.0], [0.0, 0.0]), 0.0),
    # what was predicted for ½ is right at ½ alone: |p - ½| / (p + ½); the slope is (sign(p - t) - the loss) / sum
    Row("dice", ([0.5], [0.5]), 0.0, slope=[0.0]),
    Row("dice", ([1.0], [0.5]), 1 / 3, slope=[4 / 9]),
    Row("dice", ([1.0], [0.5]), 0.2, slope=[0.32], parameters={"smooth": 1.0}),
    Row("dice", ([0.25, 1.0], [0.5, 0.5]), 1 / 3, slope=[-16 / 27, 8 / 27]),
    # 1 - 2 · 1/4; the slope is 2 · 1/4 - 2 · 1/2. And 1 - 2 · 5/8 / (9/4), and the mean of that and of 1/3
    Row("dice", ([0.5], [0.5]), 0.5, slope=[-0.5], parameters={"product": 1.0}),
    Row("dice", ([0.25, 1.0], [0.5, 0.5]), 4 / 9, parameters={"product": 1.0}),
    Row("dice", ([0.25, 1.0], [0.5, 0.5]), 7 / 18, parameters={"product": 0.5}),
    Row("dice", ([1.0, 0.5, 0.3], [1.0, 1.0, 0.0]), 1 / 6, parameters={"smooth": 1.0, "product": 1.0}),
    # a class of one place and a class of two: (1/2 + 1/2 / 4) / (3/2 + 9/2 / 4)
    Row(
        "generalised_dice", ([[[0.5, 0.0, 0.0], [0.5, 1.0, 1.0]]], [[[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]]), 5 / 21,
    ),
    # all wrong; a class that is not there costs nothing; no class at all
    Row("generalised_dice", ([[[1.0, 0.0]]], [[[0.0, 1.0]]]), 1.0),
    Row("generalised_dice", ([[[0.0, 1.0], [0.5, 0.5]]], [[[0.0, 1.0], [0.0, 0.0]]]), 0.0),
    Row("generalised_dice", ([[[0.5, 0.5]]], [[[0.0, 0.0]]]), 0.0, slope=[[[0.0, 0.0]]]),
    # of one class, whose places grow the Jaccard loss by a half each
    Row(
        "lovasz_softmax", ([[[0.5, 0.5], [0.5, 0.5]]], [[0, 0]]), 0.5, slope=[[[-0.5, -0.5], [0.0, 0.0]]],
    ),
    # the first class: 0.3 of the background, then 0.2, a half each; the second: 0.3, and nothing is left for 0.2
    Row("lovasz_softmax", ([[[0.8, 0.3], [0.2, 0.7]]], [[0, 1]]), 0.275, slope=[[[-0.25, 0.25], [0.0, -0.5]]]),
    # errors of 1: one minus the intersection over union, a half for both classes
    Row("lovasz_softmax", ([[[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]], [[0, 1, 1]]), 0.5),
]  # fmt: skip
