"""The recommendation in sentences, from what verdict.py chose, or a plain choice with its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from lossary.commands.compare.candidates import Candidate
from lossary.commands.compare.problem import Problem
from lossary.commands.compare.sentences import counted, joined, quoted
from lossary.commands.compare.statistics import FEWEST_PAIRS, Difference, shift
from lossary.commands.compare.traits import MEANS, Traits
from lossary.commands.compare.verdict import Standing, Verdict

__all__ = ["recommendation"]

# Scores so high that a column probably holds the target.
PERFECT = {"R²": 0.9999, "accuracy": 1.0}


def recommendation(verdict: Verdict) -> tuple[str, ...]:
    """Return paragraphs of advice, the most important first."""
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
    """Return the losses that the first paragraphs name."""
    if not verdict.can_decide:
        return () if verdict.study.problem.leaks else (verdict.plainest(verdict.names),)
    return (verdict.choice,) if verdict.level else tuple(dict.fromkeys([*_by_metric(verdict), verdict.compromise]))


def _headline(verdict: Verdict, named: tuple[str, ...]) -> Iterator[str]:
    """Yield what speaks against the recommended loss, the recommendation and what that loss estimates.

    If the results are no reason to choose, say so first, then name the plain choice.
    """
    against, about = [*_losing(verdict, named)], [*_estimates(verdict, named)]
    if verdict.can_decide:
        yield " ".join([*against, _choice(verdict), *about])
        return
    yield _no_reason(verdict)
    if len(verdict.names) > 1:
        plain = [f"The plain choice is {name}: {_reasons(verdict, name)}." for name in named]
        yield from [" ".join([*plain, *against, *about])] if named else []
    else:
        yield from (*against, *about)


def _no_reason(verdict: Verdict) -> str:
    """Say why these results are no reason to choose a loss."""
    problem, pairs = verdict.study.problem, verdict.study.plan.splits
    if problem.leaks:
        one = len(problem.leaks) == 1
        columns, leak, it = ("column", "leaks", "it") if one else ("columns", "leak", "each")
        return (
            f"The {columns} {quoted(problem.leaks)} {leak} {problem.target!r}: {it} alone determines the target. Leave "
            "out columns that are not known before the target; until then these figures are no reason to choose a loss."
        )
    if problem.copied:
        return f"{_repeated(problem)} Remove the copies; until then these figures are no reason to choose a loss."
    if not verdict.enough:
        return (
            f"More folds are needed: {pairs} paired differences are too few to tell a real difference from chance; "
            f"--folds {FEWEST_PAIRS} gives enough. Until then these figures are no reason to choose a loss."
        )
    if not verdict.signal:
        return (
            "No network is better than a constant guess by more than chance explains, by any metric: the columns say "
            f"little about {problem.target!r}, or {counted(problem.rows, 'row')} are too few to show it. These figures "
            "are no reason to choose a loss."
        )
    return f"Only {verdict.names[0]} was trained, so there is nothing to compare it with."


def _repeated(problem: Problem) -> str:
    """Say how many rows are copies, and that they make the results too good."""
    repeat = "repeats" if problem.copies == 1 else "repeat"
    return (
        f"{problem.copies:,} of {problem.rows:,} rows {repeat} another row. Where one copy is in the training rows and "
        "another in the held-out rows, the figures are too good."
    )


def _few_copies(verdict: Verdict) -> Iterator[str]:
    """Mention copies, unless they are in the first paragraph."""
    problem = verdict.study.problem
    if problem.copies and (problem.leaks or not problem.copied):
        yield _repeated(problem)


def _choice(verdict: Verdict) -> str:
    """Return the recommendation that the results support."""
    name = verdict.choice
    if not verdict.level:
        bests = "; ".join(f"{each} for {joined(metrics)}" for each, metrics in _by_metric(verdict).items())
        return (
            f"It depends on what counts: {bests}. By these metrics each is the best, or the plainest of those that "
            f"cannot be told from the best. If all metrics count, take {name}: its largest shortfall is the smallest."
        )
    some = [standing.metric.name for standing in verdict.deciding]
    by = joined(some) if len(some) < len(verdict.standings) else "every metric"
    if len(verdict.level) == 1:
        return f"Take {name}: it is the only loss that is the best or within chance of it by {by}."
    who = f"These figures do not tell the {len(verdict.names)} losses apart."
    if not verdict.undecided:
        who = f"{joined(verdict.level)} cannot be told apart: by {by} each is the best or within chance of it."
    return f"{who} Of these take {name}: {_reasons(verdict, name)}."


def _by_metric(verdict: Verdict) -> dict[str, list[str]]:
    """Return the losses to take by single metrics, each with those metrics."""
    chosen: dict[str, list[str]] = {}
    for standing in verdict.deciding:
        chosen.setdefault(verdict.plainest(standing.level), []).append(standing.metric.name)
    return chosen


def _reasons(verdict: Verdict, name: str) -> str:
    """Return reasons for a loss, as in 'it estimates means, is convex and needs no setting'."""
    near = verdict.can_decide and name in verdict.near
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
    """Yield the metrics by which a constant guess is better; only significant ones if no loss beats the guess."""
    for name in names:
        losing = [s for s in verdict.losing(name) if verdict.signal or not verdict.enough or s.gains[name].reversed]
        for surely, how in ((True, "worse"), (False, "no better")):
            where = [_against(s, name) for s in losing if s.gains[name].reversed is surely]
            if where:
                yield f"{name} is {how} than a constant guess by {joined(where)}."


def _against(standing: Standing, name: str) -> str:
    """Format a metric with its score and the constant guess's: 'RMSE (2.41 against 2.2)'."""
    return f"{standing.metric.name} ({_figure(standing.estimates[name].mean)} against {_figure(standing.baseline)})"


def _losers(verdict: Verdict) -> Iterator[str]:
    behind = {name: [s for s in verdict.standings if name in s.behind] for name in verdict.names}
    said = [f"{name} by {joined([s.metric.name for s in where])}" for name, where in behind.items() if where]
    if said:
        yield f"Worse than the best by more than chance explains: {'; '.join(said)}."


def _estimates(verdict: Verdict, names: Iterable[str]) -> Iterator[str]:
    """Yield what each loss estimates instead of means or probabilities, and the error that results here."""
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
    """Return the mean prediction minus the mean target on the held-out rows."""
    (outcome,) = (each for each in verdict.study.trained if each.candidate.name == name)
    return shift(outcome.excess, verdict.study.plan.folds)


def _shift_of_total(verdict: Verdict, name: str) -> str:
    """Return 'totals will be too low by 38 %', or the mean error in the target's unit if that has both signs."""
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
    """Yield the metrics by which no loss beats a constant guess, if by others some loss does."""
    useless = [s for s in verdict.standings if s not in verdict.deciding]
    if useless and verdict.signal:
        listed = joined([f"{s.metric.name} ({_figure(s.baseline)})" for s in useless])
        these = "this metric decides" if len(useless) == 1 else "these metrics decide"
        yield f"By {listed} no loss is better than a constant guess: {these} nothing."


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
