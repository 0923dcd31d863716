"""A word is one row: every row is complete, no other module has a table of words, and one new row is enough."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import lossary
from fuzz.engines import bodies
from lossary import vocabulary
from lossary.callable import Loss
from lossary.commands.explain.bounds import Bounds, Range
from lossary.commands.explain.convexity import Shape, shape
from lossary.commands.explain.plain import plain
from lossary.symbolic.derivatives import gradient
from lossary.symbolic.graph import symbol
from lossary.symbolic.latex import latex
from lossary.symbolic.words import arithmetic
from lossary.symbolic.words.conditions import where
from lossary.symbolic.words.word import WORDS, Along, Word

SOURCE = Path(__file__).parents[2] / "src" / "lossary"
CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
TARGETS = {"numpy", "torch", "jax", "llvm", "triton"}
X = symbol("x")


# --- every row is complete -----------------------------------------------------------------------------------------


def missing(word: Word) -> set[str]:
    """What a row lacks, though it does not follow from the rest of the row."""
    has = {
        "spelling": bool(word.definition) or set(word.spelling) >= TARGETS,
        "push": word.push is not None,
        "range": word.condition or bool(word.range or word.value),
        "curvature": word.condition or bool(word.curvature or word.written or word.linear),
    }
    return {name for name, there in has.items() if not there}


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)
def test_a_row_has_everything_or_says_why_not(word: Word) -> None:
    assert set(word.without) == missing(word)
    assert all(word.without.values())


def test_an_incomplete_row_is_seen() -> None:
    assert missing(WORDS["exp"]) == set()
    assert missing(WORDS["total"]) == {"range"}


@pytest.mark.parametrize("word", [w for w in WORDS.values() if w.range is None and w.value], ids=lambda w: w.name)
def test_values_at_the_ends_bound_what_rises_or_falls(word: Word) -> None:
    assert word.condition or all(each is not None and each.rises for each in word.curvature)


def test_every_word_can_be_written() -> None:
    for word in WORDS.values():
        for notation in (word.in_latex(3), word.in_text(3)):
            assert notation.template.format("a", "b", "d", c="c", new="n", way=r"\le", shift="- 1")


# --- and the only one ----------------------------------------------------------------------------------------------


def tables(text: str) -> Iterator[int]:
    """The lines where a dict with two or more words as keys begins."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Dict(keys=keys, lineno=line):
                if sum(isinstance(key, ast.Constant) and key.value in WORDS for key in keys) >= 2:
                    yield line


# Names that are the same as a word's by chance, and how a target computes some words: others need nothing there.
OTHER_NAMES = {
    "commands/compare/candidates.py": "the last layers of networks",
    "symbolic/whole_arrays.py": "forms of some words in fewer passes",
    "frameworks/torch_functions.py": "functions that spellings name",
}
MODULES = {str(path.relative_to(SOURCE)): path for path in SOURCE.rglob("*.py") if path.parent.name != "words"}


@pytest.mark.parametrize("name", sorted(set(MODULES) - set(OTHER_NAMES)))
def test_no_other_module_has_a_table_of_words(name: str) -> None:
    assert list(tables(MODULES[name].read_text(encoding="utf-8"))) == []


def test_a_table_is_seen() -> None:
    assert list(tables("FOLD = {'exp': 1, 'log': 2}")) == [1]
    assert list(tables("FOLD = {'exp': 1, 'loss': 2}")) == []


# --- one new row is enough -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def softsign() -> Iterator[Word]:
    """The word of CONTRIBUTING, which is not in the vocabulary, known by its row alone."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    row, _ = re.findall(r"```python\n(.*?softsign.*?)```", text[text.index("## Adding a word") :], re.DOTALL)
    names = dict(vars(arithmetic))
    exec("from __future__ import annotations\n" + row, names)
    yield names["softsign"]
    del WORDS["softsign"]


@pytest.fixture(scope="module")
def loss(softsign: Word) -> Loss:
    return lossary.pointwise(lambda prediction, target: softsign(prediction - target) * (prediction - target))


ERRORS = [0.0, 0.5, -3.0, 1e4]
VALUES = [0.0, 0.25 / 1.5, 9.0 / 4.0, 1e8 / 10001.0]  # e² / (1 + |e|)
SLOPES = [0.0, 1.25 / 2.25, -15.0 / 16.0, (1e8 + 2e4) / 10001.0**2]  # sign(e) · (e² + 2 |e|) / (1 + |e|)²


@pytest.mark.parametrize("compiled", [True, False], ids=["kernel", "arrays"])
@pytest.mark.parametrize("framework", ["numpy", "torch"])
def test_it_has_values_and_derivatives(loss: Loss, framework: str, compiled: bool) -> None:
    import torch

    make = torch.tensor if framework == "torch" else np.array
    with bodies(compiled=compiled):
        value, slope = loss.value_and_gradient(make(ERRORS), make([0.0] * 4), reduction="sum")
        each = loss(make(ERRORS), make([0.0] * 4), reduction="none")
    assert float(value) == pytest.approx(sum(VALUES), rel=1e-6)
    np.testing.assert_allclose(np.asarray(each), VALUES, rtol=1e-6)
    np.testing.assert_allclose(np.asarray(slope), SLOPES, rtol=1e-6)


def test_jax_has_it(loss: Loss) -> None:
    import jax

    each, moved = jax.jvp(
        jax.jit(lambda x: loss(x, np.zeros(4, np.float32), reduction="none")),
        (np.array(ERRORS, np.float32),),
        (np.ones(4, np.float32),),
    )
    np.testing.assert_allclose(each, VALUES, rtol=1e-6)
    np.testing.assert_allclose(moved, SLOPES, rtol=1e-6)


def test_it_is_folded_bounded_and_written(softsign: Word) -> None:
    node = softsign(X)
    assert softsign(1.0).is_number(0.5)
    assert Bounds({X: Range(-1.0, 3.0)}).of(node) == (-0.5, 0.75)
    assert shape(node, X, Bounds({})) is Shape.UNKNOWN
    assert latex(2.0 * node) == r"2 \operatorname{softsign} x"
    assert plain(node) == "softsign(x)"
    assert "softsign" not in repr(gradient(node, [X]))


def test_formulas_find_all_words_in_one_place() -> None:
    assert {name for name in WORDS if not isinstance(getattr(vocabulary, name, None), Word)} - {
        "where",
        "softsign",
    } == set()
    assert vocabulary.where is where
    assert vocabulary.exp.along is Along.PLACE
    assert math.isinf(vocabulary.exp.bounds(Range(0.0, 1e4)).high)
