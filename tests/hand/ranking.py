"""Losses of lists, worked out by hand."""

from __future__ import annotations

import math

from hand.row import LOG_2, LOG_4, LOG_4_OVER_3, Row

LOG_6 = 1.791759469228055

ROWS = [
    # one entry is better than two equal ones, of which there is no better; the scores decide nothing
    Row("ranknet", ([[0.0, 0.0, 0.0]], [[2.0, 1.0, 1.0]]), 2 * LOG_2, slope=[[-1.0, 0.5, 0.5]]),
    # log(1 + exp(-2)) + log(1 + exp(-1)) + log(1 + exp(1))
    Row("ranknet", ([[2.0, 0.0, 1.0]], [[2.0, 1.0, 0.0]]), 1.753451386079418),
    Row("ranknet", ([[5.0]], [[1.0]]), 0.0, slope=[[0.0]]),
    # any of the 3! orders is as likely; of the first place 1/3 less 1 for the best, of the second 1/2 less 1
    Row("list_mle", ([[0.0, 0.0, 0.0]], [[1.0, 3.0, 2.0]]), LOG_6, slope=[[5 / 6, -2 / 3, -1 / 6]]),
    Row("list_mle", ([[1e17, 1e17]], [[2.0, 1.0]]), LOG_2, slope=[[-0.5, 0.5]]),
    # entries of equal targets in the order in which they stand: 3/4 for the first
    Row("list_mle", ([[math.log(3), 0.0]], [[1.0, 1.0]]), LOG_4_OVER_3, slope=[[-0.25, 0.25]]),
    # equal targets: half of the mass lies where 3/4 are, the other where 1/4 is
    Row("list_net", ([[math.log(3), 0.0]], [[7.0, 7.0]]), 0.5 * LOG_4_OVER_3 + 0.5 * LOG_4, slope=[[0.25, -0.25]]),
    Row("list_net", ([[0.0, 0.0]], [[math.log(3), 0.0]]), LOG_2, slope=[[-0.25, 0.25]]),
]
