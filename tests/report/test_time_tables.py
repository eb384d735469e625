"""Tables about time read as they should."""

from __future__ import annotations

from calc.analysis.compare import compare
from calc.report.time_tables import (
    chances_in_words,
    first_relief_in_words,
    harms_in_words,
    usual_care_in_words,
)

from .shipped import PARAMS, STUDY, shipped


def test_a_middle_that_is_not_reached_is_said_to_be_that() -> None:
    table = first_relief_in_words(shipped(), "guideline").set_index("Treatment")
    ablation = table.loc["Facet nerve ablation (radiofrequency)"]
    assert ablation["Half are relieved by"] == "not reached"
    assert table.loc["Stem cell injection into the spine", "Half are relieved by"] == "not known"


def test_ablation_is_told_of_those_who_start_and_of_those_treated() -> None:
    ablation = (
        first_relief_in_words(shipped(), "guideline")
        .set_index("Treatment")
        .loc["Facet nerve ablation (radiofrequency)"]
    )
    start, treated = (int(ablation[each].split()[0]) for each in ("Relieved, of those who start", "…of those treated"))
    assert start < treated


def test_each_milestone_has_its_date() -> None:
    columns = list(chances_in_words(shipped(), "clinic").columns)
    assert columns[1:] == [
        "By 2027-02-23 (3 months)", "By 2027-05-23 (6 months)", "By 2027-11-23 (12 months)", "By 2028-11-23 (24 months)",
    ]  # fmt: skip


def test_what_harms_cost_is_not_stated() -> None:
    table = harms_in_words(shipped(), "guideline")
    assert set(table["What it costs and how long it takes"]) == {"not stated"}
    assert "within 209 weeks" in set(table["When"])


def test_relief_beyond_an_unknown_usual_care_is_not_known() -> None:
    table = usual_care_in_words(shipped(), "clinic").set_index("Treatment")["Weeks in relief beyond usual care"]
    assert table["Lumbar discectomy"].startswith("not known: 0 to ")
    assert not table.drop("Lumbar discectomy").str.startswith("not known").any()


def test_a_date_set_for_one_run_is_one_more_column() -> None:
    result = compare(STUDY, params=PARAMS, settings={"study.draws": 64, "study.by": "2027-03-01"})
    assert "By 2027-03-01 (your date)" in chances_in_words(result, "clinic").columns
