"""The table of keywords: a row for each, with everything that is known about it, and the functions of its row."""

from __future__ import annotations

import math
import textwrap
from functools import cache
from numbers import Integral, Real

from lossary.catalogue.keyword import KEYWORDS, Keyword, keywords_of, of_every_loss
from lossary.catalogue.record import Record
from lossary.contract.reading import Reader, as_float, read_array
from lossary.domains import Interval
from lossary.errors import ArgumentError, ArgumentTypeError, ShapeError
from lossary.frameworks.face import AnyFace, Array
from lossary.kinds.call import as_tuple, items_of
from lossary.kinds.program import CLASSES, LABEL, TARGET, change_summands
from lossary.symbolic.graph import COLUMN, Node, apply, constant, substitute, walk
from lossary.symbolic.words import equal, product, total, weighted

__all__ = [
    "KEYWORDS",
    "OF_REDUCTION",
    "WEIGHTS",
    "as_tuple",
    "defaults_of",
    "described",
    "items_of",
    "keywords",
    "keywords_of",
    "no_keyword",
    "option_of",
    "read_denominator",
    "read_reduction",
    "sums_over_target",
]

WEIGHTS = Interval(low=0.0)  # the values that weights may have
OF_CLASSES = "losses whose target is one of several classes"


# --- how values are checked and read -------------------------------------------------------------------------------


def _no_word(row: Keyword, record: Record, value: object) -> None:
    if isinstance(value, str):
        raise ArgumentTypeError(f"{record.name}: {row.name} is {value!r}, a str; numbers are needed.")


def _in_unit_interval(row: Keyword, record: Record, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | Real) or not 0 <= value <= 1:  # type: ignore[operator]
        raise ArgumentError(f"{record.name}: {row.name} is {value!r}; it must be a number in [0, 1].")


