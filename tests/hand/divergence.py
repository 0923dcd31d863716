"""Losses between distributions, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_3, LOG_4, Row

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
    # (log 2 - log 3/2) / 2
    Row("kl_divergence", ([0.25, 0.75], [0.5, 0.5]), 0.14384103622589045, slope=[-2.0, -2 / 3]),
    Row("log_kl_divergence", ([-LOG_4, LOG_3 - LOG_4], [0.5, 0.5]), 0.14384103622589045, slope=[-0.5, -0.5]),
    Row("log_kl_divergence", ([-LOG_4, LOG_3 - LOG_4], [1.0, 0.0]), LOG_4, slope=[-1.0, 0.0]),
    # a class that neither has, and one that only the target has
    Row("log_kl_divergence", ([-LOG_4, -INF, LOG_3 - LOG_4], [0.5, 0.0, 0.5]), 0.14384103622589045),
    Row("log_kl_divergence", ([0.0, -INF], [0.5, 0.5]), INF, slope=[-0.5, -0.5]),
    Row("kl_divergence", ([0.25, 0.75], [0.25, 0.75]), 0.0, slope=[-1.0, -1.0]),
    Row("kl_divergence", ([0.25, 0.75], [1.0, 0.0]), LOG_4, slope=[-4.0, 0.0]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [0.5, 0.5]), 0.14384103622589045, slope=[-0.25, 0.25]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [1.0, 0.0]), LOG_4, slope=[-0.75, 0.75]),
]  # fmt: skip
