"""Segmentation losses: of two regions that should overlap."""

from __future__ import annotations

from lossary.catalogue.record import overlap
from lossary.domains import NonNegative, Probability, Share
from lossary.symbolic.graph import Value
from lossary.vocabulary import absolute, computed_as, equal, minimum, sign, total, where, written_as


@overlap(
    task="segmentation",
    fits=("binary",),
    compared=True,
    references=(
        "Dice (1945), Measures of the amount of ecologic association between species, Ecology 26(3), 297–302",
        "Milletari, Navab & Ahmadi (2016), V-Net, arXiv:1606.04797 (as a loss, with squares in the denominator)",
        "Drozdzal et al. (2016), The importance of skip connections, arXiv:1608.04117 (product = 1)",
        "Wang et al. (2023), Dice semimetric losses, arXiv:2303.16296 (as it is here)",
    ),
)
def dice(probability: Probability, target: Probability, *, smooth: NonNegative = 0.0, product: Share = 0.0) -> Value:
    """One minus the Dice coefficient: how little a predicted region overlaps the target's.

        1 − (2 Σ min(p, t) + smooth) / (Σ p + Σ t + smooth) = Σ |p − t| / (Σ p + Σ t + smooth)

    The sums run over ``axis``: each region has one loss. It has no unit and lies in [0, 1]: 0 if probability and target
    are equal, also for soft targets and empty regions, and 1 without overlap. |p − t| has slope 0 where p = t.

    Use it when the overlap of regions counts, not the share of right pixels: for small regions in large images.

    Args:
        probability: Probability of lying inside the region, in [0, 1] up to rounding. Apply the sigmoid or softmax
            first.
        target: 0, 1 or a probability between them. Probabilities of classes need not sum to 1.
        smooth: Added to numerator and denominator, so that small regions count less; ≥ 0.
        product: With 1, p t replaces min(p, t), as in most libraries: the same for targets 0 and 1, but for a target of
            ½ the minimum is at p = 1. Between 0 and 1, the weighted mean of both losses.

    By default, ``axis=None``, the whole array is one region. For a batch (N, H, W), ``axis=(1, 2)`` makes each image a
    region, and the mean is over the images. ``weight`` and ``mask`` apply to elements, inside the sums.

    Example:
        >>> import lossary as ls
        >>> float(ls.dice([1.0, 1.0, 0.0], [1.0, 0.0, 0.0]))  # 1 − 2 / (2 + 1)
        0.333333
        >>> float(ls.dice([1.0, 1.0, 0.0], [1.0, 0.0, 0.0], smooth=1.0))  # 1 − 3 / 4
        0.25
        >>> float(ls.dice([0.5], [0.5])), float(ls.dice([0.5], [0.5], product=1.0))
        (0.0, 0.5)

    Elsewhere: for a target of ½ the minimum is at ½ in segmentation_models.pytorch 0.6.0 and in MONAI 1.6.1 with
    ``soft_label=True``, as here. Keras 3.15.1, optax and MONAI by default use products, as here with ``product=1``.
    Smoothing is (2 Σ p t + s) / (Σ p + Σ t + s), as in MONAI with ``smooth_nr`` = ``smooth_dr`` = s; optax and
    segmentation_models have (2 Σ p t + 2 s) / (Σ p + Σ t + 2 s), which is ``smooth=2 * s`` here: p = (1, ½, 0.3), t =
    (1, 1, 0) and s = 1 give 0.1667 and 0.1379 (optax 0.2.8). optax and kornia (read in 0.9.0) take logits, and so does
    segmentation_models by default. Two empty regions give 1 in Keras, and NaN in optax without smoothing. A region is
    the whole array in Keras, a class over the batch in segmentation_models, a class of a sample in MONAI: for (N, C, H,
    W) that is ``axis=None``, ``axis=(0, 2, 3)`` and ``axis=(2, 3)`` here.
    """
    p, t, rest = probability, target, 1.0 - product
    shared = rest * (0.5 - 0.5 * sign(p - t))  # the part of p in min(p, t): 1, ½ in a tie, or 0
    both = written_as(rest * minimum(p, t) + product * p * t, p * (shared + product * t) + (rest - shared) * t)
    apart = rest * absolute(p - t) + product * (p * (1.0 - t) + t * (1.0 - p))
    size = total(p) + total(t) + smooth
    textbook = 1.0 - (2.0 * total(both) + smooth) / size
    return where(equal(size, 0.0), 0.0, computed_as(textbook, total(apart) / size))