def _whole_number(row: Keyword, record: Record, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ArgumentTypeError(f"{record.name}: {row.name} is {value!r}; it must be an integer or None.")
    if not -(2**31) <= int(value) < 2**31:
        raise ArgumentError(f"{record.name}: {row.name} is {value}; it must fit in 32 bits, as labels do.")


def _read_smoothing(row: Keyword, reader: Reader, value: float) -> float | None:
    return float(value) or None


def _read_ignored(row: Keyword, reader: Reader, value: int) -> int | None:
    if not reader.labels:
        raise ArgumentTypeError(f"{reader.record.name}: {row.name} needs integer labels; use mask= with soft targets.")
    return int(value)


def _read_class_weight(row: Keyword, reader: Reader, value: object) -> Array:
    classes, name = reader.inputs["_class_index"].shape, reader.record.name
    array = reader.face.cast(reader.array(row.name, value), reader.dtype)
    if tuple(array.shape) != (math.prod(classes),):
        raise ShapeError(
            f"{name}: {row.name} has shape {tuple(array.shape)}; one weight for each of {math.prod(classes)} classes "
            "is needed."
        )
    if reader.face.sees(array) and not WEIGHTS.holds(values := reader.face.to_numpy(array)):
        index = next(k for k, each in enumerate(values) if not WEIGHTS.contains(each))
        raise ArgumentError(f"{name}: {row.name}[{index}] is {values[index]}; it must be {WEIGHTS.wanted}.")
    return reader.face.reshape(array, classes)


def _read_weight(row: Keyword, reader: Reader, value: object) -> Array:
    return reader.of_items(row, value, reader.dtype)


def _read_mask(row: Keyword, reader: Reader, value: object) -> Array:
    mask = reader.of_items(row, value)
    if "bool" not in str(mask.dtype):
        raise ArgumentTypeError(
            f"{reader.record.name}: {row.name} has dtype {mask.dtype}; it must be boolean (True counts): use mask != 0."
        )
    return mask


# --- what symbols change in a program ------------------------------------------------------------------------------


def _itself(own: Node) -> Node:
    return own


def _smoothed(own: Node, target: Node) -> Node:
    return (1.0 - own) * target + own / CLASSES


def _other_label(own: Node) -> Node:
    return ~equal(LABEL, own)


def _weight_of_classes(own: Node) -> Node:
    return total(product(own, TARGET))


def _weighted_by_class(own: Node, loss: Node) -> Node:
    """Weigh the terms of a row's loss that belong to its target's classes one by one, and any other by the row's."""
    if loss.word in ("add", "subtract", "negative"):
        return apply(loss.word, *(_weighted_by_class(own, term) for term in loss.arguments))
    if not sums_over_target(loss):
        return weighted(_weight_of_classes(own), loss)
    terms = loss.arguments[0] if loss.word == "nonnegative" else loss  # a weighted divergence may be negative
    return change_summands(terms, lambda term: weighted(own, term))


def sums_over_target(loss: Node) -> bool:
    """Return True if a loss consists of sums over the classes, to which a class that is not the target's adds 0."""
    zero, summands = constant(0.0), [part.arguments[0] for part in walk(loss) if part.word == "total"]
    return bool(summands) and all(substitute(term, {TARGET: zero}) is zero for term in summands)


# --- the table -----------------------------------------------------------------------------------------------------


def _takes_classes(record: Record) -> bool:
    return record.takes_classes


Keyword(
    "axis", default=-1, stub="int",
    doc="Where the classes lie, or the numbers of a vector.",
    of=lambda record: record.has_axis and record.by_row,
    elsewhere=("dim",), check=_no_word,
)  # fmt: skip
Keyword(
    "axis", default=None, stub="int | tuple[int, ...] | None",
    doc="Of an overlap loss: what a region spans; None is everything.",
    of=lambda record: record.by_region,
    elsewhere=("dim",), check=_no_word,
)  # fmt: skip
Keyword(
    "class_weight", default=None, stub="_Array | None",
    doc="A weight w ≥ 0 for each class: the loss is Σ_c w_c t_c (…), or the row's loss times Σ_c w_c t_c if it is no "
        "such sum, and a row adds Σ_c w_c t_c instead of 1 to the mean's denominator.",
    of=_takes_classes, owners=OF_CLASSES,
    instead={
        "element": "Weigh elements with weight=, of shape (1, K) for K columns",
        "region": "Weigh the regions that reduction='none' gives; weight= is of elements, inside the sums",
    },
    check=_no_word, read=_read_class_weight, takes_arrays=True, axes=COLUMN, domain=WEIGHTS,
    loss=_weighted_by_class, divides=_weight_of_classes,
)  # fmt: skip
Keyword(
    "label_smoothing", default=0.0, stub="float",
    doc="s in [0, 1]: the target t becomes (1 − s) t + s / K, before class weights.",
    of=_takes_classes, owners=OF_CLASSES, parameter=True,
    note="With (1 − {own}) {target} + {own} / K in the place of {target}, for K classes.",
    check=_in_unit_interval, read=_read_smoothing, target=_smoothed,
)  # fmt: skip
Keyword(
    "ignore_label", default=None, stub="int | None",
    doc="A label whose rows are left out, such as -100.",
    of=_takes_classes, owners=OF_CLASSES,
    instead=dict.fromkeys(("element", "region"), "Leave elements out with mask=target != {value}"),
    check=_whole_number, read=_read_ignored, number="int", counts=_other_label,
)  # fmt: skip
Keyword(
    "weight", default=None, stub="_Array | None",
    doc="Finite and ≥ 0; a scalar, or of the unreduced loss's shape, or with 1s in it.",
    elsewhere=("sample_weight", "sample_weights"), of_classes="class_weight",
    check=_no_word, read=_read_weight, takes_arrays=True, axes=None, domain=WEIGHTS, weighs=_itself,
)  # fmt: skip
Keyword(
    "mask", default=None, stub="_Array | None",
    doc="Boolean, of the same shapes; True counts.",
    check=_no_word, read=_read_mask, takes_arrays=True, axes=None, number="bool", counts=_itself,
)  # fmt: skip
REDUCTION = Keyword(
    "reduction", default="mean", stub='Literal["mean", "sum", "none"]',
    doc='"mean", "sum", or "none": weight × loss, and 0 where masked.',
    choices=("mean", "sum", "none"), reduces=True,
)  # fmt: skip
DENOMINATOR = Keyword(
    "denominator", default="weight", stub='Literal["weight", "count"] | _Number',
    doc='Of the mean: "weight", the sum of the weights; "count", the number of items; or a number, such as a whole '
        "batch's weight. Masked items are in neither sum nor number.",
    choices=("weight", "count"), reduces=True, takes_arrays=True, domain=WEIGHTS,
)  # fmt: skip
EMPTY = Keyword(
    "empty", default="zero", stub='Literal["zero", "nan", "raise"]',
    doc='A mean whose denominator is 0: "zero", with zero gradients; "nan"; or "raise".',
    choices=("zero", "nan", "raise"), reduces=True,
)  # fmt: skip

OF_REDUCTION = {row.name: row.default for row in KEYWORDS if row.reduces}


# --- reading the table ---------------------------------------------------------------------------------------------


def keywords(record: Record) -> tuple[str, ...]:
    """Return the names of all keywords of a loss, its parameters first."""
    return (*(p.name for p in record.parameters), *(row.name for row in keywords_of(record)))


def defaults_of(record: Record) -> dict[str, object]:
    """Return the defaults of all keywords of a loss, by name."""
    return dict(_defaults(record, keywords_of(record)))


@cache
def _defaults(record: Record, rows: tuple[Keyword, ...]) -> dict[str, object]:
    defaults: dict[str, object] = {parameter.name: parameter.default for parameter in record.parameters}
    return defaults | {row.name: row.default for row in rows}


def described(common: bool) -> str:
    """List the keywords of every loss, or the others, for ``help(lossary)``."""
    return "\n".join(_described(row) for row in KEYWORDS if (row.of is of_every_loss) == common)


def _described(row: Keyword) -> str:
    default = f'"{row.default}"' if isinstance(row.default, str) else row.default
    return textwrap.fill(f"    {f'{row.name}={default}':<22} {row.doc}", 120, subsequent_indent=" " * 27)


# Names that other libraries have for parameters.
PARAMETERS_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "alpha": ("positive_weight", "level"),
    "full": ("constant",),
    "label_smoothing": ("label_noise",),
    "pos_weight": ("positive_weight",),
    **dict.fromkeys(("q", "quantile", "tau"), ("level",)),
}


