"""The words of formulas: ordinary functions of numbers, and of a row of them.

Each is one row of a table, in the file of its kind: its meaning, its derivative, its spelling on each target machine,
and whatever else is known about it.
"""

# ruff: noqa: F403, F405  (all words, by whatever names their rows have)

from __future__ import annotations

from lossary.symbolic.graph import Node, Value, as_node
from lossary.symbolic.words.arithmetic import *
from lossary.symbolic.words.arrays import *
from lossary.symbolic.words.conditions import *
from lossary.symbolic.words.conditions import CONDITIONS as CONDITIONS
from lossary.symbolic.words.forms import *
from lossary.symbolic.words.functions import *
from lossary.symbolic.words.rows import *
from lossary.symbolic.words.word import WORDS as WORDS
from lossary.symbolic.words.word import Push as Push


def tempered(logits: Value, temperature: Value) -> Node:
    """Logits over a temperature, which does not move infinite ones."""
    divided = as_node(logits) / temperature
    return written_as(divided, where(is_finite(as_node(logits)), divided, logits / fixed(temperature)))
