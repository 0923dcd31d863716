"""Switches in the environment: on, off, not set, and what is none of them."""

from __future__ import annotations

import pytest

import lossary as ls
from lossary.execution.cpu import compile as compiling
from lossary.frameworks.environment import switch


@pytest.mark.parametrize(
    ("text", "state"), [("1", True), ("on", True), (" True ", True), ("0", False), ("OFF", False), ("", None)]
)
def test_states(monkeypatch: pytest.MonkeyPatch, text: str, state: bool | None) -> None:
    monkeypatch.setenv("LOSSARY_KERNELS", text)
    assert switch("LOSSARY_KERNELS") is state
    assert compiling.switched_off() is (state is False)


def test_what_is_no_switch_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOSSARY_KERNELS", "of")
    with pytest.raises(ls.errors.ArgumentError, match="LOSSARY_KERNELS must be 0 or 1, not 'of'"):
        switch("LOSSARY_KERNELS")
