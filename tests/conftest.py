"""What tests share."""

from __future__ import annotations

import os

import pytest

FULL = bool(os.environ.get("LOSSARY_TEST_FULL"))


@pytest.fixture
def portable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No compiled kernels, as where Numba is not installed: each takes a second or more to compile.

    LOSSARY_TEST_FULL=1 runs the compiled ones in these tests, too.
    """
    if not FULL:
        monkeypatch.setattr("lossary.cpu.kernels.serves", lambda *_: False)
        monkeypatch.setattr("lossary.shortcut._key", lambda *_: None)
