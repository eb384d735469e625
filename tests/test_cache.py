"""A cache changes nothing but the time: whatever was computed before, the outcomes are those of a fresh start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.analysis.compare import Result
from calc.cache import Cache, stage, without_cache
from calc.inputs.load import StudyInputs
from calc.inputs.many import Shelf
from calc.inputs.parameter import Category
from calc.inputs.pathway import Pathway
from calc.inputs.plan import Benefit
from calc.inputs.source import Stance
from calc.model.expected import expected
from calc.model.outcomes import OUTCOMES
from calc.model.simulate import Outcomes, simulate
from calc.report.reasons import reasons

from .model.small import (
    INSURED,
    claim,
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
    view,
)

SHELF = Shelf(Path(__file__).resolve().parent.parent / "params")
T = TypeVar("T")
STUDY = "chronic_low_back_pain"
KEPT = Cache()
LEAST = Cache(most=1)

VARIANTS = st.fixed_dictionaries(
    {},
    optional={
        "study.plan": st.sampled_from(["self_pay", "employer_ppo_2026", "medicare_2026", "high_deductible_2026"]),
        "study.horizon": st.sampled_from(["2 months", "6 months", "13 months", "14 months", "24 months"]),
        "view.weights.clinic": st.sampled_from([0.0, 0.25, 4.0]),
        "patient.met.deductible": st.sampled_from([0.0, 500.0]),
        "stem_cell_injection.price.injection": st.sampled_from(["5500", "4000..6000"]),
        "facet_nerve_ablation.relief": st.sampled_from(["unknown", "30"]),
        "stem_cell_injection.coverage": st.sampled_from(["covered", "excluded", "unknown"]),
        "stem_cell_injection.effect": st.sampled_from(["0.6", "0.2..0.7", "unknown"]),
    },
)


def under(cache: Cache | None, function: Callable[..., T], *args: object, **kwargs: object) -> T:
    with without_cache() if cache is None else cache.in_use():
        return function(*args, **kwargs)


def outcomes(variant: dict[str, object], cache: Cache | None, wanted: tuple[str, ...] = tuple(OUTCOMES)) -> Outcomes:
    laid = {"study.views": ["between"], "study.draws": 64, "patient.met.out_of_pocket": 500.0, **variant}
    return under(cache, simulate, SHELF.study(STUDY, laid), "between", wanted=wanted)


def same(one: Outcomes, other: Outcomes, wanted: tuple[str, ...] = tuple(OUTCOMES)) -> None:
    for name, simulated in one.treatments.items():
        for outcome in wanted:
            mine, its = simulated.outcomes[outcome], other.treatments[name].outcomes[outcome]
            assert np.array_equal(mine.values, its.values, equal_nan=True), (name, outcome)
            assert (mine.known, mine.rests_on, mine.envelope) == (its.known, its.rests_on, its.envelope), name
        for bill in simulated.option.legs[0].treatment.bills if "out_of_pocket" in wanted else ():
            mine, its = (each.treatments[name].ledger_under(bill).out_of_pocket for each in (one, other))
            assert np.array_equal(mine, its, equal_nan=True)


@settings(max_examples=15)
@given(VARIANTS)
def test_outcomes_by_way_of_a_cache_are_those_of_a_fresh_start(variant: dict[str, object]) -> None:
    fresh = outcomes(variant, None)
    same(outcomes(variant, KEPT), fresh)
    same(outcomes(variant, LEAST), fresh)


@settings(max_examples=5)
@given(VARIANTS)
def test_tables_by_way_of_a_cache_are_those_of_a_fresh_start(variant: dict[str, object]) -> None:
    laid = {"study.views": ["between"], "study.draws": 64, "patient.met.out_of_pocket": 500.0, **variant}
    study = SHELF.study(STUDY, laid)

    def tables(cache: Cache) -> dict[str, pd.DataFrame]:
        result = Result(study, {view: under(cache, simulate, study, view) for view in study.views}, cache)
        assert not reasons(result, "between").empty
        return dict(result.tables())

    fresh = tables(Cache())
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
        {"copay": fixed("usd", 350), "copay_per": "stay"},
        {"copay": fixed("usd", 350), "copay_per": "day"},
    ]
    procedure = Category.OUTPATIENT_PROCEDURE
    stay = price(claim(value=900, market="commercial"), claim(value=1_500, market="cash"))
    treatments = {
        "known": treatment(coverage=covering("covered")),
        "insured": treatment(
            price={"it": price(claim(value=1_000, market="commercial"))}, coverage=covering("covered")
        ),
        "stay": treatment(price={"it": stay.model_copy(update={"days": unknown("days")})}),
        "open": treatment(relief=unknown("weeks")),
    }
    cache, seen = Cache(), set[str]()
    for each in benefits:
        benefit = Benefit.model_validate({"deductible": True, "coinsurance": fixed("share", 0.2), **each})
        asked = inputs(treatments, plan=INSURED.model_copy(update={"benefits": {procedure: benefit}}), draws=64)
        found = under(cache, simulate, asked, "ours")
        same(found, simulate(asked, "ours"))
        seen.add(str([one.outcomes[name].values.mean() for one in found.treatments.values() for name in OUTCOMES]))
    assert len(seen) == len(benefits)


def test_a_world_that_only_an_envelope_asks_for_follows_whom_one_believes_and_what_they_say() -> None:
    """One source knows how many are in relief, the other says that nobody does."""
    views = {"mixed": view({Stance.GUIDELINE: 0.9, Stance.CLINIC: 0.1}), "alone": view({Stance.CLINIC: 1.0})}
    cache, seen = Cache(), list[tuple[float, float] | None]()
    for share in (0.9, 0.2):
        nobody = claim("unknown", source="clinic", note="Nobody says.")
        known = parameter("share", claim(source="guide", value=share), nobody)
        one = treatment(effects=responding(known), repeat=repeating(2))
        for name in views:
            asked = inputs({"one": one}, views=views)
            found = under(cache, simulate, asked, name)
            same(found, simulate(asked, name))
            seen.append(found.treatments["one"].outcomes["weeks_in_relief"].envelope)
    assert len(set(seen)) >= 3


def test_a_plan_that_sources_tell_otherwise_is_drawn_for_each_view() -> None:
    said = parameter("usd", claim(source="guide", value=500), claim(source="clinic", value=2500))
    views = {"guideline": view(), "clinic": view({Stance.CLINIC: 1.0})}
    asked = inputs({"one": treatment()}, plan=INSURED.model_copy(update={"deductible": said}), views=views, draws=64)
    cache, paid = Cache(), []
    for name in views:
        found = under(cache, simulate, asked, name, wanted=("out_of_pocket",))
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
    cache, seen = Cache(), set[tuple[float, float]]()
    for asked in variants:
        found, fresh = (under(each, expected, asked, "ours")["way"] for each in (cache, None))
        assert np.array_equal(found.out_of_pocket, fresh.out_of_pocket)
        assert np.array_equal(found.weeks_in_relief, fresh.weeks_in_relief)
        seen.add((found.out_of_pocket.mean(), found.weeks_in_relief.mean()))
    assert len(seen) == len(variants)


@pytest.mark.parametrize(("end", "weights"), [("guideline", (1, 0)), ("clinic", (0, 1))])
def test_the_view_in_between_is_at_its_ends_the_view_of_that_side(end: str, weights: tuple[int, int]) -> None:
    laid = {"view.weights.guideline": weights[0], "view.weights.clinic": weights[1]}
    alone = simulate(SHELF.study(STUDY, {"study.views": [end], "study.draws": 64}), end)
    same(outcomes(laid | {"patient.met.out_of_pocket": 0}, None), alone)


MADE: list[str] = []


@stage
def zeros(name: str, *_parts: object) -> np.ndarray:
    MADE.append(name)
    return np.zeros(100)


@stage
def added(part: np.ndarray, way: str) -> np.ndarray:
    return part + len(way)


@stage
def wrapped(_name: str) -> tuple[np.ndarray, ...]:
    return (np.zeros(100),)


@stage
def joined(inner: tuple[np.ndarray, ...]) -> dict[str, object]:
    return {"inner": inner, "own": np.zeros(100)}


def test_a_cache_gives_back_the_very_object_and_forgets_what_was_not_asked_for_the_longest() -> None:
    cache = Cache(most=3 * 800)
    with cache.in_use():
        first = zeros("a")
        zeros("b")
        assert zeros("a") is first
        zeros("c")
        zeros("d")
        assert zeros("a") is first
    assert cache.held <= 3 * 800


def test_without_a_cache_a_stage_computes() -> None:
    with Cache().in_use(), without_cache():
        assert zeros("a") is not zeros("a")


def test_two_stages_given_the_same_have_results_of_their_own() -> None:
    with Cache().in_use():
        part = zeros("a")
        assert added(part, "a")[0] == 1
        assert added(part, "aa")[0] == 2
        assert zeros("a") is part


def test_whole_numbers_numbers_and_truth_are_told_apart() -> None:
    with Cache().in_use():
        assert len({id(zeros("a", each)) for each in (1, 1.0, True, "1", None)}) == 5


def test_a_model_is_told_apart_by_what_it_holds() -> None:
    one, again, other = (SHELF.study(STUDY, {"plan.deductible": value}).plan for value in (1000, 1001, 1002))
    with Cache().in_use():
        made = [zeros("plan", each) for each in (one, one.model_copy(), again, other)]
    assert made[0] is made[1]
    assert len({id(each) for each in made}) == 3


def test_what_a_result_was_made_of_counts_as_long_as_it_is_kept() -> None:
    cache, part = Cache(most=3 * 800), np.zeros(100)
    with cache.in_use():
        added(part, "a")
        assert cache.held == 2 * 800
        added(part, "aa")
        assert cache.held == 3 * 800
        for name in range(20):
            zeros(str(name))
    assert cache.held == 3 * 800


def test_what_is_part_of_several_results_counts_once_and_goes_with_the_last_of_them() -> None:
    cache = Cache(most=3 * 800)
    MADE.clear()
    with cache.in_use():
        inner = wrapped("inner")
        zeros("0")
        joined(inner)
        assert cache.held == 3 * 800
        zeros("1")  # the inner one is let go of and stays with the outer, so that the first array goes as well
        assert cache.held == 3 * 800
        zeros("0")  # and then the outer one with all that it holds
        assert cache.held == 2 * 800
        zeros("1")
    assert MADE == ["0", "1", "0"]


def test_a_part_cannot_be_changed_beneath_what_was_made_of_it() -> None:
    part = np.zeros(3)
    with Cache().in_use():
        added(part, "a")
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 1.0


def test_one_comparison_leaves_nothing_behind() -> None:
    import gc
    import weakref

    import calc

    result = calc.compare(STUDY, params=SHELF.library.root, settings={"study.draws": 64, "study.views": ["clinic"]})
    cache, values = weakref.ref(result.cache), weakref.ref(result.comparison)
    assert result.cache.held > 0
    del result
    gc.collect()
    assert cache() is None
    assert values() is None


def test_variants_of_one_session_share_its_cache() -> None:
    import calc

    cache = Cache()
    with cache.in_use():
        one = calc.compare(STUDY, params=SHELF.library.root, settings={"study.draws": 64, "study.views": ["clinic"]})
    assert one.cache is cache


def test_another_horizon_meets_its_own_plan_years_and_another_count_of_draws_its_own_terms() -> None:
    cache = Cache()
    for changed in (
        {"study.horizon": "6 months"},
        {"study.horizon": "24 months"},
        {"study.horizon": "2 months"},
        {"study.plan": "self_pay", "patient.met.out_of_pocket": 0},
        {"study.plan": "self_pay", "patient.met.out_of_pocket": 0, "study.draws": 128},
    ):
        same(outcomes(changed, cache), outcomes(changed, None))


def test_another_horizon_in_the_same_plan_years_adjudicates_nothing_that_is_over() -> None:
    cache = Cache()
    short, long = (outcomes({"study.horizon": each}, cache) for each in ("14 months", "24 months"))
    # a discectomy is not over: another operation may follow for years
    for over in ("stem_cell_injection", "multidisciplinary_rehabilitation"):
        ledgers = [each.treatments[over].ledger for each in (short, long)]
        assert ledgers[0] is ledgers[1]
    monthly = [each.treatments["anti_inflammatories"].ledger for each in (short, long)]
    assert monthly[0].out_of_pocket.mean() < monthly[1].out_of_pocket.mean()


def test_nobody_can_change_what_others_are_given_again() -> None:
    with Cache().in_use():
        made = joined(wrapped("rows"))
    with pytest.raises(ValueError, match="read-only"):
        made["inner"][0][0] = 1.0
