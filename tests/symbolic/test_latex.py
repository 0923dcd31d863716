"""Formulas are written as people write them."""

from __future__ import annotations

import pytest

import lossary as ls
from lossary.catalogue.record import Record
from lossary.symbolic.graph import SCALAR, Value, symbol
from lossary.symbolic.latex import latex
from lossary.vocabulary import absolute, exp, greatest, log, log1p, log_softmax, maximum, square, total, weighted, where

a, b = symbol("a"), symbol("b")
alpha, scale = symbol("alpha", SCALAR), symbol("scale_of", SCALAR)

WRITTEN = {
    "sums": (a + b - (a - b), r"a + b - \left(a - b\right)"),
    "a product of a sum": (a * (b + 1.0), r"a \left(b + 1\right)"),
    "a product of products": ((a * b) * (alpha * b), r"a \, b \, \alpha \, b"),
    "a sum times": ((a + b) * a, r"\left(a + b\right) a"),
    "a negative factor": (-2.0 * a, "-2 a"),
    "a number's power of ten": (a + 1e-12, "a + 10^{-12}"),
    "a half": (0.5 * a, r"\tfrac{1}{2} a"),
    "no neat fraction": (0.3 * a, "0.3 a"),
    "a fraction": ((a - b) / (a + b), r"\frac{a - b}{a + b}"),
    "a square of a fraction": (square(a / b), r"\left(\frac{a}{b}\right)^{2}"),
    "a square of a square": (square(square(a)), r"\left(a^{2}\right)^{2}"),
    "a power of a power": ((a**3.0) ** alpha, r"\left(a^{3}\right)^{\alpha}"),
    "a function": (log(a) + log(a * b), r"\log a + \log \left(a \, b\right)"),
    "a function first": (log(a) * b, r"\left(\log a\right) b"),
    "a function last": (b * log(a), r"b \, \log a"),
    "log1p": (log1p(-a), r"\log \left(1 - a\right)"),
    "negative sums": (-(a + b), r"-\left(a + b\right)"),
    "signs": (absolute(a - b) * exp(-a), r"\left|a - b\right| \, e^{-a}"),
    "unknown letters": (alpha * a / scale, r"\frac{\alpha \, a}{\mathit{scale\_of}}"),
    "the greater": (maximum(a, 0.0), r"\max\left(a, 0\right)"),
    "weighted is a product": (weighted(a, log(b)), r"a \, \log b"),
    "a row": (total(a * log(b)) / 2.0, r"\frac{\sum_{c} a_{c} \, \log b_{c}}{2}"),
    "the greatest of a row": (greatest(a + b), r"\max_{c} \left(a_{c} + b_{c}\right)"),
    "a sum of a row, then more": (total(a + b) + alpha, r"\sum_{c} \left(a_{c} + b_{c}\right) + \alpha"),
    "a softmax": (-log_softmax(a / alpha), r"-\log \operatorname{softmax}\left(\frac{a}{\alpha}\right)_{c}"),
    "cases": (where(a <= 1.0, a, a / b), r"\begin{cases} a & a \le 1 \\ \dfrac{a}{b} & \text{otherwise} \end{cases}"),
}  # fmt: skip


@pytest.mark.parametrize(("formula", "text"), WRITTEN.values(), ids=WRITTEN.keys())
def test_parentheses_stand_where_they_are_needed(formula: Value, text: str) -> None:
    assert latex(formula) == text  # type: ignore[arg-type]


def test_a_long_part_that_repeats_gets_a_letter() -> None:
    part = (1.0 - alpha) * a + alpha
    formula = part * log(b) + (1.0 - part)
    definition = r"\tilde{a} = \left(1 - \alpha\right) a + \alpha"
    assert latex(formula) == r"\tilde{a} \, \log b + 1 - \tilde{a}, \quad " + definition


def test_places_of_a_row_have_the_index_that_is_asked_for() -> None:
    assert latex(total(a * b), {"class": "i"}) == r"\sum_{i} a_{i} \, b_{i}"


RECORDS = pytest.mark.parametrize("record", ls.losses(), ids=lambda record: record.name)


@RECORDS
def test_braces_and_parentheses_match(record: Record) -> None:
    assert record.latex.count("{") == record.latex.count("}")
    assert record.latex.count(r"\left") == record.latex.count(r"\right")


@RECORDS
def test_browsers_can_show_every_formula(record: Record) -> None:
    converter = pytest.importorskip("latex2mathml.converter")
    shown = converter.convert(record.latex)
    assert "\\" not in shown  # a command that was not understood is left as text


def test_the_articles_formulas_are_recognised() -> None:
    assert ls.squared_error.record.latex == r"\left(\hat{y} - y\right)^{2}"
    assert ls.categorical_cross_entropy.record.latex == r"-\sum_{c} y_{c} \, \log p_{c}"
    assert ls.kl_divergence.record.latex == r"\sum_{c} y_{c} \, \log \frac{y_{c}}{p_{c}}"
    assert ls.info_nce.record.latex == r"-\log \operatorname{softmax}\left(\frac{s}{\tau}\right)_{i}"
