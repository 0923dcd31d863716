"""Formulas as plain Unicode text."""

from __future__ import annotations

import pytest

from lossary import get
from lossary.commands.explain.plain import at_defaults, plain
from lossary.symbolic.graph import Value, as_node, symbol
from lossary.vocabulary import absolute, exp, square, unit
from samples import BY_SHAPE

KNOWN = {
    "squared_error": "(ŷ − y)²",
    "absolute_error": "|ŷ − y|",
    "huber": "0.5 (ŷ − y)² if |ŷ − y| ≤ δ, else δ (|ŷ − y| − 0.5 δ)",
    "gaussian_nll": "0.5 (log σ² + (ŷ − y)² / σ²)",
    "sigmoid_cross_entropy": "y log(1 + exp(−z)) + (1 − y) log(1 + exp(z))",
    "binary_cross_entropy": "−y log p − (1 − y) log(1 − p)",
    "categorical_cross_entropy": "−Σ y log p",
    "kl_divergence": "Σ y log(y / p)",
}


@pytest.mark.parametrize(("name", "formula"), KNOWN.items(), ids=KNOWN.keys())
def test_a_formula_reads_as_in_a_book(name: str, formula: str) -> None:
    assert plain(at_defaults(get(name).record)) == formula


A, B, C = (symbol(name) for name in "abc")
WRITTEN: dict[str, Value] = {
    "a − (b − c)": A - (B - C),
    "a − b − c": A - B - C,
    "a / (b c)": A / (B * C),
    "(a + b) c": (A + B) * C,
    "(a + b)²": square(A + B),
    "|a + b| c": absolute(A + B) * C,
    "exp(a − b)": exp(A - B),
    "−(a + b)": -(A + B),
    "(a²)²": square(square(A)),
    "(a^b)²": square(A**B),
    "a / ‖a‖": unit(A),
}


@pytest.mark.parametrize(("text", "formula"), WRITTEN.items(), ids=WRITTEN.keys())
def test_parentheses_stand_where_they_are_needed(text: str, formula: Value) -> None:
    assert plain(as_node(formula)) == text


@pytest.mark.parametrize("record", BY_SHAPE, ids=lambda record: record.name)
def test_no_formula_shows_how_it_is_computed(record: object) -> None:
    text = plain(record.whole)  # type: ignore[attr-defined]
    assert "_" not in text
    assert "clip(" not in text
