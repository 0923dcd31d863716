"""The answer for a name that is no loss here."""

from __future__ import annotations

from lossary.catalogue.names import NOT_YET, UNRESOLVED

__all__ = ["bare", "full", "not_yet", "unresolved"]

# Modules that show losses of another module, which the aliases name.
MODULES = {
    "optax": "optax.losses",
    "sklearn._loss": "sklearn._loss.loss",
    "tf.keras.losses": "keras.losses",
    "tensorflow.keras.losses": "keras.losses",
}

BY_NAME = {name: entry for entry in UNRESOLVED for name in entry.names}
IN_LOWER_CASE = {name.lower(): entry for name, entry in BY_NAME.items() if "." not in name}


def bare(name: str) -> str:
    """Return a name without its library, underscores, capitals and "loss" at the end."""
    return name.rpartition(".")[2].lower().replace("_", "").removesuffix("loss")


TO_COME = {bare(name): family for family, names in NOT_YET.items() for name in names.split()}


def full(name: str) -> str:
    """Return a name with the module that the aliases use."""
    module, dot, last = name.rpartition(".")
    return f"{MODULES.get(module, module)}{dot}{last}"


def unresolved(name: str) -> str | None:
    """Return the answer for a name in ``UNRESOLVED``, with its library or without, in any case; else None."""
    last = name.rpartition(".")[2]
    entry = BY_NAME.get(full(name)) or BY_NAME.get(last) or IN_LOWER_CASE.get(last.lower())
    if entry is None:
        return None
    choices = "; ".join(f"{call} ({meaning})" for call, meaning in entry.choices.items())
    return f"{name!r} does not name a loss here: {entry.why}." + (f" Choose: {choices}." if choices else "")


def not_yet(name: str) -> str | None:
    """Return the answer for a name in ``NOT_YET``; else None."""
    family = TO_COME.get(bare(name))
    return (
        family and f"{name!r} is a known loss ({family}) that is not here yet. lossary.losses() lists those that are."
    )
