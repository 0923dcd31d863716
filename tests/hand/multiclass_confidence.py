"""Losses over classes that count a row by how probable its class is, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, Row

ROWS = [
    # p = ¼: (¾)² log 4; the slope in log p is −(¾)² (1 + 2 · ¼ log 4 / ¾), times 1 − p and −p of the other class
    Row(
        "softmax_focal", ([0.0, LOG_3], 0), 9 / 16 * LOG_4,
        slope=[-27 / 64 * (1 + 2 / 3 * LOG_4), 27 / 64 * (1 + 2 / 3 * LOG_4)],
    ),
    Row("softmax_focal", ([0.0, LOG_3], 0), LOG_4, slope=[-0.75, 0.75], parameters={"gamma": 0.0}),
    # certain and right, certain and wrong, and a class that cannot be
    Row("softmax_focal", ([1000.0, 0.0], 0), 0.0, slope=[0.0, 0.0], parameters={"gamma": 0.5}),
    Row("softmax_focal", ([1000.0, 0.0], 1), 1000.0, slope=[1.0, -1.0], parameters={"gamma": 0.5}),
    Row("softmax_focal", ([INF, 0.0], 0), 0.0, slope=[0.0, 0.0], parameters={"gamma": 0.5}),
    Row("softmax_focal", ([0.0, -INF, 0.0], 0), LOG_2 / 4, slope=[-(1 + 2 * LOG_2) / 8, 0.0, (1 + 2 * LOG_2) / 8]),
    # in the probability: −(¾)² / ¼ − 2 · ¾ log 4
    Row("categorical_focal", ([0.25, 0.75], 0), 9 / 16 * LOG_4, slope=[-9 / 4 - 1.5 * LOG_4, 0.0]),
    Row("categorical_focal", ([1.0, 0.0], 0), 0.0, slope=[0.0, 0.0], parameters={"gamma": 0.5}),
    # log 4 + ¾; the slope in log p is −1 − ¼
    Row("softmax_poly1", ([0.0, LOG_3], 0), LOG_4 + 0.75, slope=[-15 / 16, 15 / 16]),
    Row("softmax_poly1", ([0.0, LOG_3], 0), LOG_4 + 1.5, slope=[-9 / 8, 9 / 8], parameters={"epsilon": 2.0}),
    Row("softmax_poly1", ([1000.0, 0.0], 1), 1001.0, slope=[1.0, -1.0]),
    # p = ¼: 0.1 log 4 + 4 · ¾; the slope in log p is −0.1 − 4 p
    Row("softmax_symmetric_cross_entropy", ([0.0, LOG_3], 0), 0.1 * LOG_4 + 3.0, slope=[-0.825, 0.825]),
    # log ½ is above −2, and the same for both classes, so that the reverse one is log 2 for any logits
    Row(
        "softmax_symmetric_cross_entropy", ([0.0, LOG_3], [0.5, 0.5]), LOG_2 + 2 * (LOG_4 - LOG_3 / 2),
        slope=[-0.5, 0.5], parameters={"alpha": 2.0, "log_zero": -2.0},
    ),
    # both logarithms of a target are −½ then
    Row(
        "softmax_symmetric_cross_entropy", ([0.0, LOG_3], [0.5, 0.5]), 1.0, slope=[0.0, 0.0],
        parameters={"alpha": 0.0, "beta": 2.0, "log_zero": -0.5},
    ),
    Row("softmax_symmetric_cross_entropy", ([1000.0, 0.0], 1), 104.0, slope=[0.1, -0.1]),
    Row("softmax_symmetric_cross_entropy", ([0.0, -INF], 1), 4.0, slope=[0.0, 0.0], parameters={"alpha": 0.0}),
    # p = ¼ and √p = ½: the slope in log p is −½
    Row("softmax_generalized_cross_entropy", ([0.0, LOG_3], 0), 1.0, [-3 / 8, 3 / 8], {"q": 0.5}),
    Row("softmax_generalized_cross_entropy", ([0.0, LOG_3], 0), LOG_4, [-3 / 4, 3 / 4], {"q": 0.0}),
    Row("softmax_generalized_cross_entropy", ([0.0, LOG_3], 0), 0.75, [-3 / 16, 3 / 16], {"q": 1.0}),
    Row("softmax_generalized_cross_entropy", ([-INF, 0.0], 0), 2.0, [0.0, 0.0], {"q": 0.5}),
    Row("generalized_cross_entropy", ([0.25, 0.75], 0), 1.0, slope=[-2.0, 0.0], parameters={"q": 0.5}),
    Row("generalized_cross_entropy", ([0.25, 0.75], 0), LOG_4, slope=[-4.0, 0.0], parameters={"q": 0.0}),
    Row("generalized_cross_entropy", ([0.0, 1.0], 0), 2.0, slope=[-INF, 0.0], parameters={"q": 0.5}),
    # p − t is −¾ and ¾; the slope is 2 p (p − t − Σ p (p − t)), with Σ p (p − t) = ⅜
    Row("softmax_brier", ([0.0, LOG_3], 0), 9 / 8, slope=[-9 / 16, 9 / 16]),
    Row("softmax_brier", ([0.0, LOG_3], [0.25, 0.75]), 0.0, slope=[0.0, 0.0]),
    Row("softmax_brier", ([1000.0, -INF], 1), 2.0, slope=[0.0, 0.0]),
]  # fmt: skip
