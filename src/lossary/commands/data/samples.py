"""Sample tables from scikit-learn, as Arrow tables."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa
from sklearn import datasets

from lossary.commands.data.table import TableError

__all__ = ["SAMPLES", "Sample", "sample"]


class Sample(NamedTuple):
    """A table, the name of its target, and a description."""

    table: pa.Table
    target: str
    about: str


# name: (target's name, description)
SAMPLES = {
    "diabetes": ("progression", "disease progression one year after baseline, 442 patients"),
    "breast_cancer": ("diagnosis", "malignant or benign from cell images, 569 patients"),
    "digits": ("digit", "handwritten digits of 8 × 8 pixels, 1797 images"),
    "wine": ("cultivar", "three cultivars from 13 chemical measurements, 178 wines"),
}


def sample(name: str) -> Sample:
    """Return the sample table of this name."""
    if name not in SAMPLES:
        raise TableError(f"there is no data set {name!r}; choose one of {', '.join(SAMPLES)}")
    target, about = SAMPLES[name]
    options = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**options)
    columns = dict(zip(bunch.feature_names, bunch.data.T, strict=True))
    named = name in ("breast_cancer", "wine")
    columns[target] = bunch.target_names[bunch.target] if named else bunch.target
    return Sample(pa.table(columns), target, about)
