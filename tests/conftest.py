"""What every test shares: a tiny valid ``params/`` folder, and laws that are tried the same way each time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from calc.batch.claimed import claimed
from calc.report.run import run_report
from calc.report.whole import write_whole

from .inputs.mini import write

settings.register_profile(
    "calc",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("calc")


#: few draws, another plan, and a quote
RAN_WITH = {"study.draws": 128, "study.plan": "self_pay", "stem_cell_injection.price.injection": 5500}


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What runs a notebook of the shipped study once, with :data:`RAN_WITH`, and returns its folder.

    Where several workers run tests they share the runs: one makes each, the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    out = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "ran"
    params = Path(__file__).resolve().parent.parent / "params"
    out.mkdir(exist_ok=True)

    @cache
    def run(notebook: str) -> Path:
        made = out / f"{notebook}.txt"
        while not made.exists():
            with claimed(out / f"{notebook}.lock") as mine:
                if mine and not made.exists():
                    folder = run_report(
                        "chronic_low_back_pain", notebook=notebook, out=out, params=params, settings=RAN_WITH
                    )
                    write_whole(made, str(folder).encode())
            time.sleep(0.1)
        return Path(made.read_text("utf-8"))

    return run


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A params folder with one file of each kind, two treatments and two plans; tests may spoil it."""
    return write(tmp_path / "params")
