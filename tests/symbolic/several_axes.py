"""Formulas of several axes, with definitions that share nothing with them: plain PyTorch in float64."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

import lossary
from lossary.symbolic.graph import Node, Value, as_node, symbol
from lossary.vocabulary import (
    last,
    rank,
    recurrence,
    square,
    tanh,
    total,
)

RNG = np.random.default_rng(3)


@dataclass(frozen=True)
class Case:
    """A formula, its sum over the items by another definition, arrays, and the axes that its values may have."""

    formula: Callable[..., Value]
    definition: Callable[..., Tensor]
    arrays: dict[str, tuple[str, Any]]  # axes and values by name, the differentiable one first
    together: tuple[str, ...]  # largest sets of axes along which one value may vary

    @property
    def symbols(self) -> list[Node]:
        return [symbol(name, frozenset(axes.split())) for name, (axes, _) in self.arrays.items()]

    @property
    def graph(self) -> Node:
        """The sum over all items."""
        found = as_node(self.formula(*self.symbols))
        for name in sorted(found.axes):
            found = total(found, over=name)
        return found


# --- formulas ------------------------------------------------------------------------------------------------------


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
    return (1 - 2 * (w * torch.minimum(p, t).sum(-1)).sum(-1) / (w * (p + t).sum(-1)).sum(-1)).sum()


def _lovasz_softmax(p: Tensor, label: Tensor) -> Tensor:
    """Berman et al. (2018): of each class, the errors in falling order times the growth of the Jaccard loss."""
    found = []
    for probability, own in zip(p, label, strict=True):
        losses = []
        for c in range(len(probability)):
            truth = (own == c).to(p.dtype)
            if not truth.any():
                continue
            e, at = torch.sort((truth - probability[c]).abs(), descending=True, stable=True)
            gone, union = truth[at].cumsum(0), truth.sum() + (1 - truth[at]).cumsum(0)
            jaccard = 1 - (truth.sum() - gone) / union
            losses.append((e * torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])).sum())
        found.append(torch.stack(losses).mean())
    return torch.stack(found).sum()


def _list_net(scores: Tensor, target: Tensor) -> Tensor:
    return functional.cross_entropy(scores, target.softmax(-1), reduction="sum")


def _siglip(a: Tensor, b: Tensor) -> Tensor:
    z = 10.0 * functional.normalize(a) @ functional.normalize(b).T - 10.0
    return functional.softplus(-(2 * torch.eye(len(a), dtype=z.dtype) - 1) * z).sum()


def _cosine_embedding(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    cosines = torch.stack([x @ y / (x.norm() * y.norm()) for x, y in zip(a, b, strict=True)])
    return (t * (1 - cosines) + (1 - t) * torch.relu(cosines)).sum()


def _supervised_contrastive(a: Tensor, label: Tensor) -> Tensor:
    e, found = functional.normalize(a), []
    for i in range(len(a)):
        others = [j for j in range(len(a)) if j != i]
        partners = [j for j in others if label[j] == label[i]]
        s = e @ e[i] / 0.1
        if partners:
            found.append(-(s[partners] - torch.logsumexp(s[others], 0)).mean())
    return torch.stack(found).sum()


def _vicreg(a: Tensor, b: Tensor) -> Tensor:
    def spread(x: Tensor) -> Tensor:
        covariance = torch.cov(x.T)
        apart = covariance.square().sum() - covariance.diagonal().square().sum()
        return 12.5 * torch.relu(1 - torch.sqrt(x.var(0) + 1e-4)).mean() + apart / x.shape[1]

    return 25.0 * (a - b).square().mean() + spread(a) + spread(b)


def _crammer_singer(s: Tensor, y: Tensor) -> Tensor:
    rivals = [torch.cat([row[:k], row[k + 1 :]]).max() - row[k] for row, k in zip(s, y.long(), strict=True)]
    return torch.relu(1 + torch.stack(rivals)).sum()


def _weston_watkins(s: Tensor, y: Tensor) -> Tensor:
    terms = [torch.relu(1 + row - row[k]).sum() - 1 for row, k in zip(s, y.long(), strict=True)]  # less its own
    return torch.stack(terms).sum()


def _squared_weston_watkins(s: Tensor, y: Tensor) -> Tensor:
    terms = [torch.relu(1 + row - row[k]).square().sum() - 1 for row, k in zip(s, y.long(), strict=True)]
    return torch.stack(terms).sum()


def _multiclass_perceptron(s: Tensor, y: Tensor) -> Tensor:
    return sum((row.max() - row[k] for row, k in zip(s, y.long(), strict=True)), torch.zeros(()))


def _multilabel_margin(s: Tensor, t: Tensor) -> Tensor:
    terms = []
    for z, p in zip(s, t, strict=True):
        pairs = [(i, j) for i in range(len(z)) for j in range(len(z)) if i != j]
        terms += [p[i] * (1 - p[j]) * torch.relu(1 - (z[i] - z[j])) for i, j in pairs]
    return torch.stack(terms).sum()


def _multiclass_sparsemax(s: Tensor, y: Tensor) -> Tensor:
    """Martins & Astudillo (2016), equation 13, with the support found by trying all sizes."""
    found = []
    for z, k in zip(s, y.long(), strict=True):
        u = z.sort(descending=True).values
        size = max(n for n in range(1, len(u) + 1) if 1 + n * u[n - 1] > u[:n].sum())
        threshold = (u[:size].sum() - 1) / size
        found.append(-z[k] + (u[:size] ** 2 - threshold**2).sum() / 2 + 0.5)
    return torch.stack(found).sum()


def _cumulative_link(f: Tensor, y: Tensor, thresholds: Tensor) -> Tensor:
    ends = torch.cat([torch.tensor([-30.0]), thresholds, torch.tensor([40.0])]).to(f.dtype)  # all of the probability
    upper, lower = (torch.sigmoid(ends[y.long() + k] - f) for k in (1, 0))
    return -torch.log(upper - lower).sum()


def _ordinal_cross_entropy(z: Tensor, y: Tensor) -> Tensor:
    above = (torch.arange(z.shape[1]) < y[:, None]).to(z.dtype)
    return functional.binary_cross_entropy_with_logits(z, above, reduction="sum")


def _filtered(x: Tensor, y: Tensor) -> Tensor:
    states = [torch.ones(len(x), dtype=x.dtype)]
    for signal in reversed(x.unbind(1)):
        states.append(0.5 * states[-1] + torch.tanh(signal * states[-1]) + signal)
    return (torch.stack(states[:0:-1], 1) - y).square().sum() + states[1].sum()


def _squares_by_rank(s: Tensor, t: Tensor) -> Tensor:
    places = torch.argsort(torch.argsort(-t, stable=True), stable=True)
    return (s**3 * (places + 1)).sum()


def _gaussian_mixture_nll(logits: Tensor, mean: Tensor, target: Tensor, variance: Tensor) -> Tensor:
    densities = torch.exp(-((mean - target[:, None]) ** 2) / (2 * variance)) / variance.sqrt()
    return -torch.log((torch.softmax(logits, 1) * densities).sum(1)).sum()


def _ensemble_crps(members: Tensor, target: Tensor) -> Tensor:
    """The area between the squared distance of the members' distribution function and the target's step."""
    found = []
    for x, y in zip(members, target, strict=True):
        ends = torch.sort(torch.cat([x, y[None]])).values
        for low, high in itertools.pairwise(ends):
            found.append((high - low) * ((x <= low).to(x.dtype).mean() - (y <= low).to(x.dtype)) ** 2)
    return torch.stack(found).sum()


SCORES = {"scores": ("item entry", RNG.normal(size=(3, 5))), "target": ("item entry", RNG.integers(0, 4, (3, 5)) * 1.0)}
PAIRS = {"embedding": ("item feature", RNG.normal(size=(5, 3))), "positive": ("item feature", RNG.normal(size=(5, 3)))}
HALVES = {"embedding": ("item feature", 0.2 * RNG.normal(size=(5, 3))), "positive": PAIRS["positive"]}
LABELLED = {"embedding": PAIRS["embedding"], "target": ("item", np.array([0.0, 1.0, 0.0, 0.0, 2.0]))}
OUTCOMES = {"first": PAIRS["embedding"], "second": PAIRS["positive"], "target": ("item", RNG.uniform(size=5))}
MAPS = {
    "probability": ("item class place", RNG.dirichlet(np.ones(3), (2, 6)).swapaxes(1, 2).copy()),
    "target": ("item class place", np.eye(4)[:, :3][RNG.integers(0, 4, (2, 6))].swapaxes(1, 2).copy()),
}
REGIONS = {
    "probability": MAPS["probability"],
    "target": ("item place", np.array([[1, 0, 0, 1, 1, 0], [2, 2, 1, 0, 2, 1]])),
}
MIXTURES = {
    "logits": ("item component", RNG.normal(size=(3, 4))),
    "prediction": ("item component", RNG.normal(size=(3, 4))),
    "target": ("item", RNG.normal(size=3)),
    "variance": ("item component", RNG.uniform(0.5, 2.0, (3, 4))),
}
ENSEMBLES = {"members": ("item member", RNG.normal(size=(3, 5))), "target": ("item", RNG.normal(size=3))}
CLASSES = {"scores": ("item class", RNG.normal(size=(6, 4))), "target": ("item", RNG.integers(0, 4, 6) * 1.0)}
SETS = {"scores": CLASSES["scores"], "target": ("item class", RNG.uniform(size=(6, 4)) * RNG.integers(0, 2, (6, 4)))}
LEVELS = {
    "prediction": ("item", RNG.normal(size=6)),
    "target": ("item", np.array([0.0, 1.0, 3.0, 2.0, 2.0, 3.0])),
    "thresholds": ("boundary", np.array([-1.0, 0.25, 1.5])),
}
BOUNDARIES = {"logits": ("item boundary", RNG.normal(size=(6, 3))), "target": LEVELS["target"]}
SIGNALS = {"signal": ("item time", RNG.normal(size=(2, 4))), "target": ("item time", RNG.normal(size=(2, 4)))}
OF_PAIRS = ("item feature", "other_item feature", "item other_item")
TOGETHER: dict[str, tuple[Any, dict[str, tuple[str, Any]], tuple[str, ...]]] = {
    "ranknet": (_ranknet, SCORES, ("item entry other_entry",)),
    "list_mle": (_list_mle, SCORES, ("item entry", "item sorted_entry")),
    "list_net": (_list_net, SCORES, ("item entry",)),
    "generalised_dice": (_generalised_dice, MAPS, ("item class place",)),
    "lovasz_softmax": (_lovasz_softmax, REGIONS, ("item class place", "item class sorted_place")),
    "siglip": (_siglip, PAIRS, OF_PAIRS),
    "cosine_embedding": (_cosine_embedding, OUTCOMES, ("item feature",)),
    "supervised_contrastive": (_supervised_contrastive, LABELLED, OF_PAIRS),
    "gaussian_mixture_nll": (_gaussian_mixture_nll, MIXTURES, ("item component",)),
    "ensemble_crps": (_ensemble_crps, ENSEMBLES, ("item member",)),
    "crammer_singer": (_crammer_singer, CLASSES, ("item class",)),
    "weston_watkins": (_weston_watkins, CLASSES, ("item class",)),
    "squared_weston_watkins": (_squared_weston_watkins, CLASSES, ("item class",)),
    "multiclass_perceptron": (_multiclass_perceptron, CLASSES, ("item class",)),
    "multilabel_margin": (_multilabel_margin, SETS, ("item class other_class",)),
    "multiclass_sparsemax": (_multiclass_sparsemax, CLASSES, ("item class", "item sorted_class")),
    "cumulative_link": (_cumulative_link, LEVELS, ("item boundary",)),
    "ordinal_cross_entropy": (_ordinal_cross_entropy, BOUNDARIES, ("item boundary",)),
    "vicreg": (_vicreg, HALVES, ("item feature", "item other_feature", "feature other_feature")),
}
CASES = {name: Case(lossary.get(name).record.formula, *case) for name, case in TOGETHER.items()} | {
    "filtered": Case(filtered, _filtered, SIGNALS, ("item time",)),
    "squares_by_rank": Case(squares_by_rank, _squares_by_rank, SCORES, ("item entry",)),
}
