"""Looking up names that are no losses here, and parsing of names with settings."""

from __future__ import annotations

import ast
import re
from typing import Any

from lossary.catalogue.names import NOT_YET, UNRESOLVED

__all__ = ["bare", "calls", "full", "not_yet", "unresolved"]

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


def calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Parse names with settings, written as Python calls: 'huber(delta=2), squared_error'.

    Raise ValueError with the reason if the text is not written so.
    """
    try:
        parts = ast.parse(f"[{text}]", mode="eval").body
    except SyntaxError:
        raise ValueError(_unreadable(text)) from None
    if not isinstance(parts, ast.List) or not parts.elts:
        raise ValueError("no name is given" if not text.strip() else _unreadable(text))
    return [_call(part) if isinstance(part, ast.Call) else (ast.unparse(part), {}) for part in parts.elts]


def _call(call: ast.Call) -> tuple[str, dict[str, Any]]:
    if call.args:
        value = ast.unparse(call.args[0])
        raise ValueError(f"{value} has no keyword: write it as keyword={value}")
    return ast.unparse(call.func), {str(each.arg): _literal(each.value) for each in call.keywords}


def _literal(value: ast.expr) -> Any:
    """Return the value of a setting: a literal, or an infinite number as Python shows it."""
    if ast.unparse(value) in ("inf", "-inf"):
        return float(ast.unparse(value))
    try:
        return ast.literal_eval(value)
    except (TypeError, ValueError):
        raise ValueError(f"{ast.unparse(value)} is no number") from None


def _unreadable(text: str) -> str:
    """Return the reason why a text is not a list of calls."""
    if text.count("(") != text.count(")"):
        return "its parentheses do not match"
    if re.search(r"\w\s+\w", text):
        return "a name has no spaces, and commas stand between losses"
    return "it is no list of names"
