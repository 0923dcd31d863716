"""The functions that formulas are written in: ``exp``, ``log1p``, ``where``, ``log_softmax``, …"""

from __future__ import annotations

from lossary.symbolic.words import *  # noqa: F403
