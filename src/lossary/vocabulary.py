"""What a formula may say, one row a word: its meaning, its derivative, and how each target machine spells it.

A word is either *spelt* by the targets (``exp``) or *defined* in other words (``sigmoid``); the definition is put in
its place when code is printed, after the derivatives were taken, so that a derivative can be a closed form of its own.

A derivative rule pushes a small change ``d`` of each argument through the word. It is linear in ``d`` and acts place by
place, so the same rule carries changes forward and gradients backward. Words that couple the places of a row
(``log_softmax``) have a rule for each direction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from lossary.errors import FormulaError
from lossary.graph import Level, Node, Value, apply, as_node, walk
from lossary.simplify import CLASS_INDEX

TARGETS = ("numpy", "torch", "jax", "numba", "triton", "latex")
Push = Callable[..., tuple[Node | None, ...]]


@dataclass(frozen=True)
class Word:
    """A word of the vocabulary."""

    name: str
    spelling: dict[str, str] = field(default_factory=dict)
    push: Push | None = None
    pull: Push | None = None  # backward, where that differs
    own: Push | None = None  # at one place of the row, whose change moves the softmax's mean of the others by a second
    definition: Callable[..., Node] | None = None


WORDS: dict[str, Word] = {}


def spelt(name: str, *spellings: str, push: Push | None = None) -> None:
    """Add a word that every target spells; one spelling serves them all unless each has its own."""
    *code, latex = spellings
    WORDS[name] = Word(name, dict(zip(TARGETS, (*(code * 5)[:5], latex), strict=True)), push)


def defined(
    name: str, latex: str, push: Push, pull: Push | None = None, own: Push | None = None
) -> Callable[[Callable[..., Node]], None]:
    """Add a word that is defined in other words, with a derivative of its own."""

    def register(definition: Callable[..., Node]) -> None:
        WORDS[name] = Word(name, {"latex": latex}, push, pull, own, definition)

    return register


def namespaces(function: str, numba: str, triton: str, latex: str) -> tuple[str, ...]:
    """The spellings of a function that NumPy, PyTorch and JAX call by one name."""
    torch = function.replace("power", "pow")
    return (f"numpy.{function}", f"torch.{torch}", f"jax.numpy.{function}", numba, triton, latex)


# ---- what authors call --------------------------------------------------------------------------------------------


def _caller(word: str) -> Callable[..., Node]:
    def call(*values: Value) -> Node:
        return apply(word, *values)

    call.__name__ = call.__qualname__ = word
    return call


absolute, square, sqrt = _caller("absolute"), _caller("square"), _caller("sqrt")
exp, expm1, log, log1p = _caller("exp"), _caller("expm1"), _caller("log"), _caller("log1p")
tanh, sin, cos = _caller("tanh"), _caller("sin"), _caller("cos")
maximum, minimum, power = _caller("maximum"), _caller("minimum"), _caller("power")
sign, sigmoid, softplus = _caller("sign"), _caller("sigmoid"), _caller("softplus")
sigmoid_slope = _caller("sigmoid_slope")
weighted, guard, clip, log_ratio = _caller("weighted"), _caller("guard"), _caller("clip"), _caller("log_ratio")
product, fixed = _caller("product"), _caller("fixed")
computed_as, written_as, select = _caller("computed_as"), _caller("written_as"), _caller("where")
total, greatest, pick, put = _caller("total"), _caller("greatest"), _caller("pick"), _caller("put")
log_softmax, softmax, other_softmax = _caller("log_softmax"), _caller("softmax"), _caller("other_softmax")
log_sum_exp = _caller("log_sum_exp")
unit, over_length = _caller("unit"), _caller("over_length")


def equal(a: Value, b: Value) -> Node:
    """Whether a and b are the same number."""
    return apply("equal", a, b)


def where(condition: Value, a: Value, b: Value) -> Node:
    """a where the condition holds, else b; the other one is not looked at, whatever it is."""
    node = as_node(condition)
    if node.word not in CONDITIONS and not node.is_number():
        raise FormulaError(f"where() needs a condition such as a < b or equal(a, b), not {node!r}.")
    if isinstance(condition, bool):
        raise FormulaError("where() was given True or False: compare with <, <= or equal(a, b), not with ==.")
    return apply("where", node, a, b)


def is_finite(value: Node) -> Node:
    """Whether a value is neither infinite nor NaN."""
    return absolute(value) < math.inf


def tempered(logits: Value, temperature: Value) -> Node:
    """Logits over a temperature, which does not move infinite ones."""
    divided = as_node(logits) / temperature
    return written_as(divided, where(is_finite(as_node(logits)), divided, logits / fixed(temperature)))


def sum_over(row: Node, value: Node) -> Node:
    """The sum of a value over the places of a row, which may be the same in all of them."""
    if value.level & Level.COLUMN:
        return total(value)
    place = next(part for part in walk(row) if part.word == "symbol" and part.level & Level.COLUMN)
    return value * total(where(equal(place, place), 1.0, math.nan))


CONDITIONS = ("less", "less_equal", "equal", "both", "either", "opposite")


def _no_change(_: Node, *arguments: Node) -> tuple[None, ...]:
    return (None,) * len(arguments)


def _by_divisor(d: Node, a: Node, b: Node) -> Node:
    """d · a / b², in quotients that overflow no sooner than the result, and round no more than they must; 0 if d is."""
    of_numbers = d.word == "where" and all(branch.is_number() for branch in d.arguments[1:])
    return d * ((a / b) / b) if d.is_number() or of_numbers else weighted(d / b, a / b)


# ---- words that the targets spell ---------------------------------------------------------------------------------

spelt("add", "{0} + {1}", "{0} + {1}", push=lambda d, a, b: (d, d))
spelt("subtract", "{0} - {1}", "{0} - {1}", push=lambda d, a, b: (d, -d))
spelt("multiply", "{0} * {1}", r"{0} \, {1}", push=lambda d, a, b: (d * b, a * d))
spelt("divide", "{0} / {1}", r"\frac{{{0}}}{{{1}}}", push=lambda d, a, b: (d / b, -_by_divisor(d, a, b)))
spelt("negative", "-{0}", "-{0}", push=lambda d, a: (-d,))
spelt("square", "{0} * {0}", "{0}^{{2}}", push=lambda d, a: (d * (2.0 * a),))
spelt(
    "power",
    *namespaces("power({0}, {1})", "power({0}, {1})", "libdevice.pow({0}, {1})", "{0}^{{{1}}}"),
    push=lambda d, a, b: (d * (b * power(a, b - 1.0)), weighted(power(a, b), d * log(a))),
)
for _name, _triton, _latex, _push in (
    ("exp", "libdevice.exp({0})", "e^{{{0}}}", lambda d, a: (d * exp(a),)),
    ("expm1", "libdevice.expm1({0})", "e^{{{0}}} - 1", lambda d, a: (d * exp(a),)),
    ("log", "tl.log({0})", r"\log {0}", lambda d, a: (d / a,)),
    ("log1p", "libdevice.log1p({0})", r"\log (1 + {0})", lambda d, a: (d / (1.0 + a),)),
    ("tanh", "libdevice.tanh({0})", r"\tanh {0}", lambda d, a: (d * (4.0 * sigmoid_slope(2.0 * a)),)),
    ("sin", "tl.sin({0})", r"\sin {0}", lambda d, a: (d * cos(a),)),
    ("cos", "tl.cos({0})", r"\cos {0}", lambda d, a: (-(d * sin(a)),)),
    ("sqrt", "tl.sqrt({0})", r"\sqrt{{{0}}}", lambda d, a: (d / (2.0 * sqrt(a)),)),
):
    spelt(_name, *namespaces(f"{_name}({{0}})", f"{_name}({{0}})", _triton, _latex), push=_push)
spelt(
    "exp_fraction",  # of a number that is not positive, which takes a processor less work
    *("numpy.exp({0})", "torch.exp({0})", "jax.numpy.exp({0})", "exp_fraction({0})", "exp_fraction({0})", "e^{{{0}}}"),
    push=lambda d, a: (d * apply("exp_fraction", a),),
)
spelt(
    "log1p_fraction",  # of a number from 0 to 1, which takes a processor half the work
    *("numpy.log1p({0})", "torch.log1p({0})", "jax.numpy.log1p({0})", "log1p_fraction({0})"),
    *("log1p_fraction({0})", r"\log\left(1 + {0}\right)"),
    push=lambda d, a: (d / (1.0 + a),),
)
spelt(
    "absolute",
    *namespaces("absolute({0})", "absolute({0})", "tl.abs({0})", r"\left|{0}\right|"),
    push=lambda d, a: (d * sign(a),),
)
spelt("less", "{0} < {1}", "{0} < {1}", push=_no_change)
spelt("less_equal", "{0} <= {1}", r"{0} \le {1}", push=_no_change)
spelt("equal", "{0} == {1}", "{0} = {1}", push=_no_change)
spelt("both", "{0} & {1}", r"{0} \wedge {1}", push=_no_change)
spelt("either", "{0} | {1}", r"{0} \vee {1}", push=_no_change)
spelt("opposite", "~{0}", "~{0}", "~{0}", "not {0}", "{0} == 0", r"\lnot {0}", push=_no_change)
spelt(
    "where",
    *namespaces(
        "where({0}, {1}, {2})", "where({0}, {1}, {2})", "tl.where({0}, {1}, {2})",
        r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
    ),
    push=lambda d, c, a, b: (None, select(c, d, 0.0), select(c, 0.0, d)),
)  # fmt: skip
spelt(
    "total",
    "numpy.sum({0}, axis=axis, keepdims=True, dtype=numpy.float64).astype({0}.dtype)",
    "torch.sum({0}, dim=axis, keepdim=True)",
    "jax.numpy.sum({0}, axis=axis, keepdims=True)",
    *("total({0})", "total({0}, inside)", r"\sum_{{{c}}} {0}"),
    push=lambda d, a: (d,),
)
spelt(
    "greatest",
    "numpy.max({0}, axis=axis, keepdims=True)",
    "torch.amax({0}, dim=axis, keepdim=True)",
    "jax.numpy.max({0}, axis=axis, keepdims=True)",
    *("greatest({0})", "greatest({0}, inside)", r"\max_{{{c}}} {0}"),
)
spelt(
    "pick",
    "take_along_axis({0}, {1}, axis)",
    "take_along_axis({0}, {1}, axis)",
    "take_along_axis({0}, {1}, axis)",
    *("pick({0}, {1})", "pick({0}, {1})", "{0}_{{{1}}}"),
    push=lambda d, a, label: (where(equal(CLASS_INDEX, label), d, 0.0), None),
)

spelt(
    "put",  # the first, with the third at the class of the label
    *("put({0}, {1}, {2}, axis)",) * 3,
    *("put({0}, {1}, {2})", "put({0}, {1}, {2})", "{0}"),
)
spelt("safe_label", *namespaces("where({0}, {1}, 0)", "where({0}, {1}, 0)", "tl.where({0}, {1}, 0)", "{1}"))

# ---- words that are defined in other words ------------------------------------------------------------------------


def _shared(d: Node, first: Node, second: Node) -> tuple[Node, Node]:
    """A change that goes to the argument chosen, to both by halves where they tie."""
    return where(first, d, where(second, 0.0, 0.5 * d)), where(second, d, where(first, 0.0, 0.5 * d))


@defined("maximum", r"\max\left({0}, {1}\right)", push=lambda d, a, b: _shared(d, b < a, a < b))
def _maximum(a: Node, b: Node) -> Node:
    return where(b < a, a, where(a <= b, b, a + b))  # the sum of the two is NaN where one is


@defined("minimum", r"\min\left({0}, {1}\right)", push=lambda d, a, b: _shared(d, a < b, b < a))
def _minimum(a: Node, b: Node) -> Node:
    return where(a < b, a, where(b <= a, b, a + b))


@defined("sign", r"\operatorname{{sign}} {0}", push=lambda d, a: (None,))
def _sign(a: Node) -> Node:
    return where(0.0 < a, 1.0, where(a < 0.0, -1.0, a))


@defined("product", r"{0} \, {1}", push=lambda d, a, b: (product(d, b), product(a, d)))
def _product(a: Node, b: Node) -> Node:
    """a · b, and 0 where either is 0, whatever the other."""
    return where(equal(a, 0.0) | equal(b, 0.0), 0.0, a * b)


@defined("weighted", r"{0} \, {1}", push=lambda d, w, v: (product(d, v), weighted(w, d)))
def _weighted(weight: Node, value: Node) -> Node:
    """weight · value, and 0 where the weight is 0, whatever the value."""
    return where(equal(weight, 0.0), 0.0, weight * value)


@defined("guard", "{1}", push=lambda d, ok, a: (None, guard(ok, d)))
def _guard(ok: Node, value: Node) -> Node:
    """value where ok, else NaN, in every derivative too."""
    return select(ok, value, math.nan)


@defined("clip", "{0}", push=lambda d, a, low, high: (d, None, None))
def _clip(a: Node, low: Node, high: Node) -> Node:
    """a put back between low and high after rounding; the slope stays 1."""
    return where(a < low, low, where(high < a, high, a))


@defined("computed_as", "{0}", push=lambda d, formula, accurate: (d, None))
def _computed_as(formula: Node, accurate: Node) -> Node:
    """A formula that is differentiated as it stands, while its value is computed in a form that is more exact."""
    return accurate


@defined("fixed", "{0}", push=lambda d, a: (None,))
def _fixed(a: Node) -> Node:
    """a, which no derivative sees."""
    return a


@defined("written_as", "{0}", push=lambda d, formula, same: (None, d))
def _written_as(formula: Node, same: Node) -> Node:
    """A formula as people write it, computed and differentiated in an equal form whose derivatives are more exact."""
    return same


@defined("sigmoid", r"\operatorname{{sigmoid}}\left({0}\right)", push=lambda d, a: (d * sigmoid_slope(a),))
def _sigmoid(a: Node) -> Node:
    tail = apply("exp_fraction", -absolute(a))
    return where(a < 0.0, tail, 1.0) * (1.0 / (1.0 + tail))


@defined(
    "sigmoid_slope",
    r"\operatorname{{sigmoid}}'\left({0}\right)",
    push=lambda d, a: (-(d * (sigmoid_slope(a) * tanh(0.5 * a))),),
)
def _sigmoid_slope(a: Node) -> Node:
    tail = apply("exp_fraction", -absolute(a))
    return _variance(tail / (1.0 + tail))


def _variance(rarer: Node) -> Node:
    """p (1 - p), from the smaller of the two: an error in it counts for less, the nearer it is to the other."""
    return rarer * (1.0 - rarer)


@defined("softplus", r"\log(1 + e^{{{0}}})", push=lambda d, a: (d * sigmoid(a),))
def _softplus(a: Node) -> Node:
    return where(a < 0.0, 0.0, a) + apply("log1p_fraction", apply("exp_fraction", -absolute(a)))


@defined("log_ratio", r"\log \frac{{{0}}}{{{1}}}", push=lambda d, a, b: (d / a, -(d / b)))
def _log_ratio(a: Node, b: Node) -> Node:
    """log(a / b), exact where a and b are close and where their quotient would overflow; infinite where b is 0."""
    gap = a - b
    apart = where(equal(b, 0.0), math.inf, log(a) - log(b))
    return where(absolute(gap) < 0.5 * b, log1p(gap / b), apart)


def _exp_of_difference(a: Node, b: Node) -> Node:
    """exp(a - b) for b >= a, with what the difference rounds off: far apart, that is many ulps of the power."""
    gap = a - b
    back = gap - a
    lost = (a - (gap - back)) - (b + back)
    power = apply("exp_fraction", gap)
    return power + where(lost < 1.0, power * lost, 0.0)  # not where the gap is infinite: lost is NaN


def _powers(a: Node) -> tuple[Node, Node, Node]:
    """Of a row: the distance to the greatest value, its exponential, and the sum of the others' exponentials."""
    top = greatest(a)
    is_top = equal(a, top)
    equals = total(where(is_top, 1.0, 0.0)) - 1.0
    none_left, two_certain = equal(top, -math.inf), equal(top, math.inf) & (0.0 < equals)
    limit = where(none_left | two_certain, math.nan, 0.0)  # there is none
    power = _exp_of_difference(a, top)
    rest = total(where(is_top, 0.0, power)) + equals
    return where(is_top, limit, a - top), where(is_top, 1.0 + limit, power), rest


