"""Means and differences over folds, compared with hand calculations."""

from __future__ import annotations

import numpy as np
import pytest

from lossary.commands.compare.statistics import difference, estimate


def test_the_standard_error_is_corrected_for_shared_rows() -> None:
    """For 1, 2, 3, 4, 5 over five folds s² = 2.5, and (1/5 + 0.2/0.8) · 2.5 = 1.125."""
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 0.2)
    assert found.mean == 3.0
    assert found.error == pytest.approx(1.125**0.5)


def test_a_difference_is_paired() -> None:
    """Folds differ by far more than the losses; the paired differences are 1 ± 0.1."""
    folds = np.array([10.0, 50.0, 90.0, 20.0, 70.0])
    other = folds + np.array([1.1, 0.9, 1.0, 1.1, 0.9])
    found = difference(other, folds, 0.2, 1)
    assert found.mean == pytest.approx(1.0)
    assert found.error == pytest.approx((0.45 * 0.01) ** 0.5)
    assert found.distinct


def test_more_comparisons_ask_for_more() -> None:
    """Student's t at 97.5 % and 4 degrees of freedom is 2.776; at 1 − 0.05/10 it is 4.604."""
    values, zero = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.zeros(5)
    one, five = (difference(values, zero, 0.2, comparisons) for comparisons in (1, 5))
    assert one.margin == pytest.approx(2.776 * one.error, rel=1e-3)
    assert five.margin == pytest.approx(4.604 * five.error, rel=1e-3)
    assert one.distinct
    assert not five.distinct


def test_few_pairs_tell_nothing_apart() -> None:
    """Four differences are too few for a test, however large they are."""
    for count in (2, 3, 4):
        few = difference(np.full(count, 9.0) + np.arange(count) / 100, np.zeros(count), 0.2, 1)
        assert not few.distinct
        assert not few.reversed
    assert difference(np.full(5, 9.0) + np.arange(5) / 100, np.zeros(5), 0.2, 1).distinct


def test_the_other_way_round() -> None:
    values = np.array([1.0, 1.1, 0.9, 1.0, 1.0])
    assert difference(-values, np.zeros(5), 0.2, 1).reversed
    assert not difference(values, np.zeros(5), 0.2, 1).reversed


def test_the_best_is_level_with_itself() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert not difference(values, values, 0.2, 3).distinct
