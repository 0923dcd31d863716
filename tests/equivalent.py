"""Changed formulas that no test can see, and why: see mutants.py."""

from __future__ import annotations

import re

__all__ = ["EQUIVALENT", "reason"]

# By reason, the changes that it explains, one a line; … stands for any characters.
EQUIVALENT = {
    "both forms are exact at the bound between them, and near it": """
_Renyi: product(self.s, self.top) > LARGE, with GtE
_Renyi: self.alpha < 0.5, with LtE
_Renyi: absolute(…) < …, with LtE…
_Renyi: absolute(…), with square…
_Renyi: -0.5 < change, with LtE
_Renyi: 1.0 + 1 (no. 4)
_Renyi: 1.0 + 1 (no. 5)
_of_rate: absolute(apart)…
_of_rate: 0.0 < constant, with LtE
_of_rate: NEAR < target, with LtE
_of_rate: 1.0 + 1
_of_rate: computed_as(plain, where(is_near, near, plain)), only argument 1
gamma_nll: computed_as(plain, where(is_near, near, plain)), only argument 1
gamma_nll: 0.0 < as_node(constant), with LtE
gamma_nll: absolute(apart)…
gamma_nll: 1.0 + 1 (no. 3)
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
negative_binomial: computed_as(in_target, where(is_large, by_large, in_target)), only argument 1
_of_large: absolute(…
_of_large: 0.0 < constant, with LtE
_of_large: NEAR < target, with LtE
_generalized: absolute(exponent)…
_no_event: missing < 0.5, with LtE
_no_event: 0.0 < both, with LtE
_Half: y <= m, with Lt
_Half: x < 1.0, with LtE…
_Half: absolute(x) < 1.0, with LtE
_Half: absolute(x), with square
_Half: 1.0 + 1 (no. 5)
_Half: 1.0 + 1 (no. 13)
generalized_kl_divergence: -1.0 < apart, with LtE
generalized_kl_divergence: 1.0 + 1 (no. 3)
gaussian_kl_divergence: 160.0 + 1…
_log_of_share: ratio < TINY, with LtE
_apart: 0.75 < cosine, with LtE
_apart: 0.75 + 1
_apart: where(0.75 < cosine, 0.5 * gap, 1.0 - cosine), only argument 2
_student_t: absolute(part) < 1.0, with LtE
_student_t: absolute(error) < 1.0, with LtE
_student_t: absolute(part), with square…
_student_t: absolute(error), with square
_student_t: 1.0 + 1 (no. 2)
_student_t: 1.0 + 1 (no. 3)
_student_t: where(is_inside, lower / scale, degrees * inverse * upper / outer), only argument 1
_weibull: absolute(age) < 1.0, with LtE
_weibull: absolute(age), with square
_weibull: 1.0 + 1
_power_of_ratio: where(absolute(gap) < 0.5 * b, exp(logarithm), power(base, times * exponent)), only argument 2
_power_of_ratio: absolute(gap) < 0.5 * b, with LtE
_power_of_ratio: a - b, …
_near_mode: NEAR < small, with LtE
_near_mode: absolute(of_yes)…
_near_mode: absolute(of_no)…
_near_mode: 1.0 + 1 (no. 4)
_near_mode: 1.0 + 1 (no. 5)
_lacking: 1.0 <= z, with Lt
_quarter_square: z < -1.0, with LtE
_exponential: z < FAR, with LtE
multiclass_sparsemax: … < …, with LtE
_threshold: …, with LtE
clipped_value: …, with LtE…
_gain: absolute(as_node(chosen) - rejected)…
_gain: absolute(as_node(chosen) - reference_chosen)…
_gain: as_node(chosen) - reference_chosen, … (no. 2)
_odds: ratio < LARGE, with LtE
huber: size <= delta, with Lt
gaussian_nll: where(absolute(ratio) < math.inf, error * ratio, by_root), only argument 2
gaussian_nll: absolute(ratio) < math.inf, with Gt
gaussian_nll: absolute(ratio), with square
gaussian_nll: computed_as(textbook, 0.5 * (log(variance) + squared)), only argument 1
_poisson: computed_as(textbook, where(rate < math.inf, textbook, rate)), only argument 1
symmetric_absolute_percentage_error: absolute(as_node(prediction)), with square
symmetric_absolute_percentage_error: absolute(as_node(target)), with square
symmetric_absolute_percentage_error: …1e…30…, with LtE
symmetric_absolute_percentage_error: 1e+30 + 1
symmetric_absolute_percentage_error: 1.0 + 1
symmetric_absolute_percentage_error: where(agree < 0.0, 2.0, 2.0 * (error / whole)), only argument 2
_over: 1e-12 < whole, with LtE
_over: whole < 1000000000000.0, with LtE
_over: 1000000000000.0 + 1
_log1p_gap: absolute(gap) < 0.5 * whole, with LtE
_welsch: VANISHES * scale <= absolute(residual), with Lt
tukey_biweight: 1.0 <= absolute(u), with Lt
tukey_biweight: absolute(u), with square
general_robust: alpha < ENDLESS, with LtE
wing: size < NEGLIGIBLE * curvature, with LtE
wing: size < width, with LtE
""",
    "a number for a branch that is not taken there, and whose derivatives are given: it must be finite at most": """
_Renyi: 1.0 + 1
_Renyi: 1.0 + 1 (no. 8)
_Renyi: 1.0 + 1 (no. 9)
_Renyi: 0.0 + 1 (no. 10)
_Renyi: 0.0 + 1 (no. 11)
_Renyi: 0.0 + 1 (no. 12)
_Renyi: where(near, …, 0.0), only argument 1
Focal: where(certain, 1.0, other), only argument 2…
Focal: 1.0 + 1 (no. 4)
Focal: 1.0 + 1 (no. 5)
focal_of_probability: where(none, 1.0, p), only argument 2
focal_of_probability: 1.0 + 1
_generalized: where(none, 1.0, q), only argument 2
_generalized: 1.0 + 1
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
_Half: where(x < 1.0, x, 0.0), only argument 1
_Half: where(near, x, 0.0), only argument 1
_Half: where(is_near, x, 0.0), only argument 1
_Half: 1.0 + 1 (no. 2)
_Half: 1.0 + 1 (no. 4)
_Half: 1.0 + 1 (no. 6)
_Half: 0.0 + 1 (no. 3)
_Half: 0.0 + 1 (no. 4)
_Half: 0.0 + 1 (no. 5)
gaussian_kl_divergence: where(equal(v, inner), 0.0, v - inner), only argument 2
focal_of_probability: 1.0 + 1 (no. 2)
_focal_of_logit: where(is_right, 1.0, right + shift), only argument 2
_focal_of_logit: 0.0 + 1 (no. 7)
_focal_of_logit: 1.0 + 1
generalized_kl_divergence: where(none, 0.0, t / p), only argument 2
generalized_kl_divergence: 0.0 + 1 (no. 2)
_log_of_share: where(none, 1.0, mixture), only argument 2
_log_of_share: where(near, …
_log_of_share: 1.0 + 1
_log_of_share: 0.0 + 1 (no. 2)
_log_of_share: 1.0 + 1 (no. 2)
_of_root: where(none, 0.0, sqrt(b / a)), only argument 2
_of_root: 0.0 + 1 (no. 2)
_of_root: where(none, 1.0, b), only argument 2
_of_root: 1.0 + 1
_root_gap: 1.0 + 1
_student_t: where(is_near, …
_student_t: where(is_inside, 1.0, difference), only argument 2
_student_t: where(is_finite, 1.0, difference), only argument 2
_student_t: 1.0 + 1 (no. 4)
_student_t: 1.0 + 1 (no. 5)
_student_t: 1.0 + 1 (no. 14)
_student_t: 0.0 + 1
_student_t: 0.0 + 1 (no. 2)
_weibull: where(is_even, age, 0.0), only argument 1
_weibull: 0.0 + 1 (no. 2)
_quarter_square: where(is_line, 0.0, _lacking(z)), only argument 2
_quarter_square: 0.0 + 1
_capped: 1.0 + 1
clipped_surrogate: where(is_limited, 0.0, change), only argument 2
clipped_surrogate: 0.0 + 1
_odds: where(none, 1.0, of_r), only argument 2
_odds: where(is_near, ratio, 0.0), only argument 1
_odds: 1.0 + 1
_odds: 0.0 + 1 (no. 6)
smoothed_size: where(0.0 < width, width, 1.0), only argument 1
smoothed_size: 0.0 < width, with LtE
smoothed_size: 1.0 + 1
_log1p_gap: where(is_near, gap, 0.0), only argument 1
_log1p_gap: 0.0 + 1
_welsch: where(far, 0.0, residual), only argument 2
_welsch: 0.0 + 1
general_robust: where(is_square, residual, 0.0), only argument 1
general_robust: 0.0 + 1
generalised_dice: where(is_there, volume, 1.0), only argument 1
generalised_dice: 1.0 + 1
generalised_dice: 1.0 + 1 (no. 2)
lovasz_softmax: where(is_there, volume + cumulative(1.0 - t, 'sorted_place'), 2.0), only argument 1
lovasz_softmax: where(is_there, each, 0.0), only argument 1
lovasz_softmax: 2.0 + 1
ctc: where(is_impossible, 0.0, ends), only argument 2
ctc: 0.0 + 1 (no. 7)
""",
    "what it multiplies is 0 there": """
softmax_focal: 0.0 + 1
softmax_focal: 0.0 + 1 (no. 2)
Focal: where(certain, 1.0, -log_p / where(certain, 1.0, other)), only argument 2
Focal: 1.0 + 1
absolute_percentage_error: 1.0 + 1
symmetric_absolute_percentage_error: 1.0 + 1 (no. 2)
general_robust: 0.25 * squared, without its left
general_robust: 0.25 + 1
_focal_of_logit: where(whole, 1.0, wrong / u), only argument 2
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
_log_of_share: where(ratio < TINY, log(a) - log(mixture), log(ratio)), only argument 2
symmetric_absolute_percentage_error: where(…), only argument 2
symmetric_absolute_percentage_error: -100, without its sign
wing: NEGLIGIBLE * curvature, …
""",
    "there is no limit where a target and its probability are both 0": """
_divergence: computed_as(gap, where(equal(log_probability, -math.inf), math.inf, gap)), only argument 0
_divergence: where(equal(log_probability, -math.inf), math.inf, gap), only argument 2
_divergence: -math.inf, without its sign
""",
    "a row's loss is the sum over its classes also where the formula does not write it": """
jensen_shannon: total(…), only argument 0
total_variation_distance: total(…), only argument 0
squared_hellinger: total(…), only argument 0
chi_squared: total(…), only argument 0
""",
    "both rows sum to 1, so that their differences sum to 0": """
jensen_shannon: weighted(t, of_t) - weighted(p, of_p) - gap, …
""",
    "limits rounding alone, and no test has found numbers that round so": """
_Renyi: computed_as(…), only argument 0
jensen_shannon: nonnegative(…), only argument 0
_lp_norm: clip(…), only argument 0
_lp_norm: 1.0 + 1 (no. 2)
_lp_norm: 1.0 + 1 (no. 3)
kto: clip(…), only argument 0
kto: 1.0 + 1
""",
    "logarithms of an infinite mean are NaN, and less than no bound": """
_of_large: mean + whole, without its left
""",
    "the terms of the series that are left out are below 1e-18": """
moment: 1.0 + 1
""",
    "the other branch gives the same there": """
_near_mode: beta < alpha, with LtE…
_Renyi: 1.0 <= self.alpha, with Lt
_slopes: where(equal(shape, math.inf), 0.0, where(few, where(8.0 < shape, near, far), far)), only argument 2
_lp_norm: where(equal(whole, whole), power(whole, 1.0 / p), math.nan), only argument 1
_capped: limit * sign(logits), with Div
_by_target: a * math.inf, without its right
symmetric_absolute_percentage_error: p + t, …
_odds: where(equal(c, r), 0.0, r - c), only argument 2
_threshold: 1.0 + 1 (no. 3)
clipped_value: 0.0 + 1 (no. 2)
""",
    "a length is the sum of its shares": """
_lp_norm: computed_as(total(with_slopes(length * share, error, slope, p, by_power)), length), …
""",
    "any number near the least one will do: it is taken out of all, and its sign and what all share cancel": """
gaussian_mixture_nll: e / root, …
gaussian_mixture_nll: …-math.inf < log_weight…
list_mle: 0.0 + 1 (no. 2)
list_mle: 0.0 + 1 (no. 3)
list_mle: where(is_finite(shared), shared, 0.0), only argument 1
generalised_dice: -…, without its sign
""",
    "a finite number beside an infinite logarithm": """
reverse_logits_kl_divergence: 0.0 + 1…
_rising: 0.0 + 1
_weibull: 0.0 + 1
_beside: …concentration…
_beside: 0.0 < other, with LtE
_beside: 1e+30 + 1
""",
    "what is written where the cap is 0, of which nothing is computed": """
_capped: where(0.0 < cap, cap * tanh(logits / cap), logits), only argument 1
_capped: 0.0 < cap, with LtE (no. 2)
""",
    "the state after the last label is a blank, and nothing comes before the first states": """
ctc: places('label') - 1.0, …
ctc: -1.0, without its sign
ctc: 1.0 + 1 (no. 5)
""",
    "a row without others counts nowhere": """
supervised_contrastive: where(itself, 0.0, 1.0), its branches swapped
supervised_contrastive: 0.0 < others, with LtE
supervised_contrastive: 1.0 + 1 (no. 3)
""",
    "a factor of both parts of a quotient": """
supervised_contrastive: 1.0 + 1
""",
    "the division moves into the branches of its numerator, and 0 / p becomes 0 there": """
generalized_kl_divergence: where(none, 0.0, ratio / p), only argument 2
_of_root: where(none, 0.0, ratio / a), only argument 2
chi_squared: where(none, 0.0, ratio * (ratio / p)), only argument 2
chi_squared: where(none, 0.0, ratio / p), only argument 2
""",
    "the slopes of yes and no change places, and are added": """
_exponential: -z, without its sign (no. 2)
""",
    "only what is written: its recurrence has no case in tests/symbolic": """
ctc: -log_sum_exp(ends, over='state'), without its sign
""",
}


def reason(what: str) -> str:
    """Why no test can see a change; "" if that is not known."""
    for why, patterns in EQUIVALENT.items():
        for pattern in patterns.split("\n")[1:-1]:
            if re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), what):
                return why
    return ""
