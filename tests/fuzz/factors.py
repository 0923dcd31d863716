"""What a call may be like: its factors, and ways to choose among all their combinations."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import lossary
from fuzz.textbook import TEXTBOOK
from lossary.catalogue.record import Record

__all__ = ["FACTORS", "RULES", "Case", "allowed", "at_random", "combinations", "has_calls", "name_of", "reduced"]

Case = dict[str, str]


@dataclass(frozen=True)
class Rule:
    """The choices of a factor that mean something beside those of earlier factors: only of these that it reads."""

    choices: Callable[[Record, Case], tuple[str, ...]]
    reads: tuple[str, ...] = ()


OF_AXES = ("few", "long", "many", "nothing inside")  # places along named axes: see named.py
# The first choice is what a call has where another factor leaves no choice.
FACTORS: dict[str, tuple[str, ...]] = {
    "loss": tuple(record.name for record in lossary.losses() if not record.axes or record.name in TEXTBOOK),
    "engine": ("numpy", "torch", "jax", "numpy compiled", "torch compiled"),
    "x64": ("off", "on"),  # JAX's 64 bits
    "dtype": ("float64", "float32", "float16", "bfloat16", "integers"),
    "entry": ("call", "value_and_gradient", "forward", "reverse over reverse", "forward over reverse"),
    "wanted": ("predictions", "everything"),
    "numbers": ("moderate", "edges"),  # infinities, impossible classes, empty regions, numbers that overflow
    "shape": ("2-d", "1-d", "3-d", "4-d", "wide", "one", "empty", "one class", *OF_AXES),
    "layout": ("plain", "strided", "transposed", "broadcast", "reversed", "big-endian", "read-only"),
    "blocks": ("whole", "small"),  # of pairs and of items, into which large arrays are divided
    "reduction": ("mean", "sum", "none"),
    "denominator": ("weight", "count", "number", "array"),
    "empty": ("zero", "nan"),
    "weight": ("no", "number", "array of one", "full", "with ones", "with zeros", "all zero"),
    "mask": ("no", "full", "with ones", "nothing"),
    "hidden": ("moderate", "nan", "inf"),  # what stands where nothing counts
    "axis": ("last", "first", "middle", "all"),
    "target": ("labels", "small labels", "one-hot", "soft", "rounded"),
    "ignore_label": ("no", "yes"),
    "class_weight": ("no", "yes"),
    "label_smoothing": ("no", "yes"),
    "parameters": ("default", "number", "array", "of items", "with ones"),
    "fault": ("none", "rows that do not sum to 1", "a parameter's shape", "a weight's shape", "a mask's shape"),
}
OVER_CLASSES = ("row", "softmax", "linear_softmax")
SOFT = ("soft", "rounded")
SECOND = ("reverse over reverse", "forward over reverse")
TRANSFORMED = ("forward", "forward over reverse")
# What is drawn more often: each choice listed once more for each time. Calls in which nothing counts show little.
MORE = {
    "fault": ("none",) * 12,
    "x64": ("on",),
    "entry": ("call",),
    "wanted": ("everything",),
    "shape": ("2-d", "3-d", "wide", "few", "few"),
    "weight": ("full", "with zeros"),
    "mask": ("full", "with ones"),
    "target": ("soft",),
}
PLAIN = ("weight", "mask", "class_weight", "parameters")  # which a third of the calls do without


DRAWN = {factor: choices + MORE.get(factor, ()) for factor, choices in FACTORS.items()}


def framework_of(case: Case) -> str:
    return case["engine"].split()[0]


def allowed(record: Record, case: Case, factor: str) -> tuple[str, ...]:
    """The choices of a factor that mean something beside the others; one of them if only the first does."""
    rule = RULES.get(factor)
    choices = rule.choices(record, {read: case[read] for read in rule.reads}) if rule else FACTORS[factor]
    return choices or FACTORS[factor][:1]


def _over_classes(factor: str) -> Rule:
    return Rule(lambda record, case: FACTORS[factor] if record.takes_classes else ())


def _dtypes(record: Record, case: Case) -> tuple[str, ...]:
    absent = {"numpy": ("bfloat16",), "torch": (), "jax": ("float64",)}[framework_of(case)]
    absent = () if case["x64"] == "on" else absent
    reals = all(math.isinf(a.domain.low) for a in record.arguments if a.role == "prediction")
    absent += () if reals and record.kind != "pairs" else ("integers",)
    return tuple(dtype for dtype in ("float32", *FACTORS["dtype"]) if dtype not in absent)


def _entries(record: Record, case: Case) -> tuple[str, ...]:
    if framework_of(case) == "numpy" or case["dtype"] == "integers":
        return ("value_and_gradient",)
    return FACTORS["entry"]


def _shapes(record: Record, case: Case) -> tuple[str, ...]:
    if record.kind == "pairs":
        return ("2-d", "wide", "one", "empty")
    if record.axes:
        return (*OF_AXES, "one", "empty")
    found = FACTORS["shape"][: -len(OF_AXES)]
    return found if record.kind in OVER_CLASSES else found[:-1]


def _layouts(record: Record, case: Case) -> tuple[str, ...]:
    known = {"numpy": FACTORS["layout"], "torch": FACTORS["layout"][:4], "jax": ()}[framework_of(case)]
    apart = record.kind == "pairs" or (record.kind in ("linear_softmax", "axes") and case["numbers"] == "edges")
    apart |= case["entry"] in TRANSFORMED  # torch.func writes into what is one place for several
    return tuple(layout for layout in known if layout != "broadcast" or not apart)


def _parameters(record: Record, case: Case) -> tuple[str, ...]:
    return FACTORS["parameters"] if record.parameters else ()


def _axes(record: Record, case: Case) -> tuple[str, ...]:
    if record.kind == "overlap":
        return FACTORS["axis"]
    return FACTORS["axis"][:3] if record.kind in ("row", "softmax") else ()


def _targets(record: Record, case: Case) -> tuple[str, ...]:
    """Of a divergence, which is clipped at 0, rows that sum to 1 exactly."""
    if record.axes:
        return _targets_of_axes(record)
    clipped = record.takes_classes and record.whole.word == "nonnegative"
    return FACTORS["target"][: -1 if clipped else None] if record.takes_classes else ()


def _targets_of_axes(record: Record) -> tuple[str, ...]:
    """Whole numbers where the domain has them; if it has others, too, targets of any number."""
    domain = next((a.domain for a in record.arguments if a.role == "target"), None)
    if domain is None or domain.high == 1.0:
        return ()
    return ("labels", "small labels") if domain.whole else ("soft", "labels", "small labels")


def _blocks(record: Record, case: Case) -> tuple[str, ...]:
    return FACTORS["blocks"] if record.axes and framework_of(case) != "jax" else ()


def _ignored(record: Record, case: Case) -> tuple[str, ...]:
    return FACTORS["ignore_label"] if record.takes_classes and "labels" in case["target"] else ()


def _numbers(record: Record, case: Case) -> tuple[str, ...]:
    return () if case["dtype"] == "integers" or record.kind == "pairs" else FACTORS["numbers"]


def _faults(record: Record, case: Case) -> tuple[str, ...]:
    """What makes a call wrong; none where something else does, or where nothing can be wrong."""
    if case["shape"] in ("empty", "one", "one class", "nothing inside"):
        return ()
    if record.axes:
        return ("none", "a mask's shape") if " " in record.mask else ()
    soft = record.takes_classes and case["target"] in SOFT and case["layout"] != "broadcast"
    several = case["shape"] in ("3-d", "4-d") or (case["shape"] in ("2-d", "wide") and record.kind == "pointwise")
    is_4d = case["shape"] == "4-d" and case["axis"] != "all"
    fitting = {
        "rows that do not sum to 1": soft and case["hidden"] == "moderate",
        "a parameter's shape": several and bool(record.parameters) and (case["axis"] in ("last", "first") or is_4d),
        "a weight's shape": several,
        "a mask's shape": several,
    }
    return ("none", *(fault for fault, fits in fitting.items() if fits))


def _hidden(record: Record, case: Case) -> tuple[str, ...]:
    nothing_to_hide = case["weight"] not in ("with zeros", "all zero") and case["mask"] == "no"
    return () if nothing_to_hide or case["dtype"] == "integers" or case["layout"] == "broadcast" else FACTORS["hidden"]


def _of_means(factor: str) -> Rule:
    return Rule(lambda record, case: FACTORS[factor] if case["reduction"] == "mean" else (), ("reduction",))


RULES: dict[str, Rule] = {
    "x64": Rule(lambda record, case: FACTORS["x64"] if framework_of(case) == "jax" else (), ("engine",)),
    "dtype": Rule(_dtypes, ("engine", "x64")),
    "entry": Rule(_entries, ("engine", "dtype")),
    "wanted": Rule(lambda record, case: FACTORS["wanted"] if case["entry"] != "value_and_gradient" else (), ("entry",)),
    "numbers": Rule(_numbers, ("dtype",)),
    "shape": Rule(_shapes),
    "layout": Rule(_layouts, ("engine", "entry", "numbers")),
    "blocks": Rule(_blocks, ("engine",)),
    "denominator": _of_means("denominator"),
    "empty": _of_means("empty"),
    "hidden": Rule(_hidden, ("dtype", "layout", "weight", "mask")),
    "axis": Rule(_axes),
    "target": Rule(_targets),
    "ignore_label": Rule(_ignored, ("target",)),
    "class_weight": _over_classes("class_weight"),
    "label_smoothing": _over_classes("label_smoothing"),
    "parameters": Rule(_parameters),
    "fault": Rule(_faults, ("shape", "layout", "hidden", "axis", "target")),
}


def combinations() -> int:
    """How many combinations of choices there are, whether they mean something or not."""
    return math.prod(map(len, FACTORS.values()))


def reduced(case: Case) -> Case:
    """The same call, with a choice that means something wherever one does not."""
    record = lossary.get(case["loss"]).record
    case = dict(case)
    for factor in FACTORS:
        choices = allowed(record, case, factor)
        if case[factor] not in choices:
            case[factor] = choices[0]
    return case


def at_random(dice: random.Random, engines: tuple[str, ...] = FACTORS["engine"], fixed: Case | None = None) -> Case:
    """Any call, or any with some choices; each other that means something as likely as another, but for MORE."""
    for _ in range(10_000):
        case = {factor: dice.choice(choices) for factor, choices in DRAWN.items()}
        case |= {factor: FACTORS[factor][0] for factor in PLAIN} if dice.random() < 1 / 3 else {}
        case |= {"engine": dice.choice(engines)} | (fixed or {})
        record = lossary.get(case["loss"]).record
        for factor in FACTORS:
            choices = allowed(record, case, factor)
            if case[factor] not in choices:
                case[factor] = dice.choice(choices)
        if all(case[factor] == choice for factor, choice in (fixed or {}).items()):
            return case
    raise ValueError(f"no call has {fixed}")


def has_calls(dice: random.Random, engine: str, fixed: Case) -> bool:
    """Return whether random calls of an engine can have the ``fixed`` choices."""
    try:
        return at_random(dice, (engine,), {"engine": engine} | fixed)["engine"] == engine
    except ValueError:
        return False


def name_of(case: Case) -> str:
    """The choices that are not the first of their kind."""
    return "-".join(value for factor, value in case.items() if value != FACTORS[factor][0] or factor == "loss")
