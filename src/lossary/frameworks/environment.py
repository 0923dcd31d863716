"""Switches in the environment."""

from __future__ import annotations

import os

from lossary.errors import ArgumentError

__all__ = ["switch"]

STATES = {"": None, "1": True, "on": True, "true": True, "0": False, "off": False, "false": False}


def switch(name: str) -> bool | None:
    """Return True or False as the environment variable ``name`` is "1" or "0"; None if it is not set.

    "on", "true", "off" and "false" mean the same. Anything else raises an ArgumentError.
    """
    text = os.environ.get(name, "")
    if text.strip().lower() not in STATES:
        raise ArgumentError(f"the environment variable {name} must be 0 or 1, not {text!r}.")
    return STATES[text.strip().lower()]
