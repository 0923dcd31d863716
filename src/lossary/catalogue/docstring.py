"""The complete docstring of a loss: what its author wrote, with the sections that its record tells.

An author writes the first sentence, the formula, the prose, "Use it when …", Args, Example, Identities and Elsewhere.
Shapes and errors follow from kind, arguments and parameters. A ``Raises:`` section that an author writes adds to them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from lossary.catalogue.record import USE, Record

__all__ = ["SECTIONS", "complete", "entries", "sections"]

SECTIONS = ("Args", "Shapes", "Raises", "Example", "Identities", "Elsewhere")
WIDTH = 116
SHAPES_DIFFER = "The shapes differ, as (N,) and (N, 1) do."
NO_LABEL = "A label is not one of the classes. −100 is an error, too, without ``ignore_label=-100``."


def sections(doc: str) -> dict[str, str]:
    """Split a docstring by headings: its first sentence is "", then "Formula", "Text" for its prose, and "Use"."""
    summary, *blocks = doc.split("\n\n")
    found = {"": summary}
    for block in blocks:
        heading, _, rest = block.partition(":")
        known = heading if heading in SECTIONS else _unheaded(block)
        found[known] = "\n\n".join(filter(None, [found.get(known, ""), rest if known == heading else block]))
    return found


def _unheaded(block: str) -> str:
    return "Formula" if block.startswith(" ") else "Use" if block.startswith(USE) else "Text"


def entries(section: str) -> dict[str, str]:
    """Parse a section such as Args into texts by name."""
    found = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", section, flags=re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def complete(record: Record) -> str:
    """Return the docstring of a loss with the sections that follow from its record, in the order of ``SECTIONS``."""
    blocks = record.doc.split("\n\n")
    raised = dict(_raised(record))
    for name, text in entries(sections(record.doc).get("Raises", "")).items():
        raised[name] = " ".join(filter(None, [raised.get(name, ""), text]))
    lines = [f"    {name}: {text}" for name, text in raised.items() if text]
    made = [_filled(f"Shapes: {_shapes(record)}", ""), "\n".join(["Raises:", *(_filled(x, " " * 8) for x in lines)])]
    kept = [block for block in blocks if not block.startswith("Raises:")]
    last = SECTIONS[SECTIONS.index("Raises") + 1 :]
    place = next((i for i, block in enumerate(kept) if block.partition(":")[0] in last), len(kept))
    return "\n\n".join([*kept[:place], *made, *kept[place:]])


def _filled(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


# --- shapes ---------------------------------------------------------------------------------------------------------


def _shapes(record: Record) -> str:
    """Describe the shapes of the arrays, and that of the unreduced loss."""
    of_rows = _of_pairs if record.compares_rows else _of_classes
    return {"element": _same, "region": _regions, "row": of_rows, "axes": _of_axes}[record.item](record)


def _of_axes(record: Record) -> str:
    parts = [f"{name} is ({', '.join(axes.split())})" for name, axes in record.axes.items()]
    masks = f" A mask is ({', '.join(record.mask.split())})." if record.mask else ""
    return f"{'; '.join(parts)}. The unreduced loss is ({', '.join(record.graph.axes)}).{masks}"


def _same(record: Record) -> str:
    return f"{_arrays(record)}; the unreduced loss has the same shape."


def _regions(record: Record) -> str:
    return f"{_arrays(record)}; a region spans ``axis``, and the unreduced loss has the shape of the other axes."


def _arrays(record: Record) -> str:
    names = [argument.name for argument in record.arguments]
    return f"{_listed(names, 'and')} have the same shape, whatever it is" if names[1:] else f"{names[0]} has any shape"


def _of_pairs(record: Record) -> str:
    return f"{_listed([argument.name for argument in record.arguments], 'and')} are (N, D); the unreduced loss is (N,)."


def _of_classes(record: Record) -> str:
    """Describe rows: scores that are given, or the arrays that they are computed from, then the target."""
    rows = [a.name for a in record.arguments if a.role != "target" or not record.takes_classes]
    places = "(..., D), with the D numbers of a vector" if record.takes_vectors else "(..., K), with the K classes"
    parts = [f"{_listed(rows, 'and')} {'is' if len(rows) == 1 else 'are'} {places} along ``axis``"]
    if record.scores:
        parts = [
            f"{one.left} is (..., {width}), {one.right} (K, {width})" + (f", {one.bias} (K,)" if one.bias else "")
            for one, width in zip(record.scores, "DE", strict=False)
        ]
    labels = ["target is (...) with integer labels, or (..., K)"] if record.takes_classes else []
    return f"{'; '.join(parts + labels)}. The unreduced loss is (...)."


# --- errors ---------------------------------------------------------------------------------------------------------


def _raised(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each error of a loss with its causes; the causes are empty if there are none."""
    yield "ShapeError", _wrong_shapes(record)
    yield "DomainError", _sentence([*_outside(record), *_not_finite(record), *_unruly(record, of_labels=False)])
    yield "LabelError", NO_LABEL if record.takes_classes else _sentence(_no_labels(record))
    limits: dict[str, list[str]] = {}
    for parameter in record.parameters:
        limits.setdefault(parameter.domain.wanted, []).append(parameter.name)
    yield "ArgumentError", _sentence(f"{_listed(names, 'or')} is not {wanted}" for wanted, names in limits.items())
    lacks = record.cannot
    yield "NotAdditiveError", f"``total`` was called; {lacks['total']}." if "total" in lacks else ""
    yield "ArgumentTypeError", f"``gradient_and_hessian`` was called; {lacks['hessian']}." if "hessian" in lacks else ""


