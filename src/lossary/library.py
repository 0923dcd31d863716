"""The library: every loss of the catalogue as an object, found by its name, a peer's name or a description."""

from __future__ import annotations

from typing import Any

from lossary.callable import Loss, Options
from lossary.catalogue.keyword import KEYWORDS
from lossary.catalogue.parsing import calls
from lossary.catalogue.record import Record
from lossary.catalogue.registry import find, records
from lossary.combination import WeightedSum
from lossary.errors import ArgumentError, ArgumentTypeError

__all__ = ["LIBRARY", "from_dict", "get", "losses"]

LIBRARY = {record.name: Loss(record) for record in records()}


def get(name: str) -> Loss:
    """Find a loss by its name or the name that a peer gives to the same mathematics; settings configure it.

    >>> get("torch.nn.MSELoss"), get("huber(delta=2.5)")
    (<loss squared_error>, <loss huber, delta=2.5>)
    """
    bare, settings = _written(name)
    record = find(bare)
    for row in KEYWORDS:
        if row.name in settings and row.of_classes and record.takes_classes and bare != record.name:
            raise ArgumentError(
                f"{bare}: elsewhere {row.name} is one number for each class, which is {row.of_classes}= here. For one "
                f"of each item, use {record.name}."
            )
    return LIBRARY[record.name].configure(**settings) if settings else LIBRARY[record.name]


def _written(text: Any) -> tuple[str, Options]:
    """Parse one loss, written as a call or as a name alone, into name and settings."""
    if not isinstance(text, str) or "(" not in text:
        return text, {}
    try:
        (found,) = calls(text)
    except (SyntaxError, TypeError, ValueError):
        raise ArgumentError(f"{text[:80]!r} names no loss; write it as 'huber(delta=2)'.") from None
    return found


def losses() -> tuple[Record, ...]:
    """Return the catalogue: the record of every loss, with its kind, formula, parameters and references."""
    return records()


def from_dict(described: object) -> Loss | WeightedSum:
    """Make the loss, or the weighted sum, that ``to_dict`` described.

    >>> from_dict({"loss": "huber", "delta": 2.0})
    <loss huber, delta=2.0>
    """
    if isinstance(described, dict) and described.keys() == {"sum"} and isinstance(described["sum"], dict):
        return WeightedSum(**{name: _part(part) for name, part in described["sum"].items()})
    if not isinstance(described, dict) or not all(isinstance(key, str) for key in described) or "loss" not in described:
        raise ArgumentTypeError(
            f"from_dict needs what to_dict gives, such as {{'loss': 'huber'}}, not {described!r:.80}."
        )
    options = dict(described)
    loss = get(options.pop("loss"))
    return loss.configure(**options) if options else loss


def _part(described: object) -> Any:
    """Return the loss and the factor of a part of a weighted sum."""
    if not isinstance(described, dict) or "factor" not in described:
        return from_dict(described), 1.0
    return from_dict({name: value for name, value in described.items() if name != "factor"}), described["factor"]
