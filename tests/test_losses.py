"""Losses as objects: the user's own formulas, configured losses, names, pickles, totals of settings."""

from __future__ import annotations

import copy
import gc
import importlib
import inspect
import io
import pickle
import subprocess
import sys
import textwrap
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import lossary
from arrays import FRAMEWORKS, NUMPY, Framework, differentiated
from lossary.catalogue.record import Record
from lossary.errors import UnknownLossError
from samples import arguments

ls: Any = lossary  # whose losses are also called wrongly here
ALL = ls.losses()
pytestmark = pytest.mark.usefixtures("portable")
TYPED = """
from lossary import pointwise
from lossary.vocabulary import absolute, exp, log1p, sqrt, square, where

@pointwise
def charbonnier(prediction, target, *, scale=1.0):
    return sqrt(square((prediction - target) / scale) + 1.0) - 1.0

@pointwise
def asymmetric(prediction, target, *, over=3.0):
    '''Three times as much above as below.'''
    error = prediction - target
    return where(error > 0.0, over * error, -error) ** 2

@pointwise
def two_of_them(mean, target, spread):
    return log1p(exp(spread)) + absolute(mean - target) / (1.0 + spread ** 2)

@pointwise
def constant_slope(prediction, target):
    return 2 * prediction
"""


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


@pytest.fixture(scope="module")
def typed() -> dict[str, Any]:
    """Losses of formulas that have no source file, as at a prompt."""
    namespace: dict[str, Any] = {"__name__": "typed_at_a_prompt"}
    exec(TYPED, namespace)
    return namespace


