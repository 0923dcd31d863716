"""Which losses fit a problem, and what a network has to give each of them: read from the records alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from lossary.compare.fold import targets
from lossary.compare.problem import Problem
from lossary.compare.words import joined
from lossary.data.typed import TypedLoss, typed_loss, typed_losses
from lossary.errors import ArgumentError
from lossary.record import Argument, Record, records

__all__ = ["Candidate", "choose"]

# The (task, kind) of the losses that fit a target: one number or one label a row.
FITTING = {
    "regression": {("regression", "pointwise")},
    "binary": {("binary", "pointwise"), ("segmentation", "overlap")},
    "multiclass": {(task, kind) for task in ("multiclass", "divergence") for kind in ("row", "softmax")},
}
ROWS = ("row", "softmax")
# Keeps a saturated probability where its logarithm is finite, as float32 sees it.
CLOSEST = 1e-7
SMALLEST_SCALE = 1e-4
SMOOTHING = 0.1
# Classes are called unbalanced where the largest is this many times the smallest.
UNBALANCED = 1.5


def _probability(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits).clamp(CLOSEST, 1 - CLOSEST)


def _distribution(logits: Tensor) -> Tensor:
    return torch.softmax(logits, dim=-1).clamp(min=CLOSEST)


def _positive(output: Tensor) -> Tensor:
    return functional.softplus(output) + SMALLEST_SCALE


def _as_it_is(output: Tensor) -> Tensor:
    return output


LINKS: dict[str, Callable[[Tensor], Tensor]] = {
    "": _as_it_is,
    "sigmoid": _probability,
    "softmax": _distribution,
    "softplus": _positive,
}


@dataclass(frozen=True)
class Candidate(TypedLoss):
    """A loss with its settings, and the output layer that gives it what it takes."""

    # The name of the candidate that is the same function of the network's output, '' if there is none.
    same_as: str = ""

    @property
    def links(self) -> tuple[str, ...]:
        """What each of the network's outputs passes through on its way to the loss."""
        return tuple(_link(argument, self.record.kind) for argument in self.record.predictions)

    def value(self, outputs: Tensor, target: Tensor) -> Tensor:
        """The mean loss of a network's outputs, of shape (rows, predictions, width)."""
        raw = outputs if self.record.kind in ROWS else outputs.squeeze(-1)
        given = iter(LINKS[link](raw[:, i]) for i, link in enumerate(self.links))
        arguments = [target if a.role == "target" else next(given) for a in self.record.arguments]
        value: Tensor = self.loss(*arguments)
        return value


def _link(argument: Argument, kind: str) -> str:
    """The function that leads from any number into the argument's domain."""
    if math.isfinite(argument.domain.high):
        return "softmax" if kind in ROWS else "sigmoid"
    return "softplus" if math.isfinite(argument.domain.low) else ""


def choose(problem: Problem, asked: str | None) -> tuple[Candidate, ...]:
    """The losses asked for, 'huber(delta=2), squared_error', or all that fit, with the variants worth a look."""
    if asked:
        return _marked([_fitting(typed, problem) for typed in typed_losses(asked)], problem)
    fitting = [_candidate(record.name) for record in records() if _fits(record, problem)]
    # Made for the task, and taking the output as it is, comes first: what is the same is trained once, as the first.
    fitting.sort(key=lambda candidate: (candidate.record.task != problem.task, any(candidate.links[:1])))
    marked = _marked(fitting, problem)
    variants = [variant for each in marked if not each.same_as for variant in _variants(each, problem)]
    return _marked((*marked, *variants), problem)


def _candidate(name: str, **settings: float) -> Candidate:
    return Candidate(typed_loss(name, **settings).loss)


def _fits(record: Record, problem: Problem) -> bool:
    return (record.task, record.kind) in FITTING[problem.task]


def _fitting(typed: TypedLoss, problem: Problem) -> Candidate:
    if not _fits(typed.record, problem):
        fitting = joined([record.name for record in records() if _fits(record, problem)])
        raise ArgumentError(f"{typed.record.name} does not fit a {problem.task} target; {fitting} do")
    return Candidate(typed.loss)


def _variants(candidate: Candidate, problem: Problem) -> Iterator[Candidate]:
    """Settings that are widely used, of the parameters that the loss has."""
    names = {parameter.name for parameter in candidate.record.parameters}
    if "label_smoothing" in names or candidate.record.kind == "softmax":
        yield _candidate(candidate.record.name, label_smoothing=SMOOTHING)
    if "positive_weight" in names and max(problem.counts) > UNBALANCED * min(problem.counts):
        negative, positive = problem.counts
        yield _candidate(candidate.record.name, positive_weight=float(f"{negative / positive:.3g}"))


def _marked(candidates: Iterable[Candidate], problem: Problem) -> tuple[Candidate, ...]:
    """The candidates, each that is the same function of the network's output as an earlier one marked so."""
    seen: list[Candidate] = []
    for candidate in candidates:
        same = next((c.name for c in seen if not c.same_as and _alike(c, candidate, problem)), "")
        seen.append(replace(candidate, same_as=same))
    return tuple(seen)


def _alike(one: Candidate, other: Candidate, problem: Problem) -> bool:
    """Whether two losses have the same slopes in the network's outputs, tried on outputs and targets of every size."""
    if len(one.links) != len(other.links):
        return False
    first, second = (_slopes(candidate, problem) for candidate in (one, other))
    return bool(torch.allclose(first, second, rtol=1e-3, atol=1e-6))


def _slopes(candidate: Candidate, problem: Problem) -> Tensor:
    draw = torch.Generator().manual_seed(0)
    width = len(problem.classes) if candidate.record.kind in ROWS else 1
    outputs = 2 * torch.randn(64, len(candidate.links), width, generator=draw)
    outputs.requires_grad_()
    if problem.classes:
        labels = torch.randint(len(problem.classes), (64,), generator=draw)
        target = targets(labels.float(), len(problem.classes))
    else:
        target = torch.randn(64, generator=draw)
    (slopes,) = torch.autograd.grad(candidate.value(outputs, target), outputs)
    return slopes
