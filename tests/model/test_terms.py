"""From a plan's words and a patient's card to what a bill costs: each word of the plan file at work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import numpy as np
import pytest

from calc.inputs.parameter import Category
from calc.inputs.patient import Patient
from calc.inputs.plan import Plan
from calc.inputs.under_plan import under_plan
from calc.model.benefits import adjudicate
from calc.model.ledger import Ledger, Service
from calc.model.simulate import simulate
from calc.model.terms import stated_terms

from .small import INSURED, SOURCES, claim, covering, fixed, inputs, parameter, price, responding, treatment

VISIT, PROCEDURE, STAY = Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROCEDURE, Category.INPATIENT_FACILITY
DRUG = Category.GENERIC_DRUGS
FIRST = date(2026, 3, 1)


def card(benefits: dict[Category, dict[str, object]], **parts: object) -> Plan:
    head = {"label": "Card", "short": "Card", "year": 2026, "market": "commercial"}
    return Plan.model_validate({**head, "benefits": benefits, **parts})


def bill(
    category: Category, allowed: float, day: int = 0, *, charge: float | None = None, days: float | None = None
) -> Service:
    def one(value: float) -> np.ndarray:
        return np.array([float(value)])

    return Service(
        "it", category, one(day / 7), one(allowed), one(charge or allowed), np.array([True]), np.array([True]),
        None if charge is None else one(charge), None if days is None else one(days),
    )  # fmt: skip


def paid(plan: Plan, *bills: Service, **patient: object) -> list[float]:
    """Return what each bill costs the patient, to the cent."""
    return [round(sum(float(line.columns[name][0]) for name in line.columns if name != "plan_paid"), 2)
            for line in ledger(plan, *bills, **patient).lines]  # fmt: skip


def ledger(plan: Plan, *bills: Service, **patient: object) -> Ledger:
    someone = Patient.model_validate({"label": "Someone", "decision_date": FIRST, **patient})
    terms, _ = stated_terms(plan, someone, FIRST, 104.0, SOURCES)
    return adjudicate(bills, terms, lines=True, cents=True)


SHARED = {"deductible": True, "coinsurance": fixed("share", 0.2)}


def test_visits_before_the_deductible_cost_their_copay_and_later_ones_meet_the_deductible() -> None:
    visit = {"deductible": True, "copay": fixed("usd", 30), "visits_before_deductible": fixed("sessions", 2)}
    plan = card({VISIT: visit}, deductible=fixed("usd", 500))
    assert paid(plan, *(bill(VISIT, 150, day) for day in (1, 2, 3, 400))) == [30, 30, 150, 30]


def test_visits_beyond_the_limit_of_a_plan_year_are_not_covered_and_do_not_count() -> None:
    plan = card(
        {VISIT: {"deductible": False, "copay": fixed("usd", 30), "visit_limit": fixed("sessions", 2)}},
        out_of_pocket_maximum=fixed("usd", 100),
    )
    done = ledger(plan, *(bill(VISIT, 150, day) for day in (1, 2, 3, 400)))
    assert [float(line.columns["not_covered"][0]) for line in done.lines] == [0, 0, 150, 0]
    assert float(done.lines[2].left["out_of_pocket_maximum"][0]) == 40


def test_a_copay_by_the_day_stops_at_its_days() -> None:
    stay = {"deductible": False, "copay": fixed("usd", 350), "copay_per": "day", "copay_days": fixed("days", 5)}
    plan = card({STAY: stay})
    assert paid(plan, *(bill(STAY, 20_000, 100 * days, days=days) for days in (1, 5, 9))) == [350, 1750, 1750]


def test_the_coinsurance_of_one_service_stops_where_the_plan_says() -> None:
    plan = card(
        {DRUG: {"deductible": False, "coinsurance": fixed("share", 0.3), "coinsurance_most": fixed("usd", 250)}}
    )
    assert paid(plan, bill(DRUG, 500), bill(DRUG, 2_000)) == [150, 250]


def test_above_a_reference_price_the_patient_pays_and_nothing_of_it_counts() -> None:
    plan = card(
        {PROCEDURE: {**SHARED, "reference_price": fixed("usd", 1_000)}},
        deductible=fixed("usd", 200), out_of_pocket_maximum=fixed("usd", 300),
    )  # fmt: skip
    line = ledger(plan, bill(PROCEDURE, 1_500)).lines[0]
    assert {name: float(each[0]) for name, each in line.columns.items() if each[0]} == {
        "deductible": 200, "coinsurance": 100, "balance_bill": 500, "plan_paid": 700,
    }  # fmt: skip


def test_out_of_network_has_a_deductible_of_its_own_and_a_bill_for_the_rest() -> None:
    outside = {"coinsurance": fixed("share", 0.4), "deductible": fixed("usd", 1_000)}
    plan = card({PROCEDURE: SHARED}, deductible=fixed("usd", 500), out_of_network=outside)
    line = ledger(plan, bill(PROCEDURE, 2_000, charge=3_500)).lines[0]
    assert {name: float(each[0]) for name, each in line.columns.items() if each[0]} == {
        "deductible": 1_000, "coinsurance": 400, "balance_bill": 1_500, "plan_paid": 600,
    }  # fmt: skip
    assert float(line.left["deductible"][0]) == 500


def test_out_of_network_is_not_covered_where_the_plan_says_nothing_of_it() -> None:
    plan = card({PROCEDURE: SHARED}, deductible=fixed("usd", 500))
    assert paid(plan, bill(PROCEDURE, 2_000, charge=3_500)) == [3_500]


def test_drugs_have_limits_of_their_own_where_the_plan_says_so() -> None:
    benefits = {PROCEDURE: SHARED, DRUG: SHARED}
    together = card(benefits, deductible=fixed("usd", 500))
    apart = card(benefits, deductible=fixed("usd", 500), drugs={"deductible": fixed("usd", 100)})
    bills = bill(PROCEDURE, 500), bill(DRUG, 300)
    assert paid(together, *bills) == [500, 60]
    assert paid(apart, *bills) == [500, 140]
    assert paid(apart, *bills, met={"drugs": {"deductible": 100, "out_of_pocket": 100}}) == [500, 60]


@pytest.mark.parametrize(
    ("rule", "family_met", "cost"),
    [
        ("embedded", 0, 1_000 + 400),  # one's own is met first
        ("embedded", 1_700, 300 + 540),  # the family has 300 left, less than one's own
        ("aggregate", 0, 2_000 + 200),  # only the family's counts
        ("aggregate", 1_700, 300 + 540),
    ],
)
def test_a_familys_deductible_is_embedded_or_aggregate(rule: str, family_met: float, cost: float) -> None:
    plan = card(
        {PROCEDURE: SHARED}, deductible=fixed("usd", 1_000), family={"rule": rule, "deductible": fixed("usd", 2_000)}
    )
    met = {"family": {"deductible": family_met, "out_of_pocket": family_met}}
    assert paid(plan, bill(PROCEDURE, 3_000), tier="family", met=met) == [cost]
    assert paid(plan, bill(PROCEDURE, 3_000)) == [1_400]  # who is alone on the card has nothing of it


def test_a_hospital_deductible_is_owed_once_a_benefit_period_and_not_once_a_year() -> None:
    period = {"deductible": fixed("usd", 1_736), "days": fixed("days", 60)}
    plan = card({STAY: {"deductible": True}}, benefit_period=period)
    days = [0, 50, 53 + 59, 53 + 59 + 3 + 60, 310]  # a stay ends on its third day; the year turns on day 306
    stays = [
        bill(STAY, amount, day, days=3) for amount, day in zip([1_000, 5_000, 5_000, 5_000, 5_000], days, strict=True)
    ]
    assert paid(plan, *stays) == [1_000, 736, 0, 1_736, 1_736]


def test_the_order_of_one_days_services_does_not_change_the_total_under_one_coinsurance() -> None:
    plan = card(
        {VISIT: SHARED, PROCEDURE: SHARED}, deductible=fixed("usd", 500), out_of_pocket_maximum=fixed("usd", 700)
    )
    bills = bill(VISIT, 180.4), bill(PROCEDURE, 900), bill(PROCEDURE, 333)
    assert len({round(sum(paid(plan, *order)), 2) for order in permutations(bills)}) == 1


ONE = {"needle": price(claim(value=1_000))}


def insured(**benefit: object) -> Plan:
    plan = card({PROCEDURE: {**SHARED, **benefit}}, deductible=fixed("usd", 1_500))
    return INSURED.model_copy(update={"benefits": plan.benefits})


def test_prior_authorization_delays_the_first_session_and_its_refusals_are_in_no_cost() -> None:
    asked = {"denied": fixed("share", 0.25), "delay": parameter("weeks", claim("bounds", low=2, high=4))}
    one = treatment(
        price=ONE, sessions=fixed("sessions", 1), wait=fixed("weeks", 1), coverage=covering("covered"),
        onset=fixed("weeks", 1), effects=responding(fixed("share", 1)),
    )  # fmt: skip
    plain, held = (
        simulate(inputs({"shot": one}, plan=plan, draws=4096, met=1_500.0), "ours").treatments["shot"].outcomes
        for plan in (insured(), insured(prior_authorization=asked))
    )
    assert set(plain["out_of_pocket"].values) == {200.0}
    assert set(held["out_of_pocket"].values) == {200.0}
    later = held["weeks_to_relief"].values - plain["weeks_to_relief"].values
    assert later.min() == pytest.approx(2, abs=0.01)
    assert later.max() == pytest.approx(4, abs=0.01)


def test_a_plans_own_word_on_coverage_goes_before_what_is_said_of_plans_and_after_yours() -> None:
    (refused,) = covering("excluded", source="survey", section="Exclusions")
    plan = INSURED.model_copy(update={"coverage": {"shot": refused, "yours": refused}})
    yours = treatment(coverage=covering("covered", yours="my insurer's letter"))
    seen = under_plan(plan, {"shot": treatment(), "yours": yours, "other": treatment()})
    assert [each.coverage[0].status for each in seen.values()] == ["excluded", "covered", "covered"]
    done = simulate(inputs(seen, plan=plan, met=3_000.0), "ours").treatments
    assert done["shot"].outcomes["out_of_pocket"].values.min() > 0
    assert not done["yours"].outcomes["out_of_pocket"].values.any()


def test_a_treatment_out_of_network_is_billed_at_its_cash_price() -> None:
    one = treatment(
        price={"needle": price(claim(value=1_000, market="commercial"), claim(value=1_800, market="cash"))},
        sessions=fixed("sessions", 1), coverage=covering("covered"),
    )  # fmt: skip
    plan = insured().model_copy(
        update={
            "out_of_network": card(
                {PROCEDURE: SHARED}, deductible=fixed("usd", 0), out_of_network={"coinsurance": fixed("share", 0.5)}
            ).out_of_network
        }
    )
    made = inputs({"shot": one}, plan=plan)
    outside = replace(made, patient=made.patient.model_copy(update={"out_of_network": ("shot",)}))
    done = simulate(outside, "ours").treatments["shot"]
    assert set(done.ledger.columns["balance_bill"]) == {800.0}
    assert set(done.outcomes["out_of_pocket"].values) == {1_800.0}  # all of the 1,000 goes to the deductible


def test_a_treatment_given_in_the_second_tier_meets_its_terms() -> None:
    one = treatment(
        price={"needle": price(claim(value=1_000))}, sessions=fixed("sessions", 1), coverage=covering("covered")
    )
    plan = insured(second_tier={"deductible": True, "coinsurance": fixed("share", 0.5)})
    made = inputs({"shot": one}, plan=plan, met=1_500.0)
    second = replace(made, patient=made.patient.model_copy(update={"second_tier": ("shot",)}))
    for asked, cost in ((made, 200.0), (second, 500.0)):
        done = simulate(asked, "ours").treatments["shot"]
        assert set(done.outcomes["out_of_pocket"].values) == {cost}


def test_parts_of_one_session_under_one_benefit_pay_one_copay() -> None:
    parts = {"needle": price(claim(value=300)), "room": price(claim(value=500))}
    one = treatment(
        price=parts, sessions=fixed("sessions", 2), interval=fixed("weeks", 1), coverage=covering("covered")
    )
    plan = insured(deductible=False, copay=fixed("usd", 250), coinsurance=None)
    done = simulate(inputs({"shot": one}, plan=plan), "ours").treatments["shot"]
    assert set(done.outcomes["out_of_pocket"].values) == {500.0}
