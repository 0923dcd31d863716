"""``Word``, the row of the vocabulary that holds everything known about one word.

A word has a *spelling*, the code of each target (``exp``), or a *definition* in other words (``sigmoid``), which
replaces it when code is printed for a target that has no spelling, after the derivatives were taken: so a derivative
can be a closed form that is more exact than that of the definition.

A derivative rule maps a small change ``d`` of each argument to the change of the word. It is linear in ``d`` and acts
at each place alone, so the same rule carries changes forward and gradients backward. Words that couple the places of a
row (``log_softmax``) have a rule for each direction.

No other module has a table of words: printing, LaTeX, simplification, kernels and ``lossary explain`` read these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from lossary.errors import FormulaError
from lossary.symbolic.graph import AXES_OF, CLASS, ITEM, Axes, Node, Value, apply, as_node, axes_of, axis
from lossary.symbolic.words.curvature import Curvature
from lossary.symbolic.words.notation import Notation, call, roman
from lossary.symbolic.words.ranges import ANY, Range, at_ends

__all__ = ["WORDS", "Along", "Push", "Word", "everywhere", "library", "named", "unmoved"]

Push = Callable[..., tuple[Node | None, ...]]
WORDS: dict[str, Word] = {}


class Along(Enum):
    """Places along an axis that a word is computed from, and that it has values for."""

    PLACE = "from one place, for that place"
    ROW = "from all places along its axis, for each of them"
    REDUCED = "from all places along its axis, one value"


@dataclass(frozen=True, eq=False)
class Word:
    """A word of the vocabulary. Making one adds it to the table; formulas call it like a function.

    A word that runs along an axis has the axis as its last argument. Formulas name it with ``over``, where there is
    more than one beside the items'.

    Only ``name`` and ``push`` are required. A word that lacks ``push``, ``range`` or ``curvature`` gives the reason in
    ``without``; a test asks for it.

    Attributes:
        name: The name in graphs and messages.
        push: Derivative rule: from a change and the arguments to the change that each argument contributes. It is the
            backward rule, too, unless ``pull`` is given.
        spelling: A template of code for each target that has the word; see ``code``.
        definition: The word in other words, for targets without a spelling.
        pull: Backward rule of a word over a row.
        diagonal: Rule for the Hessian's diagonal: from a change at one place, and the change that it makes to the
            softmax mean of the logits through all other places.
        value: The function on Python's numbers, to fold constants and to bound values.
        range: Interval arithmetic. Without it, a monotonic word has ``value`` at the ends of its arguments' ranges.
        curvature: Convexity and direction in each argument; None where that depends on the other arguments.
        linear: Arguments that the word is proportional to while the others are held, at each place.
        latex: Notation in LaTeX; by default a call.
        text: Notation in a terminal; by default a call.
        written: The textbook form in other words; the word then needs no notation.
        along: The places along an axis that one value depends on.
        neutral: The value of a place that is as if it were not there, for a word along an axis; None if there is none.
        axes: The axes along which the word varies, from its arguments; by default those of all arguments, but for a
            reduction's own.
        even: The sign of the first argument does not matter.
        costly: A CPU kernel computes it in a loop of its own.
        condition: It is true or false.
        of_logits: It is computed from the exponentials of a row of logits.
        is_view: Its array may lie in the memory of its first argument's.
        without: Reasons why the row lacks something, by attribute.
    """

    name: str
    push: Push | None
    spelling: Mapping[str, str] = field(default_factory=dict)
    definition: Callable[..., Node] | None = None
    pull: Push | None = None
    diagonal: Push | None = None
    value: Callable[..., float] | None = None
    range: Callable[..., Range] | None = None
    curvature: tuple[Curvature | None, ...] = ()
    linear: tuple[int, ...] = ()
    latex: Notation | None = None
    text: Notation | None = None
    written: Callable[..., Node] | None = None
    along: Along = Along.PLACE
    neutral: float | None = None
    axes: Callable[..., Axes] | None = None
    even: bool = False
    costly: bool = False
    condition: bool = False
    of_logits: bool = False
    is_view: bool = False
    without: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        WORDS[self.name] = self
        if self.axes or self.along is Along.REDUCED:
            AXES_OF[self.name] = self.axes or _reduced

    def __call__(self, *values: Value, over: str = "") -> Node:
        nodes = [as_node(value) for value in values]
        if self.along is not Along.PLACE and not nodes[-1].is_axis:
            nodes.append(axis(_named_axis(self.name, over, nodes) if over else _only_axis(self.name, nodes)))
        return apply(self.name, *nodes)

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def is_product(self) -> bool:
        """True if the word multiplies its two arguments."""
        return len(self.linear) == 2

    def bounds(self, *ranges: Range) -> Range:
        """Return the range of its values, given those of its arguments."""
        if self.range is not None:
            return self.range(*ranges)
        rises = tuple(each.rises if each else 0 for each in self.curvature)
        return at_ends(self.value, rises, ranges) if self.value and rises and all(rises) else ANY

    def code(self, target: str, owned: bool = False) -> str:
        """Return the template of code for a target; "eager" is PyTorch outside compilation and transforms.

        Nothing else uses an ``owned`` first argument, so that eager PyTorch may write over it.
        """
        choices = ["owned"] * owned + ["eager", "torch"] if target == "eager" else [target]
        return self.spelling[next((each for each in choices if each in self.spelling), target)]

    def template(self, target: str, count: int, owned: bool = False) -> str:
        """Return the template of code for ``count`` arguments, of which ``{*}`` stands for all."""
        return self.code(target, owned).replace("{*}", ", ".join(f"{{{i}}}" for i in range(count)))

    def in_latex(self, count: int) -> Notation:
        """Return the notation in LaTeX for ``count`` arguments."""
        return self.latex or roman(self.name.replace("_", " "), count)

    def in_text(self, count: int) -> Notation:
        """Return the notation in a terminal for ``count`` arguments."""
        return self.text or call(self.name, count)


def _reduced(*arguments: Node) -> Axes:
    """Return the axes of a reduction."""
    return axes_of(*arguments) - {str(arguments[-1].label)}


def _named_axis(name: str, over: str, nodes: Sequence[Node]) -> str:
    """Return the axis that a formula names, if any value varies along it."""
    if over not in axes_of(*nodes):
        along = " and ".join(sorted(axes_of(*nodes))) or "no axis"
        raise FormulaError(f"{name} cannot run over {over}: its value varies along {along}.")
    return over


def _only_axis(name: str, nodes: Sequence[Node]) -> str:
    """Return the axis that a word runs along if a formula does not say: the only one beside the items'."""
    found = sorted(axes_of(*nodes) - {ITEM})
    if len(found) > 1:
        raise FormulaError(f"{name} could run over {' or '.join(found)}: name one, as in over={found[0]!r}.")
    return found[0] if found else CLASS


def named(**wanted: object) -> frozenset[str]:
    """Return the names of the words with these attributes."""
    return frozenset(
        name for name, word in WORDS.items() if all(getattr(word, key) == value for key, value in wanted.items())
    )


def everywhere(template: str) -> dict[str, str]:
    """Return one template for all targets."""
    return dict.fromkeys(("numpy", "torch", "jax", "llvm", "triton"), template)


def library(name: str, triton: str, count: int = 1, *, torch: str = "", llvm: str = "") -> dict[str, str]:
    """Return the spellings of a function of ``count`` arguments, with one name in all frameworks unless given."""
    arguments = ", ".join(f"{{{i}}}" for i in range(count))
    functions = {
        "numpy": f"numpy.{name}", "torch": f"torch.{torch or name}", "jax": f"jax.numpy.{name}",
        "llvm": llvm or name, "triton": triton,
    }  # fmt: skip
    return {target: f"{function}({arguments})" for target, function in functions.items()}


def unmoved(_: Node, *arguments: Node) -> tuple[None, ...]:
    """Return no change: the derivative rule of a word that is constant between jumps."""
    return (None,) * len(arguments)
