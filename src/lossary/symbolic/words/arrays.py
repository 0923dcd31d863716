"""Words of targets that compute with whole arrays, for forms of formulas that have no derivatives any more."""

from __future__ import annotations

from lossary.symbolic.words.word import Along, Word, everywhere

FORM = dict.fromkeys(("push", "range", "curvature"), "it stands in no formula, but in forms for a target (whole.py)")
EAGER_ONLY = FORM | {"spelling": "other targets do without it"}

put: Word = Word(  # the first argument, with the third at the class of the label
    "put", push=None, without=FORM,
    spelling=everywhere("put({0}, {1}, {2}, axis)") | dict.fromkeys(("numba", "triton"), "put({0}, {1}, {2})")
    | {"owned": "put_({0}, {1}, {2}, axis)"},
)  # fmt: skip
least: Word = Word(
    "least", push=None, spelling={"eager": "torch.amin({0}, dim=axis, keepdim=True)"}, along=Along.REDUCED,
    without=EAGER_ONLY,
)  # fmt: skip
weighted_sum: Word = Word(
    "weighted_sum", push=None, spelling={"eager": "weighted_sum({0}, {1}, axis)"}, along=Along.REDUCED,
    without=EAGER_ONLY,
)  # fmt: skip
pulled_log_softmax: Word = Word(  # a change pulled back through log_softmax, given its values
    "pulled_log_softmax", push=None, spelling={"eager": "pulled_log_softmax({0}, {1}, axis)"}, without=EAGER_ONLY,
)  # fmt: skip
