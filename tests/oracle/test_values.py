"""Every loss against its textbook definition in hundreds of digits, over the whole range of its number type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpmath import mp

import lossary
from lossary.catalogue.record import Record
from oracle import measured
from oracle.exact import BITS, jet
from oracle.graphs import definition
from oracle.textbook import TEXTBOOK
from representatives import OUTLINES, REPRESENTATIVES
from samples import BY_SHAPE

BOUND = 4  # ulps of the result, or of its largest term
DTYPES = [np.float32, np.float64]
POINTWISE = [record for record in lossary.losses() if record.kind == "pointwise"]
OVER_CLASSES = [record for record in lossary.losses() if record.kind in ("row", "softmax")]
OVERLAP = [record for record in lossary.losses() if record.kind == "overlap"]


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else value.__name__


def hold(errors: measured.Errors) -> None:
    far = [f"{worst.where} ({worst.ulps:.1f} ulp)" for worst in errors.worst.values() if worst.ulps > BOUND]
    assert far == []
    assert len(errors.worst) >= 2  # something was looked at


def is_compiled(record: Record, dtype: Any, wide: tuple[Record, ...]) -> bool:
    """Take the float32 kernel of each loss, and the float64 kernels of some: one takes part of a second to compile.

    The functions that kernels are made of are held in both dtypes by execution/cpu/test_words.py.
    """
    return dtype is np.float32 or record in wide


@pytest.mark.parametrize("dtype", DTYPES, ids=name_of)
@pytest.mark.parametrize("record", POINTWISE, ids=name_of)
def test_elements(record: Record, dtype: Any) -> None:
    """Corners of the domain, near-equal arguments and random ones, at several values of each parameter."""
    size = 200 if dtype is np.float32 else 100
    hold(measured.of_elements(record, dtype, size, is_compiled(record, dtype, REPRESENTATIVES)))


@pytest.mark.parametrize("dtype", DTYPES, ids=name_of)
@pytest.mark.parametrize("record", OVER_CLASSES, ids=name_of)
def test_rows(record: Record, dtype: Any) -> None:
    """Rows of 2 to 5 classes, -inf and +inf among the logits, zeros and ones among the probabilities."""
    hold(measured.of_rows(record, dtype, 60, is_compiled(record, dtype, OUTLINES)))


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("dtype", DTYPES, ids=name_of)
@pytest.mark.parametrize("record", OVERLAP, ids=name_of)
def test_pools(record: Record, dtype: Any) -> None:
    """Pools of 1 to 5 pixels; the first element's slope and curvature."""
    hold(measured.of_pools(record, dtype, size=40))


@pytest.mark.parametrize("record", BY_SHAPE, ids=name_of)
def test_the_definition_is_the_formula(record: Record) -> None:
    """The textbook's definition and the loss's own formula are one function, to many digits."""
    if record.name not in TEXTBOOK:
        pytest.skip("has no definition apart from its formula")
    mp.prec = BITS["float64"]
    parameters = {p.name: jet(0.75 if p.domain.contains(0.75) else p.default) for p in record.parameters}
    numbers = [[0.25, 0.5, 0.125, 0.125], [0.1, 0.2, 0.3, 0.4], [0.7, 0.6, 1.5, 2.5], [0.4, 0.3, 0.2, 0.1]]
    arguments: list[Any] = [[jet(x) for x in row] for row in numbers[: len(record.arguments)]]
    if record.kind == "pointwise":
        arguments = [row[0] for row in arguments]
    book, own = (sum(d(*arguments, **parameters), jet(0)).value for d in (TEXTBOOK[record.name], definition(record)))
    assert abs(book - own) < mp.mpf(10) ** -300 + abs(book) * 1e-15  # the formula's literals are floating-point numbers


@pytest.mark.usefixtures("portable")
def test_a_subnormal_variance() -> None:
    """The error over the variance overflows, its square over the variance does not: ½ (2^-34)² / 2^-1064."""
    assert lossary.gaussian_nll(2.0**-34, 0.0, 2.0**-1064) == pytest.approx(2.0**995, rel=1e-14)


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize("loss", [lossary.gaussian_nll, lossary.laplace_nll], ids=str)
def test_the_curvature_beside_a_tiny_variance(loss: lossary.Loss) -> None:
    """It is a product: of its two terms in the textbook, which are infinite, the larger is that of the error."""
    _, (_, far) = loss.gradient_and_hessian([1.0], [2.0], [1e-160])
    _, (_, near) = loss.gradient_and_hessian([1.0], [1.0], [1e-160])
    assert (far, near) == (np.inf, -np.inf)