def _softmax_variance(a: Node) -> Node:
    """softmax · other_softmax, as a diagonal of derivatives has it."""
    _, power, rest = _powers(a)
    return _variance(where(equal(a, greatest(a)), minimum(power, rest), power) / (1.0 + rest))


def _excess(d: Node, a: Node) -> Node:
    """softmax(a) · (d − its mean under softmax(a)); a class of probability 0 adds nothing, however it changes.

    An infinite change is its own mean; where that is not all of the row, it exceeds what it adds to it.
    """
    mean = total(weighted(softmax(a), d))
    endless = equal(d, mean) & ~is_finite(mean)
    return weighted(softmax(a), select(endless, product(1.0 - softmax(a), d), d - mean))


@defined(
    "log_softmax",
    r"\log \operatorname{{softmax}}\left({0}\right)_{{{c}}}",
    push=lambda d, a: (d * other_softmax(a) - (total(softmax(a) * d) - softmax(a) * d),),
    pull=lambda g, a: (g * other_softmax(a) - softmax(a) * (sum_over(a, g) - g),),
    own=lambda d, others, a: (d * other_softmax(a) - others,),
)
def _log_softmax(a: Node) -> Node:
    distance, _, rest = _powers(a)
    return distance - log1p(rest)


@defined(
    "softmax",
    r"\operatorname{{softmax}}\left({0}\right)_{{{c}}}",
    push=lambda d, a: (_excess(d, a),),
    own=lambda d, others, a: (d * _softmax_variance(a) - softmax(a) * others,),
)
def _softmax(a: Node) -> Node:
    _, power, rest = _powers(a)
    return power * (1.0 / (1.0 + rest))


