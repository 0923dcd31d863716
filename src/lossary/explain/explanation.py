"""A loss explained: all that the terminal and the page say about it."""

from __future__ import annotations

from dataclasses import dataclass

from lossary.data.typed import TypedLoss
from lossary.explain.plain import plain, whole
from lossary.explain.properties import Property, properties
from lossary.printing import latex
from lossary.record import Record

__all__ = ["Explanation", "explain"]

KINDS = {
    "pointwise": "element by element",
    "row": "row by row, of probabilities",
    "softmax": "row by row, of logits",
    "overlap": "of sums over a region",
    "pairs": "of all pairs of a batch",
}


@dataclass(frozen=True)
class Explanation:
    """A loss, its formula in plain letters and in LaTeX, and what was found about it."""

    loss: TypedLoss
    formula: str
    latex: str
    properties: tuple[Property, ...]

    @property
    def record(self) -> Record:
        return self.loss.record

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


def explain(loss: TypedLoss) -> Explanation:
    """Read the record, and try the loss."""
    formula = whole(loss.record)
    return Explanation(loss, plain(formula), latex(formula), properties(loss))
