"""Losses that fit a problem, each with the output layer that its record asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lossary.catalogue.record import Argument, Record
from lossary.catalogue.registry import records
from lossary.commands.compare.fold import targets
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.scale import Scaling
from lossary.commands.compare.sentences import joined
from lossary.commands.data.typed import TypedLoss, typed_loss, typed_losses
from lossary.errors import ArgumentError
from lossary.symbolic.graph import CLASS, ITEM

__all__ = ["Candidate", "choose"]

# Smallest distance of a probability from 0 and 1, so that logarithms are finite in float32.
CLOSEST = 1e-7
SMALLEST_SCALE = 1e-4
SMOOTHING = 0.1
# Classes are unbalanced if the largest has more than this many times the rows of the smallest.
UNBALANCED = 1.5
ALL = "all"  # asks for every loss that fits
TRIED = 64  # outputs and targets to compare slopes at
ALIKE = 1e-5  # largest difference of equal slopes, relative to the mean slope
TRIED_OUTPUT = 0.3  # at which a loss has to be finite
NEAREST = 1e-6  # smallest distance of a tried output from its target, relative to the targets' scale


def _probability(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits).clamp(CLOSEST, 1 - CLOSEST)


def _distribution(logits: Tensor) -> Tensor:
    return torch.softmax(logits, dim=-1).clamp(min=CLOSEST)


def _log_distribution(logits: Tensor) -> Tensor:
    return functional.log_softmax(logits, dim=-1)


def _positive(output: Tensor) -> Tensor:
    return functional.softplus(output) + SMALLEST_SCALE


def _identity(output: Tensor) -> Tensor:
    return output


LINKS: dict[str, Callable[[Tensor], Tensor]] = {
    "": _identity,
    "sigmoid": _probability,
    "softmax": _distribution,
    "log_softmax": _log_distribution,
    "log_sigmoid": functional.logsigmoid,
    "softplus": _positive,
}


@dataclass(frozen=True)
class Candidate(TypedLoss):
    """A loss with its settings, and the output layer that it needs."""

    # Name of the earlier candidate that trains the same network, '' if there is none.
    same_as: str = ""
    # Parameters in the target's unit that the user did not set: their defaults count deviations of the target. The
    # settings hold their values over all rows, for printing.
    derived: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[str, ...]:
        """Names of the functions between the network's outputs and the loss's predictions."""
        return tuple(_link(argument, _of_classes(self.record)) for argument in self.record.predictions)

    def width(self, classes: Sequence[str]) -> int:
        """Return the number of network outputs for each prediction."""
        return len(classes) if _of_classes(self.record) else 1

    def predictions(self, outputs: Tensor, scaling: Scaling | None = None) -> tuple[Tensor, ...]:
        """Turn a network's outputs, (rows, predictions, width), into predictions in the units that the loss takes."""
        raw = outputs if _of_classes(self.record) else outputs.squeeze(-1)
        return tuple(
            _predicted(raw[:, i], each, self.links[i], scaling) for i, each in enumerate(self.record.predictions)
        )

    def value(self, outputs: Tensor, target: Tensor, scaling: Scaling | None = None) -> Tensor:
        """Return the mean loss of a network's outputs, of shape (rows, predictions, width)."""
        given = iter(self.predictions(outputs, scaling))
        arguments = [
            _in_domain(target, a, self.record) if a.role == "target" else next(given) for a in self.record.arguments
        ]
        settings = _in_unit(self.record, scaling, self.derived) if scaling else {}
        value: Tensor = self.loss(*arguments, **settings)
        return value

    def slopes(self, outputs: Tensor, target: Tensor, scaling: Scaling | None = None) -> Tensor:
        """Return the gradient of the summed loss with respect to the outputs."""
        outputs = (outputs if scaling is None else outputs.double()).detach().requires_grad_()
        (gradient,) = torch.autograd.grad(self.value(outputs, target, scaling), outputs)
        return gradient * len(outputs)

    def in_deviations(self, scaling: Scaling) -> dict[str, float]:
        """Return the settings that have the target's unit, in deviations of the target."""
        return {
            parameter.name: parameter.default
            if parameter.name in self.derived
            else self.settings[parameter.name] / scaling.deviation**parameter.unit.power
            for parameter in self.record.parameters
            if parameter.unit and parameter.name in self.settings
        }

    def rescaled(self, scaling: Scaling) -> Rescaled:
        """Return the loss of residuals in deviations of the target, under its own name."""
        return Rescaled(self.loss.configure(**self.in_deviations(scaling)), self.name)


