"""Segmentation losses: of two regions that should overlap."""

from __future__ import annotations

import math

from lossary.catalogue.registry import named_axes, overlap
from lossary.domains import Label, NonNegative, Probability, Share
from lossary.symbolic.graph import Node, Value
from lossary.vocabulary import (
    absolute,
    computed_as,
    cumulative,
    equal,
    fixed,
    greatest,
    index,
    maximum,
    minimum,
    ordered,
    sign,
    square,
    total,
    where,
    written_as,
)


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

    Totals of tiles, batches or ranks add up: of batches (N, C, H, W) with ``axis=(0, 2, 3)``, ``.losses`` of the sum of
    their totals has the loss of each class over all batches.

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


MAPS = {"probability": "item class place", "target": "item class place"}


@named_axes(
    task="segmentation",
    axes=MAPS,
    mask="item place",
    references=(
        "Crum, Camara & Hill (2006), Generalized overlap measures for evaluation and validation, IEEE TMI 25(11)",
        "Sudre et al. (2017), Generalised Dice overlap as a deep learning loss function, arXiv:1707.03237",
    ),
)
def generalised_dice(probability: Probability, target: Probability) -> Value:
    """One minus the Dice coefficient of all classes at once, where a small class weighs as much as a large one.

        Σ_c w_c Σ |p − t| / Σ_c w_c Σ (p + t), with w_c = 1 / (Σ t)²

    Each image has one loss, from 0 to 1. The inner sums run over the places of a class, whose weight is 1 over the
    square of its volume; a class that the target does not have weighs nothing. Of an image without any class the loss
    is 0. |p − t| has slope 0 where p = t.

    Use it when classes differ much in size, as organs and lesions do, and the small ones count as much.

    Args:
        probability: Probability of each class at each place, in [0, 1] up to rounding. Apply the softmax or sigmoid
            first.
        target: 0, 1 or a probability between them. Probabilities of classes need not sum to 1.

    Flatten the places of images and volumes first: ``probability.reshape(N, C, -1)``. ``mask`` says which places count.

    Example:
        >>> import lossary as ls
        >>> p, t = [[[0.5, 0.0, 0.0], [0.5, 1.0, 1.0]]], [[[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]]
        >>> float(ls.generalised_dice(p, t))  # (½ + ½ / 4) / (1½ + 4½ / 4)
        0.238095

    Identities: of a single class that the target has, it is ``dice`` of each image.

    Elsewhere: with products p t instead of min(p, t), as in MONAI 1.6.1 and in ``dice(product=1)``, a soft target of ½
    has its minimum at p = 1; for targets 0 and 1 nothing differs. MONAI gives classes that are absent the greatest of
    the other weights and adds 1e-5 to both sums.
    """
    volume = total(target, over="place")
    is_there = 0.0 < volume
    least = fixed(-greatest(where(is_there, -volume, -math.inf), over="class"))
    weight = where(is_there, square(least / where(is_there, volume, 1.0)), 0.0)  # relative to the smallest class
    textbook = _ratio(where(is_there, 1.0 / square(volume), 0.0), probability, target)
    return written_as(textbook, _ratio(weight, probability, target))


def _ratio(weight: Node, probability: Value, target: Value) -> Node:
    """Return the weighted sum of differences over that of sizes."""
    apart = total(weight * total(absolute(probability - target), over="place"), over="class")
    size = total(weight * total(probability + target, over="place"), over="class")
    return where(equal(size, 0.0), 0.0, apart / size)


@named_axes(
    task="segmentation",
    axes={"probability": "item class place", "target": "item place"},
    mask="item place",
    references=("Berman, Triki & Blaschko (2018), The Lovász-softmax loss, CVPR, arXiv:1705.08790",),
)
def lovasz_softmax(probability: Probability, target: Label) -> Value:
    """The Lovász extension of one minus the intersection over union, a mean over the classes of an image.

        1/C Σ_c Σ_k e_k ΔJ_k, with the errors e = |[target = c] − p_c| in falling order

    ΔJ_k is how much 1 − |intersection| / |union| grows if place k is wrong, too, beside those of larger errors. Each
    image has one loss, from 0 to 1: where all errors are 0 or 1, it is one minus the intersection over union, a mean
    over the C classes that the target has.

    Use it when the intersection over union is what results are judged by, best after training with a cross-entropy.

    Args:
        probability: Probability of each class at each place, in [0, 1] up to rounding. Apply the softmax first.
        target: The class of each place.

    Flatten the places of images and volumes first: ``probability.reshape(N, C, -1)``. ``mask`` says which places count.
    For one loss of a whole batch, make its images one: ``probability.swapaxes(0, 1).reshape(1, C, -1)``.

    Example:
        >>> import lossary as ls
        >>> float(ls.lovasz_softmax([[[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]], [[0, 1, 1]]))  # both classes: 1 − 1/2
        0.5

    Identities: in probabilities it is piecewise linear, with a kink wherever two errors are equal.

    Elsewhere: the authors' code averages over the classes present in the batch, and takes the batch as one image unless
    ``per_image=True``; kornia (read in 0.9.0) has all classes and takes logits. Both compute ΔJ as differences of
    nearly equal numbers, here it is a formula of positive terms.
    """
    own = where(equal(target, index("class")), 1.0, 0.0)
    error = absolute(own - probability)
    e, t = ordered(error, by=-error, over="place"), ordered(own, by=-error, over="place")
    volume = total(own, over="place")
    is_there = 0.0 < volume
    union = where(is_there, volume + cumulative(1.0 - t, "sorted_place"), 2.0)
    intersection = volume - cumulative(t, "sorted_place")
    growth = where(equal(t, 1.0), 1.0, intersection / maximum(union - 1.0, 1.0)) / union
    each = total(e * fixed(growth), over="sorted_place")
    return total(where(is_there, each, 0.0), over="class") / total(where(is_there, 1.0, 0.0), over="class")
