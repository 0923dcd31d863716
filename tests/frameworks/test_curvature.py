"""The diagonal of the Hessian: how the slope of each place of a row changes with that place, by every way it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from mpmath import mp

import lossary as ls
from fuzz.engines import bodies
from lossary.callable import Loss
from lossary.catalogue.keyword import KEYWORDS, Keyword
from lossary.catalogue.record import Record, describe
from lossary.kinds.program import Options, embed
from lossary.symbolic.codegen import build
from lossary.symbolic.derivatives import curvature, gradient
from lossary.symbolic.graph import ITEM, Node, symbol
from lossary.symbolic.simplify import leaves
from lossary.vocabulary import (
    absolute,
    clip,
    exp,
    log,
    log1p,
    log_softmax,
    other_softmax,
    pick,
    power,
    softmax,
    sqrt,
    square,
    total,
    weighted,
    where,
)
from oracle.exact import jet
from oracle.graphs import evaluate

SOFTMAX: dict[str, Callable[..., Any]] = {
    "focal": lambda logits, target: total(weighted(target, -square(other_softmax(logits)) * log_softmax(logits))),
    "Brier": lambda logits, target: total(square(softmax(logits) - target)),
    "entropy": lambda logits, target: total(-softmax(logits) * log_softmax(logits)) + 0.0 * total(target),
    "generalised": lambda logits, target: total(weighted(target, (1.0 - power(softmax(logits), 0.7)) / 0.7)),
    "spherical": lambda logits, target: -total(target * softmax(logits)) / sqrt(total(square(softmax(logits)))),
    "of the norm": lambda logits, target: total(weighted(target, -log_softmax(logits / sqrt(total(square(logits)))))),
    "twice": lambda logits, target: total(weighted(target, -log_softmax(2.0 * softmax(logits)))),
    "centred": lambda logits, target: total(target * other_softmax(square(logits) - 0.5 * total(logits))),
    "all alike": lambda logits, target: -0.25 * total(log_softmax(logits)) * total(target),
    "one class": lambda logits, target: weighted(target, -log_softmax(logits)),
    "cut": lambda logits, target: total(where(logits < 1.0, square(softmax(logits)), softmax(logits)) * target),
}
ROW: dict[str, Callable[..., Any]] = {
    "divided": lambda probability, target: total(-target * log(probability / total(probability))),
    "cosine": lambda probability, target: -total(probability * target) / sqrt(total(square(probability))),
    "variance": lambda probability, target: total(square(probability - 0.25 * total(probability))) * total(target),
}
OVERLAP: dict[str, Callable[..., Any]] = {
    "Tversky": lambda probability, target: (
        1.0
        - total(probability * target)
        / (total(probability * target) + 0.7 * total(probability * (1.0 - target)) + 0.3 * total(target))
    ),
    "squares": lambda probability, target: (
        1.0 - 2.0 * total(probability * target) / total(square(probability) + square(target))
    ),
    "logarithm": lambda probability, target: -log((total(probability * target) + 1.0) / (total(probability) + 1.0)),
    "of two sums": lambda probability, target: (
        exp(-total(absolute(probability - target))) * log1p(total(square(probability)))
    ),
}
OWN = [
    pytest.param(kind, formula, id=f"{kind} {name}")
    for kind, formulas in (("softmax", SOFTMAX), ("row", ROW))
    for name, formula in formulas.items()
]
CLASSES = 4
GIVEN: dict[str, Any] = {
    "logits": [0.3, -1.2, 2.0, 0.9],
    "target_logits": [-0.4, 1.1, 0.6, -2.0],
    "probability": [0.1, 0.35, 0.15, 0.4],
    "log_probability": [-2.3, -1.05, -1.9, -0.9],
    "prediction": [0.3, -1.2, 2.0, 0.9],
    "anchor": [0.3, -1.2, 2.0, 0.9],
    "positive": [1.5, 0.4, 0.1, -0.7],
    "negative": [0.5, -1.0, 1.1, 0.4],
    "margin": 1.0,
    "target": [0.2, 0.5, 0.05, 0.25],
    "_class_index": [0.0, 1.0, 2.0, 3.0],
    "class_weight": [0.5, 2.0, 1.0, 0.25],
    "weight": 0.75,
    "_label": 2,
    "_classes": 4.0,
    "label_smoothing": 0.1,
    "ignore_label": -1,
    "_tolerance": 1e-15,
}


def diagonal(output: Node, wrt: Node) -> list[float]:
    """The curvature, as NumPy computes it."""
    curve = curvature(gradient(output, [wrt])[0], wrt)
    symbols = leaves(curve, wrt)
    arrays = [np.array(GIVEN[str(s.label)]).reshape(-1, 1)[None] for s in symbols]
    (found,) = build((curve,), symbols, "numpy")(*arrays, axes={"class": 1})
    return [float(x) for x in np.broadcast_to(found, (1, CLASSES, 1)).ravel()]


def exactly(output: Node, wrt: Node) -> list[float]:
    """The second derivative in each place, from numbers that carry their derivatives."""
    mp.prec = 200
    given = {k: [jet(x) for x in v] if isinstance(v, list) else jet(v) for k, v in GIVEN.items()}
    found = []
    for j in range(CLASSES):
        row = [jet(x, i == j) for i, x in enumerate(GIVEN[str(wrt.label)])]
        value = evaluate(output, given | {str(wrt.label): row}, CLASSES)
        found.append(float(sum(x.curve for x in value) if isinstance(value, list) else value.curve))
    return found


def rows(*names: str) -> tuple[Keyword, ...]:
    return tuple(row for row in KEYWORDS if row.name in names)


OPTIONS = {
    "probabilities": Options(),
    "labels": Options(labels=True),
    "a row's weight": Options(given=rows("weight")),
    "labels, weighted by class": Options(labels=True, given=rows("class_weight")),
    "labels, smoothed": Options(labels=True, given=rows("label_smoothing", "ignore_label")),
    "smoothed, weighted by class": Options(given=rows("class_weight", "label_smoothing")),
}


@pytest.mark.parametrize(("kind", "formula"), OWN)
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_of_formulas_over_classes(kind: str, formula: Callable[..., Any], options: Options) -> None:
    program = embed(describe(kind, formula), options)
    wrt = symbol("logits" if kind == "softmax" else "probability")
    assert diagonal(program.loss, wrt) == pytest.approx(exactly(program.loss, wrt), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("formula", OVERLAP.values(), ids=OVERLAP)
def test_of_formulas_over_a_region(formula: Callable[..., Any]) -> None:
    program, probability = embed(describe("overlap", formula), Options()), symbol("probability")
    assert diagonal(program.loss, probability) == pytest.approx(exactly(program.loss, probability), rel=1e-11)


@pytest.mark.parametrize(
    "record", [r for r in ls.losses() if r.kind in ("row", "softmax", "overlap")], ids=lambda record: record.name
)
def test_of_every_loss_over_rows(record: Record) -> None:
    program = embed(record, Options())
    for wrt in record.moved_by([argument.name for argument in record.predictions]):
        assert diagonal(program.loss, wrt) == pytest.approx(exactly(program.loss, wrt), rel=1e-11, abs=1e-13)


def test_of_a_pick() -> None:
    """One class of a row that all its places move."""
    logits = symbol("logits")
    chosen = pick(softmax(logits), symbol("_label", frozenset({ITEM})))
    output = square(chosen) + chosen * total(clip(logits, -9.0, 9.0))
    assert diagonal(output, logits) == pytest.approx(exactly(output, logits), rel=1e-11)


IN_TORCH: dict[str, Callable[..., Any]] = {
    "focal": lambda z, t: (-t * (1 - z.softmax(-1)).square() * z.log_softmax(-1)).sum(),
    "Brier": lambda z, t: (z.softmax(-1) - t).square().sum(),
    "entropy": lambda z, t: (-z.softmax(-1) * z.log_softmax(-1)).sum(),
    "generalised": lambda z, t: (t * (1 - z.softmax(-1) ** 0.7) / 0.7).sum(),
    "of the norm": lambda z, t: (-t * (z / z.norm()).log_softmax(-1)).sum(),
    "twice": lambda z, t: (-t * (2 * z.softmax(-1)).log_softmax(-1)).sum(),
}


@pytest.mark.parametrize(("name", "compiled"), [("focal", True), *((name, False) for name in IN_TORCH)])
def test_as_torch_finds_it(name: str, compiled: bool) -> None:
    """A loss of one's own, from end to end, beside the same formula in PyTorch."""
    logits, target = (torch.tensor(GIVEN[name], dtype=torch.float64) for name in ("logits", "target"))
    loss = Loss(describe("softmax", SOFTMAX[name]))
    with bodies(compiled):
        _, hessian = loss.gradient_and_hessian(logits[None].numpy(), target[None].numpy())
    whole = torch.func.hessian(IN_TORCH[name])(logits, target)
    np.testing.assert_allclose(hessian[0], whole.diagonal().numpy(), rtol=1e-11)
