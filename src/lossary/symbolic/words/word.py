"""``Word``, the row of the vocabulary that holds everything known about one word.

A word is either *spelt* by the targets (``exp``) or *defined* in other words (``sigmoid``). The definition is put in
its place when code is printed, after the derivatives were taken, so that a derivative can be a closed form of its own.

A derivative rule pushes a small change ``d`` of each argument through the word. It is linear in ``d`` and acts place by
place, so the same rule carries changes forward and gradients backward. Words that couple the places of a row
(``log_softmax``) have a rule for each direction.

No other module has a table of words: printing, LaTeX, simplification, kernels and ``lossary explain`` read these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from lossary.symbolic.graph import ROW_WORDS, Node, Value, apply
from lossary.symbolic.words.curvature import Curvature
from lossary.symbolic.words.notation import Notation, call, roman
from lossary.symbolic.words.ranges import ANY, Range, at_ends

__all__ = ["WORDS", "Along", "Push", "Word", "everywhere", "library", "named", "unmoved"]

Push = Callable[..., tuple[Node | None, ...]]
WORDS: dict[str, Word] = {}


class Along(Enum):
    """Places of a row that one value of a word is computed from, and where the word has values."""

    PLACE = "from one place, for that place"
    ROW = "from the whole row, for each place"
    REDUCED = "from the whole row, one value"


@dataclass(frozen=True, eq=False)
class Word:
    """A word of the vocabulary. Making one adds it to the table; formulas call it like a function.

    Each attribute has a default where most words need none. ``push``, ``range`` and ``curvature`` may be left out with
    a reason in ``without``; a test asks for it.

    Attributes:
        name: The name in graphs and messages.
        push: Changes of the arguments to the word's change, and backward unless ``pull`` is given.
        spelling: A template of code for each target that has the word; see ``code``.
        definition: The word in other words, for the targets that do not spell it.
        pull: Backward, for a word over a row.
        own: At one place of a row whose change moves the softmax's mean of the others by the second argument.
        value: The word of Python's numbers, to fold constants and to bound values.
        range: Interval arithmetic. Without it, a word that rises or falls in each argument has ``value`` at the ends.
        curvature: For each argument, its shape and direction; None where that depends on the other arguments.
        linear: Arguments that the word is proportional to while the others are held, place by place.
        latex: Notation in LaTeX; a call by name unless given.
        text: Notation in a terminal; a call by name unless given.
        written: The word as people write it, in other words; then it needs no notation.
        along: The places of a row that it needs.
        even: The sign of the argument does not matter.
        costly: A CPU kernel gives it a loop of its own.
        condition: It is true or false.
        of_logits: It is computed from the powers of a row of logits.
        without: Why the row lacks something, by attribute.
    """

    name: str
    push: Push | None
    spelling: Mapping[str, str] = field(default_factory=dict)
    definition: Callable[..., Node] | None = None
    pull: Push | None = None
    own: Push | None = None
    value: Callable[..., float] | None = None
    range: Callable[..., Range] | None = None
    curvature: tuple[Curvature | None, ...] = ()
    linear: tuple[int, ...] = ()
    latex: Notation | None = None
    text: Notation | None = None
    written: Callable[..., Node] | None = None
    along: Along = Along.PLACE
    even: bool = False
    costly: bool = False
    condition: bool = False
    of_logits: bool = False
    without: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        WORDS[self.name] = self
        if self.along is Along.REDUCED:
            ROW_WORDS.add(self.name)

    def __call__(self, *values: Value) -> Node:
        return apply(self.name, *values)

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def couples(self) -> bool:
        """True if a value depends on more than one place of a row."""
        return self.along is not Along.PLACE

    @property
    def is_product(self) -> bool:
        """True if the word multiplies its two arguments."""
        return len(self.linear) == 2

    def bounds(self, *ranges: Range) -> Range:
        """The range of its values, from those of its arguments."""
        if self.range is not None:
            return self.range(*ranges)
        rises = tuple(each.rises if each else 0 for each in self.curvature)
        return at_ends(self.value, rises, ranges) if self.value and rises and all(rises) else ANY

    def code(self, target: str, owned: bool = False) -> str:
        """The template of code for a target. ``eager`` is PyTorch where values can be looked at on the way.

        An ``owned`` first argument is nobody else's, so that eager PyTorch may write over it.
        """
        choices = ["owned"] * owned + ["eager", "torch"] if target == "eager" else [target]
        return self.spelling[next((each for each in choices if each in self.spelling), target)]

    def in_latex(self, count: int) -> Notation:
        """Notation in LaTeX, for so many arguments."""
        return self.latex or roman(self.name.replace("_", " "), count)

    def in_text(self, count: int) -> Notation:
        """Notation in a terminal, for so many arguments."""
        return self.text or call(self.name, count)


def named(**wanted: object) -> frozenset[str]:
    """The names of the words whose rows have these attributes."""
    return frozenset(
        name for name, word in WORDS.items() if all(getattr(word, key) == value for key, value in wanted.items())
    )


def everywhere(template: str) -> dict[str, str]:
    """One spelling for all targets."""
    return dict.fromkeys(("numpy", "torch", "jax", "numba", "triton"), template)


def library(name: str, triton: str, count: int = 1, *, torch: str = "", numba: str = "") -> dict[str, str]:
    """Spellings of a function of ``count`` arguments that the frameworks call by one name, unless said otherwise."""
    arguments = ", ".join(f"{{{i}}}" for i in range(count))
    functions = {
        "numpy": f"numpy.{name}", "torch": f"torch.{torch or name}", "jax": f"jax.numpy.{name}",
        "numba": numba or name, "triton": triton,
    }  # fmt: skip
    return {target: f"{function}({arguments})" for target, function in functions.items()}


def unmoved(_: Node, *arguments: Node) -> tuple[None, ...]:
    """The derivative rule of a word that no small change moves."""
    return (None,) * len(arguments)
