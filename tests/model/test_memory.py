"""A memory changes nothing but the time: whatever was computed before, the outcomes are those of a fresh start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.analysis.compare import Result
from calc.inputs.load import StudyInputs
from calc.inputs.many import Shelf
from calc.inputs.parameter import Category
from calc.inputs.pathway import Pathway
from calc.inputs.plan import Benefit
from calc.inputs.source import Stance
from calc.model.expected import expected
from calc.model.memory import Memory
from calc.model.outcomes import OUTCOMES, Outcomes, simulate
from calc.report.reasons import reasons

from .small import INSURED, claim, fixed, inputs, parameter, price, repeating, stepped, treatment, unknown, view

SHELF = Shelf(Path(__file__).resolve().parent.parent.parent / "params")
STUDY = "chronic_low_back_pain"
KEPT = Memory()
LEAST = Memory(most=1)

VARIANTS = st.fixed_dictionaries(
    {},
    optional={
        "study.plan": st.sampled_from(["self_pay", "employer_ppo_2026", "medicare_2026", "high_deductible_2026"]),
        "study.horizon": st.sampled_from(["2 months", "6 months", "13 months", "14 months", "24 months"]),
        "view.weights.clinic": st.sampled_from([0.0, 0.25, 4.0]),
        "patient.met.deductible": st.sampled_from([0.0, 500.0]),
        "stem_cell_injection.price.injection": st.sampled_from(["5500", "4000..6000"]),
        "facet_nerve_ablation.relief": st.sampled_from(["unknown", "30"]),
        "stem_cell_injection.coverage": st.sampled_from(["0", "1", "unknown"]),
    },
)


def outcomes(variant: dict[str, object], memory: Memory | None, wanted: tuple[str, ...] = OUTCOMES) -> Outcomes:
    laid = {"study.views": ["between"], "study.draws": 64, "patient.met.out_of_pocket": 500.0, **variant}
    return simulate(SHELF.study(STUDY, laid), "between", memory=memory, wanted=wanted)


def same(one: Outcomes, other: Outcomes, wanted: tuple[str, ...] = OUTCOMES) -> None:
    for name, simulated in one.treatments.items():
        for outcome in wanted:
            mine, its = simulated.outcomes[outcome], other.treatments[name].outcomes[outcome]
            assert np.array_equal(mine.values, its.values, equal_nan=True), (name, outcome)
            assert (mine.known, mine.rests_on, mine.envelope) == (its.known, its.rests_on, its.envelope), name
        bills = other.treatments[name].bills
        assert all(np.array_equal(simulated.bills[bill], bills[bill], equal_nan=True) for bill in bills)


@settings(max_examples=15)
@given(VARIANTS)
def test_outcomes_by_way_of_a_memory_are_those_of_a_fresh_start(variant: dict[str, object]) -> None:
    fresh = outcomes(variant, None)
    same(outcomes(variant, KEPT), fresh)
    same(outcomes(variant, LEAST), fresh)


@settings(max_examples=5)
@given(VARIANTS)
def test_tables_by_way_of_a_memory_are_those_of_a_fresh_start(variant: dict[str, object]) -> None:
    laid = {"study.views": ["between"], "study.draws": 64, "patient.met.out_of_pocket": 500.0, **variant}
    study = SHELF.study(STUDY, laid)

    def tables(memory: Memory) -> dict[str, pd.DataFrame]:
        result = Result(study, {view: simulate(study, view, memory=memory) for view in study.views}, memory)
        assert not reasons(result, "between").empty
        return dict(result.tables())

    fresh = tables(Memory())
    for name, table in tables(KEPT).items():
        pd.testing.assert_frame_equal(table, fresh[name], check_exact=True, obj=name)


@settings(max_examples=6)
@given(VARIANTS)
def test_the_outcomes_that_are_not_wanted_change_nothing_about_the_others(variant: dict[str, object]) -> None:
    wanted = ("out_of_pocket", "weeks_in_relief")
    found = outcomes(variant, None, wanted)
    assert all(tuple(each.outcomes) == wanted for each in found.treatments.values())
    same(found, outcomes(variant, None), wanted)


def test_what_one_word_of_a_plan_moves_is_made_anew() -> None:
    """Plans that differ in one word each, met by what was kept of the one before."""
    far, near = (parameter("weeks", claim("bounds", low=low, high=low + 2)) for low in (10, 2))
    benefits: list[dict[str, object]] = [
        {},
        {"prior_authorization": {"denied": fixed("share", 0.25), "delay": near}},
        {"prior_authorization": {"denied": fixed("share", 0.25), "delay": far}},
        {"prior_authorization": {"denied": fixed("share", 0.5), "delay": far}},
        {"prior_authorization": {"denied": fixed("share", 0), "delay": far}},
        {"copay": fixed("usd", 350), "copay_per": "stay"},
        {"copay": fixed("usd", 350), "copay_per": "day"},
    ]
    procedure = Category.OUTPATIENT_PROCEDURE
    stay = price(claim(value=900, market="commercial"), claim(value=1_500, market="cash"))
    treatments = {
        "known": treatment(coverage=fixed("share", 1)),
        "insured": treatment(price={"it": price(claim(value=1_000, market="commercial"))}, coverage=fixed("share", 1)),
        "stay": treatment(price={"it": stay.model_copy(update={"days": unknown("days")})}),
        "open": treatment(relief=unknown("weeks")),
    }
    memory, seen = Memory(), set[str]()
    for each in benefits:
        benefit = Benefit.model_validate({"deductible": True, "coinsurance": fixed("share", 0.2), **each})
        asked = inputs(treatments, plan=INSURED.model_copy(update={"benefits": {procedure: benefit}}), draws=64)
        found = simulate(asked, "ours", memory=memory)
        same(found, simulate(asked, "ours"))
        seen.add(str([one.outcomes[name].values.mean() for one in found.treatments.values() for name in OUTCOMES]))
    assert len(seen) == len(benefits)


def test_a_world_that_only_an_envelope_asks_for_follows_whom_one_believes_and_what_they_say() -> None:
    """When what happens is the same each time; one source knows the chance of cover, the other does not."""
    views = {"mixed": view({Stance.GUIDELINE: 0.9, Stance.CLINIC: 0.1}), "alone": view({Stance.CLINIC: 1.0})}
    memory, seen = Memory(), list[tuple[float, float] | None]()
    for share in (1, 0.98):
        nobody = claim("unknown", source="clinic", note="Nobody says.")
        one = treatment(coverage=parameter("share", claim(source="guide", value=share), nobody))
        for name in views:
            asked = inputs({"one": one}, views=views)
            found = simulate(asked, name, memory=memory)
            same(found, simulate(asked, name))
            seen.append(found.treatments["one"].outcomes["out_of_pocket"].envelope)
    assert len(set(seen)) >= 3


def test_a_plan_that_sources_tell_otherwise_is_drawn_for_each_view() -> None:
    said = parameter("usd", claim(source="guide", value=500), claim(source="clinic", value=2500))
    views = {"guideline": view(), "clinic": view({Stance.CLINIC: 1.0})}
    asked = inputs({"one": treatment()}, plan=INSURED.model_copy(update={"deductible": said}), views=views, draws=64)
    memory, paid = Memory(), []
    for name in views:
        found = simulate(asked, name, memory=memory, wanted=("out_of_pocket",))
        same(found, simulate(asked, name, wanted=("out_of_pocket",)), ("out_of_pocket",))
        paid.append(found.treatments["one"].ledger.columns["deductible"].max())
    assert paid == [500, 2500]


def test_what_is_expected_of_a_pathway_is_made_anew_where_one_thing_of_it_differs() -> None:
    """The horizon, the network, how long one waits for relief and how often a step is repeated."""
    steps = {"first": treatment(repeat=repeating(4)), "second": treatment()}

    def study(courses: int = 1, patience: float = 4, **changed: object) -> StudyInputs:
        rules = stepped("first", "second", courses=courses, patience=patience)
        return inputs(steps, pathways={"way": Pathway(rules, steps)}, draws=64, **changed)

    usual = study()
    outside = usual.patient.model_copy(update={"out_of_network": ("first", "second")})
    variants = [
        usual,
        study(horizon="6 months"),
        study(horizon="2 months"),
        study(courses=2),
        study(patience=12),
        replace(usual, patient=outside),
    ]
    memory, seen = Memory(), set[tuple[float, float]]()
    for asked in variants:
        found, fresh = (expected(asked, "ours", each)["way"] for each in (memory, None))
        assert np.array_equal(found.out_of_pocket, fresh.out_of_pocket)
        assert np.array_equal(found.weeks_in_relief, fresh.weeks_in_relief)
        seen.add((found.out_of_pocket.mean(), found.weeks_in_relief.mean()))
    assert len(seen) == len(variants)


@pytest.mark.parametrize(("end", "weights"), [("guideline", (1, 0)), ("clinic", (0, 1))])
def test_the_view_in_between_is_at_its_ends_the_view_of_that_side(end: str, weights: tuple[int, int]) -> None:
    laid = {"view.weights.guideline": weights[0], "view.weights.clinic": weights[1]}
    alone = simulate(SHELF.study(STUDY, {"study.views": [end], "study.draws": 64}), end)
    same(outcomes(laid | {"patient.met.out_of_pocket": 0}, None), alone)


def test_a_memory_gives_back_the_very_object_and_forgets_what_was_not_asked_for_the_longest() -> None:
    memory = Memory(most=3 * 800)

    def asked(name: str) -> np.ndarray:
        return memory.of("array", lambda: np.zeros(100), name)

    first = asked("a")
    asked("b")
    assert asked("a") is first
    asked("c")
    asked("d")
    assert asked("a") is first
    assert memory.held <= 3 * 800


def test_a_model_is_told_apart_by_what_it_holds() -> None:
    memory = Memory()
    one, again, other = (SHELF.study(STUDY, {"plan.deductible": value}).plan for value in (1000, 1001, 1002))
    made = [memory.of("plan", object, each) for each in (one, one.model_copy(), again, other)]
    assert made[0] is made[1]
    assert len({id(each) for each in made}) == 3


def test_what_a_result_was_made_of_counts_as_long_as_it_is_kept() -> None:
    memory, part = Memory(most=3 * 800), np.zeros(100)
    memory.of("sum", lambda: np.zeros(100), part)
    assert memory.held == 2 * 800
    memory.of("other sum", lambda: np.zeros(100), part)
    assert memory.held == 3 * 800
    for name in range(20):
        memory.of("array", lambda: np.zeros(100), name)
    assert memory.held == 3 * 800


def test_what_is_part_of_several_results_counts_once_and_goes_with_the_last_of_them() -> None:
    memory, made = Memory(most=3 * 800), list[int]()

    def asked(name: int) -> None:
        memory.of("array", lambda: made.append(name) or np.zeros(100), name)

    inner = memory.of("inner", lambda: (np.zeros(100),))
    asked(0)
    memory.of("outer", lambda: {"inner": inner, "own": np.zeros(100)})
    assert memory.held == 3 * 800
    asked(1)  # the inner one is let go of and stays with the outer, so that the first array goes as well
    assert memory.held == 3 * 800
    asked(0)  # and then the outer one with all that it holds
    assert memory.held == 2 * 800
    asked(1)
    assert made == [0, 1, 0]


def test_a_part_cannot_be_changed_beneath_what_was_made_of_it() -> None:
    memory, part = Memory(), np.zeros(3)
    memory.of("sum", lambda: part.sum(), part)
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 1.0


def test_another_horizon_meets_its_own_plan_years_and_another_count_of_draws_its_own_terms() -> None:
    memory = Memory()
    for changed in (
        {"study.horizon": "6 months"},
        {"study.horizon": "24 months"},
        {"study.horizon": "2 months"},
        {"study.plan": "self_pay", "patient.met.out_of_pocket": 0},
        {"study.plan": "self_pay", "patient.met.out_of_pocket": 0, "study.draws": 128},
    ):
        same(outcomes(changed, memory), outcomes(changed, None))


def test_another_horizon_in_the_same_plan_years_adjudicates_nothing_that_is_over() -> None:
    memory = Memory()
    short, long = (outcomes({"study.horizon": each}, memory) for each in ("14 months", "24 months"))
    ledgers = [each.treatments["lumbar_discectomy"].ledger for each in (short, long)]
    assert ledgers[0] is ledgers[1]
    monthly = [each.treatments["anti_inflammatories"].ledger for each in (short, long)]
    assert monthly[0].out_of_pocket.mean() < monthly[1].out_of_pocket.mean()


def test_nobody_can_change_what_others_are_given_again() -> None:
    made = Memory().of("rows", lambda: {"a": (np.zeros(3),)})
    with pytest.raises(ValueError, match="read-only"):
        made["a"][0][0] = 1.0
