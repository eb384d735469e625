"""What a course owes to the calendar, the horizon and each person's own luck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from calc.inputs.parameter import Per
from calc.inputs.patient import Met, Patient
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
