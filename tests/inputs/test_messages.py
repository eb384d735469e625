"""What is told where something of a user's own does not fit: each fault named once, at its place, with what is right."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.errors import CalcError
from calc.inputs.draws_table import read_draws
from calc.inputs.load import load_study
from calc.inputs.settings import canonical

PARAMS = Path(__file__).parents[2] / "params"
STUDY = "chronic_low_back_pain"


def told(settings: dict[str, object], root: Path = PARAMS, overlays: list[Path] | None = None) -> str:
    with pytest.raises(CalcError) as error:
        load_study(STUDY, root=root, settings=settings, overlays=overlays or [])
    return str(error.value)


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path / "params"))


def test_a_number_where_keys_are_expected_is_told_with_the_keys(params: Path) -> None:
    file = params / "plans" / "self_pay.yaml"
    for line in ("deductible: 1500", "premium: 90", "out_of_pocket_maximum: 4000"):
        mine = params / "plans" / "mine.yaml"
        mine.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")
        words = told({"study.plan": "mine"}, params)
        assert "label, unit, claims" in words


@pytest.mark.parametrize(
    ("written", "meant"),
    [("physical_therapy", "therapy_visit"), ("mri", "imaging"), ("hospital", "inpatient_facility")],
)
def test_another_word_for_a_category_is_told_with_ours_and_the_list_stands_once(
    params: Path, written: str, meant: str
) -> None:
    file = params / "treatments" / "physical_therapy.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("category: therapy_visit", f"category: {written}", 1), "utf-8")
    words = told({}, params)
    assert f"Did you mean '{meant}'?" in words
    assert words.count("'imaging'") <= 2 - (meant != "imaging")


@pytest.mark.parametrize("written", ["650 - 900", "650-900", "$650 to 900"])
def test_a_range_with_a_dash_is_told_how_to_write_it(written: str) -> None:
    assert "650..900" in told({"facet_nerve_ablation.price.consultation": written, "plan.deductible": written})


@pytest.mark.parametrize(
    "lines", ["patient: {met: {deductible: 900}}", "patient:\n  met: {deductible: 50, out_of_pocket: 20}"]
)
def test_a_fault_that_an_overlay_makes_is_told_at_the_overlay(tmp_path: Path, lines: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"label: Mine\n{lines}\n", "utf-8")
    words = told({}, overlays=[file])
    assert "mine.yaml" in words
    assert "default.yaml" not in words


def test_an_unfinished_file_that_a_study_does_not_name_stops_nothing_but_its_check(params: Path) -> None:
    (params / "treatments" / "mine.yaml").write_text("label: Mine\n", "utf-8")
    (params / "plans" / "mine.yaml").write_text("label: [\n", "utf-8")
    assert load_study(STUDY, root=params).name == STUDY
    assert "mine.yaml" in told({"study.plan": "mine"}, params)
    assert "mine.yaml" in CliRunner().invoke(main, ["check", str(params)]).output


def test_a_starting_file_that_nobody_filled_in_is_not_all_right(params: Path) -> None:
    file = params / "studies" / "stepped_care.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("label: Stepped care for", "label: <What is asked> for", 1), "utf-8")
    output = CliRunner().invoke(main, ["check", str(params)]).output
    assert "<What is asked> still stands here" in output
    assert "all right" not in output


@pytest.mark.parametrize("value", [1000, 1000.0, "1e3", "1000", np.int64(1000), np.float64(1000)])
def test_one_figure_written_in_several_ways_is_one_setting(value: object) -> None:
    inputs = load_study(STUDY, root=PARAMS, settings={"plan.deductible": value})
    assert dict(inputs.settings) == {"plan.deductible": 1000}
    assert type(inputs.settings["plan.deductible"]) is int


def test_what_is_no_whole_number_stays_what_it_is() -> None:
    assert [canonical(each) for each in ("0.25", "a, b", "4000..6000", True)] == [0.25, "a, b", "4000..6000", True]


def test_fewer_treatments_need_neither_usual_care_nor_the_files_reference() -> None:
    study = load_study(STUDY, root=PARAMS, settings={"study.treatments": "lumbar_fusion, duloxetine"}).study
    assert (study.reference, study.usual_care) == ("lumbar_fusion", None)


def test_an_empty_column_is_told_once(tmp_path: Path) -> None:
    costs, effects = tmp_path / "costs.csv", tmp_path / "effects.csv"
    costs.write_text("A,B\n" + "1,\n" * 30, "utf-8")
    effects.write_text("A,B\n" + "1,2\n" * 30, "utf-8")
    with pytest.raises(CalcError) as error:
        read_draws(costs, effects)
    assert str(error.value).count("\n") == 0
    assert "the whole column is empty" in str(error.value)


def test_a_plan_that_a_study_does_not_name_is_in_nothing_that_it_tells(params: Path) -> None:
    file = params / "plans" / "employer_ppo_2026.yaml"
    text = file.read_text("utf-8")
    (params / "plans" / "marias.yaml").write_text(text.replace("short: ", "short: M ", 1), "utf-8")
    inputs = load_study(STUDY, root=params)
    assert "marias" not in inputs.by_plan
    assert not any("marias" in str(each) for each in inputs.files)
    assert list(inputs.by_plan) == list(inputs.study.plans)
