"""What the user set and nothing depends on."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.analysis.moves_nothing import moves_nothing
from calc.inputs.load import load_study

PARAMS = Path(__file__).parents[2] / "params"


def idle(settings: dict[str, object], overlays: list[Path] | None = None) -> list[str]:
    few = {"study.draws": 64, "study.views": ["guideline"], "study.plans": ["employer_ppo_2026"]}
    inputs = load_study("chronic_low_back_pain", root=PARAMS, settings={**few, **settings}, overlays=overlays or [])
    return list(moves_nothing(inputs))


@pytest.mark.parametrize(
    "settings",
    [
        {"plan.benefits.emergency_room.coinsurance": 0.3},
        {"plan.premium": 90},
        {"patient.met.drugs.deductible": 50, "patient.met.drugs.out_of_pocket": 50},
    ],
)
def test_a_figure_that_moves_no_result_is_named(settings: dict[str, object]) -> None:
    named = [path for path, each in settings.items() if isinstance(each, int | float)]
    assert set(idle(settings)) & set(named)


def test_a_figure_that_moves_a_result_is_not_named() -> None:
    moving = {"plan.deductible": 1500, "patient.met.deductible": 100, "patient.met.out_of_pocket": 100}
    assert idle({**moving, "patient.budget": 1500}) == []


def test_a_file_of_ones_own_values_is_told_of_as_well(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "label: Mine\nplan:\n  benefits:\n    emergency_room: {coinsurance: 0.3}\n  deductible: 900\n", "utf-8"
    )
    assert idle({}, [file]) == ["plan.benefits.emergency_room.coinsurance"]
