"""Sums of the kernels: within 1 ulp of the exact sum, in the same bits for any number of threads, at any offset."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import lossary as ls
from lossary.catalogue.record import Record
from lossary.execution.cpu.compile import available
from oracle import points
from representatives import PRINTED
from samples import KINDS, arguments

Array = np.ndarray[Any, Any]
# Sums are added by the same functions in all kernels, and of each dtype.
BY_ITEM = [record for record in KINDS if record.kind in ("pointwise", "row", "softmax")]
ROWS = (2001, 37)  # some chunks, each of whole rows; no size is one of vectors
pytestmark = pytest.mark.skipif(not available(), reason="llvmlite is not installed")


def name_of(value: Any) -> str:
    return value.name if isinstance(value, Record) else value.__name__


def mixed(record: Record, dtype: Any) -> list[Array]:
    """Return numbers of all magnitudes, in several chunks."""
    rng = np.random.default_rng(1)
    if record.kind in ("pointwise", "overlap"):
        return [points.at_random(a.domain, rng, 70_001).astype(dtype) for a in record.arguments]
    given = arguments(record, shape=ROWS)
    if record.arguments[0].domain.high != 1.0:
        given[0] *= 10.0 ** rng.uniform(-6, 3, (len(given[0]), 1))
    return [array.astype(dtype) for array in given]


def constant(record: Record, dtype: Any) -> list[Array]:
    """Return one number many times, for which plain sums drift."""
    return [np.ascontiguousarray(np.broadcast_to(array[:1], array.shape)) for array in mixed(record, dtype)]


def hold(found: Any, items: Array) -> None:
    """Assert that the sum is within 1 ulp of the exact sum of the items."""
    exact = math.fsum(items.ravel().astype(np.float64))
    assert abs(float(found) - exact) <= np.spacing(found.dtype.type(abs(exact)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=name_of)
@pytest.mark.parametrize("record", BY_ITEM, ids=name_of)
def test_sums_are_exact_in_the_same_bits_for_any_number_of_threads(
    record: Record, dtype: Any, threads_are: Callable[[int], None]
) -> None:
    loss = ls.get(record.name)
    for given in (mixed(record, dtype), constant(record, dtype)):
        items = loss.value_and_gradient(*given, reduction="none")[0]
        if record.kind == "pointwise":
            kept = abs(items) < 1e30  # so that the sum is a number
            given, items = [array[kept] for array in given], items[kept]
        seen = set()
        for threads in (1, 2, 7):
            threads_are(threads)
            value, gradient = loss.value_and_gradient(*given, reduction="sum")
            gradients = gradient if isinstance(gradient, tuple) else (gradient,)
            seen.add((value.tobytes(), *(g.tobytes() for g in gradients)))
        assert len(seen) == 1
        hold(value, items)


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=name_of)
@pytest.mark.parametrize("record", [r for r in KINDS if r.kind in ("overlap", "pairs")], ids=name_of)
def test_pools_and_pairs_in_the_same_bits(record: Record, dtype: Any, threads_are: Callable[[int], None]) -> None:
    given, seen = [array.astype(dtype) for array in arguments(record, shape=(300, 301))], set()
    for threads in (1, 2, 7):
        threads_are(threads)
        value, gradient = ls.get(record.name).value_and_gradient(*given)
        seen.add((value.tobytes(), (gradient[0] if isinstance(gradient, tuple) else gradient).tobytes()))
    assert len(seen) == 1


@pytest.mark.parametrize(("dtype", "power"), [(np.float32, 20), (np.float64, 40)], ids=str)
def test_terms_that_cancel(dtype: Any, power: int) -> None:
    """Terms of both signs whose sum is 2**power times smaller than the sum of their sizes."""

    @ls.pointwise
    def difference(prediction: Any, target: Any) -> Any:
        return prediction - target

    rng = np.random.default_rng(2)
    great = rng.normal(size=20_000).astype(dtype)
    rest = dtype(abs(great).sum(dtype=np.float64) * 2 * 2.0**-power)
    terms = np.concatenate([great, -rng.permutation(great), [rest]]).astype(dtype)
    assert abs(terms).sum(dtype=np.float64) / abs(math.fsum(terms.astype(float))) > 2.0 ** (power - 1)
    hold(difference(terms, np.zeros_like(terms), reduction="sum"), terms)


def test_kernels_of_half_precision_sum_in_float32() -> None:
    """60000 squares of 2 are 240000, beyond float16; the sum is float32 and exact."""
    value = ls.squared_error(np.full(60_000, 2.0, np.float16), np.zeros(60_000, np.float16), reduction="sum")
    assert (value, value.dtype) == (240_000.0, np.float32)


def test_a_sum_beyond_all_numbers_is_infinite() -> None:
    assert ls.squared_error(np.full(10, 1e19, np.float32), np.zeros(10, np.float32), reduction="sum") == math.inf


def test_offsets_beyond_two_to_the_31() -> None:
    """Every kernel on the chunk after 2**31 elements, of arrays whose addresses are moved back by as much.

    Only that chunk exists. An offset of 32 bits would read and write elsewhere: hence in a process of its own.
    """
    code = """
        import math
        import numpy as np, lossary as ls
        from lossary.execution.cpu import kernels, lanes, passes, rows
        from lossary.frameworks import numpy as face
        from representatives import PRINTED
        from samples import arguments

        pointer, printer_of, launcher = face.pointer, passes.printer_of, passes._launcher
        compile_kernel, runs = kernels.compile_kernel, {}

        def compiled(*text):
            run = compile_kernel(*text)
            runs[run.call] = run
            return run

        kernels.compile_kernel = compiled
        kernels.verify = lambda *_: None  # such extents say nothing of samples

        def last_chunk(kernel, size):
            "What runs a kernel over that chunk alone."
            (chunks, *shape, room), run = size, runs[kernel.call]

            def launch(*given):
                own, sums = np.empty(room, np.uint8), np.zeros((2, chunks, 2))
                at = own.ctypes.data
                run(*given, at, at + kernels.SCRATCH_AT, sums.ctypes.data, chunks, *shape, chunks - 1, chunks)
                return sums[:, -1].sum(-1).tolist()

            return launch

        class Far:
            "The same chunk, as if so many others came before it."
            def __init__(self, body, chunks, whole):
                self.body, self.extent = body.body, lambda lie: (chunks + 1, *whole)

        def far_away(layout, items, columns):
            "Arrays have a value an element, or one an item; without columns, an item is an element."
            size = items * max(1, columns)
            if layout is lanes.INNER:
                each, whole = items, lambda chunks: (items, columns)  # the last of many groups
            elif columns:
                each = rows.CHUNK // columns if layout is rows else lanes.together(columns)
                whole = lambda chunks: (chunks * each + items, columns)
            else:
                each, whole = kernels.pointwise.CHUNK, lambda chunks: (1, chunks * each + items)
            chunks = (1 << 31) // (each * max(1, columns)) + 5
            before = {items: chunks * each, size: chunks * each * max(1, columns)}
            face.pointer = lambda a: (pointer(a) - before[a.size] * a.itemsize) % (1 << 64)
            passes._launcher = last_chunk

            def far(*asked):
                assert printer_of(*asked) is layout
                return Far(layout, chunks, whole(chunks))

            passes.printer_of = far
            passes._passes.clear()

        def here():
            face.pointer, passes.printer_of, passes._launcher = pointer, printer_of, launcher
            passes._passes.clear()

        SHAPES = {  # and the axis of rows, and how many items there are
            rows: ((50, 60), -1, 50), lanes.SHORT: ((50, 8), -1, 50), lanes.INNER: ((1, 8, 50), 1, 50),
            kernels.pointwise: ((1000,), None, 1000),
        }
        for record in PRINTED:
            for layout in kernels.BODIES[record.kind]:
                shape, axis, items = SHAPES[layout]
                options = {} if axis is None else {"axis": axis}
                given = arguments(record, shape=shape if axis != 1 else (50, 8), dtype=np.float32)
                if axis == 1:
                    given = [np.ascontiguousarray(a.T)[None] if a.ndim == 2 else a[None] for a in given]
                for reduction in ("sum", "none") if record in (PRINTED[0], PRINTED[-1]) else ("none",):
                    loss = ls.get(record.name)
                    right = loss.value_and_gradient(*given, reduction=reduction, **options)
                    far_away(layout, items, 0 if axis is None else math.prod(shape) // items)
                    found = loss.configure().value_and_gradient(*given, reduction=reduction, **options)
                    here()
                    for a, b in zip(found, right):
                        for x, y in zip(*(z if isinstance(z, tuple) else (z,) for z in (a, b))):
                            assert x.tobytes() == y.tobytes(), (record.name, reduction, layout)
                    assert abs(right[0]).sum() > 0
            print(record.name)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [record.name for record in PRINTED]
