"""The answer for a name that is no loss here, and the spellings of a name that mean the same."""

from __future__ import annotations

from collections.abc import Iterable

from lossary.catalogue.names import NOT_YET, UNRESOLVED

__all__ = ["full", "not_yet", "spellings", "squeezed", "unresolved"]

# Modules that show losses of another module, which the aliases name.
MODULES = {
    "optax": "optax.losses",
    "sklearn._loss": "sklearn._loss.loss",
    "tf.keras.losses": "keras.losses",
    "tensorflow.keras.losses": "keras.losses",
}


def squeezed(name: str) -> str:
    """Return the small letters and digits of a name, without its library: all that spellings of it share."""
    return "".join(filter(str.isalnum, name.rpartition(".")[2].lower()))


def spellings(name: str) -> Iterable[str]:
    """Return a name as ``squeezed`` writes it, and then without "loss" at the end, and with it."""
    written = squeezed(name)
    stem = written.removesuffix("loss")
    return dict.fromkeys((written, stem, f"{stem}loss"))


BY_NAME = {name: entry for entry in UNRESOLVED for name in entry.names}
BY_SPELLING = {squeezed(name): entry for name, entry in BY_NAME.items() if "." not in name}
TO_COME = {squeezed(name): family for family, names in NOT_YET.items() for name in names.split()}


def full(name: str) -> str:
    """Return a name with the module that the aliases use."""
    module, dot, last = name.rpartition(".")
    return f"{MODULES.get(module, module)}{dot}{last}"


def unresolved(name: str, spelling: str = "") -> str | None:
    """Return the answer for a name in ``UNRESOLVED``, with its library or without, in some spelling; else None."""
    entry = BY_NAME.get(full(name)) or BY_SPELLING.get(spelling or squeezed(name))
    if entry is None:
        return None
    choices = "; ".join(f"{call} ({meaning})" for call, meaning in entry.choices.items())
    return f"{name!r} does not name a loss here: {entry.why}." + (f" Choose: {choices}." if choices else "")


def not_yet(name: str) -> str | None:
    """Return the answer for a name in ``NOT_YET``; else None."""
    family = next((TO_COME[spelling] for spelling in spellings(name) if spelling in TO_COME), None)
    return (
        family and f"{name!r} is a known loss ({family}) that is not here yet. lossary.losses() lists those that are."
    )