# --- the user's own formulas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FRAMEWORKS, ids=str)
def test_a_formula_typed_at_a_prompt(typed: dict[str, Any], framework: Framework) -> None:
    x, y = np.array([3.0, -1.0, 0.5], np.float32), np.array([1.0, 1.0, 0.5], np.float32)
    given = framework.make(x), framework.make(y)
    e = (x - y).astype(float)
    expected = {
        "charbonnier": (np.sqrt(e**2 / 4 + 1) - 1, e / 4 / np.sqrt(e**2 / 4 + 1), {"scale": 2.0}),
        "asymmetric": (np.where(e > 0, 3 * e, -e) ** 2, np.where(e > 0, 18, 2) * e, {}),
        "constant_slope": (2 * x, np.full(3, 2.0), {}),
    }
    for name, (values, slopes, options) in expected.items():
        loss = typed[name]
        value, gradient = loss.value_and_gradient(*given, **options, reduction="none")
        np.testing.assert_allclose(framework.numpy(value), values, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(framework.numpy(gradient), slopes, rtol=1e-5, atol=1e-6)
        if framework is not NUMPY:
            found = differentiated(framework, lambda p, t=given[1], f=loss, o=options: f(p, t, **o))(given[0])[1][0]
            np.testing.assert_allclose(framework.numpy(found), slopes / 3, rtol=1e-5, atol=1e-6)


def test_it_is_a_loss_like_any_other(typed: dict[str, Any]) -> None:
    loss = typed["charbonnier"]
    x, y = [3.0, -1.0], [1.0, 1.0]
    assert loss.total(x, y).count == 2
    assert loss(x, y, weight=[1.0, 0.0]) == pytest.approx(np.sqrt(5) - 1)
    assert loss.record.latex
    assert loss.configure(scale=2.0)(x, y) == loss(x, y, scale=2.0)
    hessian = loss.gradient_and_hessian(x, y)[1]
    np.testing.assert_allclose(hessian, 5**-1.5, rtol=1e-12)
    mean, spread = typed["two_of_them"].value_and_gradient(x, y, [0.5, 1.0])[1]
    assert mean.shape == spread.shape == (2,)
    assert "Three times" in typed["asymmetric"].__doc__
    with pytest.raises(TypeError, match="scael"):
        loss(x, y, scael=1.0)
    assert loss.record not in ls.losses()


def test_two_formulas_of_one_name_are_two_losses() -> None:
    """Typing a formula again replaces it: nothing stale is served."""
    source = (
        "from lossary import pointwise\n@pointwise\ndef again(prediction, target): return {} * (prediction - target)"
    )
    found = []
    for factor in (2.0, 3.0):
        namespace: dict[str, Any] = {"__name__": "typed_at_a_prompt"}
        exec(source.format(factor), namespace)
        found.append(float(namespace["again"]([5.0], [4.0])))
    assert found == [2.0, 3.0]


def test_a_script_without_a_file() -> None:
    """``python -c``: no source to read anywhere."""
    code = TYPED + textwrap.dedent("""
        import pickle
        value, gradient = charbonnier.value_and_gradient([3.0], [1.0])
        again = pickle.loads(pickle.dumps(charbonnier.configure(scale=2.0)))
        print(round(float(value), 6), round(float(gradient[0]), 6), round(float(again([3.0], [1.0])), 6))
    """)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("1.236068 0.894427 0.414214", 0), done.stderr


# --- configured losses ---------------------------------------------------------------------------------------------


def test_a_configured_loss() -> None:
    loss = ls.huber.configure(delta=2.0, reduction="sum")
    assert loss([3.0, 0.0], [0.0, 0.0]) == 4.0
    assert loss([3.0, 0.0], [0.0, 0.0], reduction="mean") == 2.0
    assert loss.configure(delta=1.0)([3.0], [0.0]) == 2.5
    assert ls.huber([3.0], [0.0]) == 2.5  # itself unchanged
    assert loss == ls.huber.configure(reduction="sum", delta=2.0)
    assert hash(loss) == hash(ls.huber.configure(reduction="sum", delta=2.0))
    assert loss == ls.huber.configure(reduction="sum", delta=2)
    assert loss == ls.huber.configure(reduction="sum", delta=np.float32(2))
    assert loss != ls.huber
    assert loss != ls.huber.configure(delta=3.0, reduction="sum")
    assert loss.to_dict() == {"loss": "huber", "delta": 2.0, "reduction": "sum"}
    assert ls.from_dict(loss.to_dict()) == loss
    assert "delta=2.0" in repr(loss)
    assert inspect.signature(loss).parameters["delta"].default == 2.0
    with pytest.raises(TypeError, match="detla"):
        ls.huber.configure(detla=2.0)


def test_a_configured_loss_has_totals_and_hessians() -> None:
    """What belongs to its mean alone is no hindrance."""
    loss = ls.squared_error.configure(denominator="count", empty="nan")
    assert loss.total([1.0, 3.0], [0.0, 0.0]).mean == 5.0
    assert loss.gradient_and_hessian([1.0], [0.0])[1].tolist() == [2.0]


def test_configured_losses_are_not_kept() -> None:
    """A configuration a step, in a long training, costs nothing."""
    gone = weakref.ref(ls.huber.configure(delta=2.0))
    gc.collect()
    assert gone() is None


def test_class_weights_may_be_configured() -> None:
    loss = ls.softmax_cross_entropy.configure(class_weight=np.array([1.0, 3.0]), label_smoothing=0.1)
    z, y = np.array([[0.0, 1.0], [2.0, 0.5]]), np.array([0, 1])
    assert loss(z, y) == ls.softmax_cross_entropy(z, y, class_weight=[1.0, 3.0], label_smoothing=0.1)
    assert pickle.loads(pickle.dumps(loss))(z, y) == loss(z, y)
    assert copy.deepcopy(loss) == loss


@pytest.mark.parametrize("record", ALL, ids=name_of)
def test_pickles_and_copies(record: Record) -> None:
    loss = ls.get(record.name)
    given = arguments(record)
    assert pickle.loads(pickle.dumps(loss)) is loss
    assert copy.deepcopy(loss) is loss
    moved = loss.configure(reduction="sum", **{p.name: p.domain.inside for p in record.parameters})
    for again in (pickle.loads(pickle.dumps(moved)), copy.deepcopy(moved), ls.from_dict(moved.to_dict())):
        assert again == moved
        assert again(*given) == moved(*given)
    assert len({moved, pickle.loads(pickle.dumps(moved)), loss}) == 2


# --- names ---------------------------------------------------------------------------------------------------------


def test_names() -> None:
    assert [record.name for record in ALL] == [ls.get(record.name).__name__ for record in ALL]
    assert all(getattr(ls, record.name) is ls.get(record.name) for record in ALL)
    assert set(ls.__all__) <= set(dir(ls))
    assert {"find", "LIBRARY", "annotations", "engine"}.isdisjoint(dir(ls))  # what completion would show
    with pytest.raises(AttributeError, match="squared_error"):
        _ = ls.mse_loss
    with pytest.raises(AttributeError, match="softmax_cross_entropy"):
        _ = ls.cross_entropy
    with pytest.raises(AttributeError):
        _ = ls._nothing
    assert not hasattr(ls, "__nothing__")
    with pytest.raises(UnknownLossError, match=r"huber"):
        ls.get("hubert")
    with pytest.raises(UnknownLossError, match=r"losses\(\)"):
        ls.get("qqqqqqq")


@pytest.mark.parametrize("record", ALL, ids=name_of)
def test_help_shows_the_loss(record: Record) -> None:
    loss = ls.get(record.name)
    signature = inspect.signature(loss)
    assert list(signature.parameters)[: len(record.arguments)] == [a.name for a in record.arguments]
    assert {p.name for p in record.parameters} <= set(signature.parameters)
    assert {"weight", "mask", "reduction", "denominator", "empty"} <= set(signature.parameters)
    assert record.summary
    assert record.summary.endswith(".")
    assert record.summary in (loss.__doc__ or "")
    assert record.latex
    given = dict(zip((a.name for a in record.arguments), arguments(record), strict=True))
    assert loss(**given) == loss(*given.values())  # by name, too


# --- modules -------------------------------------------------------------------------------------------------------


def test_modules() -> None:
    modules: Any = importlib.import_module("lossary.torch")
    for record in ALL:
        kind = getattr(modules, "".join(word.capitalize() for word in record.name.split("_")))
        given = [torch.tensor(array) for array in arguments(record)]
        torch.testing.assert_close(kind()(*given), ls.get(record.name)(*given))
        assert torch.load(_saved(kind()), weights_only=False)(*given) == kind()(*given)


def _saved(module: Any) -> Any:
    buffer = io.BytesIO()
    torch.save(module, buffer)
    buffer.seek(0)
    return buffer


def test_a_learnable_delta_and_weights_that_move() -> None:
    modules: Any = importlib.import_module("lossary.torch")
    delta = torch.nn.Parameter(torch.tensor(1.0))
    module = modules.Huber(delta=delta)
    module(torch.tensor([3.0]), torch.tensor([0.0])).backward()
    assert [name for name, _ in module.named_parameters()] == ["delta"]
    assert delta.grad == 2.0  # |error| - delta
    weighted = modules.SoftmaxCrossEntropy(class_weight=torch.tensor([1.0, 2.0]))
    assert "class_weight" in weighted.state_dict()
    assert weighted.double().class_weight.dtype == torch.float64
    with pytest.raises(TypeError, match="detla"):
        modules.Huber(detla=1.0)
    with pytest.raises(ValueError, match="reduction"):
        modules.Huber(reduction="bogus")


# --- what is imported ----------------------------------------------------------------------------------------------


def test_frameworks_are_not_imported_by_use() -> None:
    """Calling a loss with NumPy's arrays loads no other framework."""
    code = "import sys, numpy, lossary; lossary.huber(numpy.ones(3), numpy.zeros(3))"
    code += "; print('torch' in sys.modules, 'jax' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    assert done.stdout.split() == ["False", "False"]


def test_a_gradient_beyond_half_precision_is_infinite() -> None:
    """Without a warning: the loss itself is computed in float32."""
    given = [np.array([x], np.float16) for x in (300.0, -300.0)]
    value, gradient = lossary.squared_error.value_and_gradient(*given, weight=[200.0], reduction="sum")
    assert (float(value), float(gradient[0])) == (7.2e7, np.inf)
