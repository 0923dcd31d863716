"""Words of rewritten formulas for targets that compute with whole arrays; derivatives were taken before."""

from __future__ import annotations

from lossary.symbolic.words.word import Along, Word, everywhere

FORM = dict.fromkeys(("push", "range", "curvature"), "no formula has it, only rewrites for a target (whole_arrays.py)")
EAGER_ONLY = FORM | {"spelling": "other targets do without it"}

put: Word = Word(  # the first argument, with the third at the label's class
    "put", push=None, without=FORM,
    spelling=everywhere("put({0}, {1}, {2}, {3})") | dict.fromkeys(("llvm", "triton"), "put({0}, {1}, {2})")
    | {"owned": "put_({0}, {1}, {2}, {3})"},
)  # fmt: skip
least: Word = Word(
    "least", push=None, spelling={"eager": "torch.amin({0}, dim={1}, keepdim=True)"}, along=Along.REDUCED,
    without=EAGER_ONLY,
)  # fmt: skip
clipped: Word = Word(  # clip, given the least and the greatest value of each row
    "clipped", push=None, spelling={"eager": "clipped({0}, {1}, {2}, {3}, {4})"}, is_view=True, without=EAGER_ONLY,
)  # fmt: skip
weighted_sum: Word = Word(
    "weighted_sum", push=None, spelling={"eager": "weighted_sum({0}, {1}, {2})"}, along=Along.REDUCED,
    without=EAGER_ONLY,
)  # fmt: skip
pulled_log_softmax: Word = Word(  # backward of log_softmax, given its values, times a number for each row
    "pulled_log_softmax", push=None, spelling={"eager": "pulled_log_softmax({0}, {1}, {2}, {3})"}, without=EAGER_ONLY,
)  # fmt: skip
