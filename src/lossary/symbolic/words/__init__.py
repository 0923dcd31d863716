"""The vocabulary of formulas: functions of numbers, and of rows of numbers, called *words*.

A word is one row of a table: a ``Word``, in the file of its kind, with its meaning, its derivative, its spelling for
each target, and everything else that is known about it.
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
    """Return logits / temperature; at infinite logits, the derivative in the temperature is 0."""
    divided = as_node(logits) / temperature
    return written_as(divided, where(is_finite(as_node(logits)), divided, logits / fixed(temperature)))
