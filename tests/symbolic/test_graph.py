"""Formulas as graphs: what cannot be traced says so, what is simplified is equal, and every word means one thing."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import lossary
from lossary import vocabulary
from lossary.catalogue.record import Record
from lossary.errors import FormulaError
from lossary.symbolic import graph
from lossary.symbolic.codegen import build
from lossary.symbolic.derivatives import curvature, gradient, lower, tangent
from lossary.symbolic.graph import CLASS, ELEMENT, ROW, Node, apply, constant, symbol, walk
from lossary.symbolic.simplify import CLASS_INDEX, leaves
from lossary.vocabulary import WORDS, square
from oracle.exact import Jet, jet
from oracle.graphs import ELEMENTWISE, OVER_A_ROW, evaluate
from oracle.special import SPECIAL
from samples import BY_SHAPE
from words import ELEMENT_WORDS, OF_ARRAYS, OF_GPUS, OF_PLACES, arity

A, B = symbol("a"), symbol("b")
# Where the words are looked at, inside their domains and beside their kinks.
POINTS: dict[str, list[Any]] = {
    "log": [0.1, 1.0, 40.0], "sqrt": [0.1, 1.0, 40.0], "log1p": [-0.9, 1e-5, 3.0], "log1p_fraction": [0.0, 1e-9, 1.0],
    "exp_fraction": [-40.0, -1.0, 0.0], "expm1_gap_near": [-0.75, 0.0, 0.5],
    "log_ratio": [(0.2, 0.21), (0.9, 0.1), (0.3, 0.3)], "power": [(2.0, 3.0), (0.5, -1.5), (1.5, 0.5)],
    "hypot_power": [(0.0, 1.0, 2.0), (0.5, -2.0, -3.0), (30.0, 0.5, 1.5)],
    "hypot_growth": [(0.25, 1.0, 0.0), (0.5, -2.0, -3.0), (30.0, 0.5, 1.5), (-3.0, 2.0, 1e-9), (2.0, 0.5, 0.25)],
    "clip": [(0.5, 0.0, 1.0), (0.25, 0.0, 1.0)], "divide": [(1.0, 3.0), (-2.0, 0.5), (0.0, 2.0)],
    "nonnegative": [-0.5, -0.0157, -0.0156, -1e-9, 0.25],
    "computed_as": [(0.5, 0.5), (3.0, 3.0)], "written_as": [(0.5, 0.5), (3.0, 3.0)],
    "product": [(0.5, 3.0), (0.0, 7.0), (2.0, 0.0)], "weighted": [(0.5, 3.0), (2.0, -1.0), (0.0, 7.0)],
}  # fmt: skip
for name in (
    "log_gamma",
    "log_factorial",
    "digamma",
    "trigamma",
    "log1p_gap",
    "log_scaled_bessel_i0",
    "bessel_ratio_gap",
):
    POINTS[name] = [0.25, 3.0, 20.0]
for name in ("log_rising", "log_rising_ratio", "rising_slope", "rising_ratio_slope", "trigamma_gap"):
    POINTS[name] = [(0.25, 3.0), (7.5, 20.0), (40.0, 0.5)]
POINTS["mean_size"] = [(0.25, 3.0), (-2.0, 1.5), (3.0, 0.75)]
NUMBERS = [-30.0, -2.0, -0.5, 0.25, 1.0, 3.0, 20.0]
WITHOUT_CURVE = ("digamma", "rising_slope", "rising_ratio_slope")  # it would be the slope of trigamma


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else str(value)


def points(word: str) -> list[tuple[float, ...]]:
    if word in POINTS:
        return [point if isinstance(point, tuple) else (point,) for point in POINTS[word]]
    return list(itertools.islice(itertools.product(NUMBERS, repeat=arity(word)), 0, None, 1 if arity(word) == 1 else 3))


def numerically(node: Node, values: dict[str, Any], target: str = "numpy") -> Any:
    """A graph's value by the code that is printed for a target."""
    symbols = leaves(node)
    return build((node,), symbols, target)(*(values[str(s.label)] for s in symbols), axes={"class": -1})[0]


# --- what cannot be traced -----------------------------------------------------------------------------------------

