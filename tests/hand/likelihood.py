"""Losses of continuous distributions, worked out by hand."""

from __future__ import annotations

from hand.row import LOG_2, LOG_3, LOG_4, Row

LOG_PI = 1.1447298858494002

ROWS = [
    Row("laplace_nll", (1.0, 3.0, 4.0), 2 * LOG_2 + 0.5, slope=-0.25),
    Row("laplace_nll", (1.0, 3.0, 4.0), 3 * LOG_2 + 0.5, slope=-0.25, parameters={"constant": 1.0}),
    # Cauchy's distribution: 1 / (π (1 + 1))
    Row(
        "student_t_nll", (2.0, 1.0, 1.0), LOG_PI + LOG_2, slope=1.0, parameters={"degrees": 1.0, "constant": 1.0},
    ),
    Row("student_t_nll", (3.0, 1.0, 1.0), 2.5 * LOG_2, slope=1.25),
    Row("log_normal_nll", (2.0, 1.0, 2.0), LOG_2 + 0.5, slope=0.5),
    Row("gamma_nll", (1.0, 3.0), 3.0, slope=-2.0),
    # 4 y exp(−2 y) at y = 3
    Row("gamma_nll", (1.0, 3.0), 6.0 - LOG_4 - LOG_3, slope=-4.0, parameters={"shape": 2.0, "constant": 1.0}),
    Row("gaussian_crps", (1.0, 1.0, 1.0), 0.2336949772551092, slope=0.0),
    Row("gaussian_crps", (100.0, 0.0, 1.0), 100.0 - 0.5641895835477563, slope=1.0),
]  # fmt: skip
