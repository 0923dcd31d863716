"""The words that a formula may use: ordinary functions of numbers, and of a row of them."""

from __future__ import annotations

from lossary.symbolic.words import *  # noqa: F403
