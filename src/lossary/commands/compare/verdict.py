"""A study judged: what its figures tell apart, and which of the losses that they do not is the plainest."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from lossary.commands.compare.metrics import METRICS, Metric
from lossary.commands.compare.statistics import FEWEST_PAIRS, Difference, Estimate, difference, estimate
from lossary.commands.compare.study import Study
from lossary.commands.compare.traits import Traits, traits

__all__ = ["Standing", "Verdict", "judge"]


@dataclass(frozen=True)
class Standing:
    """One metric: every trained loss's mean, how far it is behind the best, and what it gains over a constant guess."""

    metric: Metric
    estimates: dict[str, Estimate]
    differences: dict[str, Difference]
    best: str
    baseline: float
    gains: dict[str, Difference] = field(default_factory=dict)

    @property
    def level(self) -> tuple[str, ...]:
        """The losses that are best, or that chance may have put behind the best."""
        return tuple(name for name, each in self.differences.items() if not each.distinct)

    @property
    def near(self) -> tuple[str, ...]:
        """The losses within one standard error of the best."""
        return tuple(name for name, each in self.differences.items() if each.mean <= each.error)

    @property
    def behind(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.differences.items() if each.distinct)


@dataclass(frozen=True)
class Verdict:
    """A study judged."""

    study: Study
    standings: tuple[Standing, ...]
    traits: dict[str, Traits]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(outcome.candidate.name for outcome in self.study.trained)

    @property
    def enough(self) -> bool:
        """Whether there are enough paired differences to tell one from chance."""
        return self.study.plan.splits >= FEWEST_PAIRS

    @property
    def signal(self) -> bool:
        """Whether by some metric some loss is better than a constant guess by more than chance explains."""
        return any(gain.distinct for standing in self.standings for gain in standing.gains.values())

    @cached_property
    def level(self) -> tuple[str, ...]:
        """The losses that by every metric are the best or cannot be told from it."""
        return _in_all(standing.level for standing in self.standings)

    @cached_property
    def near(self) -> tuple[str, ...]:
        """The losses within one standard error of the best by every metric."""
        return _in_all(standing.near for standing in self.standings)

    @property
    def undecided(self) -> bool:
        """Whether nothing tells the losses apart."""
        return not any(standing.behind for standing in self.standings)

    @property
    def claims(self) -> bool:
        """Whether the figures themselves are a reason to choose: by a real signal, not by a leak or by copies."""
        return self.signal and not self.undecided and not self.study.problem.leaks and not self.study.problem.copied

    @cached_property
    def choice(self) -> str:
        """The loss to take where all metrics count: of those level with the best the plainest, else the compromise."""
        return self.plainest(self.level) if self.level else self.compromise

    @property
    def plain(self) -> str:
        """The plainest loss, whatever the figures say."""
        return self.plainest(self.names)

    @property
    def compromise(self) -> str:
        """The loss whose worst shortfall, in standard errors, is the smallest."""
        return min(
            self.names,
            key=lambda name: max(s.differences[name].mean / (s.differences[name].error or 1) for s in self.standings),
        )

    def plainest(self, among: Collection[str]) -> str:
        """Of some losses the proper, the convex one, that with the fewest settings: chance is not to choose."""
        return min(among, key=self._effort)

    def losing(self, name: str) -> list[Standing]:
        """The metrics by which a constant guess is better."""
        return [s for s in self.standings if s.gains and s.gains[name].mean < 0]

    def _effort(self, name: str) -> tuple[bool, bool, int]:
        found = self.traits[name]
        return not found.proper, not found.convex, found.settings


def _in_all(groups: Iterable[Collection[str]]) -> tuple[str, ...]:
    first, *rest = groups
    return tuple(name for name in first if all(name in group for group in rest))


def judge(study: Study) -> Verdict:
    """Compare every loss with the best and with a constant guess, metric by metric."""
    found = {outcome.candidate.name: traits(outcome.candidate, study.problem) for outcome in study.trained}
    return Verdict(study, tuple(_standing(study, metric) for metric in METRICS[study.problem.task]), found)


def _standing(study: Study, metric: Metric) -> Standing:
    """One metric's figures, tested together with those of the other metrics.

    Between losses all pairs count, as which loss is the best is seen in the same figures. Against a constant guess the
    metrics count: the networks of all losses learn the same, and on noise they are worse than a guess, not equal to it.
    """
    share, losses = 1 / study.plan.folds, len(study.trained)
    metrics = len(METRICS[study.problem.task])
    values = {outcome.candidate.name: metric.sense * outcome.scores[metric.name] for outcome in study.trained}
    guess = metric.sense * study.baseline[metric.name]
    best = max(values, key=lambda name: values[name].mean())
    pairs = metrics * losses * (losses - 1) // 2
    return Standing(
        metric,
        {outcome.candidate.name: estimate(outcome.scores[metric.name], share) for outcome in study.trained},
        {name: difference(values[best], each, share, pairs) for name, each in values.items()},
        best,
        float(study.baseline[metric.name].mean()),
        {name: difference(each, guess, share, metrics) for name, each in values.items()},
    )
