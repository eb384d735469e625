"""What every test shares: a tiny valid ``params/`` folder, and laws that are tried the same way each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .inputs.mini import write

settings.register_profile(
    "calc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("calc")


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A params folder with one file of each kind, two treatments and two plans; tests may spoil it."""
    return write(tmp_path / "params")
