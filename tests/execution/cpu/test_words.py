"""Elementary functions of kernels against mpmath, in ulp, over the whole range of each dtype."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy
import pytest
from numpy.typing import NDArray

from lossary.execution.cpu import compile as compiling
from lossary.execution.cpu.compile import available
from lossary.execution.cpu.prelude import prelude

pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")

Numbers = NDArray[Any]
DTYPES = ("float32", "float64")
EXACT: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp,
    "exp_fraction": mpmath.exp,
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "log1p_fraction": mpmath.log1p,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
}
OF_LIBRARIES = {("sin", "float64"), ("cos", "float64")}  # C's, one number at a time
OF_TWO = [("power", "float32"), ("log_ratio", "float32"), ("log_ratio", "float64")]
CASES = [(word, dtype) for dtype in DTYPES for word in EXACT if (word, dtype) not in OF_LIBRARIES]
DOMAIN = {
    "exp_fraction": (-numpy.inf, 0.0),
    "log": (0.0, numpy.inf),
    "log1p": (-1.0, numpy.inf),
    "log1p_fraction": (0.0, 1.0),
}
# Where many digits could cancel, or the way to the result changes.
INTERVALS: dict[str, list[tuple[float, float]]] = {
    "exp": [(-1, 1), (-90, -80), (-104, -80), (80, 90), (-746, 710)],
    "exp_fraction": [(-1, 0), (-90, -80), (-104, -80), (-746, 0)],
    "expm1": [(-0.6, 0.6), (-2, 2), (-45, 45), (-0.01, 0.01)],
    "log": [(0.7, 0.8), (0.99, 1.01), (1.4, 1.6), (0, 100)],
    "log1p": [(-0.3, 0.6), (-1, -0.5), (-0.01, 0.01), (0, 100)],
    "log1p_fraction": [(0, 1), (0.4, 0.6), (0, 0.01)],
    "tanh": [(-1.1, 1.1), (0.9, 1.1), (-30, 30), (-0.01, 0.01)],
    "sin": [(-1, 1), (-10, 10), (3.1, 3.2), (1e15, 4e15), (1e23, 2e23), (8e30, 2e31)],
    "cos": [(-1, 1), (-10, 10), (1.5, 1.6), (1e15, 4e15), (1e23, 2e23), (8e30, 2e31)],
}


@cache
def module_of(word: str, dtype: str, count: int = 1) -> Any:
    """Return the LLVM module of a kernel that is one loop over a function of ``count`` numbers."""
    names = [f"values_{k}" for k in range(count)]
    loop = f"    for i in range(count):\n        results[i] = {word}({', '.join(f'{name}[i]' for name in names)})\n"
    text = f"{prelude(dtype)}\n\ndef kernel({', '.join(names)}, results, count):\n{loop}"
    return compiling._module(text, signature(dtype, count), word)


def signature(dtype: str, count: int) -> str:
    return f"void({f'CPointer({dtype}), ' * (count + 1)}int64)"


def compute(word: str, *columns: Numbers) -> Numbers:
    dtype, count = str(columns[0].dtype), len(columns)
    code = compiling._machine().emit_object(module_of(word, dtype, count))
    given, results = list(map(numpy.ascontiguousarray, columns)), numpy.empty(len(columns[0]), dtype)
    pointers = [column.ctypes.data for column in (*given, results)]
    compiling._load(code, word, signature(dtype, count))(*pointers, len(results))
    return results


def numbers_of(word: str, dtype: str) -> Numbers:
    """Return numbers of all magnitudes, more of them where a function is difficult."""
    random = numpy.random.default_rng(0)
    bits = random.integers(0, 2**64, 500, dtype=numpy.uint64)
    anywhere = bits.view(numpy.float64) if dtype == "float64" else bits.astype(numpy.uint32).view(numpy.float32)
    subnormal = numpy.ldexp(random.uniform(-1, 1, 50), -126 if dtype == "float32" else -1022)
    between = [random.uniform(low, high, 200) for low, high in INTERVALS[word]]
    values: Numbers = numpy.concatenate([anywhere, *(part.astype(dtype) for part in (subnormal, *between))])
    low, high = DOMAIN.get(word, (-numpy.inf, numpy.inf))
    return values[numpy.isfinite(values) & (values > low) & (values < high)]


def error_in_ulps(result: float, exact: Any, dtype: str) -> float:
    """Return the error of a result in ulp of the exact value."""
    limits = numpy.finfo(dtype)
    if abs(exact) > mpmath.mpf(float(limits.max)):
        return 0.0 if numpy.isinf(result) and (result > 0) == (exact > 0) else numpy.inf
    exponent = mpmath.frexp(exact)[1] if exact else limits.minexp
    place = mpmath.ldexp(1, max(exponent - limits.nmant - 1, limits.minexp - limits.nmant))
    return float(abs(mpmath.mpf(float(result)) - exact) / place)


@pytest.mark.parametrize(("word", "dtype"), CASES)
def test_within_one_ulp(word: str, dtype: str) -> None:
    values = numbers_of(word, dtype)
    assert len(values) > 300
    with mpmath.workprec(120):
        exact = [EXACT[word](mpmath.mpf(float(x))) for x in values]
        errors = [error_in_ulps(y, z, dtype) for y, z in zip(compute(word, values), exact, strict=True)]
    worst = int(numpy.argmax(errors))
    assert errors[worst] <= 1.0, f"{word}({values[worst]!r}) is off by {errors[worst]} ulp"


LIMITS: dict[str, dict[float, float]] = {
    "exp": {-numpy.inf: 0, numpy.inf: numpy.inf, 0: 1, -800: 0, 800: numpy.inf},
    "exp_fraction": {-numpy.inf: 0, 0: 1, -800: 0},
    "expm1": {-numpy.inf: -1, numpy.inf: numpy.inf, 0: 0, -800: -1, 800: numpy.inf},
    "log": {-numpy.inf: numpy.nan, numpy.inf: numpy.inf, 0: -numpy.inf, 1: 0, -1: numpy.nan},
    "log1p": {-numpy.inf: numpy.nan, numpy.inf: numpy.inf, 0: 0, -1: -numpy.inf, -2: numpy.nan},
    "log1p_fraction": {0: 0},
    "tanh": {-numpy.inf: -1, numpy.inf: 1, 0: 0, -800: -1, 800: 1},
    "sin": {-numpy.inf: numpy.nan, numpy.inf: numpy.nan, 0: 0},
    "cos": {-numpy.inf: numpy.nan, numpy.inf: numpy.nan, 0: 1},
}


@pytest.mark.parametrize(("word", "dtype"), CASES)
def test_limits(word: str, dtype: str) -> None:
    values = numpy.array([*LIMITS[word], numpy.nan], dtype)
    numpy.testing.assert_array_equal(compute(word, values), numpy.array([*LIMITS[word].values(), numpy.nan], dtype))


@pytest.mark.parametrize(
    ("word", "dtype"), [case for case in CASES if case[0] in ("expm1", "log1p", "log1p_fraction", "tanh", "sin")]
)
def test_exact_near_zero(word: str, dtype: str) -> None:
    limits = numpy.finfo(dtype)
    values = numpy.array([limits.smallest_subnormal, 3 * limits.smallest_subnormal, limits.tiny, 1e-30], dtype)
    numpy.testing.assert_array_equal(compute(word, values), values)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", DTYPES)
def test_without_a_compiler_they_are_plain_functions(dtype: str) -> None:
    words: dict[str, Any] = {}
    exec(prelude(dtype), words)
    number = words["number"]
    for word in (word for word, of in CASES if of == dtype):
        values = numbers_of(word, dtype)[::97]
        plain = numpy.array([words[word](number(x)) for x in values])
        assert plain.dtype == dtype
        numpy.testing.assert_allclose(plain, compute(word, values), rtol=3 * float(numpy.finfo(dtype).eps))


def test_powers_within_one_ulp() -> None:
    """Of float32; those of float64 are C's. Results of all sizes, also from bases beside 1, and from subnormal ones."""
    random = numpy.random.default_rng(0)
    subnormal = numpy.ldexp(random.uniform(0, 1, 200), -126)
    bases = numpy.concatenate([numbers_of("log", "float32"), 1.0 + random.uniform(-1e-3, 1e-3, 500), subnormal])
    bases = bases[bases > 0].astype(numpy.float32)
    size = numpy.maximum(abs(numpy.log2(bases.astype(float))), 1e-7)
    exponents = (random.uniform(-152, 129, len(bases)) / size).astype(numpy.float32)
    exponents[::4] = random.choice([-1.5, -0.5, 0.5, 1.0, 2.0, 3.0], len(exponents[::4]))
    found = compute("power", bases, exponents)
    with mpmath.workprec(120):
        exact = [mpmath.mpf(float(x)) ** mpmath.mpf(float(y)) for x, y in zip(bases, exponents, strict=True)]
        errors = [error_in_ulps(value, right, "float32") for value, right in zip(found, exact, strict=True)]
    worst = int(numpy.argmax(errors))
    assert errors[worst] <= 1.0, f"{bases[worst]!r} ** {exponents[worst]!r} is off by {errors[worst]} ulp"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_powers_at_limits_are_those_of_c() -> None:
    whole = [1.0, 2.0, 3.0, 2.0**23 + 1.0, 2.0**24 - 1.0, 2.0**24]
    sizes = [0.0, 1e-45, 0.5, 1.0 + 2.0**-23, 1.5, *whole, 3e38, numpy.inf]
    ends = numpy.array([*sizes, *(-size for size in sizes), numpy.nan], numpy.float32)
    bases, exponents = (part.ravel() for part in numpy.meshgrid(ends, ends))
    found = compute("power", bases, exponents)
    right = numpy.power(bases.astype(float), exponents.astype(float)).astype(numpy.float32)
    numpy.testing.assert_allclose(found, right, rtol=2.0**-23)
    is_zero = right == 0
    numpy.testing.assert_array_equal(numpy.signbit(found[is_zero]), numpy.signbit(right[is_zero]))


