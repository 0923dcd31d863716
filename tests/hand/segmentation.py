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
]  # fmt: skip
