"""The mathematics: every loss once, by task. Importing this package fills the registry."""

from __future__ import annotations

from lossary.catalogue import binary, divergence, embedding, multiclass, regression, segmentation

__all__ = ["binary", "divergence", "embedding", "multiclass", "regression", "segmentation"]
