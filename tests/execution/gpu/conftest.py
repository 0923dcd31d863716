"""Fixtures of the tests of GPU kernels."""

from __future__ import annotations

import pytest

from device import counted_launches

launches = pytest.fixture(counted_launches)
