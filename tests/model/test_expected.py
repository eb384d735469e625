"""Expected values: the luck averaged out exactly, and nothing but the luck."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from calc.inputs.condition import Condition
from calc.inputs.load import StudyInputs
from calc.inputs.parameter import Per
from calc.inputs.pathway import Pathway
from calc.inputs.treatment import Diagnostic, RepeatPolicy, Treatment
from calc.model.benefits import adjudicate
from calc.model.expected import Expected, expected
from calc.model.option import option_of
from calc.model.outcomes import Known
from calc.model.sample import Block
from calc.model.simulate import Outcomes, simulate, simulate_views

from .small import (
    claim,
    condition,
    covering,
    fixed,
    inputs,
    parameter,
    price,
    repeating,
    responding,
    stepped,
    treatment,
    unknown,
)

BLOCKS = Diagnostic(
    label="Blocks", steps=fixed("sessions", 2), interval=fixed("weeks", 1),
    passed=parameter("share", claim("bounds", low=0.2, high=0.6)),
)  # fmt: skip
WIDE = treatment(
    diagnostic=BLOCKS,
    effects=responding(parameter("share", claim("bounds", low=0.3, high=0.9))),
    price={
        "block": price(claim("bounds", low=300, high=900), per=Per.DIAGNOSTIC),
        "needle": price(claim("typical_range", low=800, high=2500)),
    },
    repeat=repeating(2),
    relief=parameter("weeks", claim("bounds", low=18, high=40)),
)
FURTHER = 3  # courses after the first that begin in sixty weeks at most
CHANCES = {
    "asks": parameter("share", claim("bounds", low=0.5, high=1)),
    "again": parameter("share", claim("bounds", low=0.4, high=0.9)),
}
AGAIN = WIDE.model_copy(update={"repeat": repeating(9).model_copy(update=CHANCES)})
ASKED = WIDE.model_copy(update={"repeat": repeating(9).model_copy(update={"asks": CHANCES["asks"]})})
LASTING = WIDE.model_copy(update={"repeat": repeating(9).model_copy(update={**CHANCES, "lasting": fixed("weeks", 25)})})
NATURAL = condition(
    parameter("share", claim("bounds", low=0.1, high=0.5)), parameter("weeks", claim("bounds", low=0, high=12)),
    parameter("weeks", claim("bounds", low=18, high=80)),
)  # fmt: skip


def both(one: Treatment, **said: object) -> tuple[StudyInputs, Outcomes, Expected]:
    made = inputs({"one": one}, **said)  # type: ignore[arg-type]
    outcomes = simulate(made, "ours")
    return made, outcomes, expected(made, "ours")["one"]


def brute(made: StudyInputs) -> tuple[np.ndarray, np.ndarray]:
    """Every fall of every coin for every draw, weighed; nothing pruned and nothing shared."""
    option = option_of(made, "ours", "one")
    (leg,), sure = option.legs, np.ones(made.study.draws)
    neither = leg.natural.share.values
    gained = (leg.treated.values - neither) / (1 - neither)
    asks, again = (leg.own[path].values if path in leg.own else sure for path in ("repeat.asks", "repeat.again"))
    further = 0 if leg.treatment.repeat.policy is RepeatPolicy.NEVER else FURTHER
    chances = (neither, leg.passes(), gained, *(asks, again) * further)
    cost, relief = np.zeros(made.study.draws), np.zeros(made.study.draws)
    for falls in product((True, False), repeat=len(chances)):
        weight = np.prod([chance if up else 1 - chance for chance, up in zip(chances, falls, strict=True)], axis=0)
        natural, passes, responds = (np.full(made.study.draws, 0.0 if up else 1.0) for up in falls[:3])
        columns = {**leg.block.columns, "luck.passes": passes, "luck.responds": responds}
        forced = replace(
            leg, natural=replace(leg.natural, luck=natural), block=Block(leg.block.name, columns),
            repeats=tuple(zip(falls[3::2], falls[4::2], strict=True)),
        )  # fmt: skip
        fallen = replace(option, legs=(forced,))
        walked = tuple(fallen.walk())
        assert len(walked[0].events.courses) <= 1 + FURTHER
        cost += weight * adjudicate(fallen.services(walked), option.terms).out_of_pocket
        relief += weight * fallen.events(walked).weeks_in_relief()
    return cost, relief


@pytest.mark.parametrize("has", [None, NATURAL], ids=["nobody better anyway", "some better anyway"])
@pytest.mark.parametrize(
    "one",
    [WIDE, treatment(), treatment(diagnostic=BLOCKS, effects=responding(fixed("share", 0.4))), AGAIN, ASKED, LASTING],
    ids=["always again", "once", "once, after blocks", "asks and helps", "asks", "must last"],
)
def test_the_expected_value_of_each_draw_is_every_fall_of_the_luck_weighed(
    one: Treatment, has: Condition | None
) -> None:
    made = inputs({"one": one}, has=has, draws=64, horizon="60 weeks")
    found = expected(made, "ours")["one"]
    cost, relief = brute(made)
    assert found.out_of_pocket == pytest.approx(cost)
    assert found.weeks_in_relief == pytest.approx(relief)


@pytest.mark.parametrize("one", [WIDE, AGAIN, LASTING])
def test_its_mean_is_the_mean_of_the_luck_simulated(one: Treatment) -> None:
    _, outcomes, found = both(one, draws=16384, has=NATURAL)
    for name in ("out_of_pocket", "weeks_in_relief"):
        simulated = outcomes.treatments["one"].outcomes[name].values
        error = 4 * simulated.std() / np.sqrt(simulated.size)
        assert getattr(found, name).mean() == pytest.approx(simulated.mean(), abs=error)


def test_where_every_parameter_is_known_only_luck_is_left_and_nothing_spreads_in_expectation() -> None:
    sure = treatment(
        price={"needle": price(claim(value=1000))}, wait=fixed("weeks", 2), sessions=fixed("sessions", 1),
        onset=fixed("weeks", 3), relief=fixed("weeks", 10),
    )  # fmt: skip
    _, outcomes, found = both(sure)
    assert outcomes.treatments["one"].outcomes["weeks_in_relief"].values.std() > 1
    assert found.weeks_in_relief == pytest.approx(np.full(256, 5.0))  # half of ten weeks
    assert found.out_of_pocket.std() == pytest.approx(0.0)


def test_luck_only_adds_to_the_spread() -> None:
    _, outcomes, found = both(WIDE, draws=4096)
    for name in ("out_of_pocket", "weeks_in_relief"):
        assert getattr(found, name).std() < outcomes.treatments["one"].outcomes[name].values.std()


def test_what_is_not_stated_stays_so_and_what_nobody_knows_is_marked() -> None:
    nowhere = parameter("weeks", claim(source="news", value=3))
    _, _, found = both(treatment(onset=nowhere))
    assert found.known["weeks_in_relief"] is Known.NOT_STATED
    assert np.isnan(found.weeks_in_relief).all()
    assert not np.isnan(found.out_of_pocket).any()
    _, _, found = both(treatment(effects=responding(unknown("share"))))
    assert found.known["weeks_in_relief"] is Known.UNKNOWN


@pytest.mark.parametrize(("first", "courses"), [(WIDE, 1), (AGAIN, 3)])
def test_a_pathway_is_averaged_over_the_luck_of_all_its_steps(first: Treatment, courses: int) -> None:
    steps = {"first": first, "second": treatment()}
    rules = stepped("first", "second", courses=courses)
    made = inputs(steps, pathways={"way": Pathway(rules, steps)}, draws=8192, has=NATURAL)
    outcomes = simulate_views(made)["ours"]
    found = expected(made, "ours")["way"]
    for name in ("out_of_pocket", "weeks_in_relief"):
        simulated = outcomes.treatments["way"].outcomes[name].values
        error = 4 * simulated.std() / np.sqrt(simulated.size)
        assert getattr(found, name).mean() == pytest.approx(simulated.mean(), abs=error)
        assert getattr(found, name).std() < simulated.std()


def test_a_step_that_nobody_needs_costs_and_brings_nothing() -> None:
    sure = treatment(effects=responding(fixed("share", 1)), relief=fixed("weeks", 500))
    steps = {"first": sure, "second": treatment()}
    made = inputs(steps, pathways={"way": Pathway(stepped("first", "second"), steps)})
    found = expected(made, "ours")
    assert found["way"].out_of_pocket == pytest.approx(found["first"].out_of_pocket)
    assert found["way"].weeks_in_relief == pytest.approx(found["first"].weeks_in_relief)


def test_forcing_the_luck_changes_nothing_else() -> None:
    made = inputs({"one": treatment(coverage=covering("covered"), effects=responding(fixed("share", 1)))})
    outcomes = simulate(made, "ours")
    found = expected(made, "ours")["one"]
    for name in ("out_of_pocket", "weeks_in_relief"):
        assert getattr(found, name) == pytest.approx(outcomes.treatments["one"].outcomes[name].values)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"effects": responding(unknown("share"))},
        {"relief": unknown("weeks"), "repeat": repeating(2)},
        {"price": {"needle": price(claim("unknown", note="Nobody."))}},
    ],
)
def test_what_is_known_is_what_the_simulation_knows(parts: dict[str, object]) -> None:
    steps = {"one": treatment(**parts), "other": treatment()}
    made = inputs(steps, pathways={"way": Pathway(stepped("one", "other"), steps)}, draws=64)
    outcomes, found = simulate_views(made)["ours"], expected(made, "ours")
    for name, each in outcomes.treatments.items():
        for outcome, known in found[name].known.items():
            assert known is each.outcomes[outcome].known
