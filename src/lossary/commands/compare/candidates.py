"""Which losses fit a problem, and what a network has to give each of them: read from the records alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lossary.catalogue.record import Argument, Record, records
from lossary.commands.compare.fold import targets
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.scale import Scaling
from lossary.commands.compare.words import joined
from lossary.commands.data.typed import TypedLoss, typed_loss, typed_losses
from lossary.errors import ArgumentError

__all__ = ["Candidate", "choose"]

ROWS = ("row", "softmax")
# Keeps a saturated probability where its logarithm is finite, as float32 sees it.
CLOSEST = 1e-7
SMALLEST_SCALE = 1e-4
SMOOTHING = 0.1
# Classes are called unbalanced where the largest is this many times the smallest.
UNBALANCED = 1.5
TRIED = 64  # outputs and targets, to find losses that train alike
ALIKE = 1e-5  # the largest difference of their slopes, beside the mean slope
NEAREST = 1e-6  # to a target that outputs are tried, in the scale of all targets


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

    # The name of the candidate that trains a network in the same way, '' if there is none.
    same_as: str = ""
    # The parameters that nobody set: as many deviations of the target as their default says. The settings hold what
    # they are over all rows, to be printed.
    derived: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[str, ...]:
        """What each of the network's outputs passes through on its way to the loss."""
        return tuple(_link(argument, self.record.kind) for argument in self.record.predictions)

    def width(self, classes: Sequence[str]) -> int:
        """How many numbers a network makes for each prediction."""
        return len(classes) if self.record.kind in ROWS else 1

    def predictions(self, outputs: Tensor, scaling: Scaling | None = None) -> tuple[Tensor, ...]:
        """What a network's outputs, (rows, predictions, width), predict: each in the unit that the loss takes it in."""
        raw = outputs if self.record.kind in ROWS else outputs.squeeze(-1)
        return tuple(
            _predicted(raw[:, i], each, self.links[i], scaling) for i, each in enumerate(self.record.predictions)
        )

    def value(self, outputs: Tensor, target: Tensor, scaling: Scaling | None = None) -> Tensor:
        """The mean loss of a network's outputs, of shape (rows, predictions, width)."""
        given = iter(self.predictions(outputs, scaling))
        arguments = [target if a.role == "target" else next(given) for a in self.record.arguments]
        settings = _in_unit(self.record, scaling, self.derived) if scaling else {}
        value: Tensor = self.loss(*arguments, **settings)
        return value

    def slopes(self, outputs: Tensor, target: Tensor, scaling: Scaling | None = None) -> Tensor:
        """The gradient of the summed loss in the outputs."""
        outputs = (outputs if scaling is None else outputs.double()).detach().requires_grad_()
        (gradient,) = torch.autograd.grad(self.value(outputs, target, scaling), outputs)
        return gradient * len(outputs)

    def in_deviations(self, scaling: Scaling) -> dict[str, float]:
        """The settings that have the target's unit, as so many deviations of it."""
        return {
            parameter.name: parameter.default
            if parameter.name in self.derived
            else self.settings[parameter.name] / scaling.deviation**parameter.unit.power
            for parameter in self.record.parameters
            if parameter.unit and parameter.name in self.settings
        }

    def drawn_in_deviations(self, scaling: Scaling) -> Drawn:
        """The loss of residuals that are measured in deviations, under its own name."""
        return Drawn(self.loss.configure(**self.in_deviations(scaling)), self.name)


@dataclass(frozen=True)
class Drawn(TypedLoss):
    """A loss that is drawn with other settings than its name tells."""

    title: str

    @property
    def name(self) -> str:
        return self.title


def _predicted(output: Tensor, argument: Argument, link: str, scaling: Scaling | None) -> Tensor:
    value = LINKS[link](output if scaling is None else output.double())
    if scaling is None:
        return value
    if argument.guesses_target and not link:
        return scaling.center + scaling.scale * value
    power = 1 if argument.guesses_target else argument.unit.power if argument.unit else 0
    return value * scaling.scale**power


def _in_unit(record: Record, scaling: Scaling, names: Collection[str]) -> dict[str, float]:
    """What parameters' defaults are in the target's unit, where 1 stands for a deviation."""
    return {
        p.name: p.default * scaling.deviation**p.unit.power for p in record.parameters if p.unit and p.name in names
    }


def _link(argument: Argument, kind: str) -> str:
    """The function that leads from any number into the argument's domain."""
    if math.isfinite(argument.domain.high):
        return "softmax" if kind in ROWS else "sigmoid"
    return "softplus" if math.isfinite(argument.domain.low) else ""


