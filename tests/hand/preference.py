"""Losses of preferences, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_1_PLUS_1_OVER_E, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

ROWS = [
    Row("bradley_terry", (1.0, 0.0), LOG_1_PLUS_1_OVER_E, slope=-0.2689414213699951),
    Row("bradley_terry", (3.0, 2.0), LOG_2, slope=-0.5, parameters={"margin": 1.0}),
    # log-ratios of 1 and −1: log(1 + exp(−0.2)), −0.1 / (1 + exp(0.2))
    Row("dpo", (-10.0, -12.0, -11.0, -11.0), 0.5981388693815918, slope=-0.04501660026875221),
    # beta times 2 is log 3, so that the better answer wins with a probability of 3/4, as often as it is the better one
    Row(
        "dpo", (-10.0, -12.0, -11.0, -11.0), 0.75 * LOG_4_OVER_3 + 0.25 * LOG_4, slope=0.0,
        parameters={"beta": 0.5 * LOG_3, "label_noise": 0.25},
    ),
    Row("ipo", (-10.0, -12.0, -11.0, -11.0), 9.0, slope=-6.0),
    Row("ipo", (-10.0, -12.0, -11.0, -11.0), 0.0, slope=0.0, parameters={"beta": 0.25}),
    # odds of 1 and 1/3: a share of 1/4 in both, by 1 − 1/2; equal ones; a certain answer, whose slope is −odds of 1/3
    Row("orpo", (-LOG_2, -LOG_4), LOG_4_OVER_3, slope=-0.5),
    Row("orpo", (-LOG_2, -LOG_2), LOG_2, slope=-1.0),
    Row("orpo", (0.0, -LOG_4), 0.0, slope=-1 / 3),
    Row("orpo", (-LOG_4, 0.0), INF),
    Row("orpo", (-1000.0, -1000.0), LOG_2, slope=-0.5),
    Row("orpo", (-1.0, -INF), 0.0, slope=0.0),
    Row("simpo", (-1.0, -1.5), LOG_2, slope=-1.0),
    Row(
        "simpo", (-1.0, -2.0), LOG_1_PLUS_1_OVER_E, slope=-0.2689414213699951, parameters={"beta": 1.0, "margin": 0.0},
    ),
    Row("kto", (-10.0, 1.0, -10.0), 0.5, slope=-0.025),
    Row("kto", (-10.0, 0.0, -12.0), 0.75, slope=3 / 16 * LOG_3, parameters={"beta": LOG_3, "divergence": 1.0}),
]  # fmt: skip
