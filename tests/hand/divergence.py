"""Losses between distributions, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, Row

ROWS = [
    # the teacher's logits are 0 and 0, the student's 0 and log 3
    Row(
        "linear_kl_divergence", ([1.0], [[0.0], [LOG_3]], [1.0, 1.0], [[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [0.0, 0.0]),
        0.14384103622589045, slope=[0.25 * LOG_3],
    ),
    Row("logits_kl_divergence", ([0.0, LOG_3], [0.0, 0.0]), 0.14384103622589045, slope=[-0.25, 0.25]),
    Row(
        "logits_kl_divergence", ([0.0, 2 * LOG_3], [0.0, 0.0]), 0.14384103622589045, slope=[-0.125, 0.125],
        parameters={"temperature": 2.0},
    ),
    # a class that neither has, one that the teacher alone excludes, and one that the student alone excludes
    Row("logits_kl_divergence", ([0.0, LOG_3, -INF], [0.0, 0.0, -INF]), 0.14384103622589045, slope=[-0.25, 0.25, 0.0]),
    Row("logits_kl_divergence", ([0.0, LOG_3], [0.0, -INF]), LOG_4, slope=[-0.75, 0.75]),
    Row("logits_kl_divergence", ([0.0, -INF], [0.0, 0.0]), INF),
    # ¼ log ½ + ¾ log 3/2; classes that the prediction alone excludes, that the target alone does, and that both do
    Row("reverse_kl_divergence", ([0.25, 0.75], [0.5, 0.5]), 0.130812035941137, slope=[1 - LOG_2, 1 + LOG_3 - LOG_2]),
    Row("reverse_kl_divergence", ([1.0, 0.0], [0.25, 0.75]), LOG_4, slope=[1 + LOG_4, -INF]),
    Row("reverse_kl_divergence", ([0.25, 0.75], [1.0, 0.0]), INF),
    Row("reverse_kl_divergence", ([0.5, 0.5, 0.0], [0.25, 0.75, 0.0]), 0.14384103622589045),
    # p = (¼, ¾), and of each class p (log 2 p less their mean)
    Row(
        "reverse_logits_kl_divergence", ([0.0, LOG_3], [0.0, 0.0]), 0.130812035941137,
        slope=[-0.1875 * LOG_3, 0.1875 * LOG_3],
    ),
    Row(
        "reverse_logits_kl_divergence", ([0.0, 2 * LOG_3], [0.0, 0.0]), 0.130812035941137,
        slope=[-0.09375 * LOG_3, 0.09375 * LOG_3], parameters={"temperature": 2.0},
    ),
    Row("reverse_logits_kl_divergence", ([0.0, -INF], [0.0, LOG_3]), LOG_4, slope=[0.0, 0.0]),
    # less of what the teacher excludes is better; where the student has nothing else, no small change helps
    Row("reverse_logits_kl_divergence", ([0.0, 0.0], [0.0, -INF]), INF, slope=[-INF, INF]),
    Row("reverse_logits_kl_divergence", ([0.0, 0.0, -INF], [-INF, -INF, 0.0]), INF, slope=[0.0, 0.0, 0.0]),
    # (log 2 - log 3/2) / 2
    Row("kl_divergence", ([0.25, 0.75], [0.5, 0.5]), 0.14384103622589045, slope=[-2.0, -2 / 3]),
    Row("log_kl_divergence", ([-LOG_4, LOG_3 - LOG_4], [0.5, 0.5]), 0.14384103622589045, slope=[-0.5, -0.5]),
    Row("log_kl_divergence", ([-LOG_4, LOG_3 - LOG_4], [1.0, 0.0]), LOG_4, slope=[-1.0, 0.0]),
    # a class that neither has, and one that only the target has
    Row("log_kl_divergence", ([-LOG_4, -INF, LOG_3 - LOG_4], [0.5, 0.0, 0.5]), 0.14384103622589045),
    Row("log_kl_divergence", ([0.0, -INF], [0.5, 0.5]), INF, slope=[-0.5, -0.5]),
    # rows that sum to 1 + 2^-7 and 1 − 2^-7, as rounded ones may; and to 1.02, and e^-0.1 + e^-0.1, as none may
    Row("kl_divergence", ([0.50390625, 0.50390625], [0.49609375, 0.49609375]), 0.0, slope=[-127 / 129, -127 / 129]),
    Row("log_kl_divergence", ([0.02 - LOG_2, 0.02 - LOG_2], [0.5, 0.5]), -0.02, slope=[-0.5, -0.5]),
    Row("log_kl_divergence", ([-0.1, -0.1], [0.4, 0.6]), -0.57301166700925652, slope=[-0.4, -0.6]),
    Row("kl_divergence", ([0.25, 0.75], [0.25, 0.75]), 0.0, slope=[-1.0, -1.0]),
    Row("kl_divergence", ([0.25, 0.75], [1.0, 0.0]), LOG_4, slope=[-4.0, 0.0]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [0.5, 0.5]), 0.14384103622589045, slope=[-0.25, 0.25]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [1.0, 0.0]), LOG_4, slope=[-0.75, 0.75]),
]  # fmt: skip