def no_keyword(record: Record, name: str, value: object = None) -> str:
    """Message for a keyword that a loss does not have; ``value`` is what was given."""
    import difflib

    own, others = keywords(record), {row.name: row for row in KEYWORDS if row.owners}
    same = PARAMETERS_ELSEWHERE.get(name, ()) + tuple(row.name for row in KEYWORDS if name in row.elsewhere)
    near = [one for one in same if one in own]
    near = near or difflib.get_close_matches(name, dict.fromkeys((*own, *others)), n=1)
    hint = f"It takes {', '.join(own)}."
    if name == "from_logits" and record.counterpart:
        hint = f"Its name says what a loss takes; the other one is {record.counterpart}."
    elif near and near[0] in own:
        hint = f"Did you mean {near[0]!r}?"
    elif near:
        row, shown = others[near[0]], value if isinstance(value, Integral) else "..."
        instead = row.instead.get(record.item, "").format(value=shown)
        hint = f"{row.name} belongs to {row.owners}. {instead or hint.rstrip('.')}."
    return f"{record.name} has no keyword {name!r}. {hint}"


def option_of(value: object) -> str | None:
    """Return the name of the keyword that has a word as one of its choices."""
    return next((row.name for row in KEYWORDS if isinstance(value, str) and value in row.choices), None)


# --- the reduction -------------------------------------------------------------------------------------------------


def read_reduction(record: Record, options: dict[str, object]) -> tuple[str, object, str]:
    """Check and return ``reduction``, ``denominator`` and ``empty``."""
    reduction, denominator = _one_of(record, REDUCTION, options[REDUCTION.name]), options[DENOMINATOR.name]
    for row in (DENOMINATOR, EMPTY):
        if reduction != REDUCTION.default and options[row.name] is not row.default:
            raise ArgumentTypeError(f"{record.name}: {row.name} belongs to reduction='mean', not to {reduction!r}.")
    empty = _one_of(record, EMPTY, options[EMPTY.name])
    if isinstance(denominator, str):
        _one_of(record, DENOMINATOR, denominator, " or a number")
    elif isinstance(denominator, Real) and not isinstance(denominator, bool):
        denominator = as_float(record, DENOMINATOR.name, denominator)
        _finite_denominator(record, denominator)
    elif not hasattr(denominator, "dtype"):
        raise ArgumentTypeError(f"{record.name}: denominator is {denominator!r}; use 'weight', 'count' or a number.")
    return reduction, denominator, empty


def _one_of(record: Record, row: Keyword, value: object, more: str = "") -> str:
    if not isinstance(value, str) or value not in row.choices:
        choices = ", ".join(map(repr, row.choices)) + more
        raise ArgumentError(f"{record.name}: {row.name} is {value!r}; it must be one of {choices}.")
    return value


def _finite_denominator(record: Record, value: float) -> None:
    if not WEIGHTS.contains(value):
        raise ArgumentError(f"{record.name}: denominator is {value:g}; it must be finite and not negative.")


def read_denominator(record: Record, face: AnyFace, value: object, like: Array) -> Array:
    """Read a denominator that is an array, as one number of the face's framework."""
    array = read_array(record, face, DENOMINATOR.name, value, None if face.sees(value) else like)
    if tuple(array.shape) != ():
        raise ShapeError(f"{record.name}: denominator has shape {tuple(array.shape)}; one number is needed.")
    if "bool" in str(array.dtype):
        raise ArgumentTypeError(f"{record.name}: denominator is a truth; use 'weight', 'count' or a number.")
    if face.sees(array):
        _finite_denominator(record, float(face.to_numpy(array)))
    return array
