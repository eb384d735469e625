"""What issuers print for a broken foot, for a few plans of the marketplace files of 2026 (CMS, public domain)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PART = REPOSITORY / "tests" / "cases" / "coverage_examples"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    file = REPOSITORY / "benchmarks" / "coverage_examples.py"
    spec = importlib.util.spec_from_file_location("coverage_examples", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("plan", "printed"),
    [
        ("20069TX0100052-06", [0, 20, 600]),
        ("20069TX0100053-01", [2000, 200, 60]),
        ("20069TX0100052-05", [700, 100, 500]),
        ("20069TX0100005-01", [0, 1200, 600]),
        ("47501TX0040011-04", [1500, 10, 600]),
    ],
)
def test_a_plan_comes_out_as_its_issuer_prints_it(script: ModuleType, plan: str, printed: list[float]) -> None:
    rows = [row for row in script.oracle_rows(PART) if row.about["PlanId"] == plan]
    assert rows[0].printed("HavingSimplefracture") == printed
    found = script.worked_out(rows)[: len(script.USUAL), 0]
    assert script.within_rounding(found, np.array(printed)).all(axis=1).any()


def test_each_plan_agrees_or_its_miss_has_a_name(script: ModuleType) -> None:
    lines = list(script.told(list(script.oracle_rows(PART))))
    (agree,) = [line for line in lines if line.startswith("  one of the four ")]
    assert float(agree.split()[-1].rstrip("%")) > 50
    assert any("issuer's coding: the emergency's physician is not charged" in line for line in lines)
    assert not any("not explained" in line for line in lines)


@pytest.mark.parametrize(
    ("ours", "printed", "same"),
    [(560, 600, True), (549, 600, False), (2128, 2100, True), (64, 60, True), (66, 60, False), (98, 100, True)],
)
def test_rounding_is_to_hundreds_above_100_and_to_tens_below(
    script: ModuleType, ours: float, printed: float, same: bool
) -> None:
    assert bool(script.within_rounding(np.array(ours), np.array(printed))) == same
