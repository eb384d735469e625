"""What borrowing and getting there costs, against closed forms and figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.inputs.parameter import Category
from calc.inputs.patient import Account, Travel, Work
from calc.model.extras import tax_saved, travel, unpaid_time, visits
from calc.model.financing import deferred_interest, loan
from calc.model.ledger import Service

from .small import fixed


def one(value: float) -> np.ndarray:
    return np.array([value])


@given(st.integers(0, 50_000), st.sampled_from([0.0, 0.0599, 0.114, 0.3299]), st.integers(1, 72))
def test_a_loans_payments_discounted_at_its_rate_are_worth_what_was_borrowed(
    principal: int, apr: float, months: int
) -> None:
    made = loan(one(principal), one(apr), months)
    worth = sum(float(made.monthly[0]) / (1 + apr / 12) ** month for month in range(1, months + 1))
    assert worth == pytest.approx(principal, abs=1e-6)
    assert float(made.interest[0]) == pytest.approx(float(made.monthly[0]) * months - principal, abs=1e-6)


def test_a_loan_of_10000_at_12_percent_over_a_year_costs_what_tables_print() -> None:
    made = loan(one(10_000), one(0.12), 12)
    assert round(float(made.monthly[0]), 2) == 888.49
    assert round(float(made.interest[0]), 2) == 661.85


def test_a_card_cleared_in_time_costs_nothing_and_a_day_late_all_the_interest_since_the_purchase() -> None:
    made = deferred_interest(one(1_200), one(0.24), 3)
    assert made.monthly.tolist() == [400]
    assert made.interest.tolist() == [0]
    # 2 % on 1,200, then on 824, then on 440.48, and each month's interest with it
    assert float(made.late[0]) == pytest.approx(24 + 16.48 + 8.8096)


@given(st.integers(1, 20_000), st.integers(1, 24))
def test_the_cliff_of_a_card_is_never_less_than_the_interest_of_a_loan_less_one_payment_time(
    owed: int, months: int
) -> None:
    late = float(deferred_interest(one(owed), one(0.3299), months).late[0])
    plain = sum(owed * (1 - month / months) * 0.3299 / 12 for month in range(months))  # without interest on interest
    assert late >= plain - 1e-9
    assert late <= owed * ((1 + 0.3299 / 12) ** months - 1) + 1e-9


def service(week: list[float], happens: list[bool], category: Category = Category.IMAGING) -> Service:
    full = np.ones(len(week))
    return Service("it", category, np.array(week), full, full, np.array(happens), np.array(happens))


def test_a_visit_is_a_day_with_a_service_whatever_is_done_on_it() -> None:
    services = [
        service([1, 1, 1], [True, True, False]),
        service([1, 2, 1], [True, True, False]),
        service([3, 3, 3], [True, False, False]),
        service([9, 9, 9], [True, True, True], Category.GENERIC_DRUGS),
    ]
    assert visits(services).tolist() == [2, 2, 0]
    assert visits(services[3:]).tolist() == [0, 0, 0]


def test_travel_time_and_tax_are_sums_that_anybody_can_check() -> None:
    way = Travel(miles=40, per_mile=fixed("usd", 0.205), other=12)
    assert travel(one(3), way, one(0.205)).tolist() == pytest.approx([3 * (40 * 0.205 + 12)])
    work = Work(wage=25, hours_per_day=8, days_per_week=5, hours_per_visit=4, paid_leave=10)
    assert unpaid_time(one(3), one(7), work).tolist() == [25 * (5 * 8 + 3 * 4 - 10)]
    assert unpaid_time(one(1), one(0), work).tolist() == [0]
    assert tax_saved(np.array([500.0, 5_000.0]), Account(available=1_000, marginal_tax_rate=0.24)).tolist() == [
        120,
        240,
    ]