@defined(
    "other_softmax",
    r"\left(1 - \operatorname{{softmax}}\left({0}\right)_{{{c}}}\right)",
    push=lambda d, a: (-_excess(d, a),),
    own=lambda d, others, a: (softmax(a) * others - d * _softmax_variance(a),),
)
def _other_softmax(a: Node) -> Node:
    """1 - softmax, the probability of all other classes, without cancellation."""
    _, power, rest = _powers(a)
    return (rest + (1.0 - power)) * (1.0 / (1.0 + rest))


@defined(
    "log_sum_exp",
    r"\log \sum_{{{c}}} e^{{{0}}}",
    push=lambda d, a: (total(weighted(softmax(a), d)),),
    pull=lambda g, a: (weighted(softmax(a), g),),
)
def _log_sum_exp(a: Node) -> Node:
    _, _, rest = _powers(a)
    return greatest(a) + log1p(rest)


def _length(a: Node) -> tuple[Node, Node]:
    """Of a row: what brings its greatest number to 1, if multiplied twice, and the length that it then has.

    So no square overflows or is lost. What is divided by the length of a row of zeros is to be 0.
    """
    top = greatest(absolute(a))
    root = 1.0 / sqrt(where(equal(top, 0.0), 1.0, top))
    squares = total(square(a * root * root))
    return root, sqrt(where(equal(squares, 0.0), math.inf, squares))


