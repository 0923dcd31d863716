"""Runs the tables: builds the contenders of a case, checks them against one another, lets them race."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks import child
from benchmarks.contenders import CONTENDERS, Answer, Inputs, Run, make_inputs
from benchmarks.rounds import Effort, race, ratios, spread
from benchmarks.table import EAGER, GROUPS, LOSSES, MEMORY, STARTS, Group, Loss, Pair, Shape

Row = dict[str, Any]


def cases(quick: bool, only: str) -> Iterator[tuple[Group, Loss, Shape]]:
    """Every group × loss × shape whose title holds `only`; in quick form, every other loss and one small shape."""
    for group in GROUPS:
        for name in group.losses[::2] if quick else group.losses:
            for shape in (group.quick,) if quick else group.shapes:
                if only in f"{group.title} {name} {list(shape)}":
                    yield group, LOSSES[name], shape


def measure_case(group: Group, loss: Loss, shape: Shape, effort: Effort) -> Row:
    inputs = make_inputs(loss, shape)
    runs, absent = build(group, loss, inputs)
    times = race(runs, effort)
    return {
        "group": group.title,
        "loss": loss.name,
        "shape": list(shape),
        "seconds": {name: asdict(spread(values)) for name, values in times.items()},
        "ratios": [
            ratio_row(pair, loss, times, shape in group.barred)
            for pair in group.pairs
            if {pair.over, pair.under} <= times.keys()
        ],
        "absent": absent,
    }


def ratio_row(pair: Pair, loss: Loss, times: dict[str, list[float]], barred: bool) -> Row:
    ratio = ratios(times, pair.over, pair.under)
    return {
        "over": pair.over,
        "under": pair.under,
        **asdict(ratio),
        "bar": pair.bar(loss) if barred else "",
        "reached": pair.reached(loss, ratio.median),
    }


def build(group: Group, loss: Loss, inputs: Inputs) -> tuple[dict[str, Run], dict[str, str]]:
    """The contenders that run and agree with PyTorch, and why each of the others does not take part."""
    runs: dict[str, Run] = {}
    absent: dict[str, str] = {}
    reference = CONTENDERS[EAGER].build(loss, inputs, group.gradient)()
    for name in group.contenders:
        try:
            run = CONTENDERS[name].build(loss, inputs, group.gradient)
            check_agreement(run(), reference, CONTENDERS[name].upstream)
            runs[name] = run
        except Exception as error:  # a peer that is missing or broken must not end the run
            absent[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    return runs, absent


def check_agreement(answer: Answer, reference: Answer, upstream: float) -> None:
    """A benchmark of different computations means nothing."""
    for what, ours, theirs, scale in zip(("value", "gradient"), answer, reference, (1.0, upstream), strict=True):
        if ours is None or theirs is None:
            continue
        expected = np.asarray(theirs) * scale
        if not np.allclose(np.asarray(ours), expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max()):
            raise ArithmeticError(f"its {what} differs from PyTorch's")


def measure_memory(quick: bool, only: str) -> Iterator[Row]:
    for case in MEMORY:
        shape = list(case.quick if quick else case.shape)
        if only in f"memory {case.loss} {shape}":
            peaks = {
                name: child.ask("memory", case.loss, str(shape), str(case.gradient), name) for name in case.contenders
            }
            yield {"loss": case.loss, "shape": shape, "gradient": case.gradient, "bytes": peaks}


def measure_starts(repeats: int, only: str) -> Iterator[Row]:
    for start in STARTS:
        if only in f"start {start.title}":
            answers = child.start_times(start.measure, repeats)
            yield {"title": start.title, "bar": start.bar, **start_spread(answers)}


def start_spread(answers: list[Row]) -> Row:
    seconds = [answer["seconds"] for answer in answers if "seconds" in answer]
    failed = next((answer["error"] for answer in answers if "error" in answer), "")
    return asdict(spread(seconds)) if seconds and not failed else {"error": failed}
