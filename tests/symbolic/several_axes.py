"""Formulas of several axes, with definitions that share nothing with them: plain PyTorch in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lossary.symbolic.graph import Node, index, symbol
from lossary.vocabulary import (
    absolute,
    average,
    counted,
    cumulative,
    cumulative_log_sum_exp,
    equal,
    fixed,
    last,
    log_softmax,
    maximum,
    ordered,
    other,
    places,
    rank,
    recurrence,
    shifted,
    softplus,
    sqrt,
    square,
    tanh,
    total,
    unit,
    weighted,
    where,
)

RNG = np.random.default_rng(3)


@dataclass(frozen=True)
class Case:
    """A formula, its sum over the items by another definition, arrays, and the axes that its values may have."""

    formula: Callable[..., Node]
    definition: Callable[..., Tensor]
    arrays: dict[str, tuple[str, Any]]  # axes and values by name, the differentiable one first
    together: tuple[str, ...]  # largest sets of axes along which one value may vary

    @property
    def symbols(self) -> list[Node]:
        return [symbol(name, frozenset(axes.split())) for name, (axes, _) in self.arrays.items()]

    @property
    def graph(self) -> Node:
        """The sum over all items."""
        found = self.formula(*self.symbols)
        for name in sorted(found.axes):
            found = total(found, over=name)
        return found


# --- formulas ------------------------------------------------------------------------------------------------------


def ranknet(scores: Node, target: Node) -> Node:
    apart = where(other(target, "entry") < target, softplus(other(scores, "entry") - scores), 0.0)
    return total(total(apart, over="other_entry"), over="entry")


def list_mle(scores: Node, target: Node) -> Node:
    s = ordered(scores, -target, "entry")
    return total(cumulative_log_sum_exp(s, "sorted_entry", from_end=True) - s, over="sorted_entry")


def generalised_dice(probability: Node, target: Node) -> Node:
    volume = total(target, over="place")
    rarity = where(equal(volume, 0.0), 0.0, 1.0 / square(volume))
    overlap = total(rarity * total(probability * target, over="place"), over="class")
    size = total(rarity * total(probability + target, over="place"), over="class")
    return where(equal(size, 0.0), 0.0, 1.0 - 2.0 * overlap / size)


def lovasz(probability: Node, target: Node) -> Node:
    error = absolute(target - probability)
    t, e = ordered(target, -error, "place"), ordered(error, -error, "place")
    positives = total(target, over="place")
    missed, wrong = cumulative(t, "sorted_place"), cumulative(1.0 - t, "sorted_place")
    jaccard = 1.0 - (positives - missed) / (positives + wrong)
    return total(e * fixed(jaccard - shifted(jaccard, "sorted_place")), over="sorted_place")


def siglip(embedding: Node, positive: Node) -> Node:
    similarity = total(unit(embedding, over="feature") * other(unit(positive, over="feature")), over="feature")
    sign = where(equal(index("item"), index("other_item")), 1.0, -1.0)
    return total(softplus(-sign * (10.0 * similarity - 5.0)), over="other_item")


def supervised_contrastive(embedding: Node, label: Node) -> Node:
    e = unit(embedding, over="feature")
    itself = equal(index("item"), index("other_item"))
    similarity = where(itself, -math.inf, total(e * other(e), over="feature") / 0.5)
    positive = where(equal(label, other(label)) & ~itself, 1.0, 0.0)
    partners = total(positive, over="other_item")
    found = total(weighted(positive, -log_softmax(similarity, over="other_item")), over="other_item")
    return counted(0.0 < partners, found / partners)


def vicreg(embedding: Node, positive: Node) -> Node:
    n, d = places("item"), places("feature")

    def spread(x: Node) -> Node:
        z = x - average(x, "item")
        deviation = sqrt(total(square(z), over="item") / (n - 1.0) + 1e-4)
        across = total(z * other(z, "feature"), over="item") / (n - 1.0)
        apart = where(equal(index("feature"), index("other_feature")), 0.0, square(across))
        hinge = average(maximum(1.0 - deviation, 0.0), "feature")
        return 12.5 * hinge + total(total(apart, over="other_feature"), over="feature") / d

    alike = average(average(square(embedding - positive), "feature"), "item")
    return 25.0 * alike + spread(embedding) + spread(positive)


def filtered(signal: Node, target: Node) -> Node:
    """The states of a recurrence that is not linear, from the end, and its last one, which is the first made."""
    states = recurrence(lambda after: 0.5 * after + tanh(signal * after) + signal, 1.0, over="time", from_end=True)
    return total(square(states - target), over="time") + last(states, over="time")


def squares_by_rank(scores: Node, target: Node) -> Node:
    """A gather along the axis that it is made from, and an index of the same array."""
    return total(square(scores) * (rank(-target, over="entry") + 1.0) * scores, over="entry")


# --- definitions ---------------------------------------------------------------------------------------------------


def _ranknet(scores: Tensor, target: Tensor) -> Tensor:
    rows = []
    for s, t in zip(scores, target, strict=True):
        rows += [functional.softplus(s[j] - s[i]) for i in range(len(s)) for j in range(len(s)) if t[j] < t[i]]
    return torch.stack(rows).sum()


def _list_mle(scores: Tensor, target: Tensor) -> Tensor:
    terms = []
    for s, t in zip(scores, target, strict=True):
        s = s[torch.argsort(-t, stable=True)]
        terms += [torch.logsumexp(s[i:], 0) - s[i] for i in range(len(s))]
    return torch.stack(terms).sum()


def _generalised_dice(p: Tensor, t: Tensor) -> Tensor:
    w = torch.where(t.sum(-1) == 0, 0.0, t.sum(-1) ** -2.0)
    return (1 - 2 * (w * (p * t).sum(-1)).sum(-1) / (w * (p + t).sum(-1)).sum(-1)).sum()


def _lovasz(p: Tensor, t: Tensor) -> Tensor:
    """Berman et al. (2018): the errors in falling order times the growth of the Jaccard loss."""
    found = []
    for errors, truth in zip((t - p).abs(), t, strict=True):
        e, at = torch.sort(errors, descending=True, stable=True)
        gone, union = truth[at].cumsum(0), truth.sum() + (1 - truth[at]).cumsum(0)
        jaccard = 1 - (truth.sum() - gone) / union
        found.append((e * torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])).sum())
    return torch.stack(found).sum()


def _siglip(a: Tensor, b: Tensor) -> Tensor:
    z = 10.0 * functional.normalize(a) @ functional.normalize(b).T - 5.0
    return functional.softplus(-(2 * torch.eye(len(a), dtype=z.dtype) - 1) * z).sum()


def _supervised_contrastive(a: Tensor, label: Tensor) -> Tensor:
    e, found = functional.normalize(a), []
    for i in range(len(a)):
        others = [j for j in range(len(a)) if j != i]
        partners = [j for j in others if label[j] == label[i]]
        s = e @ e[i] / 0.5
        if partners:
            found.append(-(s[partners] - torch.logsumexp(s[others], 0)).mean())
    return torch.stack(found).sum()


def _vicreg(a: Tensor, b: Tensor) -> Tensor:
    def spread(x: Tensor) -> Tensor:
        covariance = torch.cov(x.T)
        apart = covariance.square().sum() - covariance.diagonal().square().sum()
        return 12.5 * torch.relu(1 - torch.sqrt(x.var(0) + 1e-4)).mean() + apart / x.shape[1]

    return 25.0 * (a - b).square().mean() + spread(a) + spread(b)


def _filtered(x: Tensor, y: Tensor) -> Tensor:
    states = [torch.ones(len(x), dtype=x.dtype)]
    for signal in reversed(x.unbind(1)):
        states.append(0.5 * states[-1] + torch.tanh(signal * states[-1]) + signal)
    return (torch.stack(states[:0:-1], 1) - y).square().sum() + states[1].sum()


def _squares_by_rank(s: Tensor, t: Tensor) -> Tensor:
    places = torch.argsort(torch.argsort(-t, stable=True), stable=True)
    return (s**3 * (places + 1)).sum()


SCORES = {"scores": ("item entry", RNG.normal(size=(3, 5))), "target": ("item entry", RNG.integers(0, 4, (3, 5)) * 1.0)}
PAIRS = {"embedding": ("item feature", RNG.normal(size=(5, 3))), "positive": ("item feature", RNG.normal(size=(5, 3)))}
HALVES = {"embedding": ("item feature", 0.2 * RNG.normal(size=(5, 3))), "positive": PAIRS["positive"]}
LABELLED = {"embedding": PAIRS["embedding"], "label": ("item", np.array([0.0, 1.0, 0.0, 1.0, 2.0]))}
MAPS = {
    "probability": ("item class place", RNG.dirichlet(np.ones(3), (2, 6)).swapaxes(1, 2).copy()),
    "target": ("item class place", np.eye(4)[:, :3][RNG.integers(0, 4, (2, 6))].swapaxes(1, 2).copy()),
}
REGIONS = {
    "probability": ("item place", RNG.uniform(size=(2, 6))),
    "target": ("item place", np.array([[1.0, 0, 0, 1, 1, 0], [0, 0, 1, 0, 0, 0]])),
}
SIGNALS = {"signal": ("item time", RNG.normal(size=(2, 4))), "target": ("item time", RNG.normal(size=(2, 4)))}
CASES = {
    "ranknet": Case(ranknet, _ranknet, SCORES, ("item entry other_entry",)),
    "list_mle": Case(list_mle, _list_mle, SCORES, ("item entry", "item sorted_entry")),
    "generalised_dice": Case(generalised_dice, _generalised_dice, MAPS, ("item class place",)),
    "lovasz": Case(lovasz, _lovasz, REGIONS, ("item place", "item sorted_place")),
    "siglip": Case(siglip, _siglip, PAIRS, ("item feature", "other_item feature", "item other_item")),
    "supervised_contrastive": Case(
        supervised_contrastive, _supervised_contrastive, LABELLED,
        ("item feature", "other_item feature", "item other_item"),
    ),
    "vicreg": Case(vicreg, _vicreg, HALVES, ("item feature", "item other_feature", "feature other_feature")),
    "filtered": Case(filtered, _filtered, SIGNALS, ("item time",)),
    "squares_by_rank": Case(squares_by_rank, _squares_by_rank, SCORES, ("item entry",)),
}  # fmt: skip
