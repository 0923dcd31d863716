"""A loss's record says what its author declares; the rest is read from the formula when it is first asked for."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from typing import Any, get_args

import numpy as np
import pytest

import lossary
from lossary.catalogue import registry
from lossary.catalogue.record import TASKS, Record, Task
from lossary.catalogue.registry import counterpart, find, pointwise, records
from lossary.errors import ArgumentError
from lossary.symbolic.graph import Value
from lossary.vocabulary import absolute

ls: Any = lossary  # whose losses are also called wrongly here
pytestmark = pytest.mark.usefixtures("portable")


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the catalogue that a test may add to."""
    monkeypatch.setattr(registry, "_records", dict(registry._records))
    monkeypatch.setattr(registry, "_owners", dict(registry._owners))


def formula(name: str) -> Any:
    """A new formula of this name, in a module of its own."""

    def body(prediction: Value, target: Value) -> Value:
        return absolute(prediction - target)

    body.__name__ = name
    body.__module__ = f"elsewhere.{name}s"
    return body


# --- tasks ----------------------------------------------------------------------------------------------------------


def test_each_task_is_that_of_a_loss() -> None:
    """They are the headings of docs/losses.md, whose changes show what a loss was declared for."""
    assert {record.task for record in ls.losses()} == set(TASKS) == set(get_args(Task))


def test_the_file_of_a_formula_does_not_say_its_task() -> None:
    loss = ls.pointwise(formula("multiclass"))
    assert loss.record.task == "regression"  # the default


def test_a_formula_of_the_users_declares_its_task() -> None:
    @ls.pointwise(task="binary")
    def distance(probability, target):  # type: ignore[no-untyped-def]
        return abs(probability - target)

    assert (distance.record.task, distance([0.25], [1.0])) == ("binary", 0.75)


def test_the_loss_of_the_scores_has_the_task_of_its_loss() -> None:
    assert ls.linear_cross_entropy.record.inner.task == "multiclass"


def test_an_unknown_task_lists_the_known_ones() -> None:
    with pytest.raises(ArgumentError, match=r"blurred: there is no task 'of images'; it must be one of regression, "):
        ls.pointwise(task="of images")(formula("blurred"))
    with pytest.raises(ArgumentError, match="no task 'survival'"):
        pointwise(task="regression", fits=("survival",))(formula("sorted_error"))  # type: ignore[arg-type]


def test_counterparts_are_declared_both_ways() -> None:
    declared = {record.name: record.counterpart for record in records() if record.counterpart}
    assert declared == {
        "binary_cross_entropy": "sigmoid_cross_entropy",
        "binary_focal": "sigmoid_focal",
        "categorical_cross_entropy": "softmax_cross_entropy",
        "categorical_focal": "softmax_focal",
        "generalized_cross_entropy": "softmax_generalized_cross_entropy",
        "kl_divergence": "softmax_kl_divergence",
        "sigmoid_cross_entropy": "binary_cross_entropy",
        "sigmoid_focal": "binary_focal",
        "softmax_cross_entropy": "categorical_cross_entropy",
        "softmax_focal": "categorical_focal",
        "softmax_generalized_cross_entropy": "generalized_cross_entropy",
        "softmax_kl_divergence": "kl_divergence",
    }
    for record in records():
        other = counterpart(record)
        assert other is None or (counterpart(other) is record and other.inner is other)


# --- names ----------------------------------------------------------------------------------------------------------


def register(name: str, *aliases: str) -> Record:
    return pointwise(task="regression", aliases=aliases)(formula(name))


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("name", "aliases", "taken", "owner"),
    [
        ("huber", (), "huber", "huber"),  # a loss of the same name
        ("mse", (), "mse", "squared_error"),  # a name that is another loss's alias
        ("mse_loss", (), "mse_loss", "squared_error"),  # … without its library
        ("made_up", ("huber",), "huber", "huber"),  # an alias that is another loss's name
        ("made_up", ("torch.nn.MSELoss",), "torch.nn.MSELoss", "squared_error"),  # another loss's alias
        ("made_up", ("elsewhere.MSELoss",), "MSELoss", "squared_error"),  # … that differs in its library alone
    ],
)
def test_a_name_of_two_losses_raises_and_names_both(
    name: str, aliases: tuple[str, ...], taken: str, owner: str
) -> None:
    before = records()
    with pytest.raises(ArgumentError) as caught:
        register(name, *aliases)
    message = str(caught.value)
    assert f"{taken!r} would name two losses" in message
    assert f"{owner} (lossary.catalogue.regression)" in message
    assert f"{name} (elsewhere.{name}s)" in message
    assert records() == before
    assert find(owner).name == owner  # which is found as before


