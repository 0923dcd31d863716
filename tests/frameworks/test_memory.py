"""Memory that arrays give back and are lent again: never while anything still holds on to it."""

from __future__ import annotations

import mmap
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import pytest

import lossary as ls
from lossary.frameworks import memory

torch = pytest.importorskip("torch")
SHAPE, FLOAT = (1024, 1025), numpy.dtype("float32")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    memory.release()
    yield
    memory.release()


def place(array: Any) -> int:
    return int(array.ctypes.data)


def test_memory_is_lent_again_when_its_array_is_gone() -> None:
    array = memory.empty(SHAPE, FLOAT)
    first = place(array)
    assert (first % 64, array.shape, array.flags.writeable, array.flags.c_contiguous) == (0, SHAPE, True, True)
    assert place(memory.empty(SHAPE, FLOAT)) != first
    del array
    memory._kept.pop(next(iter(memory._kept)))  # the second's
    assert place(memory.empty(SHAPE, FLOAT)) == first


@pytest.mark.parametrize(
    "hold",
    [
        lambda array: array[3:, 5],
        memoryview,
        torch.from_numpy,
        lambda array: torch.from_numpy(array).view(torch.int32)[2:],
        lambda array: torch.from_numpy(array).numpy().reshape(-1),
    ],
)
def test_memory_is_not_lent_while_anything_is_left_of_its_array(hold: Callable[[Any], Any]) -> None:
    array = memory.empty(SHAPE, FLOAT)
    array[...] = 7.0
    first, held = place(array), hold(array)
    del array
    other = memory.empty(SHAPE, FLOAT)
    assert place(other) != first
    other[...] = 1.0
    assert (numpy.asarray(held).ravel().view(FLOAT) == 7.0).all()
    del other, held
    assert first in [kept.start for kept in memory._kept.values()]


@pytest.mark.parametrize(("rows", "again"), [(1024, True), (600, True), (500, False), (1025, False)])
def test_memory_goes_to_arrays_of_about_its_size(rows: int, again: bool) -> None:
    array = memory.empty((1024, 1024), FLOAT)
    first = place(array)
    del array
    assert (place(memory.empty((rows, 1024), FLOAT)) == first) is again


def test_what_came_back_first_is_freed_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LEFT", 3 << 20)
    arrays = [memory.empty((1 << 20,), numpy.dtype("uint8")) for _ in range(4)]
    places = [place(array) for array in arrays]
    while arrays:
        del arrays[0]
    assert [kept.start for kept in memory._kept.values()] == places[1:]


def test_no_memory_is_lent_twice_among_threads() -> None:
    found: list[bool] = []

    def work(number: int) -> None:
        for _ in range(200):
            array = memory.empty((1 << 18,), FLOAT)
            array.fill(number)
            found.append(bool((array == number).all()))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found)


@pytest.mark.parametrize("kept", [memory.KEPT, 0], ids=["kept", "marked"])
def test_a_training_loop_has_the_memory_of_the_last_gradient(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(memory, "KEPT", kept)
    logits, target = torch.randn(SHAPE, requires_grad=True), torch.rand(SHAPE)
    places = []
    for _ in range(3):
        logits.grad = None
        ls.sigmoid_cross_entropy(logits, target).backward()
        places.append(logits.grad.data_ptr())
    assert len(set(places)) == 1
    held = logits.grad
    logits.grad = None
    expected = held.clone()
    ls.squared_error(logits, target).backward()
    assert logits.grad.data_ptr() != held.data_ptr()
    assert torch.equal(held, expected)


def test_the_system_is_told_before_others_can_have_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards it could take the pages of somebody's gradient."""
    told: list[tuple[int, bool]] = []
    monkeypatch.setattr(memory, "KEPT", 0)
    monkeypatch.setattr(memory._Memory, "_advise", lambda self, advice: told.append((advice, id(self) in memory._kept)))
    memory.empty(SHAPE, FLOAT)
    assert told == [(memory.HUGE, False), (memory.FREE, False)]


def test_what_is_kept_gives_way_to_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def scarce(*arguments: Any, **options: Any) -> Any:
        if memory._kept:
            raise OSError("out of memory")
        return pages(*arguments, **options)

    def nothing_left(*_: Any, **__: Any) -> Any:
        raise OSError("out of memory")

    pages = mmap.mmap
    memory.empty((1 << 20,), FLOAT)
    monkeypatch.setattr(mmap, "mmap", scarce)
    assert memory.empty((1 << 22,), FLOAT).shape == (1 << 22,)
    held = memory.empty((1 << 22,), FLOAT)
    monkeypatch.setattr(mmap, "mmap", nothing_left)
    with pytest.raises(MemoryError, match="cannot allocate 67108864 bytes"):
        memory.empty((1 << 24,), FLOAT)
    del held


def test_an_array_that_ends_with_the_program_is_no_error() -> None:
    code = "import lossary as ls, numpy as n; a = n.ones(1 << 22); g = ls.squared_error.value_and_gradient(a, a)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