@dataclass(frozen=True)
class Rescaled(TypedLoss):
    """A loss whose settings are in another unit than those in its name."""

    title: str

    @property
    def name(self) -> str:
        return self.title


def _of_classes(record: Record) -> bool:
    """Return True if a loss takes a prediction for each class."""
    return all(a.axes == {ITEM, CLASS} for a in record.predictions) if record.axes else record.by_row


def _in_domain(target: Tensor, argument: Argument, record: Record) -> Tensor:
    """Return one-hot rows as labels, if a loss takes those, and 0 and 1 as the ends of its domain: −1 and 1, or so."""
    domain = argument.domain
    if domain.index_of:
        return target.argmax(-1)
    if not record.by_element or "binary" not in (record.task, *record.fits) or not math.isfinite(domain.high):
        return target
    return domain.low + (domain.high - domain.low) * target


def _predicted(output: Tensor, argument: Argument, link: str, scaling: Scaling | None) -> Tensor:
    value = LINKS[link](output if scaling is None else output.double())
    if scaling is None:
        return value
    if argument.guesses_target and not link:
        return scaling.center + scaling.scale * value
    power = 1 if argument.guesses_target else argument.unit.power if argument.unit else 0
    low = argument.domain.low if math.isfinite(argument.domain.low) else 0.0
    return low + value * scaling.scale**power


def _in_unit(record: Record, scaling: Scaling, names: Collection[str]) -> dict[str, float]:
    """Convert the defaults of the named parameters from deviations of the target to its unit."""
    return {
        p.name: p.default * scaling.deviation**p.unit.power for p in record.parameters if p.unit and p.name in names
    }


def _link(argument: Argument, of_classes: bool) -> str:
    """Return the name of a function from all numbers into the argument's domain."""
    if argument.takes_log_probabilities:
        return "log_softmax" if of_classes else "log_sigmoid"
    if math.isfinite(argument.domain.high):
        return "softmax" if of_classes else "sigmoid"
    return "softplus" if math.isfinite(argument.domain.low) else ""


def choose(problem: Problem, asked: str | None) -> tuple[Candidate, ...]:
    """Return the losses asked for, 'huber(delta=2), squared_error', or those that differ, with common variants.

    Without a list, they are the losses that fit and whose records say that they are compared; 'all' asks for the rest,
    too.
    """
    if asked and asked.strip() != ALL:
        return _marked(_asked(asked, problem), problem)
    chosen = [record for record in records() if _fits(record, problem) and (asked or _is_tried(record, problem))]
    fitting = [_candidate(typed_loss(record.name), problem) for record in chosen]
    # First losses of this task that need no output layer: of losses that train the same network, the first is trained.
    fitting.sort(key=lambda candidate: (candidate.record.task != problem.task, any(candidate.links[:1])))
    marked = _marked(fitting, problem)
    variants = [variant for each in marked if _varies(each) for variant in _variants(each, problem)]
    return _marked((*marked, *variants), problem)


def _is_tried(record: Record, problem: Problem) -> bool:
    """Return True if a fitting loss is tried unless others are asked for; one of counts, if all targets are whole."""
    of_counts = _target(record).domain.counts
    return record.compared and (not of_counts or bool((problem.values == problem.values.round()).all()))


def _varies(candidate: Candidate) -> bool:
    """Return True if variants of a loss are tried: it is compared by default, and trains a network of its own."""
    return candidate.record.compared and not candidate.same_as


def _asked(text: str, problem: Problem) -> list[Candidate]:
    chosen = [_fitting(typed, problem) for typed in typed_losses(text)]
    names = [candidate.name for candidate in chosen]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ArgumentError(f"{twice} is named twice")
    return chosen


def _candidate(typed: TypedLoss, problem: Problem) -> Candidate:
    """Make a candidate; parameters in the target's unit that were not typed are derived from the target."""
    derived = tuple(p.name for p in typed.record.parameters if p.unit and p.name not in typed.settings)
    if not derived or problem.scaling is None:
        return Candidate(typed.loss)
    known = {name: _short(value) for name, value in _in_unit(typed.record, problem.scaling, derived).items()}
    return Candidate(typed.loss.configure(**known), derived=derived)


