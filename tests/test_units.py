"""Units: a closed list, a range that makes sense for each, and one conversion of time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.errors import SettingError
from calc.units import DAYS_PER_WEEK, WEEKS_PER_MONTH, WEEKS_PER_YEAR, Unit, weeks_of


def test_the_list_of_units_is_closed() -> None:
    assert {unit.spelling for unit in Unit} == {
        "usd", "usd_per_month", "days", "weeks", "months", "sessions", "share", "score_0_10", "miles", "hours", "apr",
    }  # fmt: skip


@pytest.mark.parametrize("unit", list(Unit))
def test_a_unit_is_found_by_its_spelling_and_has_a_range(unit: Unit) -> None:
    assert Unit.spelled(unit.spelling) is unit
    assert 0 == unit.lowest < unit.highest


@pytest.mark.parametrize("spelling", ["USD", "day", "", "percent", "week", " usd"])
def test_an_unknown_unit_names_the_known_ones(spelling: str) -> None:
    with pytest.raises(ValueError, match="use 'apr', 'days'"):
        Unit.spelled(spelling)


def test_a_share_ends_at_one_and_a_score_at_ten() -> None:
    assert (Unit.SHARE.lowest, Unit.SHARE.highest) == (0, 1)
    assert (Unit.SCORE_0_10.lowest, Unit.SCORE_0_10.highest) == (0, 10)


def test_a_year_has_365_and_a_quarter_days_and_twelve_months() -> None:
    assert DAYS_PER_WEEK == 7
    assert pytest.approx(365.25) == WEEKS_PER_YEAR * 7
    assert pytest.approx(WEEKS_PER_YEAR) == WEEKS_PER_MONTH * 12
    assert pytest.approx(4.348214, abs=1e-6) == WEEKS_PER_MONTH


def test_only_time_is_converted_to_weeks() -> None:
    found = {unit.spelling: unit.in_weeks for unit in Unit if unit.in_weeks != 1}
    assert found == {"days": pytest.approx(1 / 7), "months": pytest.approx(365.25 / 84)}
    assert {unit.spelling for unit in Unit if unit.dimension == "time"} == {"days", "weeks", "months"}


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("1 day", 1 / 7), ("14 days", 2), ("1 week", 1), ("520 weeks", 520), ("24 months", 730.5 / 7), ("1 month", 365.25 / 84),
        ("2 years", 730.5 / 7), ("0.5 years", 182.625 / 7), ("1.5 week", 1.5), (" 3   months ", 3 * 365.25 / 84),
    ],
)  # fmt: skip
def test_a_stretch_of_time_is_read_in_weeks(text: str, weeks: float) -> None:
    assert weeks_of(text) == pytest.approx(weeks)


@pytest.mark.parametrize(
    "text",
    ["", "24", "months", "24months", "0 weeks", "-3 weeks", "521 weeks", "10 years", "nan weeks", "inf weeks", "2 fortnights",
     "two years", "1 2 weeks", "1e999 weeks", "3 weekss", "3 s", "1,5 weeks"],
)  # fmt: skip
def test_what_is_no_stretch_of_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingError, match="'24 months'") as caught:
        weeks_of(text)
    assert repr(text) in str(caught.value)


@given(text=st.text(max_size=15))
def test_any_text_is_a_stretch_of_time_or_refused(text: str) -> None:
    try:
        assert 0 < weeks_of(text) <= 520
    except SettingError as error:
        assert len(error.problems) == 1
