"""Outcomes: the same bits however they are computed, and nothing claimed beyond what is known."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from calc.inputs.parameter import Category, Per
from calc.inputs.source import Stance
from calc.inputs.treatment import Diagnostic, Treatment
from calc.model.outcomes import OUTCOMES, Known, Outcome
from calc.model.simulate import Outcomes, simulate, simulate_views

from .small import (
    CASH,
    claim,
    covering,
    fixed,
    inputs,
    parameter,
    price,
    repeating,
    responding,
    treatment,
    unknown,
    view,
)

SHOT = treatment()
CELLS = treatment(price={"cells": price(claim("bounds", low=4000, high=6000))}, repeat=repeating(2))
REST = treatment(price={}, effects=responding(parameter("share", claim("mean_sd", mean=0.3, sd=0.1))))
THREE = {"shot": SHOT, "cells": CELLS, "rest": REST}


def of(one: Treatment, outcome: str, **said: object) -> Outcome:
    """Return one outcome of one treatment alone."""
    return simulate(inputs({"one": one}, **said), "ours").treatments["one"].outcomes[outcome]  # type: ignore[arg-type]


def bits(outcomes: Outcomes, names: tuple[str, ...] = ("shot", "cells", "rest")) -> list[bytes]:
    found = []
    for name in names:
        simulated = outcomes.treatments[name]
        found += [simulated.outcomes[each].values.tobytes() for each in OUTCOMES]
        found += [values.tobytes() for values in simulated.ledger.columns.values()]
        found += [course.start.tobytes() for course in simulated.events.courses]
    return found


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_give_the_same_bits_as_none(workers: int) -> None:
    study = inputs(THREE)
    with ThreadPoolExecutor(workers) as executor:
        assert bits(simulate(study, "ours", executor)) == bits(simulate(study, "ours"))


def test_processes_give_the_same_bits_as_none() -> None:
    study = inputs(THREE)
    with ProcessPoolExecutor(2) as executor:
        assert bits(simulate(study, "ours", executor)) == bits(simulate(study, "ours"))


@pytest.mark.parametrize("names", [("rest", "cells", "shot"), ("cells", "shot"), ("shot",)])
def test_leaving_out_or_reordering_treatments_leaves_each_other_s_outcomes_alone(names: tuple[str, ...]) -> None:
    whole = simulate(inputs(THREE), "ours")
    other = simulate(inputs({name: THREE[name] for name in names}), "ours")
    assert tuple(other.treatments) == names
    assert bits(other, names) == bits(whole, names)


def test_seed_and_view_make_a_difference() -> None:
    views = {"ours": view(), "clinic": view({Stance.CLINIC: 1})}
    both = parameter("weeks", claim(source="guide", value=1), claim(source="clinic", value=30))
    outcomes = simulate_views(inputs({"shot": treatment(onset=both)}, views=views))
    to_relief = {name: each.treatments["shot"].outcomes["weeks_to_relief"].values for name, each in outcomes.items()}
    assert to_relief["ours"] + 29 == pytest.approx(to_relief["clinic"], abs=1e-9)
    assert bits(simulate(inputs({"shot": SHOT}, seed=1), "ours"), ("shot",)) != bits(
        simulate(inputs({"shot": SHOT}), "ours"), ("shot",)
    )


def test_a_stated_outcome_has_no_envelope_and_rests_on_nothing_unknown() -> None:
    for name in OUTCOMES:
        outcome = of(SHOT, name)
        assert (outcome.known, outcome.envelope, outcome.rests_on) == (Known.STATED, None, ())
        assert not np.isnan(outcome.values).any()


@pytest.mark.parametrize("outcome", ["weeks_to_relief", "weeks_in_relief", "out_of_pocket", "downtime_days"])
def test_an_unknown_response_leaves_an_envelope_that_holds_the_outcome_at_any_response(outcome: str) -> None:
    found = of(treatment(effects=responding(unknown("share")), repeat=repeating(2)), outcome)
    assert found.known is Known.UNKNOWN
    assert found.rests_on == ("effect",)
    low, high = found.envelope or (np.nan, np.nan)
    spreads = set()
    for response in (0.0, 0.01, 0.3, 0.5, 0.77, 1.0):
        values = of(treatment(effects=responding(fixed("share", response)), repeat=repeating(2)), outcome).values
        inner = np.quantile(values, (0.05, 0.95), method="inverted_cdf")
        assert low <= inner[0] <= inner[1] <= high
        spreads |= {*map(float, inner)}
    assert {low, high} <= spreads  # and no wider than that


def test_where_nobody_can_say_whether_the_plan_pays_the_cost_lies_open_between_paid_and_refused() -> None:
    once = {"sessions": fixed("sessions", 1), "price": {"it": price(claim(value=1_000))}}
    found = of(treatment(coverage=covering("not_known"), **once), "out_of_pocket", met=1_500.0)
    assert (found.known, found.rests_on, found.envelope) == (Known.UNKNOWN, ("coverage",), (200, 1_000))
    nobody_said = of(treatment(coverage=(), **once), "out_of_pocket", met=1_500.0)
    assert (nobody_said.known, nobody_said.envelope) == (found.known, found.envelope)


def test_an_unknown_response_leaves_alone_what_does_not_rest_on_it() -> None:
    found = of(treatment(effects=responding(unknown("share"))), "out_of_pocket")
    assert found.known is Known.STATED
    assert np.array_equal(found.values, of(SHOT, "out_of_pocket").values)


@pytest.mark.parametrize("never", [0.0, 0.2])
def test_relief_that_nobody_has_need_not_be_known(never: float) -> None:
    one = treatment(effects=responding(fixed("share", never)), relief=unknown("weeks"), onset=unknown("weeks"))
    found = of(one, "weeks_in_relief")
    assert found.known is (Known.UNKNOWN if never else Known.STATED)
    assert found.rests_on == (("onset", "relief") if never else ())
    assert never or not found.values.any()


def test_what_is_not_stated_comes_before_what_nobody_knows() -> None:
    nowhere = parameter("weeks", claim(source="news", value=3))
    found = of(treatment(relief=nowhere, onset=unknown("weeks")), "weeks_in_relief")
    assert (found.known, found.rests_on, found.envelope) == (Known.NOT_STATED, ("relief",), None)
    assert np.isnan(found.values).all()


def test_a_price_that_no_one_states_leaves_the_cost_not_stated_and_the_rest_known() -> None:
    one = treatment(price={"needle": price(claim(source="news", value=900))})
    found = of(one, "out_of_pocket")
    assert str(found.known) == "not stated"
    assert np.isnan(found.values).all()
    assert found.rests_on == ("price.needle",)
    assert of(one, "weeks_in_relief").known is Known.STATED


@pytest.mark.parametrize(
    ("status", "missing"),
    [
        ("covered", ()),
        ("on_conditions", ()),
        ("not_known", ("price.needle.cash",)),
        ("excluded", ("price.needle.cash",)),
    ],
)
def test_a_cash_price_is_missed_only_where_the_plan_may_not_pay(status: str, missing: tuple[str, ...]) -> None:
    one = treatment(price={"needle": price(claim(value=900, market="commercial"))}, coverage=covering(status))
    assert of(one, "out_of_pocket").rests_on == missing


@pytest.mark.parametrize(
    ("status", "missing"), [("covered", ("price.needle",)), ("not_known", ("price.needle",)), ("excluded", ())]
)
def test_an_allowed_amount_is_missed_only_where_the_plan_may_pay(status: str, missing: tuple[str, ...]) -> None:
    one = treatment(price={"needle": price(claim(value=900, market="cash"))}, coverage=covering(status))
    assert of(one, "out_of_pocket").rests_on == missing


def test_a_plan_that_covers_nothing_of_it_costs_what_self_pay_costs() -> None:
    uncovered = treatment(coverage=covering("excluded"))
    assert np.array_equal(of(uncovered, "out_of_pocket").values, of(uncovered, "out_of_pocket", plan=CASH).values)
    without_benefit = treatment(price={"belt": price(claim(value=50), category=Category.MEDICAL_EQUIPMENT)})
    assert of(without_benefit, "out_of_pocket").values.max() == 100.0


@pytest.mark.parametrize(("status", "cost"), [("covered", 200.0), ("on_conditions", 200.0), ("excluded", 1000.0)])
def test_the_plan_pays_for_everybody_or_for_nobody(status: str, cost: float) -> None:
    one = treatment(
        price={"needle": price(claim(value=1000))}, sessions=fixed("sessions", 1), coverage=covering(status)
    )
    assert set(of(one, "out_of_pocket", met=1500.0).values.tolist()) == {cost}


@pytest.mark.parametrize(
    ("per", "times"),
    [(Per.ONCE, 1), (Per.DIAGNOSTIC, 2), (Per.COURSE, 2), (Per.SESSION, 6), (Per.MONTH, 12)],
)
def test_an_item_is_billed_as_often_as_what_it_is_billed_for(per: Per, times: int) -> None:
    one = treatment(
        price={"item": price(claim(value=10), per=per)},
        wait=fixed("weeks", 0),
        diagnostic=Diagnostic(
            label="Blocks", steps=fixed("sessions", 2), interval=fixed("weeks", 1), passed=fixed("share", 1)
        ),
        sessions=fixed("sessions", 3),
        onset=fixed("weeks", 1),
        effects=responding(fixed("share", 1)),
        relief=fixed("weeks", 25),  # wears off 28 weeks in, and again after 54
        repeat=repeating(9),
    )
    assert set(of(one, "out_of_pocket", plan=CASH).values.tolist()) == {10.0 * times}


def test_the_plan_year_turns_on_its_day_of_the_calendar() -> None:
    usual = {"price": {"scan": price(claim(value=1500), per=Per.ONCE), "needle": price(claim(value=1500))},
             "sessions": fixed("sessions", 1), "coverage": covering("covered")}  # fmt: skip
    for week, cost in ((17.0, 300.0), (17.5, 1500.0)):  # decided on 1 September, 122 days before
        one = treatment(**usual, wait=fixed("weeks", week))
        assert set(of(one, "out_of_pocket", met=1500.0).values.tolist()) == {cost * 2 if week < 17.2 else 1800.0}


def test_whoever_fails_the_test_blocks_pays_for_them_and_has_no_relief() -> None:
    blocks = Diagnostic(label="Blocks", steps=fixed("sessions", 1), interval=fixed("weeks", 1),
                        passed=fixed("share", 0.25))  # fmt: skip
    one = treatment(
        price={"block": price(claim(value=7), per=Per.DIAGNOSTIC), "needle": price(claim(value=100))},
        diagnostic=blocks, sessions=fixed("sessions", 1), effects=responding(fixed("share", 1)),
    )  # fmt: skip
    cost, relief = (of(one, name, plan=CASH).values for name in ("out_of_pocket", "weeks_in_relief"))
    assert (cost == 107.0).mean() == 0.25
    assert np.array_equal(relief > 0, cost == 107.0)


@pytest.mark.parametrize(
    ("outcome", "parts"),
    [
        ("weeks_to_relief", {"relief": unknown("weeks"), "repeat": repeating(2)}),
        ("weeks_to_relief", {"interval": unknown("weeks")}),  # the onset counts from the first session
        ("out_of_pocket", {"price": {}, "coverage": covering("not_known")}),
    ],
    ids=["time to relief on how long it lasts", "time to relief on later sessions", "nothing on whether it is covered"],
)
def test_an_outcome_does_not_rest_on_what_cannot_change_it(outcome: str, parts: dict[str, object]) -> None:
    assert of(treatment(**parts), outcome).known is Known.STATED


def test_whoever_reaches_the_maximum_pays_exactly_the_maximum() -> None:
    """Ties are counted by equality: a last bit of difference would make one of two treatments the cheapest."""
    one = treatment(coverage=covering("covered"), sessions=fixed("sessions", 6))
    values = of(one, "out_of_pocket", horizon="17 weeks", draws=4096).values
    assert values.max() == pytest.approx(3000.0)
    reached = values > 3000.0 - 1e-6
    assert 0.3 < reached.mean() < 0.9
    assert set(values[reached].tolist()) == {3000.0}


def test_an_envelope_holds_what_lies_between_the_ends_of_an_unknown_too() -> None:
    """Six sessions in one day, or one before the horizon, cost a week; every other week they cost six."""
    one = {"sessions": fixed("sessions", 6), "downtime": fixed("days", 7)}
    low, high = of(treatment(interval=unknown("weeks"), **one), "downtime_days").envelope or (np.nan, np.nan)
    values = of(treatment(interval=fixed("weeks", 2), **one), "downtime_days").values
    assert low <= np.quantile(values, 0.05)
    assert np.quantile(values, 0.95) <= high
