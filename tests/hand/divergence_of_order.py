"""Rényi's divergences, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

ROWS = [
    # two roots of 3/16: −2 log √3/2; the slopes are −√3 and −1/√3 by that sum
    Row("renyi_divergence", ([0.25, 0.75], [0.75, 0.25]), LOG_4_OVER_3, slope=[-2.0, -2 / 3]),
    # 1 + 1/3, of squares 4 and 4/9
    Row("renyi_divergence", ([0.25, 0.75], [0.5, 0.5]), LOG_4_OVER_3, slope=[-3.0, -1 / 3], parameters={"alpha": 2.0}),
    # half the logarithm of 27/4 + 1/36; of cubes 27 and 1/27
    Row(
        "renyi_divergence", ([0.25, 0.75], [0.75, 0.25]), 0.9568246434185459, [-243 / 61, -1 / 183], {"alpha": 3.0},
    ),
    Row("renyi_divergence", ([0.25, 0.75], [1.0, 0.0]), LOG_4, slope=[-4.0, 0.0], parameters={"alpha": 1.0}),
    Row(
        "renyi_divergence", ([0.25, 0.75], [0.75, 0.25]), LOG_3 / 2, slope=[-3.0, -1 / 3], parameters={"alpha": 1.0},
    ),
    Row("renyi_divergence", ([0.25, 0.75], [0.25, 0.75]), 0.0, slope=[-1.0, -1.0]),
    Row("renyi_divergence", ([0.0, 1.0], [0.5, 0.5]), LOG_2, slope=[-INF, -1.0]),
    Row("renyi_divergence", ([0.0, 1.0], [0.5, 0.5]), INF, parameters={"alpha": 1.0}),
    Row("renyi_divergence", ([0.0, 1.0], [0.5, 0.5]), INF, parameters={"alpha": 1.5}),
    Row("renyi_divergence", ([0.0, 1.0], [1.0, 0.0]), INF),
]  # fmt: skip
