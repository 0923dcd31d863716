"""The losses, one file for each task. Importing this package registers them."""

from __future__ import annotations

from lossary.catalogue import (
    binary,
    counts,
    divergence,
    embedding,
    multiclass,
    quantile,
    regression,
    robust,
    segmentation,
)

__all__ = [
    "binary",
    "counts",
    "divergence",
    "embedding",
    "multiclass",
    "quantile",
    "regression",
    "robust",
    "segmentation",
]
