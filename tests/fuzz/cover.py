"""Few calls in which every two choices meet that can meet in any call; which those are is decided, not drawn.

A rule of ``factors.py`` reads choices of earlier factors. Whether a choice is allowed depends on those alone, so that
``Cover.settled`` needs to look at no others to find what a call with given choices is like, or that there is none.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import lossary
from fuzz.factors import FACTORS, RULES, Case, allowed, at_random

__all__ = ["Cover", "Pair", "pairs_of"]

Pair = tuple[tuple[str, str], tuple[str, str]]  # two factors, each with a choice
ORDER = {factor: place for place, factor in enumerate(FACTORS)}
CANDIDATES = 40  # calls of which the one with the most new pairs for its costs is taken
COSTS = {"jax": 4}  # of an engine, in calls of the others: it compiles each call


def pairs_of(case: Case) -> set[Pair]:
    """List the pairs of choices that meet in a call, in the order of the factors."""
    return set(itertools.combinations(sorted(case.items(), key=lambda choice: ORDER[choice[0]]), 2))


@dataclass
class Cover:
    """The calls of some losses by some engines."""

    losses: tuple[str, ...]
    engines: tuple[str, ...]
    _settled: dict[frozenset[tuple[str, str]], Case | None] = field(default_factory=dict)
    _rules: dict[tuple[str, str], dict[str, list[Case]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.choices = FACTORS | {"loss": self.losses, "engine": self.engines}

    def settled(self, chosen: Case) -> Case | None:
        """Return these choices, and of all factors that their rules read, too; None if no call has these choices."""
        key = frozenset(chosen.items())
        if key not in self._settled:
            self._settled[key] = next(self._calls(chosen), None)
        return self._settled[key]

    def _calls(self, chosen: Case) -> Iterator[Case]:
        """Try all that the rule of the last of the chosen factors reads."""
        last = max(chosen, key=ORDER.__getitem__)
        if last == "loss":
            yield chosen
            return
        earlier = {factor: choice for factor, choice in chosen.items() if factor != last}
        for loss in (chosen["loss"],) if "loss" in chosen else self.losses:
            if not self.settled({"loss": loss} | earlier):
                continue  # none of what the rule reads could help
            for read in self._allowing(loss, last)[chosen[last]]:
                fits = all(earlier.get(factor, choice) == choice for factor, choice in read.items())
                if fits and (found := self.settled({"loss": loss} | earlier | read)):
                    yield found | {last: chosen[last]}

    def _allowing(self, loss: str, factor: str) -> dict[str, list[Case]]:
        """Return for each choice of a factor what its rule has to read to allow it, of what calls of the loss have."""
        if (loss, factor) not in self._rules:
            record, reads = lossary.get(loss).record, RULES[factor].reads if factor in RULES else ()
            found: dict[str, list[Case]] = {choice: [] for choice in self.choices[factor]}
            possible = ([c for c in self.choices[read] if self.settled({"loss": loss, read: c})] for read in reads)
            for choices in itertools.product(*possible):
                read = dict(zip(reads, choices, strict=True))
                for choice in {*allowed(record, read, factor)} & found.keys():
                    found[choice].append(read)
            self._rules[loss, factor] = found
        return self._rules[loss, factor]

    def pairs(self) -> set[Pair]:
        """Return the pairs of choices that some call has."""
        choices = [(factor, choice) for factor, of in self.choices.items() for choice in of]
        pairs = ((one, other) for one, other in itertools.combinations(choices, 2) if one[0] != other[0])
        return {pair for pair in pairs if self.settled(dict(pair))}

    def calls(self) -> list[Case]:
        """Return calls with all of these pairs: always the best of one with a pair that is missing and random ones."""

        def worth(call: Case) -> float:
            return len(pairs_of(call) & missing) / COSTS.get(call["engine"], 1)

        dice, missing, chosen = random.Random(5), self.pairs(), list[Case]()
        while missing:
            calls = [self._call_with(dice, min(missing))]
            calls += (at_random(dice, self.engines, {"loss": dice.choice(self.losses)}) for _ in range(CANDIDATES))
            chosen.append(max(calls, key=worth))
            missing -= pairs_of(chosen[-1])
        return chosen

    def _call_with(self, dice: random.Random, pair: Pair) -> Case:
        """Choose the other factors at random; what is settled reads none of them."""
        settled = self.settled(dict(pair))
        assert settled
        record, case = lossary.get(settled["loss"]).record, dict[str, str]()
        for factor in FACTORS:
            choices = allowed(record, case, factor) if factor in RULES else self.choices[factor]
            case[factor] = settled.get(factor) or dice.choice(choices)
        return case
