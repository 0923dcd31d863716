"""LaTeX of a graph, with no more parentheses than a reader needs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, count
from string import ascii_lowercase

from lossary.symbolic.graph import CLASS, ELEMENT, Node, apply, constant, index, places, walk
from lossary.symbolic.recurrence import states, unrolled
from lossary.symbolic.words import CONDITIONS, WORDS
from lossary.symbolic.words.notation import Binds
from lossary.symbolic.words.word import Along, Word

__all__ = ["as_written", "latex", "layer", "letter", "letters_of"]

LETTERS = {
    "prediction": r"\hat{y}", "target": "y", "probability": "p", "logits": "z", "target_logits": "z'",
    "variance": r"\sigma^{2}", "similarity": "s", "temperature": r"\tau", "label_smoothing": r"\varepsilon",
    "positive_weight": "w_{+}", "negative_weight": "w_{-}", "positive_gamma": r"\gamma_{+}",
    "negative_gamma": r"\gamma_{-}", "margin": "m", "scores": "z", "smooth": "s", "features": "x", "classifier": "w",
    "bias": "b", "target_features": "x'", "target_classifier": "w'", "target_bias": "b'", "anchor": "x",
    "embedding": "x", "positive": "x^{+}", "negative": "x^{-}", "thresholds": r"\theta",
}  # fmt: skip
GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
)  # fmt: skip
SPARE_LETTERS = ("u", "v", "q", "r", "A", "B", "G", "H")
OF_CLASSES = {CLASS: "c"}
LONG = 5  # a repeated part of at least this many nodes gets a letter


def latex(node: Node, letters: Mapping[str, str] = OF_CLASSES) -> str:
    """Return a formula as LaTeX; ``letters`` are those of its axes, for the places along them."""
    node = as_written(node)
    of_rows = any(part.couples for part in walk(node))
    writer = _Writer(dict(letters) if of_rows else {})
    named = [part for part in _repeated(node) if part is not node or part.word == states.name]
    writer.names.update(zip(named, _letters(named), strict=True))
    definitions = [text for part in named for text in writer.defined(part)]
    return r", \quad ".join([writer.spelled(node), *definitions])


def letters_of(names: Iterable[str], made_from: Mapping[str, str]) -> dict[str, str]:
    """Choose a letter for each axis: of items i, of others their first that is free; one that a word made has primes.

    >>> letters_of(["item", "entry", "other_item", "sorted_entry"], {"other_item": "item", "sorted_entry": "entry"})
    {'item': 'i', 'entry': 'e', 'other_item': "i'", 'sorted_entry': "e'"}
    """
    found: dict[str, str] = {}
    for name in names:
        base = found.get(made_from.get(name, ""), "")
        choices = [base + "'" * n for n in range(1, 9)] if base else [*name.lower(), *ascii_lowercase]
        found[name] = next(letter for letter in choices if letter not in found.values() and letter != "_")
    return found


def layer(scores: str, left: str, right: str, bias: str) -> str:
    """Return the equation of a linear layer's scores as LaTeX; the arguments are letters."""
    return rf"{scores}_{{c}} = {left} \cdot {right}_{{c}} + {bias}_{{c}}"


def as_written(node: Node) -> Node:
    """Return the textbook form of a formula, without what makes it exact at the extremes."""
    done: dict[Node, Node] = {}
    for part in walk(node):
        done[part] = _textbook(part, [done[argument] for argument in part.arguments])
    return done[node]


def _textbook(node: Node, arguments: list[Node]) -> Node:
    written = WORDS[node.word].written if arguments else None
    if written:
        return written(*arguments)
    if node.word == "multiply" and arguments[1].word == "divide" and arguments[1].arguments[0] is arguments[0]:
        return apply("square", arguments[0]) / arguments[1].arguments[1]
    if node.word == "multiply" and arguments[0].is_number() and float(arguments[0].label or 0.0) < 0:
        return -(constant(-float(arguments[0].label or 0.0)) * arguments[1])
    return apply(node.word, *arguments) if arguments else node


def _repeated(node: Node) -> list[Node]:
    """Return the long parts that are used more than once, and states, which are made of themselves."""
    uses = Counter(argument for part in walk(node) for argument in part.arguments)
    long = (p for p in walk(node) if uses[p] > 1 and len(walk(p)) >= LONG and p.word not in CONDITIONS)
    return list(dict.fromkeys([*long, *(p for p in walk(node) if p.word == states.name)]))


def _letters(parts: list[Node]) -> list[str]:
    """Choose a letter for each part: that of its only array with a tilde, or a spare one."""
    spare = chain(SPARE_LETTERS, (f"{letter}^{{({n})}}" for n in count(1) for letter in SPARE_LETTERS))
    letters: list[str] = []
    for part in parts:
        arrays = [letter(str(n.label)) for n in walk(part) if n.word == "symbol" and n.axes == ELEMENT]
        tilde = rf"\tilde{{{arrays[0]}}}" if len(arrays) == 1 and len(arrays[0]) == 1 else ""
        letters.append(tilde if tilde and tilde not in letters else next(spare))
    return letters


def letter(name: str) -> str:
    """Return the letter of an argument or parameter."""
    if name in LETTERS or len(name) == 1:
        return LETTERS.get(name, name)
    return f"\\{name}" if name in GREEK else rf"\mathit{{{name}}}".replace("_", r"\_")


