"""What tests of explanations share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _portable(portable: None) -> None:
    """Use no kernels: an explanation is of the mathematics, and tries each loss in some four ways that are compiled."""
