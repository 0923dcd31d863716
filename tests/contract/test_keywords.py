"""A keyword is one row: no other module knows its name without a reason, and one new row is enough."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, Framework
from fuzz.engines import bodies
from lossary.callable import Loss
from lossary.catalogue.keyword import KEYWORDS, Keyword, keywords_of
from lossary.catalogue.registry import find
from lossary.catalogue.signature import RESERVED
from lossary.commands.data.typed import TypedLoss
from lossary.commands.explain.properties import properties
from lossary.contract import keywords
from lossary.errors import ArgumentError, ArgumentTypeError, FormulaError
from lossary.vocabulary import minimum
from tools import stubs

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "lossary"
TABLE = "contract/keywords.py"
NAMES = {row.name for row in KEYWORDS}
CALL = "a field of a checked call, which is no symbol of its program"
LETTER = "the letter of a parameter that binary losses have"
SETTING = "a call as a user makes it"
KNOWN = {
    "callable.py": ({"reduction"}, SETTING),
    "commands/compare/candidates.py": ({"label_smoothing"}, SETTING),
    "commands/explain/curves.py": ({"axis", "reduction"}, SETTING),
    "commands/explain/plain.py": ({"label_smoothing"}, LETTER),
    "contract/call.py": ({"axis", "reduction"}, CALL),
    "execution/checking.py": ({"reduction"}, SETTING),
    "execution/engine.py": ({"denominator", "weight"}, "what a mean is divided by, and a choice of it"),
    "execution/plan.py": ({"denominator"}, CALL),
    "execution/plans.py": ({"denominator"}, CALL),
    "execution/sources.py": ({"denominator"}, CALL),
    "frameworks/memory.py": ({"empty"}, "a function that makes an array"),
    "frameworks/torch_eager.py": ({"empty"}, "a function that makes a tensor"),
    "kinds/denominator.py": ({"weight"}, "a choice of what a mean is divided by"),
    "symbolic/graph.py": ({"axis"}, "the word of a node"),
    "symbolic/latex.py": ({"label_smoothing"}, LETTER),
}


# --- one place knows the names -------------------------------------------------------------------------------------


def named(text: str) -> set[str]:
    """The keywords that a module has as strings."""
    return NAMES.intersection(node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))


def tables(text: str) -> Iterator[int]:
    """The lines where a dict, tuple, list or set of two or more keywords begins."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Dict(keys=parts, lineno=line) | ast.Tuple(elts=parts, lineno=line):
                pass
            case ast.List(elts=parts, lineno=line) | ast.Set(elts=parts, lineno=line):
                pass
            case _:
                continue
        if sum(isinstance(part, ast.Constant) and part.value in NAMES for part in parts) >= 2:
            yield line


