"""The functions that formulas are written in: ``exp``, ``log1p``, ``where``, ``log_softmax``, …"""

from __future__ import annotations

from lossary.symbolic.recurrence import last as last
from lossary.symbolic.recurrence import recurrence as recurrence
from lossary.symbolic.recurrence import states as states
from lossary.symbolic.words import *  # noqa: F403
