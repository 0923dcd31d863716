"""Losses of continuous distributions, worked out by hand."""

from __future__ import annotations

from hand.row import HALF_LOG_TWO_PI, INF, LOG_2, LOG_3, LOG_4, LOG_4_OVER_3, Row

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
    Row("gamma_nll", (1.0, 3.0), 6.0, slope=-4.0, parameters={"shape": 2.0}),
    # 4 y exp(−2 y) at y = 3
    Row("gamma_nll", (1.0, 3.0), 6.0 - LOG_4 - LOG_3, slope=-4.0, parameters={"shape": 2.0, "constant": 1.0}),
    Row("gaussian_crps", (1.0, 1.0, 1.0), 0.2336949772551092, slope=0.0),
    Row("gaussian_crps", (100.0, 0.0, 1.0), 100.0 - 0.5641895835477563, slope=1.0),
    # a target in the middle of two components
    Row("gaussian_mixture_nll", ([[0.0, 0.0]], [[0.0, 2.0]], [1.0], [[1.0, 1.0]]), 0.5, slope=[[0.0, 0.0]]),
    # of two means at the target, one has a quarter of the variance: a density of ½ + ½ · ½, of which it has 2/3
    Row(
        "gaussian_mixture_nll", ([[0.0, 0.0]], [[3.0, 3.0]], [3.0], [[1.0, 4.0]]), LOG_4_OVER_3,
        slope=[[-1 / 6, 1 / 6]],
    ),
    Row(
        "gaussian_mixture_nll", ([[LOG_3, 0.0]], [[3.0, 3.0]], [1.0], [[1.0, 1.0]]), 2.0 + HALF_LOG_TWO_PI,
        slope=[[0.0, 0.0]], parameters={"constant": 1.0},
    ),
    # a component that is not there; one that alone is near enough for a square
    Row("gaussian_mixture_nll", ([[7.0, -INF]], [[3.0, 1.0]], [1.0], [[1.0, 1.0]]), 2.0, slope=[[0.0, 0.0]]),
    Row("gaussian_mixture_nll", ([[0.0, 0.0]], [[INF, INF]], [1.0], [[1.0, 1.0]]), INF),
    Row("gaussian_mixture_nll", ([[0.0, 0.0]], [[1e30, 1.0]], [1.0], [[1.0, 1.0]]), LOG_2, slope=[[0.5, -0.5]]),
    # a quarter each of ½ and 1½, as the squares of the distribution functions' distance are ¼ on both sides
    Row("ensemble_crps", ([[2.0, 0.0]], [0.5]), 0.5, slope=[[0.25, -0.25]]),
    Row("ensemble_crps", ([[2.0, 0.0]], [0.5]), 0.0, slope=[[0.0, 0.0]], parameters={"fair": 1.0}),
    # a distance of 3 from all members, and ¼ of 2 between them; equal members have equal slopes
    Row("ensemble_crps", ([[0.0, 2.0]], [5.0]), 3.5, slope=[[-0.25, -0.75]]),
    Row("ensemble_crps", ([[1.0, 1.0, 4.0]], [0.0]), 2.0 - 2 / 3, slope=[[4 / 9, 4 / 9, 1 / 9]]),
    Row("ensemble_crps", ([[3.0]], [1.0]), 2.0, slope=[[1.0]], parameters={"fair": 1.0}),
]  # fmt: skip
