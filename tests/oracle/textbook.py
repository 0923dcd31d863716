"""The losses as textbooks define them: each a list of terms whose sum is the loss of an element, a row or a pool.

Nothing here is rearranged for floating-point numbers; the numbers have all the digits that these forms need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oracle.exact import Jet, exp, jet, log

Terms = list[Jet]
Row = Sequence[Jet]
NOTHING = jet(0)


def squared_error(prediction: Jet, target: Jet) -> Terms:
    error = prediction - target
    return [error * error]


def absolute_error(prediction: Jet, target: Jet) -> Terms:
    return [abs(prediction - target)]


def huber(prediction: Jet, target: Jet, *, delta: Jet) -> Terms:
    error = prediction - target
    return [error * error / 2 if abs(error) <= delta else delta * abs(error) - delta * delta / 2]


def smooth_l1(prediction: Jet, target: Jet, *, beta: Jet) -> Terms:
    error = prediction - target
    return [error * error / (2 * beta) if abs(error) < beta else abs(error) - beta / 2]


def log_cosh(prediction: Jet, target: Jet) -> Terms:
    """Of differences from ½ on, |e| less what tends to log 2."""
    error = prediction - target
    if abs(error) < 0.5:
        return [log((exp(error) + exp(-error)) / 2)]
    return [abs(error), log((1 + exp(-2 * abs(error))) / 2)]


def pinball(prediction: Jet, target: Jet, *, level: Jet) -> Terms:
    error = target - prediction
    if error.value == 0:
        return [NOTHING]
    return [level * error if 0 < error.value else (level - 1) * error]


def of_side(prediction: Jet, target: Jet, level: Jet) -> Jet:
    return 1 - level if target < prediction else level


def quantile_huber(prediction: Jet, target: Jet, *, level: Jet, delta: Jet) -> Terms:
    (huber_loss,) = huber(prediction, target, delta=delta)
    return [of_side(prediction, target, level) * huber_loss / delta]


def expectile(prediction: Jet, target: Jet, *, level: Jet) -> Terms:
    error = prediction - target
    return [of_side(prediction, target, level) * error * error]


def epsilon_insensitive(prediction: Jet, target: Jet, *, epsilon: Jet) -> Terms:
    """A difference; at the edge of the tube the slope is the mean of both sides'."""
    size = abs(prediction - target)
    if size.value == epsilon.value:
        return [(size - epsilon) / 2]
    return [size, -epsilon] if epsilon < size else [NOTHING]


def squared_epsilon_insensitive(prediction: Jet, target: Jet, *, epsilon: Jet) -> Terms:
    """The difference multiplied out, so that the largest term is seen."""
    size = abs(prediction - target)
    return [size * size, -2 * epsilon * size, epsilon * epsilon] if epsilon < size else [NOTHING]


def gaussian_nll(prediction: Jet, target: Jet, variance: Jet) -> Terms:
    error = prediction - target
    return [log(variance) / 2, error * error / (2 * variance)]


def cross_entropy_of_two(yes: Jet, no: Jet, target: Jet, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    """Of the probabilities of yes and no."""
    target_yes = (1 - label_smoothing) * target + label_smoothing / 2
    target_no = (1 - label_smoothing) * (1 - target) + label_smoothing / 2
    return [-positive_weight * target_yes * log(yes), -target_no * log(no)]


def binary_cross_entropy(probability: Jet, target: Jet, *, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    return cross_entropy_of_two(probability, 1 - probability, target, positive_weight, label_smoothing)


def sigmoid_cross_entropy(logits: Jet, target: Jet, *, positive_weight: Jet, label_smoothing: Jet) -> Terms:
    yes, no = 1 / (1 + exp(-logits)), 1 / (1 + exp(logits))
    return cross_entropy_of_two(yes, no, target, positive_weight, label_smoothing)


def softmax(logits: Row) -> Row:
    powers = [exp(z) for z in logits]
    whole = sum(powers, jet(0))
    return [power / whole for power in powers]


def categorical_cross_entropy(probability: Row, target: Row) -> Terms:
    return [-t * log(p) for p, t in zip(probability, target, strict=True)]


def softmax_cross_entropy(logits: Row, target: Row, *, z_loss: Jet = NOTHING, logit_cap: Jet = NOTHING) -> Terms:
    """Of one class, one term. Of several, log p is what a logit and what all logits give: the slope is a difference."""
    logits = capped(logits, logit_cap)
    top = jet(max(z.value for z in logits))
    all_logits = log(sum((exp(z - top) for z in logits), jet(0)))
    price = [z_loss * (top + all_logits) * (top + all_logits)] if z_loss.value else []
    if sum(t.value != 0 for t in target) == 1:
        return categorical_cross_entropy(softmax(logits), target) + price
    return [t * (top - z) for t, z in zip(target, logits, strict=True)] + [t * all_logits for t in target] + price


def capped(logits: Row, cap: Jet) -> Row:
    """Logits that stay below a size: cap · tanh(logit / cap)."""
    return [cap * (1 - 2 / (exp(2 * z / cap) + 1)) for z in logits] if cap.value else logits


def without_rounding(divergence: Terms) -> Terms:
    """A divergence is never negative; of rows that sum to 1 within rounding only, it might be."""
    return [*divergence, jet(max(-sum((term.value for term in divergence), 0), 0))]


def negative_entropy(target: Row) -> Terms:
    return [t * log(t) if 0 < t.value else jet(0) for t in target]


def kl_divergence(probability: Row, target: Row) -> Terms:
    both = zip(probability, target, strict=True)
    return without_rounding([t * (log(t) - log(p)) if 0 < t.value else jet(0) for p, t in both])


def softmax_kl_divergence(logits: Row, target: Row) -> Terms:
    """The entropy of the target is a term of its own: the logits give log p as one number, whatever t is."""
    return without_rounding(negative_entropy(target) + softmax_cross_entropy(logits, target))


def smaller(a: Jet, b: Jet) -> Jet:
    """The smaller of two; they share the change of a tie."""
    return (a + b) / 2 if a.value == b.value else min(a, b, key=lambda jet: jet.value)


def dice(probability: Row, target: Row, *, smooth: Jet, product: Jet) -> Terms:
    """The value is one term; its slope is the difference of what more overlap and what more size change."""
    both = [(1 - product) * smaller(p, t) + product * p * t for p, t in zip(probability, target, strict=True)]
    overlap = 2 * sum(both, jet(0)) + smooth
    size = sum(probability, jet(0)) + sum(target, jet(0)) + smooth
    if not size.value:
        return [jet(0)]
    by_size = Jet(jet(0).value, size.slope / size.value, 2 * size.slope**2 / size.value**2) * jet(
        overlap.value / size.value
    )
    by_overlap = Jet(jet(0).value, overlap.slope / size.value, 2 * overlap.slope * size.slope / size.value**2)
    return [1 - overlap / size, by_overlap, -by_overlap, by_size, -by_size]


TEXTBOOK: dict[str, Callable[..., Terms]] = {
    definition.__name__: definition
    for definition in (
        squared_error, absolute_error, huber, smooth_l1, log_cosh, gaussian_nll,
        pinball, quantile_huber, expectile, epsilon_insensitive, squared_epsilon_insensitive,
        binary_cross_entropy, sigmoid_cross_entropy,
        categorical_cross_entropy, softmax_cross_entropy, kl_divergence, softmax_kl_divergence, dice,
    )
}  # fmt: skip
