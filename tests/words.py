"""A loss made of every word of elements: what engines do to formulas depends on their words, which few losses have."""

from __future__ import annotations

from typing import Any

import lossary
from lossary.symbolic.graph import apply
from lossary.vocabulary import WORDS, where
from oracle.graphs import ELEMENTWISE, OVER_A_ROW

__all__ = ["ELEMENT_WORDS", "OF_ANY_COUNT", "OF_ARRAYS", "OF_GPUS", "OF_PLACES", "arity", "of_every_word"]

NOT_NUMBERS = {
    "where", "guard", "counted", "opposite", "both", "either", "less", "less_equal", "equal", "pick", "safe_label",
}  # fmt: skip
# Of targets that compute with whole arrays: see symbolic/test_whole_arrays.py.
OF_ARRAYS = {"clipped", "put", "least", "weighted_sum", "pulled_log_softmax"}
# Of formulas of several axes: see symbolic/test_several_axes.py, test_places.py and test_distances.py.
OF_PLACES = {
    "renamed", "states", "order", "rank", "scattered", "running_sum", "displaced", "decayed",
    "running_log_sum_exp", "contraction", "centre", "count", "squared_distances", "ascending", "restored",
}  # fmt: skip
OF_GPUS = {"exp_gap", "other_powers"}  # see execution/gpu/test_rows.py
OF_ANY_COUNT = {"with_slopes"}  # of arguments: see symbolic/test_graph.py
ELEMENT_WORDS = sorted(set(WORDS) - NOT_NUMBERS - set(OVER_A_ROW) - OF_ARRAYS - OF_PLACES - OF_GPUS - OF_ANY_COUNT)


def arity(word: str) -> int:
    return ELEMENTWISE[word].__code__.co_argcount if hasattr(ELEMENTWISE[word], "__code__") else 1


@lossary.pointwise
def of_every_word(prediction: Any, target: Any) -> Any:
    """The sum of all words of elements, of numbers between 0 and 1."""
    own = {"clip": (prediction, 0.0, 1.0), "computed_as": (prediction,) * 2, "written_as": (prediction,) * 2}
    own["exp_fraction"] = (-prediction,)
    given = prediction, target, 0.5
    words = [word for word in ELEMENT_WORDS if WORDS[word].push]  # the others are in derivatives only
    terms = [apply(word, *own.get(word, given[: arity(word)])) for word in words]
    return sum(terms, where(prediction < target, prediction, target))
