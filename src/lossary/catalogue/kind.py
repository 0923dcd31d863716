"""The kinds of losses: what an item is, and what follows from that for every loss of the kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["BATCH", "KINDS", "Kind"]

BATCH = {
    "total": "the loss of a batch is not a sum over its parts",
    "hessian": "every row is compared with all others, so that no element has a Hessian of its own",
}


@dataclass(frozen=True)
class Kind:
    """What all losses of a kind share.

    Attributes:
        name: The name in ``loss.record.kind``.
        item: What has one loss: an element, a row, a region, or what the named axes of a loss leave.
        told: The kind in words, for ``lossary explain``.
        has_axis: Items run over the keyword ``axis``.
        of_vectors: A row holds the numbers of a vector, unless the target is a class.
        compares: Each item is compared with all others, so that the target is known: the i-th belongs to the i-th.
        letter: The index of a sum over an item's places.
        cannot: Features that the losses do not have, with the reasons: for messages and docs/coverage.md.
    """

    name: str
    item: Literal["element", "row", "region", "axes"]
    told: str
    has_axis: bool = False
    of_vectors: bool = False
    compares: bool = False
    letter: str = "c"
    cannot: Mapping[str, str] = field(default_factory=dict)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("pointwise", "element", "element by element"),
        Kind("row", "row", "row by row, of probabilities", has_axis=True, of_vectors=True),
        Kind("softmax", "row", "row by row, of logits", has_axis=True),
        Kind(
            "linear_softmax", "row", "row by row, of the logits that a linear layer makes",
            cannot={
                "hessian": "a logit is computed from whole rows of two arrays, so that no element has a Hessian of its "
                "own"
            },
        ),
        Kind("pairs", "row", "of all pairs of a batch", compares=True, letter="j", cannot=BATCH),
        Kind(
            "overlap", "region", "of sums over a region", has_axis=True, letter="i",
            cannot={"total": "the loss of a region is not a sum over its parts"},
        ),
        Kind(
            "axes", "axes", "over named axes",
            cannot={
                "hessian": "an element may change the loss through any other, so that none has a Hessian of its own"
            },
        ),
    )
}  # fmt: skip