def choose(problem: Problem, asked: str | None) -> tuple[Candidate, ...]:
    """The losses asked for, 'huber(delta=2), squared_error', or all that fit, with the variants worth a look."""
    if asked:
        return _marked(_asked(asked, problem), problem)
    fitting = [_candidate(typed_loss(record.name), problem) for record in records() if _fits(record, problem)]
    # Made for the task, and taking the output as it is, comes first: what is the same is trained once, as the first.
    fitting.sort(key=lambda candidate: (candidate.record.task != problem.task, any(candidate.links[:1])))
    marked = _marked(fitting, problem)
    variants = [variant for each in marked if not each.same_as for variant in _variants(each, problem)]
    return _marked((*marked, *variants), problem)


def _asked(text: str, problem: Problem) -> list[Candidate]:
    chosen = [_fitting(typed, problem) for typed in typed_losses(text)]
    names = [candidate.name for candidate in chosen]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ArgumentError(f"{twice} is named twice")
    return chosen


def _candidate(typed: TypedLoss, problem: Problem) -> Candidate:
    """The loss as typed; the parameters in the target's unit that were not are derived from the target."""
    derived = tuple(p.name for p in typed.record.parameters if p.unit and p.name not in typed.settings)
    if not derived or problem.scaling is None:
        return Candidate(typed.loss)
    known = {name: _short(value) for name, value in _in_unit(typed.record, problem.scaling, derived).items()}
    return Candidate(typed.loss.configure(**known), derived=derived)


def _short(value: float) -> float:
    """Three figures of a number."""
    return float(f"{value:.3g}")


def _fits(record: Record, problem: Problem) -> bool:
    """Return whether a loss takes the problem's targets, and predictions that a network can make for each row."""
    return problem.task in (record.task, *record.fits) and not record.scores


def _fitting(typed: TypedLoss, problem: Problem) -> Candidate:
    if not _fits(typed.record, problem):
        fitting = joined([record.name for record in records() if _fits(record, problem)])
        raise ArgumentError(f"{typed.record.name} does not fit a {problem.task} target; {fitting} do")
    return _candidate(typed, problem)


def _variants(candidate: Candidate, problem: Problem) -> Iterator[Candidate]:
    """Settings that are widely used, of the parameters that the loss has."""
    names = {parameter.name for parameter in candidate.record.parameters}
    if "label_smoothing" in names or candidate.record.kind == "softmax":
        yield Candidate(candidate.loss.configure(label_smoothing=SMOOTHING))
    if "positive_weight" in names and max(problem.counts) > UNBALANCED * min(problem.counts):
        negative, positive = problem.counts
        yield Candidate(candidate.loss.configure(positive_weight=_short(negative / positive)))


def _marked(candidates: Iterable[Candidate], problem: Problem) -> tuple[Candidate, ...]:
    """The candidates, each that trains a network as an earlier one does marked so."""
    seen: list[Candidate] = []
    for candidate in candidates:
        same = next((c.name for c in seen if not c.same_as and _alike(c, candidate, problem)), "")
        seen.append(replace(candidate, same_as=same))
    return tuple(seen)


def _alike(one: Candidate, other: Candidate, problem: Problem) -> bool:
    """Whether two losses have the same slopes in the network's outputs, up to a factor, which training divides by."""
    if len(one.links) != len(other.links):
        return False
    first, second = (_slopes(candidate, problem) for candidate in (one, other))
    return bool(torch.allclose(first / first.abs().mean(), second / second.abs().mean(), rtol=0, atol=ALIKE))


def _slopes(candidate: Candidate, problem: Problem) -> Tensor:
    """Slopes at outputs of every size, for targets of every size that the table has, and near to these."""
    draw = np.random.default_rng(0)
    outputs = 2 * draw.normal(size=(TRIED, len(candidate.links), candidate.width(problem.classes)))
    if problem.scaling is None:
        labels = draw.integers(len(problem.classes), size=TRIED).astype(np.float64)
        return candidate.slopes(torch.tensor(outputs, dtype=torch.float32), targets(labels, len(problem.classes)))
    values = np.quantile(problem.values, np.linspace(0, 1, TRIED))
    near = outputs.copy()
    errors = draw.choice([-1, 1], TRIED) * np.geomspace(NEAREST, 1, TRIED)
    near[:, 0, 0] = (values - problem.scaling.center) / problem.scaling.scale + draw.permutation(errors)
    tried = torch.tensor(np.concatenate([outputs, near]))
    return candidate.slopes(tried, targets(np.tile(values, 2), 0), problem.scaling)