def _wrong_shapes(record: Record) -> str:
    if record.axes:
        return "An array has other dimensions, or lengths along one axis differ."
    if record.by_element:
        return SHAPES_DIFFER if len(record.arguments) > 1 else ""
    if record.by_region:
        return "The shapes differ, or there is no such axis."
    if record.compares_rows:
        return "The shapes differ, or there are not two dimensions."
    widths = [f"{one.left} and {one.right} differ in width" for one in record.scores]
    of_two = "target has neither of the two shapes" if record.takes_classes else "the shapes differ"
    rest = "a shape does not fit" if record.scores else of_two
    given = any(argument.role != "prediction" for argument in record.arguments)
    few = ["there are fewer than two classes" if given else "there are no classes"]
    if record.takes_vectors:
        few = ["the vectors have no numbers"]
    return _sentence([*widths, *([rest] if given or record.takes_vectors else []), *few])


def _outside(record: Record) -> Iterator[str]:
    """Yield conditions of values that lie outside a limited domain, for the arrays that are checked."""
    limits: dict[str, list[str]] = {}
    for argument in record.arguments:
        if argument.domain.limits and not argument.domain.index_of:
            limits.setdefault(argument.domain.limits, []).append(argument.name)
    yield from (f"{_listed(names, 'or')} is not {limit}" for limit, names in limits.items())
    rows = [argument.name for argument in record.arguments if argument.domain.sums_to_one]
    yield from [f"a row of {_listed(rows, 'or')} does not sum to 1"] if rows else []


def _no_labels(record: Record) -> Iterator[str]:
    """Yield conditions of targets that are no places along an axis."""
    labels = [argument for argument in record.arguments if argument.domain.index_of]
    yield from (f"{argument.name} is not {argument.domain.limits}" for argument in labels)
    yield from _unruly(record, of_labels=True)


def _unruly(record: Record, of_labels: bool) -> Iterator[str]:
    """Yield what a loss's own rules forbid, of labels or of other values."""
    labels = {argument.name for argument in record.arguments if argument.domain.index_of}
    for rule in record.rules:
        if (rule.name in labels) == of_labels:
            yield f"{rule.name} is {rule.otherwise.partition(';')[0]}"


def _not_finite(record: Record) -> Iterator[str]:
    for argument in record.arguments:
        if argument.role == "target" and not argument.domain.index_of:
            yield f"{argument.name} is NaN" + ("" if argument.domain.limits.startswith("in") else " or infinite")


def _listed(names: list[str], word: str) -> str:
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _sentence(conditions: Iterable[str]) -> str:
    found = list(conditions)
    return f"{', or '.join(filter(None, [', '.join(found[:-1]), found[-1]]))}." if found else ""
