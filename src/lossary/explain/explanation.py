"""A loss explained: all that the terminal and the page say about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lossary.data.typed import TypedLoss
from lossary.explain.plain import at_defaults
from lossary.explain.properties import Property, properties
from lossary.graph import Node
from lossary.record import Argument, Record, Scores

__all__ = ["Explanation", "admitted", "explain"]

KINDS = {
    "pointwise": "element by element",
    "row": "row by row, of probabilities",
    "softmax": "row by row, of logits",
    "overlap": "of sums over a region",
    "pairs": "of all pairs of a batch",
    "linear_softmax": "row by row, of the logits that a linear layer makes",
}


@dataclass(frozen=True)
class Explanation:
    """A loss, its formula with and without what its parameters add, and what was found about it."""

    loss: TypedLoss
    formula: Node
    whole_formula: Node
    properties: tuple[Property, ...]

    @property
    def record(self) -> Record:
        return self.loss.record

    @property
    def details(self) -> tuple[str, ...]:
        """What the documentation says in sentences, after its first line and before the arguments."""
        body = self.record.doc.partition("\nArgs:")[0].split("\n\n")[1:]
        sentences = (" ".join(paragraph.split()) for paragraph in body if not paragraph.startswith(" "))
        return tuple(sentence.replace("``", "") for sentence in sentences)

    @property
    def scores(self) -> tuple[tuple[str, str], ...]:
        """Names of the values that the formula takes and that are computed first, and what they are computed from."""
        return tuple((scores.name, self._computed(scores)) for scores in self.record.scores)

    def _computed(self, scores: Scores) -> str:
        if self.record.kind == "pairs":
            return f"cosine of the angle between {scores.left} and {scores.right}, of every pair"
        return f"{scores.left} · {scores.right}ᵀ" + (f" + {scores.bias}" if scores.bias else "")

    @property
    def latex(self) -> str:
        """The formula for a page."""
        return self.record.written(self.formula)

    @property
    def kind(self) -> str:
        """How the loss is computed, in words."""
        return KINDS.get(self.record.kind, self.record.kind)

    @property
    def call(self) -> str:
        """How it is called from Python."""
        arguments = [argument.name for argument in self.record.arguments]
        settings = [f"{p.name}={self.loss.settings.get(p.name, p.default):g}" for p in self.record.parameters]
        return f"lossary.{self.record.name}({', '.join([*arguments, *settings])})"


def admitted(argument: Argument) -> str:
    """The values of an argument, in words: infinite predictions are no error, infinite targets are."""
    is_any = math.isinf(argument.domain.low) and math.isinf(argument.domain.high) and argument.role != "target"
    if not is_any:
        return str(argument.domain)
    return "any number, ±∞ included" if argument.takes_logits else "any number"


def explain(loss: TypedLoss) -> Explanation:
    """Read the record, and try the loss."""
    formula = at_defaults(loss.record, kept=loss.settings)
    return Explanation(loss, formula, loss.record.whole, properties(loss))
