"""What a study shows: for each metric the best loss, who is level with it, and a recommendation in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lossary.compare.candidates import Candidate
from lossary.compare.metrics import METRICS, Metric
from lossary.compare.statistics import Difference, Estimate, difference, estimate
from lossary.compare.study import Study
from lossary.compare.words import joined

__all__ = ["Standing", "Verdict", "judge"]


@dataclass(frozen=True)
class Standing:
    """One metric: every trained loss's mean and how far it is behind the best."""

    metric: Metric
    estimates: dict[str, Estimate]
    differences: dict[str, Difference]
    best: str
    baseline: float

    @property
    def level(self) -> tuple[str, ...]:
        """The losses that are best, or that chance may have put behind the best."""
        return tuple(name for name, each in self.differences.items() if not each.distinct)

    @property
    def behind(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.differences.items() if each.distinct)


@dataclass(frozen=True)
class Verdict:
    """A study judged."""

    study: Study
    standings: tuple[Standing, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(outcome.candidate.name for outcome in self.study.trained)

    @cached_property
    def choice(self) -> str:
        """The loss that is least far behind the best by the metric that suits it least; of some alike the plainest."""
        regrets = {name: self._regret(name) for name in self.names}
        return min(regrets, key=lambda name: (regrets[name] > 1, round(regrets[name], 1)))

    @property
    def universal(self) -> bool:
        """Whether the choice is level with the best on every metric."""
        return all(self.choice in standing.level for standing in self.standings)

    @property
    def undecided(self) -> bool:
        """Whether nothing tells the losses apart."""
        return not any(standing.behind for standing in self.standings)

    def _regret(self, name: str) -> float:
        """How far behind, at most, in units of what chance explains."""
        return max(standing.differences[name].regret for standing in self.standings)

    def recommendation(self) -> tuple[str, ...]:
        """What to do, in sentences, the first the most important."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if len(self.names) == 1:
            yield f"Only {self.names[0]} was trained, so there is nothing to compare it with."
        elif self.undecided:
            yield (
                f"No loss stands out on this table: by every metric the differences are within what chance explains. "
                f"{self.choice} is nowhere far behind the best, and is a sound choice."
            )
        elif self.universal:
            yield f"Use {self.choice}: by every metric it is the best, or cannot be told from the best."
        else:
            yield f"It depends on what counts: {self._by_metric()}. Where all of it does, {self.choice}."
        yield from self._losers()
        yield from self._same()
        yield from self._warnings()

    def _by_metric(self) -> str:
        """The best loss for each purpose, metrics of one best loss taken together."""
        bests = dict.fromkeys(standing.best for standing in self.standings)
        wins = {name: [s.metric.name for s in self.standings if s.best == name] for name in bests}
        return "; ".join(f"{name} for {joined(metrics)}" for name, metrics in wins.items())

    def _losers(self) -> Iterator[str]:
        behind = {name: [s for s in self.standings if name in s.behind] for name in self.names}
        said = [f"{name} by {joined([s.metric.name for s in where])}" for name, where in behind.items() if where]
        if said:
            yield f"Worse than the best by more than chance explains: {'; '.join(said)}."

    def _same(self) -> Iterator[str]:
        same: dict[str, list[str]] = {}
        for outcome in self.study.outcomes:
            if outcome.candidate.same_as:
                same.setdefault(outcome.candidate.same_as, []).append(_with_layer(outcome.candidate))
        for name, others in same.items():
            verb = "are" if len(others) > 1 else "is"
            yield f"{joined(others)} {verb} the same function of the network's output as {name} here: trained once."

    def _warnings(self) -> Iterator[str]:
        first = self.standings[0]
        best = first.estimates[first.best].mean
        if (best - first.baseline) * first.metric.sense <= 0:
            yield (
                f"Be careful: by {first.metric.name} the best network does no better than a constant guess "
                f"({first.baseline:.4g}), so the columns say little about {self.study.problem.target!r}."
            )


def _with_layer(candidate: Candidate) -> str:
    links = [link for link in candidate.links if link]
    return f"{candidate.name} after a {links[0]}" if links else candidate.name


def judge(study: Study) -> Verdict:
    """Compare every loss with the best, metric by metric."""
    return Verdict(study, tuple(_standing(study, metric) for metric in METRICS[study.problem.task]))


def _standing(study: Study, metric: Metric) -> Standing:
    share = 1 / study.plan.folds
    values = {outcome.candidate.name: outcome.scores[metric.name] for outcome in study.trained}
    best = max(values, key=lambda name: metric.sense * values[name].mean())
    behind = {
        name: difference(-metric.sense * each, -metric.sense * values[best], share, len(values) - 1)
        for name, each in values.items()
    }
    means = {name: estimate(each, share) for name, each in values.items()}
    return Standing(metric, means, behind, best, float(study.baseline[metric.name].mean()))
