"""What a course owes to the calendar, the horizon and each person's own luck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from calc.inputs.parameter import Category, Per
from calc.inputs.patient import Met, Patient
from calc.inputs.plan import Plan
from calc.inputs.recovery import KindOfWork, OffWork
from calc.inputs.treatment import Diagnostic
from calc.model.simulate import simulate

from .small import CASH, claim, condition, covering, fixed, inputs, price, responding, treatment

NEEDLE = {"needle": price(claim(value=1000))}


def blocks(passed: float) -> Diagnostic:
    return Diagnostic(
        label="Blocks", steps=fixed("sessions", 1), interval=fixed("weeks", 0), passed=fixed("share", passed)
    )


@pytest.mark.parametrize(
    ("start", "cost"),
    [
        ("08-28", 200.0),  # the year began days ago: what was met counts
        ("09-01", 200.0),  # it begins today, and what was met was met in it
        ("09-02", 1000.0),  # it begins tomorrow, before the first session in a week
    ],
)
def test_a_plan_year_that_begins_on_the_day_of_the_decision_has_begun(start: str, cost: float) -> None:
    one = treatment(price=NEEDLE, wait=fixed("weeks", 1), sessions=fixed("sessions", 1), coverage=covering("covered"))
    made = inputs({"shot": one})
    patient = Patient(
        label="Someone", decision_date=date(2026, 9, 1), plan_year_start=start,
        met=Met(deductible=1500, out_of_pocket=1500),
    )  # fmt: skip
    done = simulate(replace(made, patient=patient), "ours").treatments["shot"]
    assert set(done.outcomes["out_of_pocket"].values.tolist()) == {cost}


def test_who_passes_and_who_responds_are_two_matters_of_luck() -> None:
    one = treatment(diagnostic=blocks(0.5), effects=responding(fixed("share", 0.5)))
    done = simulate(inputs({"shot": one}, draws=4096), "ours").treatments["shot"]
    assert (done.outcomes["weeks_in_relief"].values > 0).mean() == pytest.approx(0.25, abs=0.01)


def test_who_passes_and_who_gets_better_anyway_are_two_matters_of_luck() -> None:
    one = treatment(price=NEEDLE, diagnostic=blocks(0.5), effects=(), sessions=fixed("sessions", 1))
    made = inputs({"shot": one}, draws=4096, plan=CASH, usual_care="shot", has=condition(fixed("share", 0.5)))
    done = simulate(made, "ours").treatments["shot"].outcomes
    passed = done["out_of_pocket"].values == 1000.0
    assert passed.mean() == pytest.approx(0.5, abs=0.01)
    assert (passed & (done["weeks_in_relief"].values > 0)).mean() == pytest.approx(0.25, abs=0.01)


def test_whom_it_helps_is_drawn_among_those_who_do_not_get_better_anyway() -> None:
    one = treatment(effects=responding(fixed("share", 0.8)), onset=fixed("weeks", 1), relief=fixed("weeks", 30))
    made = inputs({"shot": one}, draws=4096, has=condition(fixed("share", 0.5), relief=fixed("weeks", 10)))
    weeks = simulate(made, "ours").treatments["shot"].outcomes["weeks_in_relief"].values.round(6)
    for length, share in ((10.0, 0.5), (30.0, 0.3), (0.0, 0.2)):
        assert (weeks == length).mean() == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("per", list(Per))
def test_what_falls_on_the_day_of_the_horizon_is_not_billed(per: Per) -> None:
    one = treatment(
        price={"item": price(claim(value=10), per=per)}, wait=fixed("weeks", 10), diagnostic=blocks(1),
        sessions=fixed("sessions", 1),
    )  # fmt: skip
    for horizon, cost in (("10 weeks", 0.0), ("10.5 weeks", 10.0)):
        done = simulate(inputs({"shot": one}, plan=CASH, horizon=horizon), "ours").treatments["shot"]
        assert set(done.outcomes["out_of_pocket"].values.tolist()) == {cost}


@pytest.mark.parametrize(
    ("work", "known"), [(KindOfWork.DESK, "stated"), (KindOfWork.PHYSICAL, "not known"), (KindOfWork.NONE, "stated")]
)
def test_working_days_lost_rest_on_the_patient_s_own_kind_of_work(work: KindOfWork, known: str) -> None:
    one = treatment(sessions=fixed("sessions", 1), off_work=OffWork(desk=fixed("days", 7)))
    made = inputs({"shot": one})
    made = replace(made, patient=made.patient.model_copy(update={"kind_of_work": work}))
    found = simulate(made, "ours").treatments["shot"].outcomes["working_days_lost"]
    assert found.known == known
    if known == "stated":
        assert set(found.values.round(9).tolist()) == {5.0 if work is KindOfWork.DESK else 0.0}
    else:
        assert found.rests_on == ("off_work.physical",)


@pytest.mark.parametrize(
    ("decided", "wait", "steps", "interval"),
    [
        (date(2026, 12, 27), 1, 1, 4),  # 1/7 + 4/7 of a week is less than 5/7 in floats
        (date(2026, 12, 20), 2, 2, 5),
        (date(2026, 12, 10), 3, 1, 19),
        (date(2026, 11, 30), 11, 3, 7),
    ],
)
def test_a_procedure_on_the_first_day_of_a_plan_year_belongs_to_it(
    decided: date, wait: int, steps: int, interval: int
) -> None:
    blocks = Diagnostic(
        label="Blocks", steps=fixed("sessions", steps), interval=fixed("days", interval), passed=fixed("share", 1)
    )
    one = treatment(
        price=NEEDLE, wait=fixed("days", wait), diagnostic=blocks, sessions=fixed("sessions", 1),
        coverage=covering("covered"),
    )  # fmt: skip
    assert (date(2027, 1, 1) - decided).days == wait + steps * interval
    made = inputs({"shot": one})
    for day, cost in ((decided, 1000.0), (decided - timedelta(days=1), 0.0)):
        patient = Patient(label="Someone", decision_date=day, met=Met(deductible=1500, out_of_pocket=3000))
        done = simulate(replace(made, patient=patient), "ours").treatments["shot"]
        assert set(done.outcomes["out_of_pocket"].values.tolist()) == {cost}


@pytest.mark.parametrize(
    ("asked", "owed"),
    [
        # all met in December but 40; what the delay moves into January meets the new deductible
        ({"outpatient_procedure"}, 40 + 1000),  # the visit and the scan stay in December
        ({"imaging"}, 40 + 1000 + 500),  # the scan moves, and with it the procedure that follows it
        ({"specialist_visit"}, 100 + 500 + 1000),
        (set(), 40),
    ],
)
def test_authorization_holds_up_what_is_authorized_and_what_comes_after_it(asked: set[str], owed: float) -> None:
    delay = {"denied": fixed("share", 0), "delay": fixed("weeks", 2)}
    benefits = {
        name: {"deductible": True, **({"prior_authorization": delay} if name in asked else {})}
        for name in ("specialist_visit", "imaging", "outpatient_procedure")
    }
    plan = Plan.model_validate(
        {
            "label": "Asks first", "short": "Asks", "year": 2026, "market": "commercial", "benefits": benefits,
            "deductible": fixed("usd", 3000), "out_of_pocket_maximum": fixed("usd", 3000),
        }
    )  # fmt: skip
    billed = {
        "visit": price(claim(value=100), per=Per.ONCE, category=Category.SPECIALIST_VISIT),
        "scan": price(claim(value=500), per=Per.DIAGNOSTIC, category=Category.IMAGING),
        "needle": price(claim(value=1000)),
    }
    one = treatment(
        price=billed, wait=fixed("days", 1), diagnostic=blocks(1), sessions=fixed("sessions", 1),
        coverage=covering("covered"),
    )  # fmt: skip
    patient = Patient(label="Someone", decision_date=date(2026, 12, 21), met=Met(deductible=2960, out_of_pocket=2960))
    done = simulate(replace(inputs({"shot": one}, plan=plan), patient=patient), "ours").treatments["shot"]
    assert set(done.outcomes["out_of_pocket"].values.tolist()) == {owed}
