"""Explanation of a loss, as the terminal and the report show it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lossary.catalogue.docstring import sections
from lossary.catalogue.kind import KINDS
from lossary.catalogue.record import Argument, Record, Scores
from lossary.commands.data.typed import TypedLoss, written
from lossary.commands.explain.plain import at_defaults, letter
from lossary.commands.explain.properties import Property, properties
from lossary.contract.keywords import defaults_of, keywords_of
from lossary.symbolic.graph import ITEM, Node

__all__ = ["Explanation", "admitted", "explain"]

OF_ONE = "This is the loss of one item, before items are left out, weighted or reduced."


@dataclass(frozen=True)
class Explanation:
    """A loss with its properties, and its formula with and without the terms of parameters that are 0 by default."""

    loss: TypedLoss
    formula: Node
    whole_formula: Node
    properties: tuple[Property, ...]

    @property
    def record(self) -> Record:
        return self.loss.record

    @property
    def details(self) -> tuple[str, ...]:
        """Sentences on the settings, the prose of the documentation, and when to use the loss.

        The prose describes the loss with its defaults.
        """
        body = sections(self.record.doc).get("Text", "").split("\n\n")
        sentences = (" ".join(paragraph.split()) for paragraph in body if paragraph)
        of = "With the defaults: " if self.changed else ""
        use = [self.record.use.replace("``", "")] if self.record.use else []
        return (*self._of_settings, *(of + sentence.replace("``", "") for sentence in sentences), *use)

    @property
    def changed(self) -> dict[str, float]:
        """Settings that differ from the defaults."""
        defaults = defaults_of(self.record)
        return {name: value for name, value in self.loss.settings.items() if value != defaults.get(name)}

    @property
    def common(self) -> dict[str, float]:
        """Settings that are not parameters of the formula."""
        own = {parameter.name for parameter in self.record.parameters}
        return {name: value for name, value in self.loss.settings.items() if name not in own}

    @property
    def _of_settings(self) -> tuple[str, ...]:
        """Sentences on settings that the formula does not show."""
        done = self.common.keys() & self.changed.keys()
        told = [row for row in keywords_of(self.record) if row.note and row.name in done]
        notes = tuple(row.note.format(target=letter("target"), own=letter(row.name)) for row in told)
        return (*notes, OF_ONE) if len(done) > len(told) else notes

    @property
    def scores(self) -> tuple[tuple[str, str], ...]:
        """Names and definitions of the values in the formula that are computed from the arguments."""
        return tuple((scores.name, self._computed(scores)) for scores in self.record.scores)

    def _computed(self, scores: Scores) -> str:
        if self.record.compares_rows:
            return f"cosine of the angle between {scores.left} and {scores.right}, of every pair"
        return f"{scores.left} · {scores.right}ᵀ" + (f" + {scores.bias}" if scores.bias else "")

    @property
    def latex(self) -> str:
        """The formula as LaTeX."""
        return self.record.written(self.formula)

    @property
    def kind(self) -> str:
        """Kind of the loss, in words."""
        if self.record.axes:
            inner = dict.fromkeys(axis for axes in self.record.axes.values() for axis in axes.split() if axis != ITEM)
            return f"{'of a whole batch' if self.record.couples_items else 'item by item'}, over {', '.join(inner)}"
        if self.record.by_row and self.record.predictions[0].takes_log_probabilities:
            return "row by row, of log-probabilities"
        return "row by row, of vectors" if self.record.takes_vectors else KINDS[self.record.kind].told

    @property
    def call(self) -> str:
        """Call of the loss in Python."""
        arguments = [argument.name for argument in self.record.arguments]
        given = {p.name: p.default for p in self.record.parameters} | self.loss.settings
        settings = [f"{name}={written(value).replace('inf', 'math.inf')}" for name, value in given.items()]
        return f"lossary.{self.record.name}({', '.join([*arguments, *settings])})"


def admitted(argument: Argument) -> str:
    """Describe the values that an argument may have: infinite predictions are no error, infinite targets are."""
    is_any = math.isinf(argument.domain.low) and math.isinf(argument.domain.high) and argument.role != "target"
    if not is_any:
        return str(argument.domain)
    return "any number, ±∞ included" if argument.takes_logits else "any number"


def explain(loss: TypedLoss) -> Explanation:
    """Explain a loss."""
    formula = at_defaults(loss.record, kept=loss.settings)
    return Explanation(loss, formula, loss.record.whole, properties(loss))
