"""The vocabulary of formulas: functions of numbers, and of rows of numbers, called *words*.

A word is one row of a table: a ``Word``, in the file of its kind, with its meaning, its derivative, its spelling for
each target, and everything else that is known about it.
"""

# ruff: noqa: F403  (all words, by whatever names their rows have)

from __future__ import annotations

from lossary.symbolic.words.arithmetic import *
from lossary.symbolic.words.arrays import *
from lossary.symbolic.words.conditions import *
from lossary.symbolic.words.conditions import CONDITIONS as CONDITIONS
from lossary.symbolic.words.forms import *
from lossary.symbolic.words.functions import *
from lossary.symbolic.words.gamma import *
from lossary.symbolic.words.hypotenuses import *
from lossary.symbolic.words.places import *
from lossary.symbolic.words.polynomials import *
from lossary.symbolic.words.rows import *
from lossary.symbolic.words.special import *
from lossary.symbolic.words.word import WORDS as WORDS
from lossary.symbolic.words.word import Push as Push
