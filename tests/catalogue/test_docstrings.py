"""Every loss's docstring is complete, and what it shows is true."""

from __future__ import annotations

import doctest
import pydoc
import re

import numpy as np
import pytest

import lossary as ls
from lossary import errors
from lossary.catalogue.docstring import SECTIONS, complete, entries, sections
from lossary.catalogue.record import Record
from lossary.contract.keywords import KEYWORDS
from lossary.domains import NonNegative, Positive, Real
from lossary.symbolic.graph import Value
from lossary.vocabulary import absolute
from samples import arguments

TOLD = ("gaussian_nll", "kl_divergence", "softmax_kl_divergence", "linear_entropy", "info_nce", "dice")
MADE = ("ShapeError", "DomainError", "LabelError", "ArgumentError", "NotAdditiveError", "ArgumentTypeError")
RECORDS = pytest.mark.parametrize("record", ls.losses(), ids=lambda record: record.name)
pytestmark = pytest.mark.usefixtures("portable")


@RECORDS
def test_examples_give_what_they_show(record: Record, doctest_runner: doctest.DocTestRunner) -> None:
    examples = doctest.DocTestParser().get_doctest(record.doc, {}, record.name, None, None)
    assert examples.examples
    doctest_runner.run(examples)  # raises at the first that fails


@pytest.fixture
def doctest_runner(request: pytest.FixtureRequest) -> doctest.DocTestRunner:
    from _pytest.doctest import _get_checker, _get_flag_lookup

    flags = sum(_get_flag_lookup()[name] for name in request.config.getini("doctest_optionflags"))
    return doctest.DebugRunner(_get_checker(), optionflags=flags)


@RECORDS
def test_a_docstring_is_complete(record: Record) -> None:
    parts = sections(complete(record))
    assert {"", "Formula", "Text", "Use", "Args", "Shapes", "Raises", "Example"} <= set(parts)
    assert re.fullmatch(r".{20,110}\.", parts[""])
    assert re.fullmatch(r"Use it when .{20,104}\.", parts["Use"])
    assert parts["Use"] == record.use
    assert record.references


OF_ROWS = [r for r in ls.losses() if r.kind == "row" and len(r.arguments) == 2 and r.predictions[0].takes_probabilities]


@pytest.mark.parametrize("record", OF_ROWS, ids=lambda record: record.name)
def test_a_bounded_loss_says_that_its_slope_is_infinite(record: Record) -> None:
    """Where the prediction lacks a class of the target; losses that are infinite there need not say it."""
    value, slope = ls.get(record.name).value_and_gradient(np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]]))
    said = "A class that the target has, and the prediction does not, has an infinite slope" in " ".join(
        record.doc.split()
    )
    assert said == bool(np.isfinite(value) and np.isinf(slope).any())


@RECORDS
def test_an_author_writes_nothing_that_the_record_tells(record: Record) -> None:
    written, shown = sections(record.doc), sections(complete(record))
    assert "Shapes" not in written
    raised = entries(shown["Raises"])
    own = entries(written.get("Raises", ""))
    assert [name for name, text in own.items() if raised[name] == text and name in MADE] == []
    assert [heading for heading in shown if heading in SECTIONS] == [one for one in SECTIONS if one in shown]


@RECORDS
def test_what_is_said_to_raise_does(record: Record) -> None:
    """An array's value or a parameter that its domain excludes; what is not named may hold anything."""
    raised, given = entries(sections(complete(record))["Raises"]), arguments(record)
    for i, argument in enumerate(record.arguments):
        for wrong in (np.nan, np.inf, argument.domain.low - 1, argument.domain.high + 1):
            changed = [array.astype(float) for array in given]
            changed[i].flat[0] = wrong
            named = re.search(rf"\b{argument.name}\b", raised.get("DomainError", "") + raised.get("LabelError", ""))
            if argument.domain.contains(wrong) or (argument.role != "target" and not np.isfinite(wrong)):
                continue
            assert named, (argument.name, wrong)
            with pytest.raises(errors.DomainError, match=rf"{argument.name}\["):
                ls.get(record.name)(*changed)
    for parameter in record.parameters:
        assert re.search(rf"\b{parameter.name}\b", raised["ArgumentError"])
        wrong = next(x for x in (parameter.domain.low - 1, np.nan) if not parameter.domain.contains(x))
        with pytest.raises(errors.ArgumentError, match=parameter.name):
            ls.get(record.name)(*given, **{parameter.name: wrong})
    for error, feature in {"NotAdditiveError": "total", "ArgumentTypeError": "hessian"}.items():
        assert (error in raised) == (feature in record.cannot)