@pytest.mark.usefixtures("portable")
def test_a_share_near_its_mean() -> None:
    """Of large concentrations, log Γ and α log y are ten thousand times the loss; no term of what is computed is."""
    alpha = np.array([4.5, 20.0, 300.0, 16385.0, 1e5, 1e6], np.float32)
    beta = np.array([9.0, 20.0, 100.0, 16385.0, 3e5, 1e6], np.float32)
    share = np.array([0.25, 0.55, 0.75, 0.51, 0.25, 0.5], np.float32)
    with mp.workdps(40):
        a, y, b = (map(mp.mpf, x.astype(float).tolist()) for x in (alpha, share, beta))
        exact = [-mp.log(y**a * (1 - y) ** b / mp.beta(a, b)) for a, y, b in zip(a, y, b, strict=True)]
    assert lossary.beta_nll(alpha, share, beta, reduction="none") == pytest.approx([float(x) for x in exact], rel=2e-6)


@pytest.mark.usefixtures("portable")
def test_a_large_count_near_its_rate() -> None:
    """The rate and log target! are a million times the loss; no term of what is computed is."""
    rate, target = np.array([12.0, 1010.0, 1.01e6], np.float32), np.array([10.0, 1e3, 1e6], np.float32)
    with mp.workdps(40):
        pairs = list(zip(rate.astype(float).tolist(), target.astype(float).tolist(), strict=True))
        exact = [float(r - t * mp.log(r) + mp.loggamma(t + 1)) for r, t in pairs]
        of_shape = [mp.log(mp.beta(2.5, t)) + mp.log(t) for _, t in pairs]
        spread = [2.5 * mp.log1p(r / 2.5) + t * mp.log1p(2.5 / r) for r, t in pairs]
        spread = [float(value + of) for value, of in zip(spread, of_shape, strict=True)]
    options: dict[str, Any] = {"constant": 1.0, "reduction": "none"}
    assert lossary.poisson(rate, target, **options) == pytest.approx(exact, rel=3e-7)
    assert lossary.negative_binomial(rate, target, np.full_like(rate, 2.5), **options) == pytest.approx(
        spread, rel=3e-7
    )


@pytest.mark.usefixtures("portable")
def test_a_large_count_far_from_its_mean() -> None:
    """Of a small shape, the loss is small beside log target! however far they are apart."""
    mean, target = np.array([1e6, 1e5, 2e3, 1e6], np.float32), np.array([1e7, 1e6, 5e4, 1.01e6], np.float32)
    shape = np.array([30.0, 2.0, 0.25, 1e8], np.float32)
    with mp.workdps(40):
        exact = []
        for m, t, r in zip(*(map(mp.mpf, x.astype(float).tolist()) for x in (mean, target, shape)), strict=True):
            rising = mp.loggamma(t + r) - mp.loggamma(r) - mp.loggamma(t + 1)
            exact.append(float(r * mp.log1p(m / r) + t * mp.log1p(r / m) - rising))
    found = lossary.negative_binomial(mean, target, shape, constant=1.0, reduction="none")
    assert found == pytest.approx(exact, rel=3e-7)


@pytest.mark.usefixtures("portable")
def test_a_large_count_near_the_rate_whose_logarithm_is_given() -> None:
    """The rate is rounded to 6e-8 of itself, and the loss changes by the rate less the target times that."""
    log_rate, target = np.array([13.815511, 13.8], np.float32), np.array([1.01e6, 1.01e6], np.float32)
    with mp.workdps(40):
        pairs = list(zip(log_rate.astype(float).tolist(), target.astype(float).tolist(), strict=True))
        exact = [float(mp.exp(z) - t * mp.mpf(z) + mp.loggamma(t + 1)) for z, t in pairs]
    found = lossary.log_poisson(log_rate, target, constant=1.0, reduction="none")
    assert found == pytest.approx(exact, rel=1e-4)


@pytest.mark.usefixtures("portable")
@pytest.mark.parametrize(("dtype", "logit", "q"), [(np.float64, 700.0, 1e-20), (np.float32, 88.0, 1e-6)], ids=str)
def test_a_tiny_power_of_a_certain_class(dtype: Any, logit: float, q: float) -> None:
    """Its exponent q log p is no number of full precision, but the loss, −log p, is one."""
    found = lossary.softmax_generalized_cross_entropy(np.array([[logit, 0.0, 0.0]], dtype), [0], q=q)
    with mp.workdps(40):
        assert float(found) == pytest.approx(
            float(mp.log1p(2 * mp.exp(-logit))), rel=4 * float(np.finfo(dtype).eps), abs=0.0
        )


@pytest.mark.usefixtures("portable")
def test_a_target_near_its_mean_that_hardly_varies() -> None:
    shape, mean, target = 1e6, 3.0, np.float32(3.0015)
    with mp.workdps(40):
        k, m, t = mp.mpf(shape), mp.mpf(mean), mp.mpf(float(target))
        exact = k * (mp.log(m) + t / m) - (k - 1) * mp.log(t) + mp.loggamma(k) - k * mp.log(k)
    given = np.array([mean], np.float32), np.array([target])
    assert lossary.gamma_nll(*given, shape=shape, constant=1.0) == pytest.approx(float(exact), rel=3e-7)
