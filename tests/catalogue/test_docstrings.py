"""Every loss's docstring is complete, and what it shows is true."""

from __future__ import annotations

import doctest
import pydoc
import re

import pytest

import lossary as ls
from lossary import errors
from lossary.catalogue.record import Record
from lossary.contract.keywords import KEYWORDS
from tools.catalogue import entries, sections

RECORDS = pytest.mark.parametrize("record", ls.losses(), ids=lambda record: record.name)


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
    parts = sections(record.doc)
    assert {"", "Formula", "Text", "Args", "Raises", "Example"} <= set(parts)
    assert re.fullmatch(r".{20,110}\.", parts[""])
    assert record.references


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
    raised = entries(sections(record.doc)["Raises"])
    assert raised
    assert all(issubclass(getattr(errors, name), errors.LossaryError) for name in raised)


@RECORDS
def test_losses_that_are_named_exist(record: Record) -> None:
    """Only where the docstring speaks of lossary: what is elsewhere has names of its own."""
    parts = sections(record.doc)
    named = re.findall(
        r"``(\w+)(?:\([^`]*)?``", " ".join(parts.get(name, "") for name in ("Text", "Args", "Identities"))
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