@pytest.mark.parametrize("dtype", DTYPES)
def test_logarithms_of_quotients(dtype: str) -> None:
    """Of numbers of all magnitudes, of subnormal ones, and of some that hardly differ; the quotient is rounded, too."""
    random = numpy.random.default_rng(0)
    subnormal = numpy.ldexp(random.uniform(0, 1, 300), -126 if dtype == "float32" else -1022)
    above = numpy.abs(numpy.concatenate([numbers_of("log", dtype), subnormal])).astype(dtype)
    size = above.astype("longdouble") * (
        1 + random.uniform(-1, 1, len(above)) * 10.0 ** random.uniform(-8, 0, len(above))
    )
    below = numpy.where(random.random(len(above)) < 0.5, size.astype(dtype), random.permutation(above))
    inside = (above > 0) & (below > 0) & numpy.isfinite(below)
    above, below = above[inside], below[inside]
    with mpmath.workprec(200):
        exact = [mpmath.log(mpmath.mpf(float(a)) / mpmath.mpf(float(b))) for a, b in zip(above, below, strict=True)]
        errors = [error_in_ulps(y, z, dtype) for y, z in zip(compute("log_ratio", above, below), exact, strict=True)]
    worst = int(numpy.argmax(errors))
    assert errors[worst] <= 1.5, f"log({above[worst]!r} / {below[worst]!r}) is off by {errors[worst]} ulp"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", DTYPES)
