"""What every test shares: a tiny valid ``params/`` folder, and laws that are tried the same way each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from calc.report.run import run_report

from .inputs.mini import write

settings.register_profile(
    "calc", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("calc")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what shares an expensive fixture on one worker, where several work (``-n auto --dist loadgroup``)."""
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            shares = "ran" in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("ran" if shares else str(item.path)))


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What runs a notebook of the shipped study once, with few draws and a quote, and returns its folder."""
    out = tmp_path_factory.mktemp("ran")

    @cache
    def run(notebook: str) -> Path:
        settings = {"study.draws": 128, "study.plan": "self_pay", "stem_cell_injection.price.injection": "5500"}
        params = Path(__file__).resolve().parent.parent / "params"
        return run_report("chronic_low_back_pain", notebook=notebook, out=out, params=params, settings=settings)

    return run


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A params folder with one file of each kind, two treatments and two plans; tests may spoil it."""
    return write(tmp_path / "params")