MODULES = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
MODULES |= {f"tools/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "tools").glob("*.py")}
del MODULES[TABLE]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_other_module_has_a_table_of_keywords(module: str) -> None:
    assert list(tables(MODULES[module])) == []


def test_no_other_module_names_a_keyword_without_a_reason() -> None:
    found = {module: names for module, text in MODULES.items() if (names := named(text))}
    assert found == {module: names for module, (names, _) in KNOWN.items()}


def test_a_table_is_seen() -> None:
    assert list(tables("A = {'weight': 1, 'mask': 2}\nB = ('weight', 'mask')\nC = ['weight', 'loss']")) == [1, 2]
    assert named("a.get('mask')") == {"mask"}


def test_the_documentation_has_every_keyword() -> None:
    contract = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    assert [row.name for row in KEYWORDS if f"`{row.name}" not in contract] == []


def test_no_argument_of_a_formula_has_the_name_of_a_keyword() -> None:
    with pytest.raises(FormulaError, match="cannot call an argument 'class_weight'"):
        lossary.pointwise(lambda prediction, target, *, class_weight=1.0: prediction * class_weight)


def test_a_loss_has_a_keyword_once() -> None:
    for record in lossary.losses():
        own = keywords.keywords(record)
        assert len(own) == len(set(own))


# --- one new row is enough -----------------------------------------------------------------------------------------


@pytest.fixture
def loss_limit() -> Iterator[Keyword]:
    """The keyword of CONTRIBUTING, which no loss has, known by its row alone."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?loss_limit.*?)```", text[text.index("## Adding a keyword") :], re.DOTALL)
    exec("from __future__ import annotations\n" + code, vars(keywords) | {"minimum": minimum})
    row = KEYWORDS[-1]
    yield row
    KEYWORDS.remove(row)
    RESERVED.remove(row.name)
    keywords_of.cache_clear()


def loss(name: str, **options: Any) -> Loss:
    """A loss of a name, which knows no plan and no signature."""
    return Loss(find(name), options)


@pytest.mark.parametrize("compiled", [True, False], ids=["kernel", "arrays"])
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
@pytest.mark.usefixtures("loss_limit")
def test_it_has_values_and_gradients(framework: Framework, compiled: bool) -> None:
    """1 and 9, of which no more than 4 counts: with weights 3 and 1 a mean of 7/4, whose slope at 1 is 2 · 3/4."""
    x, y, w = (framework.make(np.array(a, np.float64)) for a in ([1.0, 3.0], [0.0, 0.0], [3.0, 1.0]))
    squared = loss("squared_error")
    with bodies(compiled=compiled):
        value, slope = squared.value_and_gradient(x, y, weight=w, loss_limit=4.0)
        each = squared(x, y, reduction="none", loss_limit=4)
        unlimited = squared(x, y, reduction="sum")
    assert (float(value), float(unlimited)) == (1.75, 10.0)
    assert (framework.numpy(each).tolist(), framework.numpy(slope).tolist()) == ([1.0, 4.0], [1.5, 0.0])


@pytest.mark.usefixtures("loss_limit")
def test_it_has_rows_and_labels() -> None:
    """ln 2, and a wrong label that would cost 10: the mean with a limit of 2 is (ln 2 + 2) / 2."""
    logits = torch.tensor([[0.0, 0.0], [0.0, 10.0]], requires_grad=True)
    value = loss("softmax_cross_entropy", loss_limit=2.0)(logits, torch.tensor([0, 0]))
    value.backward()
    assert float(value.detach()) == pytest.approx(1.3465736)
    assert logits.grad is not None
    assert logits.grad.tolist() == [[-0.25, 0.25], [0.0, 0.0]]


@pytest.mark.usefixtures("loss_limit")
def test_it_is_in_signatures_stubs_and_help() -> None:
    assert inspect.signature(loss("dice")).parameters["loss_limit"].default is None
    assert inspect.signature(loss("dice", loss_limit=0.5)).parameters["loss_limit"].default == 0.5
    assert stubs.losses_stub().count("loss_limit: float | None = None") == 5 * len(lossary.losses())
    assert "    loss_limit=None        An upper limit to the loss of one item" in keywords.described(common=True)


@pytest.mark.usefixtures("loss_limit")
def test_it_is_in_messages() -> None:
    huber = loss("huber")
    with pytest.raises(ArgumentError, match=r"huber: loss_limit is -1; it must be a number above 0, or None\."):
        huber([1.0], [2.0], loss_limit=-1)
    with pytest.raises(ArgumentError, match="loss_limit is 'all'"):
        huber.configure(loss_limit="all")
    with pytest.raises(ArgumentTypeError, match="Did you mean 'loss_limit'"):
        huber([1.0], [2.0], loss_limt=1.0)
    with pytest.raises(FormulaError, match="cannot call an argument 'loss_limit'"):
        lossary.pointwise(lambda prediction, target, *, loss_limit=1.0: prediction * loss_limit)


@pytest.mark.usefixtures("loss_limit")
def test_it_is_explained() -> None:
    found = dict(properties(TypedLoss(loss("squared_error", loss_limit=4.0))))
    assert (found["value"], found["convex"]) == ("from 0 to 4", "no, not in the prediction")


def test_it_is_gone() -> None:
    with pytest.raises(ArgumentTypeError, match="no keyword 'loss_limit'"):
        loss("huber")([1.0], [2.0], loss_limit=1.0)
