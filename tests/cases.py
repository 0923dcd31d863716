"""Calls of every kind: all ways to combine their options, and a few of them that cover every pair of choices."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator

import lossary
from lossary.record import Record

__all__ = ["FULL", "Case", "all_cases", "covering", "name_of"]

FULL = bool(os.environ.get("LOSSARY_TEST_FULL"))  # every combination instead of every pair: hours
Case = dict[str, str]

FACTORS: dict[str, tuple[str, ...]] = {
    "loss": tuple(record.name for record in lossary.losses()),
    "framework": ("numpy", "torch", "jax"),
    "dtype": ("float64", "float32", "float16", "bfloat16"),
    "entry": ("call", "value_and_gradient"),
    "reduction": ("mean", "sum", "none"),
    "denominator": ("weight", "count", "number", "array"),
    "empty": ("zero", "nan"),
    "weight": ("no", "number", "full", "with ones", "with zeros", "all zero"),
    "mask": ("no", "full", "with ones", "nothing"),
    "axis": ("last", "first", "middle"),
    "target": ("labels", "small labels", "one-hot", "soft"),
    "ignore": ("no", "yes"),
    "class_weight": ("no", "yes"),
    "smoothing": ("no", "yes"),
    "parameters": ("default", "number", "array"),
}


def applies(record: Record, case: Case, factor: str) -> bool:
    """Whether a choice means anything beside the others."""
    over_classes = record.kind in ("row", "softmax")
    return {
        "denominator": case["reduction"] == "mean",
        "empty": case["reduction"] == "mean",
        "axis": over_classes or record.kind == "overlap",
        "target": over_classes,
        "class_weight": over_classes,
        "smoothing": over_classes,
        "ignore": over_classes and "labels" in case["target"],
        "parameters": bool(record.parameters),
    }.get(factor, True)


def reduced(case: Case) -> Case:
    """The same call, with the first choice wherever a choice means nothing."""
    record = lossary.get(case["loss"]).record
    case = dict(case)
    if "kl_divergence" in record.name and case["target"] != "one-hot":
        case["target"] = "soft"
    if (case["framework"], case["dtype"]) in (("numpy", "bfloat16"), ("jax", "float64")):
        case["dtype"] = "float32"
    if case["framework"] == "numpy":
        case["entry"] = "value_and_gradient"
    if case["parameters"] == "array" and record.kind != "pointwise":
        case["parameters"] = "number"
    for factor, choices in FACTORS.items():
        if not applies(record, case, factor):
            case[factor] = choices[0]
    return case


def all_cases() -> Iterator[Case]:
    """Every combination."""
    seen = set()
    for choices in itertools.product(*FACTORS.values()):
        case = reduced(dict(zip(FACTORS, choices, strict=True)))
        key = tuple(case.values())
        if key not in seen:
            seen.add(key)
            yield case


def pairs_of(case: Case) -> set[tuple[tuple[str, str], ...]]:
    return set(itertools.combinations(case.items(), 2))


def covering(candidates: int = 15, patience: int = 40) -> list[Case]:
    """Cases in which every pair of choices that can meet does so: always the best of some random ones."""
    dice = random.Random(5)

    def any_case() -> Case:
        return reduced({factor: dice.choice(choices) for factor, choices in FACTORS.items()})

    possible = set().union(*(pairs_of(any_case()) for _ in range(4_000)))
    chosen, stale = [], 0
    while possible and stale < patience:
        best = max((any_case() for _ in range(candidates)), key=lambda case: len(pairs_of(case) & possible))
        new = pairs_of(best) & possible
        stale = 0 if new else stale + 1
        if new:
            possible -= new
            chosen.append(best)
    return chosen


def name_of(case: Case) -> str:
    """The choices that are not the first of their kind."""
    return "-".join(value for factor, value in case.items() if value != FACTORS[factor][0] or factor == "loss")
