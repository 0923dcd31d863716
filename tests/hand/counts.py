"""Losses of counts, worked out by hand."""

from __future__ import annotations

from hand.row import INF, LOG_2, LOG_3, LOG_4, Row

ROWS = [
    Row("poisson", (1.0, 3.0), 1.0, slope=-2.0),
    Row("poisson", (2.0, 3.0), 2.0 - LOG_4 + LOG_3, slope=-0.5, parameters={"constant": 1.0}),  # − log(e⁻² 2³ / 3!)
    Row("poisson", (0.0, 0.0), 0.0, slope=1.0),
    Row("poisson", (0.0, 2.0), INF, slope=-INF),
    Row("log_poisson", (0.0, 3.0), 1.0, slope=-2.0),
    Row("log_poisson", (LOG_2, 3.0), 2.0 - LOG_4 + LOG_3, slope=-1.0, parameters={"constant": 1.0}),
    # (1/2)^3 of a geometric distribution; without the constant, divided by 2!
    Row("negative_binomial", (1.0, 2.0, 1.0), 3 * LOG_2 - LOG_2, slope=-0.5),
    Row("negative_binomial", (1.0, 2.0, 1.0), 3 * LOG_2, slope=-0.5, parameters={"constant": 1.0}),
    # 3 choose 2 times (1/2)^2 (1/2)^2
    Row("negative_binomial", (2.0, 2.0, 2.0), 4 * LOG_2 - LOG_3, slope=0.0, parameters={"constant": 1.0}),
    # 3 log 34.41… + 100 log 1.0299… − log Γ(103) + log Γ(3) + log 100!; target − mean is no whole number
    Row("negative_binomial", (100.25, 100.0, 3.0), 5.0172932453998691, slope=7.2458079981643953e-5,
        parameters={"constant": 1.0}),
    Row("negative_binomial", (2.0, 3.0, 1e30), 2.0 - 3 * LOG_2, slope=-0.5),  # Poisson's
    Row("zero_inflated_poisson", (2.0, 1.0, 0.0), 2.0, slope=0.5),
    Row("zero_inflated_poisson", (2.0, 2.0, 0.0), 2.0 - LOG_2, slope=0.0),
    Row("zero_inflated_poisson", (2 * LOG_3, 0.0, -LOG_3), LOG_3, slope=0.25),  # ¼ + ¾ · 1/9
    Row("zero_inflated_poisson", (LOG_2, 0.0, 0.0), 2 * LOG_2 - LOG_3, slope=1 / 3),  # ½ + ½ · ½
    Row("zero_inflated_poisson", (0.0, 0.0, 1.0), 0.0, slope=0.2689414213699951),
]  # fmt: skip
