"""A verdict in sentences: what the figures support, and what to take for which reason where they decide nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from lossary.commands.compare.candidates import Candidate
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.statistics import FEWEST_PAIRS, Difference, shift
from lossary.commands.compare.traits import MEANS, Traits
from lossary.commands.compare.verdict import Standing, Verdict
from lossary.commands.compare.words import counted, joined, quoted

__all__ = ["recommendation"]

# By these scores nothing is left to learn: the target may be among the columns.
PERFECT = {"R²": 0.9999, "accuracy": 1.0}


def recommendation(verdict: Verdict) -> tuple[str, ...]:
    """What to do, a paragraph each, the first the most important."""
    named = _named(verdict)
    others = [name for name in verdict.names if name not in named]
    paragraphs = [
        *_headline(verdict, named),
        *_losers(verdict),
        *_estimates(verdict, others),
        *_useless_metrics(verdict),
        *_perfect(verdict),
        *_few_copies(verdict),
        *_same(verdict),
    ]
    return tuple(paragraphs)


def _named(verdict: Verdict) -> tuple[str, ...]:
    """The losses that the first sentences name."""
    if not _by_figures(verdict):
        return () if verdict.study.problem.leaks else (verdict.plain,)
    return (verdict.choice,) if verdict.level else tuple(dict.fromkeys([*_by_metric(verdict), verdict.compromise]))


def _by_figures(verdict: Verdict) -> bool:
    """Whether the figures may say which loss to take."""
    problem = verdict.study.problem
    return verdict.enough and verdict.signal and len(verdict.names) > 1 and not problem.leaks and not problem.copied


def _headline(verdict: Verdict, named: tuple[str, ...]) -> Iterator[str]:
    """First what speaks against a loss, then its recommendation, then what it estimates.

    Where figures are no reason, the plain choice follows that sentence at once.
    """
    against, about = [*_losing(verdict, named)], [*_estimates(verdict, named)]
    if _by_figures(verdict):
        yield " ".join([*against, _choice(verdict), *about])
        return
    yield _no_reason(verdict)
    if len(verdict.names) > 1:
        plain = [f"The plain choice is {name}: {_reasons(verdict, name)}." for name in named]
        yield from [" ".join([*plain, *against, *about])] if named else []
    else:
        yield from (*against, *about)


def _no_reason(verdict: Verdict) -> str:
    """Why these figures are no reason to choose a loss."""
    problem, pairs = verdict.study.problem, verdict.study.plan.splits
    if problem.leaks:
        one = len(problem.leaks) == 1
        columns, leak, it = ("column", "leaks", "it") if one else ("columns", "leak", "each")
        return (
            f"The {columns} {quoted(problem.leaks)} {leak} {problem.target!r}: {it} tells the target all by itself. "
            "Leave out what is not known before the target is; until then these figures are no reason to choose a loss."
        )
    if problem.copied:
        return f"{_repeated(problem)} Leave the copies out; until then these figures are no reason to choose a loss."
    if not verdict.enough:
        return (
            f"More folds are needed: {pairs} paired differences are too few to tell a real one from chance; with "
            f"--folds {FEWEST_PAIRS} there are enough. Until then these figures are no reason to choose a loss."
        )
    if not verdict.signal:
        return (
            "By no metric is a network better than a constant guess by more than chance explains: the columns say "
            f"little about {problem.target!r}, or {counted(problem.rows, 'row')} are too few to show it. These figures "
            "are no reason to choose a loss."
        )
    return f"Only {verdict.names[0]} was trained, so there is nothing to compare it with."


def _repeated(problem: Problem) -> str:
    """How many rows are copies, and what that does to the figures."""
    repeat = "repeats" if problem.copies == 1 else "repeat"
    return (
        f"{problem.copies:,} of {problem.rows:,} rows {repeat} another row, and copies stand in training and held-out "
        "parts: the figures are too good."
    )


def _few_copies(verdict: Verdict) -> Iterator[str]:
    """Copies that the first sentences have not told."""
    problem = verdict.study.problem
    if problem.copies and (problem.leaks or not problem.copied):
        yield _repeated(problem)


def _choice(verdict: Verdict) -> str:
    """The recommendation that the figures support."""
    name = verdict.choice
    if not verdict.level:
        bests = "; ".join(f"{each} for {joined(metrics)}" for each, metrics in _by_metric(verdict).items())
        return (
            f"It depends on what counts: {bests}. Each is there the best or the plainest of those that cannot be told "
            f"from the best. If all metrics count, {name}: its largest shortfall is the smallest."
        )
    if len(verdict.level) == 1:
        return f"Take {name}: it alone is by no metric behind the best by more than chance explains."
    who = f"These figures do not tell the {len(verdict.names)} losses apart."
    if not verdict.undecided:
        who = f"{joined(verdict.level)} cannot be told apart: by every metric each is the best or within chance of it."
    return f"{who} Of these take {name}: {_reasons(verdict, name)}."


def _by_metric(verdict: Verdict) -> dict[str, list[str]]:
    """The loss to take by each metric, metrics of one loss together."""
    chosen: dict[str, list[str]] = {}
    for standing in verdict.standings:
        chosen.setdefault(verdict.plainest(standing.level), []).append(standing.metric.name)
    return chosen


def _reasons(verdict: Verdict, name: str) -> str:
    """What speaks for a loss beside its figures: 'it estimates means, is convex and needs no setting'."""
    near = _by_figures(verdict) and name in verdict.near
    listed = [*_merits(verdict.traits[name])] + ["is within one standard error of the best by every metric"] * near
    return f"it {joined(listed)}" if listed else "it has the fewest settings"


def _merits(found: Traits) -> Iterator[str]:
    if found.proper:
        yield "estimates means" if found.estimates == MEANS else "estimates probabilities (it is proper)"
    if found.convex:
        yield "is convex"
    if found.settings == 0:
        yield "needs no setting"


def _losing(verdict: Verdict, names: Iterable[str]) -> Iterator[str]:
    """By which metrics a constant guess does better; where that is so of all losses, only the sure ones."""
    for name in names:
        losing = [s for s in verdict.losing(name) if verdict.signal or not verdict.enough or s.gains[name].reversed]
        for surely, how in ((True, "worse"), (False, "no better")):
            where = [_against(s, name) for s in losing if s.gains[name].reversed is surely]
            if where:
                yield f"{name} is {how} than a constant guess by {joined(where)}."


def _against(standing: Standing, name: str) -> str:
    """'RMSE (2.41 against 2.2)'."""
    return f"{standing.metric.name} ({_figure(standing.estimates[name].mean)} against {_figure(standing.baseline)})"


def _losers(verdict: Verdict) -> Iterator[str]:
    behind = {name: [s for s in verdict.standings if name in s.behind] for name in verdict.names}
    said = [f"{name} by {joined([s.metric.name for s in where])}" for name, where in behind.items() if where]
    if said:
        yield f"Worse than the best by more than chance explains: {'; '.join(said)}."


def _estimates(verdict: Verdict, names: Iterable[str]) -> Iterator[str]:
    """What the losses estimate that do not estimate means or probabilities, and what that costs here."""
    for name in names:
        found = verdict.traits[name]
        if found.proper:
            continue
        if verdict.study.problem.classes:
            yield f"{name} does not estimate probabilities{_shift_of_share(verdict, name)}."
        else:
            what = f"predicts {found.estimates}" if found.estimates else "predicts neither means nor medians"
            yield f"{name} {what}: {_shift_of_total(verdict, name)}."


def _shift(verdict: Verdict, name: str) -> Difference:
    """Mean prediction less mean target on the held-out rows."""
    (outcome,) = (each for each in verdict.study.trained if each.candidate.name == name)
    return shift(outcome.excess, verdict.study.plan.folds)


def _shift_of_total(verdict: Verdict, name: str) -> str:
    """'totals will be too low by 38 %'; of a target of both signs, which has no such totals, in its unit."""
    off, values = _shift(verdict, name), verdict.study.problem.values
    one_sign = bool((values >= 0).all() or (values <= 0).all())
    size = f"{abs(off.mean / values.mean()):.0%}".replace("%", " %") if one_sign else _figure(abs(off.mean))
    what = "totals" if one_sign else "predictions"
    way = "low" if off.mean < 0 else "high"
    if size in ("0 %", "0"):
        return f"here its {what} are right"
    if off.distinct or off.reversed:
        return f"{what} will be too {way} by {size}" + ("" if one_sign else " on average")
    return f"here its {what} are too {way} by {size}, which chance may explain"


def _shift_of_share(verdict: Verdict, name: str) -> str:
    problem, off = verdict.study.problem, _shift(verdict, name)
    if len(problem.classes) > 2 or not (off.distinct or off.reversed):
        return ""
    share = problem.values.mean()
    mean, true = f"{share + off.mean:.2f}", f"{share:.2f}"
    return "" if mean == true else f": its mean for {problem.classes[1]!r} is {mean}, where the share is {true}"


def _useless_metrics(verdict: Verdict) -> Iterator[str]:
    """The metrics by which no loss gains anything, where others show that the columns say something."""
    useless = [s for s in verdict.standings if s.gains and max(gain.mean for gain in s.gains.values()) <= 0]
    if useless and verdict.signal:
        listed = joined([f"{s.metric.name} ({_figure(s.baseline)})" for s in useless])
        yield f"By {listed} no loss is better than a constant guess."


def _perfect(verdict: Verdict) -> Iterator[str]:
    for standing in verdict.standings:
        score = standing.estimates[standing.best].mean
        if score >= PERFECT.get(standing.metric.name, math.inf) and not verdict.study.problem.leaks:
            yield (
                f"{standing.metric.name} is {_figure(score)} on rows that no network has seen: look for columns that "
                f"leak {verdict.study.problem.target!r}."
            )


def _same(verdict: Verdict) -> Iterator[str]:
    same: dict[str, list[str]] = {}
    for outcome in verdict.study.outcomes:
        if outcome.candidate.same_as:
            same.setdefault(outcome.candidate.same_as, []).append(_with_layer(outcome.candidate))
    for name, others in same.items():
        verb, was = ("train", "were") if len(others) > 1 else ("trains", "was")
        yield f"{joined(others)} {verb} the same network as {name} here, and {was} not trained again."


def _with_layer(candidate: Candidate) -> str:
    links = [link for link in candidate.links if link]
    return f"{candidate.name} after a {links[0]}" if links else candidate.name


def _figure(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
