"""Formatting of numbers of every size."""

from __future__ import annotations

import numpy as np
import pytest

from lossary.commands.compare.metrics import Metric
from lossary.commands.compare.statistics import difference, estimate
from lossary.commands.compare.verdict import Standing
from lossary.commands.report.numbers import baseline, cell, heading, with_error


def standing(scale: float) -> Standing:
    """Make results of two losses over five folds, 0.44 ± 0.027 and 0.045 worse, times ``scale``."""
    best = scale * np.array([0.4, 0.4, 0.44, 0.48, 0.48])
    worse = best + scale * np.array([0.04, 0.05, 0.04, 0.05, 0.045])
    values = {"best": best, "worse": worse}
    return Standing(
        Metric("MAE", lambda _, __: 0.0),
        {name: estimate(each, 0.2) for name, each in values.items()},
        {name: difference(each, best, 0.2, 1) for name, each in values.items()},
        "best",
        0.7 * scale,
    )


PRINTED = {
    1.0: ("MAE ↓", "0.440 ± 0.027", "0.485 ± 0.028", "+0.0450 ± 0.0034", "0.700"),
    1e5: ("MAE ↓", "44,000 ± 2,700", "48,500 ± 2,800", "+4,500 ± 340", "70,000"),
    1e-9: ("MAE ↓ (× 10⁻¹²)", "440 ± 27", "485 ± 28", "+45.0 ± 3.4", "700"),
    1e9: ("MAE ↓ (× 10⁶)", "440 ± 27", "485 ± 28", "+45.0 ± 3.4", "700"),
    1e17: ("MAE ↓ (× 10¹⁵)", "44.0 ± 2.7", "48.5 ± 2.8", "+4.50 ± 0.34", "70.0"),
}


@pytest.mark.parametrize(("scale", "printed"), PRINTED.items(), ids=map(str, PRINTED))
def test_means_of_every_size(scale: float, printed: tuple[str, ...]) -> None:
    shown = standing(scale)
    best, worse = cell(shown, "best"), cell(shown, "worse")
    assert (heading(shown), best.mean, worse.mean, worse.behind, baseline(shown)) == printed
    assert (best.behind, best.distinct, worse.distinct) == ("best", False, True)


@pytest.mark.parametrize(
    ("mean", "error", "printed"),
    [
        (54.3149, 0.9512, "54.31 ± 0.95"),
        (134847.79, 27858.53, "135,000 ± 28,000"),
        (-0.0001, 0.12, "0.00 ± 0.12"),
        (-0.25, 0.12, "−0.25 ± 0.12"),
        (0.5, 0.0, "0.5000 ± 0.0000"),
        (1.0, 9.96, "1.0 ± 10.0"),
    ],
)
def test_the_error_has_two_figures_and_the_mean_as_many_places(mean: float, error: float, printed: str) -> None:
    assert with_error(mean, error) == printed


def test_a_constant_difference_over_few_folds_is_not_called_equal() -> None:
    """Three equal differences of 0.5 have the standard error 0, and are too few for a test."""
    best, worse = np.full(3, 0.25), np.full(3, 0.75)
    values = {"best": best, "worse": worse}
    shown = Standing(
        Metric("MAE", lambda _, __: 0.0),
        {name: estimate(each, 1 / 3) for name, each in values.items()},
        {name: difference(each, best, 1 / 3, 1) for name, each in values.items()},
        "best",
        1.0,
    )
    assert (cell(shown, "worse").behind, cell(shown, "worse").distinct) == ("+0.5000 ± 0.0000", False)


def test_means_that_are_all_zero_have_no_unit() -> None:
    shown = standing(0.0)
    assert (heading(shown), cell(shown, "worse").behind) == ("MAE ↓", "equal")
