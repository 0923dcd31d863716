"""What tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from fuzz.engines import bodies

FULL = bool(os.environ.get("LOSSARY_TEST_FULL"))


@pytest.fixture
def portable() -> Iterator[None]:
    """No compiled kernels, as where Numba is not installed: each takes a second or more to compile.

    LOSSARY_TEST_FULL=1 runs the compiled ones in these tests, too.
    """
    if FULL:
        yield
    else:
        with bodies(compiled=False):
            yield
