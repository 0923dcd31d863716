"""HTML report of a study: one self-contained page, which needs no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from string import Template

from latex2mathml.converter import convert

from lossary.commands.compare.advice import recommendation
from lossary.commands.compare.network import HIDDEN
from lossary.commands.compare.sentences import counted
from lossary.commands.compare.study import Outcome
from lossary.commands.compare.training import PATIENCE, RATE
from lossary.commands.compare.verdict import Standing, Verdict
from lossary.commands.explain.explanation import Explanation, explain
from lossary.commands.report.curves import curve_figure
from lossary.commands.report.figures import difference_figure, learning_figure
from lossary.commands.report.numbers import baseline, cell, heading
from lossary.commands.report.plots import SCRIPTS, embedded
from lossary.commands.report.style import FONT
from lossary.commands.report.verdicts import FEW, LEGEND, method, problem_lines, settings_of, units

__all__ = ["formula", "study_page"]

ORANGE = '<span style="color: var(--bad)">Orange</span> marks a difference that is significant at 5 %.'
OF_NUMBERS = (
    "Value and slope against the residual, all in deviations of the target, as are parameters in its unit; a variance "
    "is fixed at 1."
)
OF_CLASSES = (
    "Value and slope against the logit of the class, before a sigmoid or softmax, so that losses of logits and of "
    "probabilities can be compared."
)
THIN = '<mspace width="0.167em" />'
FUNCTION = "<mi>[a-z]{2,}</mi>"
AFTER_A_PART = re.compile(rf"(</(?:mi|mn|mrow|msub|msup|mfrac|mstyle)>)({FUNCTION})")
BEFORE_A_PART = re.compile(rf"({FUNCTION})(?!{THIN}|<mrow><mo|<mo>|</)")  # of one in parentheses, none


def study_page(verdict: Verdict, source: str, version: str) -> str:
    """Return the page as HTML."""
    study = verdict.study
    scaling = study.problem.scaling
    trained = [each.candidate.rescaled(scaling) if scaling else each.candidate for each in study.trained]
    return Template(files("lossary.commands.report").joinpath("page.html").read_text(encoding="utf-8")).substitute(
        title=f"Which loss for {escape(study.problem.target)}?",
        subtitle=f"{escape(source)} · {escape(next(problem_lines(study.problem)))}",
        version=escape(version),
        font=FONT,
        scripts=SCRIPTS,
        advice=_paragraphs(recommendation(verdict)),
        table=_table(verdict),
        legend=f"{LEGEND} {ORANGE if verdict.enough else FEW}",
        differences=embedded(partial(difference_figure, verdict), "differences", 200 + 140 * len(verdict.standings)),
        learning=embedded(partial(learning_figure, verdict), "learning"),
        curves=embedded(lambda narrow: curve_figure(trained, of_output=True, narrow=narrow), "curves"),
        curves_note=OF_CLASSES if study.problem.classes else OF_NUMBERS,
        losses="".join(_card(explain(outcome.candidate), outcome) for outcome in study.outcomes),
        method=_items(_method(verdict)),
    )


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)


def _table(verdict: Verdict) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in ("loss", *map(heading, verdict.standings)))
    rows = "".join(f"<tr>{_row(verdict, outcome)}</tr>" for outcome in verdict.study.outcomes)
    guesses = "".join(f"<td{_label(s)}>{baseline(s)}</td>" for s in verdict.standings)
    last = f"<tr class='guess'><td>a constant guess</td>{guesses}</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}{last}</tbody></table>"


def _label(standing: Standing) -> str:
    """Return an attribute with the column's heading; a narrow page shows it before the cell."""
    return f" data-label='{escape(heading(standing))}'"


def _row(verdict: Verdict, outcome: Outcome) -> str:
    candidate = outcome.candidate
    small = [f"= {candidate.same_as}"] if candidate.same_as else []
    small += settings_of(outcome, verdict.study)
    cells = [cell(standing, candidate.same_as or candidate.name) for standing in verdict.standings]
    classes = ["best" if each.best else "distinct" if each.distinct else "" for each in cells]
    filled = [
        f"<td class='{kind}'{_label(standing)}>{each.mean}<small>{each.behind}</small></td>"
        for kind, each, standing in zip(classes, cells, verdict.standings, strict=True)
    ]
    below = "".join(f"<small>{escape(text)}</small>" for text in small)
    return f"<td>{escape(candidate.record.name)}{below}</td>{''.join(filled)}"


def _card(explained: Explanation, outcome: Outcome) -> str:
    """Return the HTML card of one loss: name, summary, formula, properties, sources."""
    layers = zip(outcome.candidate.links, explained.record.predictions, strict=True)
    facts = [*explained.properties, *(("output layer", f"{link} for {to.name}") for link, to in layers if link)]
    parameters = ", ".join(f"{parameter.name} ({parameter.domain})" for parameter in explained.record.parameters)
    facts += [("parameters", parameters)] if parameters else []
    facts += [("source", reference) for reference in explained.record.references]
    listed = "".join(
        f"<dt>{escape(name)}</dt>" + "".join(f"<dd>{escape(text)}</dd>" for _, text in group)
        for name, group in groupby(facts, key=itemgetter(0))
    )
    name = escape(explained.loss.name).replace("(", "<wbr>(")
    words = _paragraphs([explained.record.summary, *explained.details])
    return (
        f"<article class='loss'><h3>{name}</h3>{words}"
        f"<div class='formula' tabindex='0'>{formula(explained.latex)}</div><dl>{listed}</dl></article>"
    )


def formula(latex: str) -> str:
    """Convert LaTeX to MathML, with the spaces around function names that TeX would set by itself."""
    text = AFTER_A_PART.sub(rf"\1{THIN}\2", convert(latex, display="block"))
    return BEFORE_A_PART.sub(rf"\1{THIN}", text)


def _method(verdict: Verdict) -> Iterator[str]:
    study = verdict.study
    yield from problem_lines(study.problem)
    yield (
        f"Network: two hidden layers of {HIDDEN} units (ReLU), Adam at a rate of {RATE:g}, small batches; training "
        f"stops when the loss on a validation part of the training rows has not improved for {PATIENCE} epochs, and "
        "the best weights are kept."
    )
    yield "Every loss starts from the same weights and gets the same batches; columns are scaled by the training rows."
    yield f"{method(study.plan)}: {counted(study.plan.splits * len(study.trained), 'network')} trained."
    yield (
        "Standard errors are corrected for the folds' shared training rows (Nadeau & Bengio, 2003). A difference is "
        "significant at 5 % by a t test, all pairs of losses by all metrics taken together (Bonferroni)."
    )
    yield from units(study)