def _short(value: float) -> float:
    """Round to three significant figures."""
    return float(f"{value:.3g}")


def _fits(record: Record, problem: Problem) -> bool:
    """Return True if a loss takes the problem's targets, and predictions that a network can make for each row."""
    return _is_for(record, problem) and _admits(record, problem)


def _is_for(record: Record, problem: Problem) -> bool:
    has_target = any(argument.role == "target" for argument in record.arguments)
    takes_outputs = not record.scores and (not record.axes or _of_classes(record))
    return problem.task in (record.task, *record.fits) and has_target and takes_outputs


def _admits(record: Record, problem: Problem) -> bool:
    """Return True if a regression's targets lie in the loss's domain, and it is finite there; classes are made to."""
    return bool(problem.classes) or (
        _target(record).domain.holds(problem.values) and _is_finite(record, problem, problem.values)
    )


def _is_finite(record: Record, problem: Problem, values: NDArray[np.float64]) -> bool:
    """Return True if the mean loss over some targets is finite at an output."""
    candidate = _candidate(typed_loss(record.name), problem)
    outputs = torch.full((len(values), len(candidate.links), 1), TRIED_OUTPUT, dtype=torch.float64)
    return math.isfinite(candidate.value(outputs, targets(values, 0), problem.scaling).item())


def _target(record: Record) -> Argument:
    return next(argument for argument in record.arguments if argument.role == "target")


def _fitting(typed: TypedLoss, problem: Problem) -> Candidate:
    record = typed.record
    if not _is_for(record, problem):
        fitting = [record for record in records() if _fits(record, problem)]
        named = [record.name for record in fitting if _is_tried(record, problem)]
        more = ["others"] if len(named) < len(fitting) else []
        of_numbers = bool(problem.classes) and "regression" in (record.task, *record.fits)
        hint = "; it takes quantities: --task regression" if of_numbers else ""
        raise ArgumentError(f"{record.name} does not fit a {problem.task} target; {joined([*named, *more])} do{hint}")
    if not _admits(record, problem):
        domain = _target(record).domain
        if outside := [value for value in problem.values if not domain.contains(value)]:
            raise ArgumentError(f"{record.name} needs targets {domain}; {problem.target!r} has {outside[0]:g}")
        wrong = next(value for value in problem.values if not _is_finite(record, problem, np.array([value])))
        raise ArgumentError(f"{record.name} is infinite for the target {wrong:g}, which {problem.target!r} has")
    return _candidate(typed, problem)


def _variants(candidate: Candidate, problem: Problem) -> Iterator[Candidate]:
    """Yield the loss with widely used settings."""
    names = {parameter.name for parameter in candidate.record.parameters}
    if "label_smoothing" in names or (candidate.record.takes_classes and candidate.record.predictions[0].takes_logits):
        yield Candidate(candidate.loss.configure(label_smoothing=SMOOTHING))
    if "positive_weight" in names and max(problem.counts) > UNBALANCED * min(problem.counts):
        negative, positive = problem.counts
        yield Candidate(candidate.loss.configure(positive_weight=_short(negative / positive)))


def _marked(candidates: Iterable[Candidate], problem: Problem) -> tuple[Candidate, ...]:
    """Set ``same_as`` of the candidates that train the same network as an earlier one."""
    seen: list[Candidate] = []
    for candidate in candidates:
        same = next((c.name for c in seen if not c.same_as and _alike(c, candidate, problem)), "")
        seen.append(replace(candidate, same_as=same))
    return tuple(seen)


def _alike(one: Candidate, other: Candidate, problem: Problem) -> bool:
    """Return True if two losses have the same slopes in the outputs up to a factor, which training divides by."""
    if len(one.links) != len(other.links):
        return False
    first, second = (_slopes(candidate, problem) for candidate in (one, other))
    return bool(torch.allclose(first / first.abs().mean(), second / second.abs().mean(), rtol=0, atol=ALIKE))


def _slopes(candidate: Candidate, problem: Problem) -> Tensor:
    """Return slopes at random outputs and at outputs near the targets, for targets from the table's whole range."""
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
