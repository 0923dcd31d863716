"""Fixtures of the tests of explanations."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _portable(portable: None) -> None:
    """Use no kernels: each explanation would compile about four."""
