"""Distances of vectors, worked out by hand."""

from __future__ import annotations

import math

from hand.row import INF, Row

ROWS = [
    # 3, 4 and 5; equal rows
    Row("lp_distance", ([3.0, 1.0], [0.0, 5.0]), 5.0, slope=[0.6, -0.8]),
    Row("lp_distance", ([3.0, 1.0], [0.0, 5.0]), 7.0, slope=[1.0, -1.0], parameters={"p": 1.0}),
    Row("lp_distance", ([3.0, 1.0], [0.0, 5.0]), 4.0, slope=[0.0, -1.0], parameters={"p": INF}),
    Row("lp_distance", ([math.nan, 1.0], [0.0, 5.0]), math.nan, parameters={"p": INF}),
    Row("lp_distance", ([3.0, 3.0, 1.0], [0.0, 0.0, 0.0]), 3.0, slope=[0.5, 0.5, 0.0], parameters={"p": INF}),
    # the cubes of 3, 4 and 5 are that of 6; the slopes are squares of shares
    Row("lp_distance", ([3.0, 4.0, 5.0], [0.0, 0.0, 0.0]), 6.0, slope=[1 / 4, 4 / 9, 25 / 36], parameters={"p": 3.0}),
    Row("lp_distance", ([3e30, 1e30], [0.0, 5e30]), 5e30, slope=[0.6, -0.8]),
    Row("lp_distance", ([3.0, 1.0], [3.0, 1.0]), 0.0, slope=[0.0, 0.0]),
    Row("lp_distance", ([3.0, 1.0], [3.0, 1.0]), 0.0, slope=[0.0, 0.0], parameters={"p": 1.0}),
]
