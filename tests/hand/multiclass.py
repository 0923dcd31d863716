"""Losses over classes, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_1_PLUS_1_OVER_E, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

ROWS = [
    Row("categorical_cross_entropy", ([0.25, 0.75], 0), LOG_4, slope=[-4.0, 0.0]),
    Row("negative_log_likelihood", ([-0.5, -1.25], 0), 0.5, slope=[-1.0, 0.0]),
    Row("negative_log_likelihood", ([-0.5, -1.25], [0.25, 0.75]), 1.0625, slope=[-0.25, -0.75]),
    Row("negative_log_likelihood", ([-0.5, -INF], [1.0, 0.0]), 0.5, slope=[-1.0, 0.0]),
    Row("negative_log_likelihood", ([-0.5, -INF], [0.5, 0.5]), INF, slope=[-0.5, -0.5]),
    Row("negative_log_likelihood", ([-0.5, -1.25], 0), 0.575, parameters={"label_smoothing": 0.2}),
    Row("categorical_cross_entropy", ([0.25, 0.75], [0.5, 0.5]), 0.8369882167858358, slope=[-2.0, -2 / 3]),
    # target 0.9 and 0.1
    Row("categorical_cross_entropy", ([0.25, 0.75], 0), 1.2764331322530796, parameters={"label_smoothing": 0.2}),
    Row("softmax_cross_entropy", ([0.0, LOG_3], 0), LOG_4, slope=[-0.75, 0.75]),
    Row("softmax_cross_entropy", ([0.0, LOG_3], 0), 1.2764331322530796, [-0.65, 0.65], {"label_smoothing": 0.2}),
    # a class that cannot be: e / (e + 1) for the label
    Row(
        "softmax_cross_entropy", ([1.0, -INF, 0.0], 0), LOG_1_PLUS_1_OVER_E,
        slope=[-0.2689414213699951, 0.0, 0.2689414213699951],
    ),
    # log 4 + (log 4)² / 2; the slope is softmax · (1 + log 4) less 1 at the label
    Row(
        "softmax_cross_entropy", ([0.0, LOG_3], 0), LOG_4 + 0.9609060278364028, parameters={"z_loss": 0.5},
        slope=[0.25 * (1 + LOG_4) - 1, 0.75 * (1 + LOG_4)],
    ),
    # capped at log 3: of an infinite logit log 3 is left, with no slope
    Row(
        "softmax_cross_entropy", ([0.0, INF], 0), LOG_4, slope=[-0.75, 0.0], parameters={"logit_cap": LOG_3},
    ),
    # capped at half of log 3 either way: 3/4 and 1/4
    Row("softmax_cross_entropy", ([1e6, -1e6], 0), LOG_4_OVER_3, parameters={"logit_cap": LOG_3 / 2}),
    Row(
        "linear_cross_entropy", ([1.0], [[1e6], [-1e6]], 0, [0.0, 0.0]), LOG_4_OVER_3,
        parameters={"logit_cap": LOG_3 / 2},
    ),
    Row(
        "linear_log_probability", ([1.0], [[1e6], [-1e6]], 0, [0.0, 0.0]), -LOG_4_OVER_3,
        parameters={"logit_cap": LOG_3 / 2},
    ),
    Row(
        "linear_entropy", ([1.0], [[1e6], [-1e6]], [0.0, 0.0]), 0.5623351446188083, parameters={"logit_cap": LOG_3 / 2},
    ),
    Row("linear_cross_entropy", ([1.0], [[0.0], [LOG_3]], 0, [0.0, 0.0]), LOG_4, slope=[0.75 * LOG_3]),
    # features (1, 2) and the classes (0, 0), (1, 0), (0, 1/2): the logits are 0, 1, 1, and with the bias 0, 0, 0
    Row(
        "linear_cross_entropy", ([1.0, 2.0], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.5]], 1, [0.0, -1.0, -1.0]), LOG_3,
        slope=[-2 / 3, 1 / 6],
    ),
    Row(
        "linear_cross_entropy", ([1.0, 2.0], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.5]], 1, [0.0, -1.0, -1.0]),
        LOG_3 + 1.2069489608125821, parameters={"z_loss": 1.0},
    ),
    Row("linear_log_probability", ([1.0], [[0.0], [LOG_3]], 0, [0.0, 0.0]), -LOG_4, slope=[-0.75 * LOG_3]),
    Row(
        "linear_log_probability", ([1.0], [[0.0], [2 * LOG_3]], 0, [0.0, 0.0]), -LOG_4,
        parameters={"temperature": 2.0},
    ),
    # (log 4) / 4 + 3/4 log 4/3; the slopes are −p (log p + entropy)
    Row(
        "softmax_entropy", ([0.0, LOG_3],), 0.5623351446188083,
        slope=[(LOG_4 - 0.5623351446188083) / 4, 3 * (LOG_4_OVER_3 - 0.5623351446188083) / 4],
    ),
    Row("softmax_entropy", ([0.0, 2 * LOG_3],), 0.5623351446188083, parameters={"temperature": 2.0}),
    Row("softmax_entropy", ([0.0, -INF, 0.0],), LOG_2, slope=[0.0, 0.0, 0.0]),
    Row("softmax_entropy", ([INF, 0.0],), 0.0, slope=[0.0, 0.0]),
    Row("linear_entropy", ([1.0], [[0.0], [LOG_3]], [0.0, 0.0]), 0.5623351446188083),
    Row("linear_entropy", ([1.0, 2.0], [[0.0, 0.0], [0.0, 0.0]], [5.0, 5.0]), LOG_2, slope=[0.0, 0.0]),
]  # fmt: skip
