"""Losses of sequences, worked out by hand."""

from __future__ import annotations

import math

from hand.row import INF, LOG_4, LOG_4_OVER_3, Row

EVEN = [[[0.0, 0.0]] * 2]

ROWS = [
    # three of four paths spell one label: 01, 10 and 11, of which two have it at either time
    Row("ctc", (EVEN, [[1]]), LOG_4_OVER_3, slope=[[[1 / 6, -1 / 6]] * 2]),
    # the same with another blank, and with padding
    Row("ctc", (EVEN, [[0]]), LOG_4_OVER_3, slope=[[[-1 / 6, 1 / 6]] * 2], parameters={"blank": 1.0}),
    Row("ctc", (EVEN, [[1, -1, -1]]), LOG_4_OVER_3),
    # no label: only 00; twice the same label: 101 needs three times
    Row("ctc", (EVEN, [[-1]]), LOG_4, slope=[[[-0.5, 0.5]] * 2]),
    Row("ctc", (EVEN, [[1, 1]]), INF),
    Row("ctc", ([[[0.0, 0.0]] * 3], [[1, 1]]), 3 * math.log(2)),
]
