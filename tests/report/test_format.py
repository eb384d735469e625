from __future__ import annotations

import math

import pytest

from calc.report.format import if_it_comes, in_100, interval, money, stretch

STATED = {"unit": "USD", "known": "stated", "p05": 612.0, "p50": 1234.0, "p95": 4065.0}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0"),
        (47.4, "$47"),
        (612, "$610"),
        (1234, "$1,200"),
        (9960, "$10,000"),
        (65777, "$66,000"),
        (-1234, "−$1,200"),
    ],
)
def test_money_is_rounded_to_what_such_figures_carry(value: float, text: str) -> None:
    assert money(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0, "weeks", "0 weeks"), (0.4, "weeks", "0.4 weeks"), (1, "days", "1 day"), (12.4, "weeks", "12 weeks")],
)
def test_stretches_have_their_unit(value: float, unit: str, text: str) -> None:
    assert stretch(value, unit) == text


def test_never_is_said_as_never() -> None:
    assert stretch(math.inf, "weeks") == "never"


def test_an_interval_is_never_a_bare_point() -> None:
    assert interval(STATED) == "$1,200 ($610 to $4,100)"


def test_a_known_number_needs_no_interval() -> None:
    assert interval({**STATED, "p05": 150.0, "p50": 150.0, "p95": 150.0}) == "$150"


def test_what_nobody_knows_has_a_range_and_no_middle() -> None:
    row = {"unit": "weeks", "known": "not known", "low": 0.0, "high": 92.3, "p05": math.nan, "p50": math.nan}
    assert interval(row) == "not known: 0 to 92 weeks"


def test_what_is_not_stated_has_no_number() -> None:
    text = interval({"unit": "USD", "known": "not stated"})
    assert text == "not stated"
    assert not any(each.isdigit() for each in text)


def test_weeks_to_relief_are_told_of_those_whom_it_reaches() -> None:
    row = {"unit": "weeks", "known": "stated", "happens": 0.42, "p05": 9.0, "p50": math.inf, "p95": math.inf}
    assert if_it_comes({**row, "if_p05": 8.0, "if_p50": 11.0, "if_p95": 15.0}) == "11 weeks (8 to 15)"
    assert if_it_comes({**row, "happens": 0.0}) == "never"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 in 100"),
        (0.004, "fewer than 1 in 100"),
        (0.417, "42 in 100"),
        (0.999, "more than 99 in 100"),
        (1, "100 in 100"),
    ],
)
def test_chances_are_natural_frequencies(share: float, text: str) -> None:
    assert in_100(share) == text
