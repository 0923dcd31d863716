"""Verdict on a study: differences that are significant, and the plainest of the losses that are not told apart."""

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
    """Results by one metric: each loss's mean, difference to the best, and gain over a constant guess."""

    metric: Metric
    estimates: dict[str, Estimate]
    differences: dict[str, Difference]
    best: str
    baseline: float
    gains: dict[str, Difference] = field(default_factory=dict)

    @property
    def level(self) -> tuple[str, ...]:
        """Losses that are the best or not significantly behind it."""
        return tuple(name for name, each in self.differences.items() if not each.distinct)

    @property
    def near(self) -> tuple[str, ...]:
        """Losses within one standard error of the best."""
        return tuple(name for name, each in self.differences.items() if each.mean <= each.error)

    @property
    def behind(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.differences.items() if each.distinct)


@dataclass(frozen=True)
class Verdict:
    """A study with its statistics and the traits of its losses."""

    study: Study
    standings: tuple[Standing, ...]
    traits: dict[str, Traits]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(outcome.candidate.name for outcome in self.study.trained)

    @property
    def enough(self) -> bool:
        """True if there are enough paired differences for a test."""
        return self.study.plan.splits >= FEWEST_PAIRS

    @property
    def signal(self) -> bool:
        """True if some loss is significantly better than a constant guess by some metric."""
        return any(gain.distinct for standing in self.standings for gain in standing.gains.values())

    @cached_property
    def deciding(self) -> tuple[Standing, ...]:
        """The metrics by which some loss beats a constant guess: the others decide nothing. All if there is none."""
        return tuple(s for s in self.standings if any(gain.mean > 0 for gain in s.gains.values())) or self.standings

    @cached_property
    def level(self) -> tuple[str, ...]:
        """Losses that are the best or not significantly behind it by every metric that decides."""
        return _in_all(standing.level for standing in self.deciding)

    @cached_property
    def near(self) -> tuple[str, ...]:
        """Losses within one standard error of the best by every metric."""
        return _in_all(standing.near for standing in self.standings)

    @property
    def undecided(self) -> bool:
        """True if no difference is significant."""
        return not any(standing.behind for standing in self.standings)

    @property
    def can_decide(self) -> bool:
        """True if the results can be a reason to choose a loss."""
        problem = self.study.problem
        return self.enough and self.signal and len(self.names) > 1 and not problem.leaks and not problem.copied

    @cached_property
    def choice(self) -> str:
        """The loss to take if all metrics count: the plainest of those level with the best, else the compromise."""
        return self.plainest(self.level) if self.level else self.compromise

    @property
    def compromise(self) -> str:
        """The loss whose largest shortfall, in standard errors, is the smallest."""
        return min(
            self.names,
            key=lambda name: max(s.differences[name].mean / (s.differences[name].error or 1) for s in self.deciding),
        )

    def plainest(self, among: Collection[str]) -> str:
        """Return the plainest: proper before improper, convex before not convex, then the fewest settings."""
        return min(among, key=self._effort)

    def losing(self, name: str) -> list[Standing]:
        """Return the metrics by which a constant guess is better."""
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
    """Compute the statistics of one metric, as tests that are made together with those of the other metrics.

    The number of comparisons is that of all pairs of losses by all metrics, as the best loss is chosen by the same
    results. Against a constant guess it is that of the metrics: the networks of all losses learn much the same, and on
    noise they are worse than a guess, not equal to it.
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