def test_logarithms_of_quotients_at_limits(dtype: str) -> None:
    """Of 0 / 0, too, it is infinite, as the word's definition is."""
    limits = numpy.finfo(dtype)
    ends = numpy.array([0, limits.smallest_subnormal, 0.3, 0.5, limits.max, numpy.inf, numpy.nan], dtype)
    above, below = (part.ravel() for part in numpy.meshgrid(ends, ends))
    over, under = above.astype("longdouble"), below.astype("longdouble")
    right = numpy.where(below == 0, numpy.inf, numpy.log(over) - numpy.log(under))
    numpy.testing.assert_allclose(compute("log_ratio", above, below), right, rtol=4 * float(limits.eps), atol=0)
    assert numpy.isnan(compute("log_ratio", *numpy.array([[-1.0], [1.0]], dtype)))


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="looks at x86-64 instructions")
@pytest.mark.parametrize(("word", "dtype"), [*CASES, *OF_TWO])
def test_loops_work_on_whole_vectors(word: str, dtype: str) -> None:
    assembly = compiling._machine().emit_assembly(module_of(word, dtype, 1 + ((word, dtype) in OF_TWO)))
    wide = "[yz]mm" if "+avx2" in compiling._processor()[1] else "xmm"
    kind = "d" if dtype == "float64" or word in ("sin", "cos", "power") else "s"
    multiplications = rf"\tv?f?n?m\w*p{kind}\t.*%{wide}"  # also fused with an addition
    assert len(re.findall(multiplications, assembly)) > 5
    called = re.findall(r"\tcallq?\t(\S+)", assembly)
    assert all("kernel" in name for name in called)  # the entry calls the kernel, which calls nothing