def _number(value: float) -> str:
    if not math.isfinite(value):
        return r"\infty" if value > 0 else r"-\infty"
    fraction = Fraction(value)
    if 1 < fraction.denominator <= 16:
        return f"{'-' if value < 0 else ''}\\tfrac{{{abs(fraction.numerator)}}}{{{fraction.denominator}}}"
    mantissa, _, exponent = f"{value:g}".partition("e")
    power = f"10^{{{int(exponent)}}}" if exponent else ""
    return mantissa if not power else power if mantissa == "1" else f"{mantissa} \\cdot {power}"


@dataclass
class _Writer:
    """Printer of the nodes of one formula; ``names`` has the letters of repeated parts."""

    letters: Mapping[str, str]  # of axes; none where the formula is of single elements
    names: dict[Node, str] = field(default_factory=dict)

    def within(self, node: Node, asked: Binds) -> str:
        """Return a part, in parentheses if it binds less tightly than ``asked``."""
        text = self.named(node) if node in self.names else self.spelled(node)
        return text if self._binds(node) >= asked else rf"\left({text}\right)"

    def _binds(self, node: Node) -> Binds:
        if node in self.names:
            return Binds.ATOM
        if node.word == "constant":
            return Binds.SUM if float(node.label or 0.0) < 0 else Binds.ATOM
        if not node.arguments:
            return Binds.ATOM
        word = WORDS[node.word]
        notation = word.in_latex(len(node.operands))
        if notation.template == "{0}":
            return self._binds(node.operands[0])
        return Binds.PRODUCT if word.is_product else notation.binds

    def defined(self, node: Node) -> list[str]:
        """Return what the letter of a part stands for; of states, the first one and the next."""
        if node.word != states.name:
            return [f"{self.named(node)} = {self.spelled(node)}"]
        over = str(node.arguments[-1].label)
        first = _Writer({**self.letters, over: self.letters.get(over, "") + r"_{0}"}, self.names)
        start = self.within(node.arguments[2], Binds.CHOICE)
        return [f"{first.named(node)} = {start}", f"{self.named(node)} = {self.spelled(as_written(unrolled(node)))}"]

    def named(self, node: Node) -> str:
        return self._indexed(self.names[node], node)

    def _indexed(self, letter: str, node: Node) -> str:
        shown = [place for axis, place in self.letters.items() if axis in node.axes and place]
        own = (", " if any(" " in place for place in shown) else " ").join(shown)
        return f"{letter}_{{{own}}}" if own else letter

    def spelled(self, node: Node) -> str:
        if node.word == "constant":
            return _number(float(node.label or 0.0))
        if node.word == "symbol":
            return self._symbol(node)
        word, count = WORDS[node.word], len(node.operands)
        if word.is_product:
            return self._product([factor for part in node.arguments for factor in _factors(part, self.names)])
        notation = word.in_latex(count)
        asked = notation.asked(count)
        parts = [self.within(part, each) for part, each in zip(node.operands[1:], asked[1:], strict=True)]
        shown = self._of_axes(node)
        place = notation.inside.format("", *parts, **shown)
        parts = [self._inside(node, word, place).within(node.operands[0], asked[0]), *parts]
        if node.word == "where":
            parts = [part.replace(r"\frac", r"\dfrac") for part in parts]  # LaTeX sets cases small
        return notation.template.format(*parts, **shown)

    def _symbol(self, node: Node) -> str:
        """Return an argument, or the place along an axis, or how many there are."""
        for axis, place in self.letters.items():
            if node is index(axis):
                return place
            if node is places(axis):
                return f"N_{{{place}}}"
        return self._indexed(letter(str(node.label)), node)

    def _of_axes(self, node: Node) -> dict[str, str]:
        """Return what a word along an axis may show of it."""
        own = [self.letters.get(str(axis.label), "") for axis in node.arguments if axis.is_axis]
        numbers = [float(part.label or 0.0) for part in node.operands if part.is_number()]
        by = int(numbers[-1]) if numbers and math.isfinite(numbers[-1]) else 0
        return {"c": own[0] if own else "", "new": own[-1] if own else "", "way": r"\ge" if by < 0 else r"\le",
                "shift": f"{'+' if by < 0 else '-'} {abs(by)}"}  # fmt: skip

    def _inside(self, node: Node, word: Word, place: str) -> _Writer:
        """Return the printer of a word's first argument, in which its axis has another letter, or none."""
        over = next((str(axis.label) for axis in node.arguments if axis.is_axis), "")
        if not place and (word.along is not Along.ROW or (word.of_logits and len(self.letters) > 1)):
            return self
        return _Writer({**self.letters, over: place}, self.names)

    def _product(self, factors: Sequence[Node]) -> str:
        """Return factors side by side; a sum or a function without parentheses may only be the last."""
        *rest, last = factors
        texts = [*(self.within(factor, Binds.POWER) for factor in rest), self.within(last, Binds.PRODUCT)]
        product = texts[0]
        for before, text in zip(factors, texts[1:], strict=False):
            close = before.is_number() or text.startswith(r"\left") or product.endswith(r"\right)")
            product += f" {text}" if close else rf" \, {text}"
        return product


def _factors(node: Node, names: dict[Node, str]) -> list[Node]:
    if not node.arguments or not WORDS[node.word].is_product or node in names:
        return [node]
    return [factor for argument in node.arguments for factor in _factors(argument, names)]
