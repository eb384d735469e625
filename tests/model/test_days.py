"""Days are whole: what falls on the horizon's day is not before it, and months are those of the calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from calc.inputs.parameter import Per
from calc.model.simulate import simulate
from calc.units import DAYS_PER_WEEK, day_after

from ..analysis.own import plain
from .small import CASH, claim, fixed, inputs, price

START = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stretch", "day"),
    [("3 months", "2027-02-23"), ("6 months", "2027-05-23"), ("12 months", "2027-11-23"), ("24 months", "2028-11-23"),
     ("2 years", "2028-11-23"), ("90 days", "2027-02-21"), ("13 weeks", "2027-02-22")],
)  # fmt: skip
def test_a_stretch_of_months_ends_on_the_same_day_of_a_later_month(stretch: str, day: str) -> None:
    assert day_after(START, stretch).isoformat() == day


@pytest.mark.parametrize(
    ("start", "stretch", "day"),
    [("2027-11-30", "3 months", "2028-02-29"), ("2026-01-31", "1 month", "2026-02-28"), ("2028-02-29", "1 year", "2029-02-28")],
)  # fmt: skip
def test_a_month_without_that_day_ends_on_its_last(start: str, stretch: str, day: str) -> None:
    assert day_after(date.fromisoformat(start), stretch).isoformat() == day


@pytest.mark.parametrize("stretch", ["3 months", "6 months", "12 months", "24 months"])
@pytest.mark.parametrize(("early", "billed"), [(0, 0.0), (1, 1000.0)])
def test_a_session_on_the_horizons_day_is_not_before_it_and_one_the_day_before_is(
    stretch: str, early: int, billed: float
) -> None:
    one = plain("One", price={"needle": price(claim(value=1000), per=Per.COURSE)})
    made = inputs({"one": one}, plan=CASH, draws=64, horizon=stretch)
    days = (day_after(made.patient.decision_date, stretch) - made.patient.decision_date).days - early
    # seven parts of a week add up to a little less, or more, than a week in floats
    for wait in (days / DAYS_PER_WEEK, sum([1 / DAYS_PER_WEEK] * days), np.nextafter(days / DAYS_PER_WEEK, 0.0)):
        late = inputs({"one": one.model_copy(update={"wait": fixed("weeks", float(wait))})}, plan=CASH, draws=64,
                      horizon=stretch)  # fmt: skip
        found = simulate(late, next(iter(late.views))).treatments["one"]
        assert set(found.outcomes["out_of_pocket"].values) == {billed}
        assert set(found.outcomes["courses"].values) == {float(billed > 0)}