@pytest.mark.usefixtures("catalogue")
def test_a_new_loss_is_found_by_all_its_names() -> None:
    record = register("made_up", "elsewhere.MadeUpLoss", "elsewhere.kl_div")
    for name in ("made_up", "elsewhere.MadeUpLoss", "MadeUpLoss", "elsewhere.kl_div"):
        assert find(name) is record
    with pytest.raises(ArgumentError, match="kl_div"):  # disputed: only with its library
        find("kl_div")


def test_a_formula_typed_again_is_no_second_loss_of_the_catalogue() -> None:
    first, second = ls.pointwise(formula("huber")), ls.pointwise(formula("huber"))
    assert first != second
    assert ls.get("huber") is ls.huber


# --- when asked for -------------------------------------------------------------------------------------------------

LAZY = """
import inspect, typing
importing = True

def watched(read):
    def reader(given, *rest, **options):
        assert not (importing and getattr(given, "__module__", "").startswith("lossary.catalogue")), "read at import"
        return read(given, *rest, **options)
    return reader

for module, name in [(inspect, "signature"), (inspect, "getdoc"), (typing, "get_type_hints")]:
    setattr(module, name, watched(getattr(module, name)))
import lossary
lossary.get("torch.nn.MSELoss"), lossary.get("huber")
known = [vars(record).keys() | vars(lossary.get(record.name)).keys() for record in lossary.losses()]
made = {"arguments", "parameters", "graph", "__doc__", "__signature__"} & set().union(*known)
try:
    lossary.huber.__doc__
except AssertionError:
    made.add("and that would be seen")
importing = False
print(sorted(made), lossary.huber.__signature__, lossary.huber.__doc__.partition("(")[0])
"""


def test_nothing_of_a_loss_is_made_at_import() -> None:
    """Neither that nor a look-up reads a signature, a docstring or a formula; afterwards they are there."""
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("['and that would be seen'] (prediction, target, *, delta=1.0, weight=None")
    assert done.stdout.rstrip().endswith("huber")


@pytest.mark.usefixtures("catalogue")
def test_to_register_a_loss_takes_few_calls() -> None:
    """Of Python's functions, some 30 for a loss with three aliases: about 10 µs. Reading a signature takes hundreds."""
    before, calls = len(records()), 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    bodies = [formula(f"loss_{k}") for k in range(74)]
    sys.setprofile(count)
    try:
        for k, body in enumerate(bodies):
            lossary.Loss(pointwise(task="regression", aliases=(f"a.b_{k}", f"c.d_{k}", f"e_{k}"))(body))
    finally:
        sys.setprofile(None)
    assert len(records()) == before + 74
    assert calls / 74 < 100


def test_the_class_and_its_objects_have_their_own_help() -> None:
    assert "A loss function, called as" in (lossary.Loss.__doc__ or "")
    assert list(inspect.signature(lossary.Loss).parameters) == ["record", "options", "module"]
    for loss in (lossary.huber, lossary.huber.configure(delta=3.0), ls.pointwise(formula("typed"))):
        text = loss.__doc__ or ""
        assert text.startswith(f"{loss.__name__}(prediction, target, *")
        assert inspect.signature(loss) is loss.__signature__
    assert "delta=3.0" in (lossary.huber.configure(delta=3.0).__doc__ or "")
    assert pickle.loads(pickle.dumps(lossary.huber)) is lossary.huber


def test_a_module_has_the_help_of_its_loss() -> None:
    modules = pytest.importorskip("lossary.torch")
    assert modules.Huber.__doc__ == modules.Huber().__doc__ == lossary.huber.__doc__
    assert "Huber" in (inspect.getdoc(modules.Huber) or "")


def test_a_wrong_formula_raises_where_it_is_defined() -> None:
    """That the catalogue's formulas are read late is no reason to read the user's late."""

    def wrong(prediction: Value, target: Value, *, delta: str = "one") -> Value:
        return absolute(prediction - target)

    with pytest.raises(TypeError, match="needs a number as its default"):
        ls.pointwise(wrong)
    assert np.isfinite(ls.huber([1.0], [2.0]))
