"""The losses, one file for each task. Importing this package registers them."""

from __future__ import annotations

from lossary.catalogue import binary, divergence, embedding, multiclass, quantile, regression, robust, segmentation

__all__ = ["binary", "divergence", "embedding", "multiclass", "quantile", "regression", "robust", "segmentation"]
