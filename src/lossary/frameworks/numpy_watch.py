"""Looking at NumPy's arrays: they are where they are looked at."""

from __future__ import annotations

from typing import Any

from lossary.frameworks import flatten


def compiles() -> bool:
    """Whether a call is being compiled, for whoever runs it later."""
    return False


def leaving(look: Any, name: str, prediction: Any, inputs: dict[str, Any]) -> Any:
    """A prediction whose gradient is looked at: NumPy has none."""
    return prediction


def look(look: Any, inputs: dict[str, Any], result: Any) -> Any:
    """The result, looked at."""
    look(inputs, flatten(result))
    return result
