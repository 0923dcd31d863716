"""Losses of two regions that should overlap."""

from __future__ import annotations

from lossary.catalogue.record import overlap
from lossary.domains import NonNegative, Probability, Share
from lossary.symbolic.graph import Value
from lossary.vocabulary import absolute, computed_as, equal, minimum, sign, total, where, written_as


@overlap(
    task="segmentation",
    fits=("binary",),
    references=(
        "Dice (1945), Measures of the amount of ecologic association between species, Ecology 26(3), 297–302",
        "Milletari, Navab & Ahmadi (2016), V-Net, arXiv:1606.04797 (as a loss, with squares in the denominator)",
        "Drozdzal et al. (2016), The importance of skip connections, arXiv:1608.04117 (product = 1)",
        "Wang et al. (2023), Dice semimetric losses, arXiv:2303.16296 (as it is here)",
    ),
)
def dice(probability: Probability, target: Probability, *, smooth: NonNegative = 0.0, product: Share = 0.0) -> Value:
    """How little a predicted region overlaps the target's: 1 less the Dice coefficient.

        1 − (2 Σ min(p, t) + smooth) / (Σ p + Σ t + smooth) = Σ |p − t| / (Σ p + Σ t + smooth)

    The sums run over ``axis``: a region has one loss. It has no unit and lies in [0, 1]: 0 where probability and
    target are equal, soft targets and empty regions included, and 1 without overlap. Where p = t, |p − t| has the
    slope 0.

    Args:
        probability: Of lying inside, in [0, 1] up to rounding, of any shape. Apply the sigmoid or softmax first.
        target: 0, 1 or a probability between them, of the same shape; no sum of them is required.
        smooth: Added above and below, so that small regions count less; ≥ 0.
        product: 1 takes p t in place of min(p, t): the form of most libraries, the same for targets of 0 and 1, but for
            the target ½ it is least at p = 1. In [0, 1]; between them it is the weighted mean of the two losses.

    ``axis=None`` makes the whole array one region. ``axis=(1, 2)`` of a batch (N, H, W) makes one region for
    each image, and a mean is over them. ``weight`` and ``mask`` are of elements, inside the sums.

    Raises:
        ShapeError: The shapes differ, or there is no such axis.
        DomainError: A probability or a target lies outside [0, 1], or a target is NaN.
        ArgumentError: smooth is negative, or product is not in [0, 1].
        NotAdditiveError: ``total`` was asked for; the loss of a whole is no sum over its parts.

    Example:
        >>> import lossary as ls
        >>> float(ls.dice([1.0, 1.0, 0.0], [1.0, 0.0, 0.0]))  # 1 − 2 / (2 + 1)
        0.333333
        >>> float(ls.dice([1.0, 1.0, 0.0], [1.0, 0.0, 0.0], smooth=1.0))  # 1 − 3 / 4
        0.25
        >>> float(ls.dice([0.5], [0.5])), float(ls.dice([0.5], [0.5], product=1.0))
        (0.0, 0.5)

    Elsewhere: for the target ½ these are least at ½, as here: segmentation_models.pytorch 0.6.0, and MONAI 1.6.1 with
    ``soft_label=True``; by products, as here for ``product=1``, are Keras 3.15.1, optax and MONAI's default.
    Smoothing is that of MONAI with ``smooth_nr`` = ``smooth_dr`` = s, (2 Σ p t + s) / (Σ p + Σ t + s); optax and
    segmentation_models have (2 Σ p t + 2 s) / (Σ p + Σ t + 2 s), which is ``smooth=2 * s`` here: for p = (1, ½, 0.3),
    t = (1, 1, 0) and s = 1 the former costs 0.1667, the latter 0.1379 (optax 0.2.8). optax's and kornia's (read in
    0.9.0) take logits, and so does segmentation_models' unless told. Two empty regions cost 1 in Keras, and are NaN in
    optax without smoothing. One region is all axes in Keras, a class over the batch in segmentation_models, a sample's
    class in MONAI: ``axis=None``, ``axis=(0, 2, 3)`` and ``axis=(2, 3)`` of (N, C, H, W) here.
    """
    p, t, rest = probability, target, 1.0 - product
    shared = rest * (0.5 - 0.5 * sign(p - t))  # what min(p, t) has of p: all, half in a tie, or nothing
    both = written_as(rest * minimum(p, t) + product * p * t, p * (shared + product * t) + (rest - shared) * t)
    apart = rest * absolute(p - t) + product * (p * (1.0 - t) + t * (1.0 - p))
    size = total(p) + total(t) + smooth
    textbook = 1.0 - (2.0 * total(both) + smooth) / size
    return where(equal(size, 0.0), 0.0, computed_as(textbook, total(apart) / size))