IMPOSSIBLE = {
    "if": ("lambda p, t: p - t if p > t else t - p", "where"),
    "and": ("lambda p, t: where((p > t) and (p < 0.0), p, t)", "&"),
    "equality": ("lambda p, t: where(p == t, p, t)", r"equal\(a, b\)"),
    "float": ("lambda p, t: float(p) - t", "lossary.vocabulary"),
    "math": ("lambda p, t: math.exp(p)", "lossary.vocabulary"),
    "numpy": ("lambda p, t: numpy.exp(p)", "lossary.vocabulary"),
    "numpy array": ("lambda p, t: p * numpy.ones(3)", "ndarray"),
    "iteration": ("lambda p, t: sum(p)", "cannot be iterated"),
    "index": ("lambda p, t: p[0]", "subscriptable"),
    "text": ("lambda p, t: p + 'a'", "str"),
    "not a condition": ("lambda p, t: where(p, p, t)", "condition"),
    "nothing": ("lambda p, t: None", "NoneType"),
    "a constant": ("lambda p, t: 1.0", "argument"),
}


@pytest.mark.parametrize(("text", "remedy"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_traced_says_so(text: str, remedy: str) -> None:
    import math as mathematics

    formula = eval(text, {"where": vocabulary.where, "math": mathematics, "numpy": np, "__name__": "user"})
    with pytest.raises(TypeError, match=remedy):
        lossary.pointwise(formula)


def test_signatures_that_cannot_be_losses() -> None:
    def no_number(prediction: Any, target: Any, *, delta: Any = None) -> Any:
        return prediction

    def starred(*arrays: Any) -> Any:
        return arrays

    for formula, reason in ((no_number, "number as its default"), (starred, "names each argument")):
        with pytest.raises(FormulaError, match=reason):
            lossary.pointwise(formula)


# --- words ---------------------------------------------------------------------------------------------------------


def test_every_word_has_a_meaning_to_compare_with() -> None:
    assert set(WORDS) == {*ELEMENTWISE, *OVER_A_ROW, "pick", *OF_ARRAYS, *OF_PLACES, *OF_GPUS}


FOLDED_WORDS = sorted(name for name, word in WORDS.items() if word.value)


@pytest.mark.parametrize("word", FOLDED_WORDS)
def test_the_value_of_a_word_is_its_meaning(word: str) -> None:
    """Of Python's numbers, which constants are folded with."""
    mp.prec = 200
    for point in points(word) if word in ELEMENT_WORDS else [(1.0, 2.0), (2.0, 2.0)]:
        numbers = point[: 1 if word == "opposite" else len(point)]
        exact = ELEMENTWISE[word](*map(jet, numbers)) if word != "opposite" else not numbers[0]
        folded = apply(word, *numbers)
        assert folded.is_number()
        assert float(folded.label or 0.0) == pytest.approx(
            float(exact.value if isinstance(exact, Jet) else exact), rel=2e-15 if word in SPECIAL else 1e-15
        )


@pytest.mark.parametrize("word", ELEMENT_WORDS)
def test_a_word_means_the_same_on_every_target(word: str) -> None:
    import torch

    import lossary.frameworks.torch  # noqa: F401 - names the functions that eager code calls

    spelt = apply(word, *(symbol(name) for name in "abc"[: arity(word)]))
    node = lower(spelt)
    for point in points(word):
        given = dict(zip("abc", point, strict=False))
        mp.prec = 200
        exact = float(ELEMENTWISE[word](*map(jet, point)).value)
        in_eager = numerically(spelt, {k: torch.tensor(v, dtype=torch.float64) for k, v in given.items()}, "eager")
        in_numpy = numerically(node, {k: np.float64(v) for k, v in given.items()})
        in_torch = numerically(node, {k: torch.tensor(v, dtype=torch.float64) for k, v in given.items()}, "torch")
        in_jax = numerically(node, {k: np.float32(v) for k, v in given.items()}, "jax")
        assert float(in_numpy) == pytest.approx(exact, rel=1e-14, abs=1e-300), point
        assert float(in_torch) == pytest.approx(exact, rel=1e-14, abs=1e-300), point
        assert float(in_eager) == pytest.approx(exact, rel=1e-13, abs=1e-300), point
        assert float(in_jax) == pytest.approx(exact, rel=3e-6, abs=1e-38), point


@pytest.mark.parametrize(
    "word", [w for w in ELEMENT_WORDS if w not in ("sign", "trigamma", "trigamma_gap")]
)  # whose slopes are in no Hessian
def test_derivatives_of_a_word(word: str) -> None:
    """Forward, backward and twice, against exact numbers with derivatives."""
    mp.prec = 300
    symbols = [symbol(name) for name in "abc"[: arity(word)]]
    node = apply(word, *symbols)
    second_only = word in ("weighted", "written_as")
    digits = 15 if word in ("erf", "mean_size") else 30  # its slope has a constant, which is rounded
    moving = symbols[:1] if word in ("clip", "computed_as") else symbols[1:] if second_only else symbols
    for point, which in itertools.product(points(word), moving):
        given = {str(s.label): jet(x, s is which) for s, x in zip(symbols, point, strict=True)}
        exact = ELEMENTWISE[word](*given.values())
        constants = {name: jet(value) for name, value in given.items()} | {k: jet(v.value) for k, v in given.items()}
        slope = gradient(node, [which])[0]
        assert tangent(node, {which: constant(1.0)}) is slope or close(
            evaluate(tangent(node, {which: constant(1.0)}), constants).value, exact.slope
        )
        assert close(evaluate(slope, constants).value, exact.slope, digits), (word, point, which)
        if word not in WITHOUT_CURVE:
            assert close(evaluate(curvature(slope, which), constants).value, exact.curve, digits), (word, point, which)


def close(a: Any, b: Any, digits: int = 30) -> bool:
    return bool(abs(a - b) <= mp.mpf(10) ** -digits * max(1, abs(b)))


def test_slopes_that_are_given_are_those_of_the_value() -> None:
    """Whatever the value is made of: forward and backward, in each variable, and once more."""
    slope = vocabulary.with_slopes(7.0 * A, A, 5.0 * B, B, constant(4.0))
    node = vocabulary.with_slopes(A * B, A, slope, B, 3.0 * A)
    assert lower(node) is A * B
    assert gradient(node, [A, B]) == [slope, 3.0 * A]
    assert tangent(node, {A: constant(1.0)}) is slope
    assert tangent(node, {B: constant(1.0)}) is 3.0 * A
    assert curvature(gradient(node, [A])[0], A) is 5.0 * B
    assert gradient(slope, [B])[0].is_number(4.0)
    moved = lower(tangent(node, {B: symbol("change")}))
    assert numerically(moved, {"a": np.inf, "change": np.zeros(())}) == 0.0


@pytest.mark.parametrize("word", sorted(OVER_A_ROW))
@pytest.mark.parametrize("row", [[0.3, -1.2, 2.0], [5.0], [1.0, 1.0, -40.0, 0.5]], ids=str)
def test_words_over_a_row(word: str, row: list[float]) -> None:
    """Values and both directions of derivatives: backward of a weighted sum, forward along a change of all places."""
    mp.prec = 300
    node = WORDS[word](square(A), A) if word in ("excess", "over_length") else WORDS[word](A)
    coefficient, change = symbol("coefficient", node.axes), symbol("change")
    weights, moves = [0.5, -1.0, 2.0, 0.25][: len(row)], [1.0, -0.5, 0.25, 3.0][: len(row)]
    exact_row = [jet(x) for x in row]
    reduces = CLASS not in node.axes
    given = {
        "a": exact_row,
        "coefficient": jet(0.5) if reduces else list(map(jet, weights)),
        "change": list(map(jet, moves)),
    }
    numbers = numerically(lower(node), {"a": np.array([row])})
    right = evaluate(node, given, len(row))
    np.testing.assert_allclose(
        np.ravel(numbers),
        [float(x.value) for x in (right if isinstance(right, list) else [right])],
        rtol=1e-14,
        atol=1e-30,
    )
    if word == "greatest":
        return  # has no derivative: only others' definitions use it
    (pulled,) = gradient(node, [A], coefficient)
    backward = as_row(evaluate(pulled, given, len(row)), len(row))
    for j in range(len(row)):
        one = {"a": [jet(x, i == j) for i, x in enumerate(row)]}
        values = evaluate(node, one, len(row))
        slopes = [0.5 * values.slope] if reduces else [w * v.slope for w, v in zip(weights, values, strict=True)]
        assert close(backward[j].value, mp.fsum(slopes))
    along = {"a": [Jet(mp.mpf(x), mp.mpf(m)) for x, m in zip(row, moves, strict=True)]}
    forward = as_row(evaluate(tangent(node, {A: change}), given, len(row)), len(row))
    for found, exactly in zip(forward, as_row(evaluate(node, along, len(row)), len(row)), strict=True):
        assert close(found.value, exactly.slope)


def as_row(value: Any, classes: int) -> list[Any]:
    return value if isinstance(value, list) else [value] * classes


# --- simplification ------------------------------------------------------------------------------------------------


CLASSES = 3
FOLDED = 10  # digits: constants are folded in float64


class Random:
    """Graphs at random, with the shapes that the rules look for, and the same ones unsimplified."""

    UNARY = ("negative", "square", "absolute", "exp", "sigmoid", "softplus", "tanh", "expm1")
    BINARY = ("add", "subtract", "multiply", "maximum", "minimum", "weighted", "divide", "power", "log_ratio")
    CONDITIONS = ("less", "less_equal", "equal")

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rows = seed % 2 == 1

    def number(self, depth: int) -> tuple[Any, ...]:
        """A tree of words, symbols and numbers; of rows, every second one."""
        if self.rows and depth > 0 and self.dice.random() < 0.35:
            if self.dice.random() < 0.3:
                return ("total", self.number(depth - 1))
            zero = self.dice.random() < 0.5
            return ("where", ("own class",), self.number(depth - 1), (0.0,) if zero else self.number(depth - 1))
        if depth == 0 or self.dice.random() < 0.15:
            return (self.dice.choice(["a", "b", 0.0, 1.0, -1.0, 2.0, 0.5]),)
        kind = self.dice.random()
        if kind < 0.3:
            return (self.dice.choice(self.UNARY), self.number(depth - 1))
        if kind < 0.55:
            return ("where", self.condition(depth - 1), self.number(depth - 1), self.number(depth - 1))
        return (self.dice.choice(self.BINARY), self.number(depth - 1), self.number(depth - 1))

    def condition(self, depth: int) -> tuple[Any, ...]:
        kind = self.dice.random()
        if depth > 0 and kind < 0.2:
            return ("opposite", self.condition(depth - 1))
        if depth > 0 and kind < 0.4:
            return (self.dice.choice(["both", "either"]), self.condition(depth - 1), self.condition(depth - 1))
        return (self.dice.choice(self.CONDITIONS), self.number(min(depth, 1)), self.number(min(depth, 1)))


LABEL = symbol("_label", ROW)


def built(tree: tuple[Any, ...]) -> Node:
    if tree == ("own class",):
        return apply("equal", CLASS_INDEX, LABEL)
    if len(tree) == 1:
        return symbol(tree[0]) if isinstance(tree[0], str) else constant(tree[0])
    return WORDS[tree[0]](*(built(part) for part in tree[1:]))


def differs(simple: Node, plain: Node, given: dict[str, Any]) -> bool:
    """Whether two graphs differ where the unsimplified one is finite all the way."""
    if not all(finite(evaluate(part, given, CLASSES)) for part in walk(plain) if not part.is_axis):
        return False
    a, b = (as_row(evaluate(node, given, CLASSES), CLASSES) for node in (simple, plain))
    return not all(close(x.value, y.value, FOLDED) for x, y in zip(a, b, strict=True))


def finite(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(finite, value))
    return not isinstance(value, Jet) or (
        not isinstance(value.value, mp.mpc) and bool(abs(value.value) < mp.mpf(10) ** 200)
    )


@pytest.fixture
def unsimplified(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Builds trees without any rule."""

    def build_plainly(tree: tuple[Any, ...]) -> Node:
        with monkeypatch.context() as patch:
            forget_rules(patch)
            return built(tree)

    return build_plainly


def forget_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(graph, "_simplifications", {"any": []})
    patch.setattr(graph, "_simplified", graph._simplified.__wrapped__)  # nor what they made before


def test_what_cannot_be_positive_takes_less_work() -> None:
    """Words for a part of the numbers are found where the formula shows that no others come."""
    size = vocabulary.absolute(A)
    for power in (-size, -2.0 * size, -(A**2.0), -(size + 1.0) * 3.0, vocabulary.exp(A) * -1.0):
        tail = vocabulary.exp(power)
        assert tail.word == "exp_fraction"
        assert vocabulary.log1p(tail).word == "log1p_fraction"
    for power in (size, A, -A, 2.0 - size, -2.0 * A, -(size * B)):
        assert vocabulary.exp(power).word == "exp"
    assert vocabulary.log1p(-vocabulary.exp(-size)).word == "log1p"


def test_both_slopes_of_log_add_are_of_one_exponential() -> None:
    """Whose argument is the same for a - b and b - a: sizes forget signs, also those inside of a choice."""
    slopes = [lower(slope, "llvm") for slope in gradient(vocabulary.log_add(A, B), [A, B])]
    assert sum(node.word == "exp_fraction" for node in walk(*slopes)) == 1
    choice = vocabulary.where(vocabulary.equal(A, B), 0.0, -A)
    assert vocabulary.absolute(choice) is vocabulary.absolute(vocabulary.where(vocabulary.equal(A, B), 0.0, A))
    assert vocabulary.absolute(vocabulary.where(vocabulary.equal(A, B), 1.0, -A)).arguments[0].arguments[2] is -A


def test_a_new_rule_is_asked_about_words_that_were_applied_before(monkeypatch: pytest.MonkeyPatch) -> None:
    x, half = graph.symbol("x"), graph.as_node(0.5)
    before = graph.apply("power", x, half)
    monkeypatch.setattr(graph, "_simplifications", {"any": [], "power": []})
    graph.simplification("power")(lambda word, a, b: a if b is half else None)
    assert before is not x
    assert graph.apply("power", x, half) is x
    monkeypatch.undo()
    graph._simplified.cache_clear()


def test_simplified_graphs_are_equal(unsimplified: Any) -> None:
    mp.prec = 120
    changed = 0
    for seed in range(1000):
        tree = Random(seed).number(4)
        simple, plain = built(tree), unsimplified(tree)
        changed += simple is not plain
        for a, b, label in ((0.7, -1.3, 0), (-0.5, 0.0, 2)):
            row = [jet(a), jet(2 * a), jet(1.0)] if seed % 2 else jet(a)
            classes = {"_class_index": list(map(jet, range(CLASSES))), "_label": jet(label)}
            assert not differs(simple, plain, {"a": row, "b": jet(b), **classes}), tree
    assert changed > 500  # the rules had something to do


def test_the_logarithm_of_zero_is_a_constant() -> None:
    """Frameworks have no logarithm of a Python number."""
    assert vocabulary.log(constant(0.0)).is_number(-math.inf)


def test_a_product_of_zero_and_infinity_stays_zero() -> None:
    """Also where a simplification moves the infinity out of a select, and so makes it a number."""
    x = symbol("x", ELEMENT)
    infinite = vocabulary.product(x, vocabulary.where(x < 5.0, math.inf, 0.0))
    with np.errstate(invalid="ignore"):  # in the branch that is not taken
        found = build((infinite,), (x,), "numpy")(np.array([-1.0, 0.0, 1.0, 7.0]), axes=())[0]
    np.testing.assert_array_equal(found, [-math.inf, 0.0, math.inf, 0.0])


def test_a_condition_on_a_labels_row_is_one() -> None:
    """A comparison of a select on the label's class is no select of numbers, which PyTorch takes for no condition."""
    own = built(("own class",))
    for value, inside in ((vocabulary.where(own, 1.0, 0.0), own), (vocabulary.where(own, 0.0, 1.0), ~own)):
        assert vocabulary.less(0.0, value) is inside
    either = vocabulary.less(0.0, vocabulary.where(own, 1.0, A))
    assert WORDS[either.word].condition
    for a, label, holds in ((-1.0, 0, [True, False, False]), (2.0, 1, [True, True, True])):
        given = {"a": [jet(a)] * CLASSES, "_class_index": list(map(jet, range(CLASSES))), "_label": jet(label)}
        assert [bool(x) for x in evaluate(either, given, CLASSES)] == holds


def test_shared_parts_beside_a_label_are_followed_once() -> None:
    """Each of forty steps has the one before twice: followed as a tree, they are 2⁴⁰ parts, and this has no end."""
    own = built(("own class",))
    value: Any = vocabulary.where(own, A, B)
    for _ in range(40):
        value = vocabulary.maximum(value, vocabulary.exp(value))
    found = vocabulary.where(own, 0.0, value)
    assert own not in walk(found.arguments[2])


def test_derivatives_of_simplified_graphs_are_equal(unsimplified: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Differentiating what was simplified is differentiating the tree as it was written, beside the kinks."""
    mp.prec = 120
    compared = 0
    for seed in range(0, 800, 2):
        tree = Random(seed).number(3)
        simple, plain = built(tree), unsimplified(tree)
        slope = gradient(simple, [A])[0]
        given = {"a": jet(0.7, moving=True), "b": jet(-1.3)}
        values = [evaluate(part, given) for part in walk(plain) if not part.is_axis]
        if all(finite(value) for value in values):
            compared += 1
            assert close(
                evaluate(slope, {"a": jet(0.7), "b": jet(-1.3)}).value, evaluate(plain, given).slope, FOLDED
            ), tree
    assert compared > 100


@pytest.mark.parametrize("record", BY_SHAPE, ids=name_of)
def test_a_loss_is_simplified_truly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """The formula's graph with and without simplification, at random arguments inside the domains."""
    mp.prec = 200
    with monkeypatch.context() as patch:
        forget_rules(patch)
        names = [a.name for a in record.inner.arguments]
        plain = graph.as_node(record.formula(*map(symbol, names), **{p.name: p.symbol for p in record.parameters}))
    dice = random.Random(1)
    for _ in range(20):
        given: dict[str, Any] = {p.name: jet(dice.uniform(0.1, 0.9)) for p in record.parameters}
        for name in names:
            row = [jet(dice.uniform(0.05, 0.95)) for _ in range(3)]
            given[name] = row[0] if record.kind == "pointwise" else row
        classes = 1 if record.kind == "pointwise" else 3
        found, right = (as_row(evaluate(node, given, classes), classes) for node in (record.graph, plain))
        assert all(close(a.value, b.value) for a, b in zip(found, right, strict=True))


@pytest.mark.parametrize("record", BY_SHAPE, ids=name_of)
def test_what_is_computed_is_the_formula(record: Record) -> None:
    """Where a formula is written or differentiated in one form and computed in another, the two are equal."""
    mp.prec = 200
    parts = [node for node in walk(record.graph) if node.word in ("computed_as", "written_as")]
    dice = random.Random(2)
    for _ in range(20 if parts else 0):
        given: dict[str, Any] = {p.name: jet(dice.uniform(0.1, 0.9)) for p in record.parameters}
        for a in record.inner.arguments:
            sign = -1.0 if a.domain.high == 0 else 1.0
            row = [jet(sign * dice.uniform(0.05, 0.95)) for _ in range(3)]
            row = [x / sum(row, jet(0)) for x in row] if a.domain.sums_to_one else row
            given[a.name] = row[0] if record.kind == "pointwise" else row
        for part in parts:
            formula, accurate = (as_row(evaluate(x, given, 3), 3) for x in part.arguments)
            assert all(close(a.value, b.value) for a, b in zip(formula, accurate, strict=True))


def test_equal_parts_are_one_node() -> None:
    assert apply("exp", A) is apply("exp", symbol("a"))
    assert symbol("a", ROW) is not A
    assert repr(constant(-0.0)) == repr(constant(0.0))
    assert constant(math.nan) is constant(math.nan)
    assert (A + B).axes == ELEMENT
    assert vocabulary.total(A).axes == ROW


def test_a_large_formula_is_shown_in_part() -> None:
    """JAX prints formulas; one of shared parts has 2^n as text, and one as deep as Python's stack has none."""
    node = A
    for _ in range(3000):
        node = node * node + B
    assert repr(A * A + B) == "add(multiply(a, a), b)"
    assert len(repr(node)) < 1000


def test_a_formula_may_nest_deeper_than_python_reads_parentheses() -> None:
    x = symbol("x")
    node, expected = x, 1.0
    for _ in range(300):
        node, expected = vocabulary.sin(node), math.sin(expected)
    (found,) = build((node,), (x,), "numpy")(np.array([1.0]))
    np.testing.assert_allclose(found, [expected], rtol=1e-14)