def test_an_author_adds_to_the_errors() -> None:
    def fraction(prediction: Real, target: NonNegative, *, scale: Positive = 1.0) -> Value:
        """A difference over something.

        Args:
            prediction: Numbers.

        Raises:
            DomainError: A sum of targets is 0.
            LabelError: A label is too large
                for its name.

        Example:
            >>> 1
            1
        """
        return absolute(prediction - target) / scale

    loss = ls.pointwise(fraction)
    assert entries(sections(complete(loss.record))["Raises"]) == {
        "ShapeError": "The shapes differ, as (N,) and (N, 1) do.",
        "DomainError": "target is not ≥ 0, or target is NaN or infinite. A sum of targets is 0.",
        "LabelError": "A label is too large for its name.",
        "ArgumentError": "scale is not finite and > 0.",
    }
    assert list(sections(complete(loss.record))) == ["", "Args", "Shapes", "Raises", "Example"]
    assert complete(loss.record).count("Raises:") == 1


def test_shapes_are_told_by_kind() -> None:
    shapes = {
        record.kind: sections(complete(record))["Shapes"].split() for record in ls.losses() if record.name in TOLD
    }
    assert {kind: " ".join(text) for kind, text in shapes.items()} == {
        "pointwise": "prediction, target and variance have the same shape, whatever it is; the unreduced loss has the "
        "same shape.",
        "row": "probability is (..., K), with the K classes along ``axis``; target is (...) with integer labels, or "
        "(..., K). The unreduced loss is (...).",
        "softmax": "logits is (..., K), with the K classes along ``axis``; target is (...) with integer labels, or "
        "(..., K). The unreduced loss is (...).",
        "linear_softmax": "features is (..., D), classifier (K, D), bias (K,). The unreduced loss is (...).",
        "pairs": "embedding and positive are (N, D); the unreduced loss is (N,).",
        "overlap": "probability and target have the same shape, whatever it is; a region spans ``axis``, and the "
        "unreduced loss has the shape of the other axes.",
    }


@RECORDS
def test_arguments_are_described_as_they_are(record: Record) -> None:
    described = entries(sections(record.doc)["Args"])
    known = {one.name: one.domain for one in record.numbers}
    assert list(described) == list(known)
    limits = {name: str(domain) for name, domain in known.items() if str(domain)[0] in ">≥"}
    assert {name: limit for name, limit in limits.items() if limit not in described[name]} == {}


@RECORDS
def test_a_unit_is_told_as_the_record_has_it(record: Record) -> None:
    described = entries(sections(record.doc)["Args"])
    units = {one.name: str(one.unit).replace("in ", "").replace(",", "") for one in record.numbers if one.unit}
    assert {name for name, unit in units.items() if unit not in described[name]} == set()
    assert {name for name, text in described.items() if "the target's unit" in text} == set(units)


@RECORDS
def test_errors_exist(record: Record) -> None:
    raised = entries(sections(complete(record))["Raises"])
    assert raised
    assert all(issubclass(getattr(errors, name), errors.LossaryError) for name in raised)


@RECORDS
def test_losses_that_are_named_exist(record: Record) -> None:
    """Only where the docstring speaks of lossary: what is elsewhere has names of its own."""
    parts = sections(record.doc)
    named = re.findall(
        r"``(\w+)(?:\([^`]*)?``", " ".join(parts.get(name, "") for name in ("Text", "Use", "Args", "Identities"))
    )
    ours = {r.name for r in ls.losses()} | set(ls.get(record.name).__signature__.parameters)
    assert set(named) - ours - {"value_and_gradient", "total"} == set()


@RECORDS
def test_help_shows_signature_formula_names_and_source(record: Record) -> None:
    shown = pydoc.plain(pydoc.render_doc(ls.get(record.name)))
    assert f"{record.name}({record.arguments[0].name}, " in shown
    joined = " ".join(shown.split())
    expected = [*record.aliases, *record.references, sections(record.doc)["Formula"], "help(lossary)"]
    assert [text for text in expected if " ".join(text.split()) not in joined] == []


def test_the_package_docstring_has_every_common_keyword_and_its_default() -> None:
    defaults = [(row.name, row.default) for row in KEYWORDS]
    shown = [f"{name}={default!r}".replace("'", '"') for name, default in defaults]
    assert [text for text in shown if text not in str(ls.__doc__)] == []
