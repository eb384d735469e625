"""What every test shares: a tiny valid ``params/`` folder, and laws that run the same way each time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "inputs"))

settings.register_profile(
    "calc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("calc")


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A params folder with one file of each kind and two treatments; tests may spoil it."""
    from mini import write

    return write(tmp_path / "params")
