"""Files that would load and mean something else than they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calc.errors import CalcError, SettingError
from calc.inputs.load import load_study
from calc.units import Unit, weeks_of

from .mini import FILES, drawn, problems, spoil


def said(params: Path) -> str:
    return "\n".join(map(str, problems(params)))


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("treatments/shot", "wait: {", "bills: {one: []}\nbill: one\nwait: {", "the bill 'one' is empty"),
        ("treatments/shot", "events: 14,", "events: 14.5,", "14.5 events out of 65"),
        ("treatments/shot", "low: 1000", "low: 1000\n        open_above: yes", "'yes' is neither true nor false"),
        ("studies/question", "price_year: 2026", 'price_year: "2026"', "is not a whole number"),
        ("studies/question", "horizon: 24 months", "horizon: 2_4 months", "no stretch of time"),
        ("treatments/shot", "label: A shot in the back", 'label: "A shot\\x1b[31m"', "a control character"),
    ],
)
def test_what_could_be_misread_is_refused(params: Path, name: str, old: str, new: str, words: str) -> None:
    spoil(params, name, old, new)
    assert words in said(params)


def test_a_word_for_a_flag_is_refused(params: Path) -> None:
    text = FILES["plans/insured"].replace("deductible: true", "deductible: yes")
    assert text != FILES["plans/insured"]
    (params / "plans" / "insured.yaml").write_text(text, encoding="utf-8")
    assert "'yes' is neither true nor false" in said(params)


def test_a_long_word_is_not_echoed_whole(params: Path) -> None:
    spoil(params, "treatments/shot", "reading: at_most", f"reading: {'x' * 100_000}")
    assert "is not one of" in said(params)
    assert len(said(params)) < 2000


def test_a_file_outside_the_folders_is_told(params: Path) -> None:
    (params / "study.yaml").write_text("label: x\n", encoding="utf-8")
    assert "study.yaml:1:1: this file stands in none of the folders" in said(params)


@pytest.mark.parametrize("name", ["study", "plan", "patient", "condition"])
def test_a_treatment_cannot_take_a_word_that_settings_begin_with(params: Path, name: str) -> None:
    (params / "treatments" / f"{name}.yaml").write_text(FILES["treatments/rest"], encoding="utf-8")
    assert f"{name!r} is a reserved name" in said(params)


def test_a_setting_for_a_plan_that_is_missing_leaves_the_real_problem_to_be_told(params: Path) -> None:
    spoil(params, "studies/question", "plan: insured", "plan: nope")
    with pytest.raises(CalcError, match="there is no 'nope' under params/plans"):
        load_study("question", root=params, settings={"plan.deductible": "3"})


def test_text_stands_for_a_list_on_the_command_line(params: Path) -> None:
    inputs = load_study("question", root=params, settings={"study.treatments": "rest, shot"})
    assert list(inputs.treatments) == ["rest", "shot"]


def test_a_count_of_weight_0_is_never_drawn() -> None:
    read = drawn(Unit.SESSIONS, "count_range", low=1, high=11, weights=[0.1] * 10 + [0])
    assert read(np.array([0.0, 0.5, 1 - 2.0**-53, 1.0])).max() == 10


@pytest.mark.parametrize(
    "text", ["1_0 weeks", "1e1 weeks", "nan weeks", "inf weeks", "-3 weeks", "10weeks", "10 WEEKS"]
)
def test_a_stretch_of_time_is_a_plain_number_and_a_unit(text: str) -> None:
    with pytest.raises(SettingError, match="no stretch of time"):
        weeks_of(text)
