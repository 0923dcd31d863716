"""The words that a formula may use: ordinary functions of numbers, and of a row of them.

Each is one row of a table, in ``lossary.words``: its meaning, its derivative, its spelling on each target machine, and
whatever else is known about it.
"""

# ruff: noqa: F403  (all words, by whatever names their rows have)

from __future__ import annotations

from lossary.graph import Node, Value, as_node
from lossary.words.arithmetic import *
from lossary.words.arrays import *
from lossary.words.conditions import *
from lossary.words.conditions import CONDITIONS as CONDITIONS
from lossary.words.forms import *
from lossary.words.functions import *
from lossary.words.rows import *
from lossary.words.word import WORDS as WORDS
from lossary.words.word import Push as Push


def tempered(logits: Value, temperature: Value) -> Node:
    """Logits over a temperature."""
    return as_node(logits) / temperature
