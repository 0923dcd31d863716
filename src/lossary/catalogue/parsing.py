"""Parsing of losses with settings, as the command line takes them."""

from __future__ import annotations

import ast
import re
from typing import Any

__all__ = ["calls"]


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
