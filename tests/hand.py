"""Losses worked out by hand: at least one row a loss, and one is enough for a new one.

``slope`` is the derivative in the first argument; give it where it is simple.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["HAND", "Row"]

LOG_2, LOG_3, LOG_4 = 0.6931471805599453, 1.0986122886681098, 1.3862943611198906
LOG_4_OVER_3 = 0.28768207245178096
LOG_1_PLUS_1_OVER_E = 0.31326168751822286
INF = float("inf")


@dataclass(frozen=True)
class Row:
    """One loss of one element, row or batch."""

    loss: str
    arguments: tuple[Any, ...]
    value: float
    slope: Any = None
    parameters: dict[str, float] = field(default_factory=dict)


HAND = [
    Row("squared_error", (3.0, 1.0), 4.0, slope=4.0),
    Row("squared_error", (-1.0, 0.5), 2.25, slope=-3.0),
    Row("absolute_error", (1.0, 3.0), 2.0, slope=-1.0),
    Row("absolute_error", (2.0, 2.0), 0.0, slope=0.0),
    Row("huber", (0.5, 0.0), 0.125, slope=0.5),
    Row("huber", (-2.0, 1.0), 2.5, slope=-1.0),
    Row("huber", (3.0, 0.0), 4.0, slope=2.0, parameters={"delta": 2.0}),
    # ½ · 0.25 / 2, and 3 − ½ · 2
    Row("smooth_l1", (0.5, 0.0), 0.0625, slope=0.25, parameters={"beta": 2.0}),
    Row("smooth_l1", (-3.0, 0.0), 2.0, slope=-1.0, parameters={"beta": 2.0}),
    Row("smooth_l1", (3.0, 1.0), 2.0, slope=1.0, parameters={"beta": 0.0}),
    Row("smooth_l1", (1.0, 1.0), 0.0, slope=0.0, parameters={"beta": 0.0}),
    # cosh(log 3) = (3 + 1/3) / 2 = 5/3, and tanh(log 3) = (9 − 1) / (9 + 1)
    Row("log_cosh", (LOG_3, 0.0), 0.5108256237659907, slope=0.8),
    Row("log_cosh", (1e-4, 0.0), 4.999999991666667e-09, slope=9.999999966666667e-05),  # e²/2 − e⁴/12, e − e³/3
    Row("pinball", (1.0, 3.0), 1.5, slope=-0.75, parameters={"level": 0.75}),
    Row("pinball", (3.0, 1.0), 0.5, slope=0.25, parameters={"level": 0.75}),
    Row("pinball", (1.0, 1.0), 0.0, slope=0.0, parameters={"level": 0.75}),
    Row("pinball", (INF, 1.0), 0.0, slope=0.0, parameters={"level": 1.0}),
    # ¾ · ½ · 1 / 2, and ¼ · (3 − 1)
    Row("quantile_huber", (1.0, 2.0), 0.1875, slope=-0.375, parameters={"level": 0.75, "delta": 2.0}),
    Row("quantile_huber", (5.0, 2.0), 0.5, slope=0.25, parameters={"level": 0.75, "delta": 2.0}),
    Row("expectile", (1.0, 3.0), 3.0, slope=-3.0, parameters={"level": 0.75}),
    Row("expectile", (3.0, 1.0), 1.0, slope=1.0, parameters={"level": 0.75}),
    Row("epsilon_insensitive", (1.0, 3.0), 1.5, slope=-1.0, parameters={"epsilon": 0.5}),
    Row("epsilon_insensitive", (2.75, 3.0), 0.0, slope=0.0, parameters={"epsilon": 0.5}),
    Row("squared_epsilon_insensitive", (1.0, 3.0), 2.25, slope=-3.0, parameters={"epsilon": 0.5}),
    Row("squared_epsilon_insensitive", (2.75, 3.0), 0.0, slope=0.0, parameters={"epsilon": 0.5}),
    # (log 4 + 4 / 4) / 2
    Row("gaussian_nll", (1.0, 3.0, 4.0), 1.1931471805599453, slope=-0.5),
    Row("gaussian_nll", (2.0, 0.0, 1.0), 2.0, slope=2.0),
    Row("binary_cross_entropy", (0.25, 1.0), LOG_4, slope=-4.0),
    Row("binary_cross_entropy", (0.25, 0.0), LOG_4_OVER_3, slope=4 / 3),
    Row("binary_cross_entropy", (0.0, 1.0), INF, slope=-INF),
    Row("binary_cross_entropy", (1.0, 1.0), 0.0, slope=-1.0),
    Row("binary_cross_entropy", (0.25, 1.0), 3 * LOG_4, slope=-12.0, parameters={"positive_weight": 3.0}),
    # the target becomes 0.9: 0.9 log 4 + 0.1 log 4/3
    Row("binary_cross_entropy", (0.25, 1.0), 1.2764331322530796, parameters={"label_smoothing": 0.2}),
    Row("sigmoid_cross_entropy", (0.0, 1.0), LOG_2, slope=-0.5),
    Row("sigmoid_cross_entropy", (LOG_3, 0.0), LOG_4, slope=0.75),
    Row("sigmoid_cross_entropy", (-200.0, 1.0), 200.0, slope=-1.0),
    Row("sigmoid_cross_entropy", (0.0, 1.0), 3 * LOG_2, slope=-1.5, parameters={"positive_weight": 3.0}),
    # log 4 of the target 0.9 and log 4/3 of 0.1, the other way round for p = 3/4
    Row("sigmoid_cross_entropy", (LOG_3, 0.0), 1.2764331322530796, slope=0.65, parameters={"label_smoothing": 0.2}),
    Row("categorical_cross_entropy", ([0.25, 0.75], 0), LOG_4, slope=[-4.0, 0.0]),
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
    # (log 4) / 4 + 3/4 log 4/3
    Row("linear_entropy", ([1.0], [[0.0], [LOG_3]], [0.0, 0.0]), 0.5623351446188083),
    Row("linear_entropy", ([1.0, 2.0], [[0.0, 0.0], [0.0, 0.0]], [5.0, 5.0]), LOG_2, slope=[0.0, 0.0]),
    # the teacher's logits are 0 and 0, the student's 0 and log 3
    Row(
        "linear_kl_divergence", ([1.0], [[0.0], [LOG_3]], [1.0, 1.0], [[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0], [0.0, 0.0]),
        0.14384103622589045, slope=[0.25 * LOG_3],
    ),
    # (log 2 - log 3/2) / 2
    Row("kl_divergence", ([0.25, 0.75], [0.5, 0.5]), 0.14384103622589045, slope=[-2.0, -2 / 3]),
    Row("kl_divergence", ([0.25, 0.75], [0.25, 0.75]), 0.0, slope=[-1.0, -1.0]),
    Row("kl_divergence", ([0.25, 0.75], [1.0, 0.0]), LOG_4, slope=[-4.0, 0.0]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [0.5, 0.5]), 0.14384103622589045, slope=[-0.25, 0.25]),
    Row("softmax_kl_divergence", ([0.0, LOG_3], [1.0, 0.0]), LOG_4, slope=[-0.75, 0.75]),
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
    # each of two orthogonal vectors is its own positive: the softmax of 1 and 0
    Row(
        "info_nce", ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]]), LOG_1_PLUS_1_OVER_E,
        parameters={"temperature": 1.0},
    ),
    # the same at the temperature 1/10: log(1 + exp(-10))
    Row("info_nce", ([[1.0, 0.0], [0.0, 2.0]], [[3.0, 0.0], [0.0, 1.0]]), 4.539889921686465e-05),
]  # fmt: skip
