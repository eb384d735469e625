"""Whether the plan pays: one status for everybody, whose word goes first, and the cost both ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calc.inputs.coverage import CoverageStatus, Covered
from calc.inputs.load import load_study
from calc.inputs.population import KindOfPain
from calc.inputs.source import Stance
from calc.inputs.treatment import Treatment
from calc.model.benefits import adjudicate
from calc.model.leg import Coverage
from calc.model.option import option_of
from calc.model.simulate import simulate

from .small import CASH, claim, covering, fixed, inputs, parameter, price, repeating, treatment, view

NEEDLE = {"needle": price(claim(value=1_000))}


def says(status: str, by: str = "", **said: object) -> CoverageStatus:
    (found,) = covering(status, **({"source": by, "section": "Here"} if by else {}), **said)
    return found


def shot(*statuses: CoverageStatus, **changed: object) -> Treatment:
    usual = {"price": NEEDLE, "sessions": fixed("sessions", 1), "coverage": statuses}
    return treatment(**(usual | changed))


def used(one: Treatment, **said: object) -> Coverage:
    made = inputs({"one": one}, **said)  # type: ignore[arg-type]
    return option_of(made, "ours", "one").legs[0].coverage


YOURS = says("covered", yours="My insurer's letter")
POLICY, MARKET = says("excluded", "survey"), says("on_conditions", "survey", market="commercial")
OTHER_MARKET = says("covered", "survey", market="medicare")
GUIDE, NEWS, CLINIC = says("covered", "guide"), says("excluded", "news"), says("not_known", "clinic")
OURS = says("covered")


@pytest.mark.parametrize(
    ("statuses", "first"),
    [
        ((CLINIC, POLICY, YOURS), 2),  # the user's own word
        ((MARKET, YOURS), 1),
        ((POLICY, MARKET), 1),  # about this market before all markets
        ((POLICY, OTHER_MARKET), 0),  # about another market never
        ((CLINIC, NEWS, GUIDE, POLICY), 3),  # published policies before pages
        ((CLINIC, NEWS, GUIDE), 2),
        ((CLINIC, NEWS), 1),  # a seller's "varies" after every other page
        ((CLINIC,), 0),
        ((OURS, CLINIC), 1),  # and our assumption after that
        ((POLICY, POLICY), 0),
    ],
)
def test_whose_word_on_coverage_goes_first(statuses: tuple[CoverageStatus, ...], first: int) -> None:
    found = used(shot(*statuses))
    assert (found.chosen, found.status) == (first, statuses[first].status)


@pytest.mark.parametrize("stance", [Stance.GUIDELINE, Stance.CLINIC, Stance.PUBLIC_DATA])
def test_coverage_does_not_depend_on_whom_one_believes(stance: Stance) -> None:
    one = shot(CLINIC, POLICY)
    assert used(one, views={"ours": view({stance: 1.0})}) == used(one)


def test_a_status_holds_for_the_kinds_of_pain_that_it_names() -> None:
    legs = says("covered", "survey", kinds=["nerve_root"])
    made = inputs({"one": shot(legs, says("excluded", "survey", kinds=["back_alone"]))})
    for kind, status in (("nerve_root", "covered"), ("back_alone", "excluded"), ("not_sure", "not_known")):
        asked = replace(made, patient=made.patient.model_copy(update={"kind_of_pain": KindOfPain(kind)}))
        assert option_of(asked, "ours", "one").legs[0].coverage.status == status


def test_who_pays_cash_is_never_covered_and_what_costs_nothing_need_not_be() -> None:
    assert not used(shot(YOURS), plan=CASH).paid
    assert used(shot(price={})).status is Covered.COVERED
    assert used(shot()).status is Covered.NOT_KNOWN


def cost(one: Treatment, **said: object) -> np.ndarray:
    return simulate(inputs({"one": one}, **said), "ours").treatments["one"].outcomes["out_of_pocket"].values  # type: ignore[arg-type]


def test_excluded_is_the_cash_price() -> None:
    one = shot(
        POLICY, price={"needle": price(claim(value=900, market="commercial"), claim(value=1_700, market="cash"))}
    )
    assert set(cost(one)) == {1_700.0}
    assert np.array_equal(cost(one), cost(one, plan=CASH))


@pytest.mark.parametrize("status", ["covered", "excluded", "on_conditions", "not_known"])
def test_the_cost_if_covered_and_if_refused_is_that_of_either_status_whatever_the_status_is(status: str) -> None:
    parts = {
        "price": {"needle": price(claim("bounds", low=800, high=2_500))},
        "sessions": parameter("sessions", claim("count_range", low=1, high=4)),
        "repeat": repeating(3),
    }
    made = inputs({"one": shot(says(status), **parts)})
    option = option_of(made, "ours", "one")
    walked = tuple(option.walk())
    for covered, other in ((True, "covered"), (False, "excluded")):
        paid = adjudicate(option.services(walked, covered=covered), option.terms).out_of_pocket
        assert np.array_equal(paid, cost(shot(says(other), **parts)))


def test_asking_first_delays_by_what_the_policy_says_and_its_refusals_are_in_no_cost() -> None:
    asked = {
        "needed": "always", "refused": fixed("share", 0.6), "appeal_won": fixed("share", 0.8),
        "delay": fixed("days", 14),
    }  # fmt: skip
    parts = {"wait": fixed("weeks", 1)}
    plain, held = shot(says("covered"), **parts), shot(says("covered", authorization=asked), **parts)
    option = option_of(inputs({"one": held}), "ours", "one")
    (leg,) = option.walk()
    assert set(leg.events.courses[0].start) == {3.0}
    assert np.array_equal(cost(plain), cost(held))


def test_your_own_word_is_a_setting(params: Path) -> None:
    for word, status in (("covered", "covered"), ("excluded", "excluded"), ("unknown", "not_known"), ("1", "covered")):
        made = load_study("question", root=params, settings={"shot.coverage": word})
        (found,) = made.treatments["shot"].coverage
        assert (found.status, found.yours) == (status, "set for this run")
        assert option_of(made, "guideline", "shot").legs[0].coverage.status == status
