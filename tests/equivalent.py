"""Changed formulas that no test can see, and why: see mutants.py."""

from __future__ import annotations

import re

__all__ = ["EQUIVALENT", "patterns_of", "reason"]

# By reason, the changes that it explains, one a line; … stands for any characters.
EQUIVALENT = {
    "both forms are exact at the bound between them, and near it": """
softmax_focal: where(p < 0.5, 1.0 - p, other_softmax(logits)), only argument 2
softmax_focal: p < 0.5, with LtE
Focal: p < 0.5, with LtE
softmax_generalized_cross_entropy: p < SMALL, with LtE
_by_power: absolute(x) < 1.0, with LtE
_by_power: absolute(x), with square
_by_power: 1.0 + 1
_focal_of_logit: u < 0.5, with LtE
negative_binomial: mean < …, with LtE
negative_binomial: 8.0 < shape, with LtE
negative_binomial: 1000.0 + 1
negative_binomial: 8.0 + 1
negative_binomial: where(8.0 < shape, by_poisson, of_mean + rest), only argument 1
negative_binomial: computed_as(log_ratio(mean + shape, mean), by_mean - share), only argument …
_shares: mean < shape, with LtE
_slopes: absolute(x) < 1.0, with LtE
_slopes: absolute(x), with square
_slopes: 1.0 + 1 (no. 4)
_slopes: 8.0 < shape, with LtE
_slopes: 8.0 + 1
_slopes: … < 1e-30, with LtE
_slopes: 1e-30 < of_shape, with LtE
_slopes: 1e-30 + 1
_no_event: missing < 0.5, with LtE
_no_event: 0.0 < both, with LtE
_Half: y <= m, with Lt
_Half: x < 1.0, with LtE…
_Half: 1.0 + 1 (no. 5)
_Half: 1.0 + 1 (no. 12)
_Half: 1.0 + 1 (no. 14)
generalized_kl_divergence: -1.0 < apart, with LtE
generalized_kl_divergence: 1.0 + 1 (no. 3)
gaussian_kl_divergence: 160.0 + 1…
""",
    "a number for a branch that is not taken there, and whose derivatives are given: it must be finite at most": """
Focal: where(certain, 1.0, other), only argument 2…
Focal: 1.0 + 1 (no. 4)
Focal: 1.0 + 1 (no. 5)
focal_of_probability: where(none, 1.0, p), only argument 2
focal_of_probability: 1.0 + 1
_generalized: where(equal(q, 0.0), 1.0, q), only argument 2
_generalized: 1.0 + 1
_generalized: 0.0 + 1 (no. 2)
_by_power: where(near, x, 0.0), only argument 1
_by_power: where(near, 1.0, q), only argument 2
_by_power: 0.0 + 1
_by_power: 1.0 + 1 (no. 2)
generalized_cross_entropy: where(none, 1.0, p), only argument 2
generalized_cross_entropy: 1.0 + 1 (no. 3)
_reversed: where(is_above, t, 1.0), only argument 1
_reversed: 1.0 + 1
negative_binomial: where(several, mean / shape, 1.0), only argument 1
negative_binomial: where(few, 1.0, shape / mean), only argument 2
negative_binomial: 1.0 + 1
negative_binomial: 1.0 + 1 (no. 2)
_slopes: where(few, mean / shape, 0.0), only argument 1
_slopes: 0.0 + 1
_no_event: where(is_near, -missing, 0.0), only argument 1
_no_event: 0.0 + 1 (no. 2)
_Half: where(none, 1.0, self.b), only argument 2
_Half: where(x < 1.0, 1.0, c), only argument 2
_Half: where(x < 1.0, x, 0.0), only argument 1…
_Half: where(near, x, 0.0), only argument 1
_Half: 1.0 + 1
_Half: 1.0 + 1 (no. 3)
_Half: 1.0 + 1 (no. 6)
_Half: 0.0 + 1 (no. 3)
_Half: 0.0 + 1 (no. 4)
_Half: 0.0 + 1 (no. 5)
gaussian_kl_divergence: where(equal(v, inner), 0.0, v - inner), only argument 2
""",
    "what it multiplies is 0 there": """
softmax_focal: 0.0 + 1
softmax_focal: 0.0 + 1 (no. 2)
Focal: where(certain, 1.0, -log_p / where(certain, 1.0, other)), only argument 2
Focal: 1.0 + 1
""",
    "a multiple of p beside the slope in log p, the same for all classes, is no slope in logits": """
_reversed: log_t - floor, with Add
_reversed: log_t - floor, without its right
""",
    "only digits of the slope in a parameter that are lost in the slope of another class or outcome": """
Focal: where(p < 0.5, log1p(-p), log(other)), …
Focal: p < 0.5, with Gt
Focal: 0.5 + 1
_focal_of_logit: where(u < 0.5, log1p(-u), log(v)), only argument 2
""",
    "only numbers whose sum or ratio is smaller than 1e-30, or the smallest of float64, tell the forms apart": """
negative_binomial: where(mean < 1e-20 * shape, mean, product(shape, log_sum)), only argument 2
negative_binomial: 1e-20 * shape, without its right
_slopes: where(whole < 1e-30, …
_slopes: whole < 1e-30, with Gt
_slopes: where(1e-30 < of_shape, …), only argument 1
_slopes: where(absolute(x) < 1.0, by_share, shape * x / whole), …
_slopes: absolute(x) < 1.0, with Gt
_slopes: shape * x, …
""",
    "there is no limit where a target and its probability are both 0": """
_log_gap: …
""",
}


def patterns_of(reason: str) -> list[str]:
    """The patterns of a reason."""
    return EQUIVALENT[reason].split("\n")[1:-1]


def reason(what: str) -> str:
    """Why no test can see a change; "" if that is not known."""
    for why in EQUIVALENT:
        for pattern in patterns_of(why):
            if re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), what):
                return why
    return ""