@defined(
    "unit",
    r"\frac{{{0}}}{{\left\lVert {0} \right\rVert}}",
    push=lambda d, a: (over_length(d - unit(a) * total(unit(a) * d), a),),
)
def _unit(a: Node) -> Node:
    """The row as a vector of length 1; zeros where all are zeros."""
    return over_length(a, a)


@defined(
    "over_length",
    r"\frac{{{0}}}{{\left\lVert {1} \right\rVert}}",
    push=lambda d, x, a: (over_length(d, a), -over_length(over_length(x, a) * total(unit(a) * d), a)),
    pull=lambda g, x, a: (over_length(g, a), -over_length(unit(a) * total(g * over_length(x, a)), a)),
)
def _over_length(x: Node, a: Node) -> Node:
    """A row over the length of another; zeros where that is 0."""
    root, length = _length(a)
    return x * root * root / length


# ---- words that PyTorch has itself, where values can be looked at on the way --------------------------------------

EAGER_SPELLINGS = {
    "log_softmax": "log_softmax({0}, axis)",
    "log_sum_exp": "torch.logsumexp({0}, axis, keepdim=True)",
    "clip": "torch.clamp({0}, {1}, {2})",
    "least": "torch.amin({0}, dim=axis, keepdim=True)",
    "weighted_sum": "weighted_sum({0}, {1}, axis)",
    "pulled_log_softmax": "pulled_log_softmax({0}, {1}, axis)",  # a change pulled back through it, given its values
}
for _name in ("least", "weighted_sum", "pulled_log_softmax"):
    WORDS[_name] = Word(_name)
for _word in WORDS.values():
    if _word.name in EAGER_SPELLINGS or "torch" in _word.spelling:
        _word.spelling["eager"] = EAGER_SPELLINGS.get(_word.name) or _word.spelling["torch"]
# The same, of a first argument that nobody else has, so that it may be written over.
for _name in ("add", "subtract", "multiply"):
    WORDS[_name].spelling["owned"] = f"{_name}_({{0}}, {{1}})"
WORDS["put"].spelling["owned"] = "put_({0}, {1}, {2}, axis)"
