"""Of 100 people: with it, with a sham, with neither. What holds always, and what a pencil finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from calc.inputs.condition import Condition
from calc.inputs.effect import Effect, ShamKind
from calc.inputs.population import KindOfPain
from calc.inputs.source import Stance
from calc.inputs.treatment import Repeat, Treatment
from calc.model.expected import expected
from calc.model.leg import Leg
from calc.model.option import option_of
from calc.model.outcomes import OUTCOMES, Known
from calc.model.simulate import simulate, simulate_views

from .small import (
    EVERYBODY,
    claim,
    condition,
    effect,
    fixed,
    inputs,
    parameter,
    repeating,
    responding,
    treatment,
    unknown,
    view,
)

REST = treatment(price={}, effects=(), wait=fixed("weeks", 0), sessions=fixed("sessions", 1), downtime=fixed("days", 0))
#: how much an estimate that is as good as sure may differ from its value
SURE = 1e-9


def surely(kind: str, value: float) -> dict[str, object]:
    """Return a measure whose interval is next to nothing."""
    return {"kind": kind, "value": value, "low": value - SURE, "high": value + SURE}


def sham(measure: Mapping[str, object], **said: object) -> tuple[Effect, ...]:
    return (effect(measure, "usual_care", **said),)


def leg(one: Treatment, has: Condition | None = None, others: Mapping[str, Treatment] | None = None) -> Leg:
    """Return the one leg of a treatment alone; ``others`` are known and no option of the study."""
    made = inputs({"one": one}, has=has)
    known = MappingProxyType({"one": one, **(others or {})})
    return option_of(replace(made, known=known), "ours", "one").legs[0]


def repeats(asks: float, again: float, most: float = 9, **said: object) -> Repeat:
    parts = {"asks": fixed("share", asks), "again": fixed("share", again), **said}
    return repeating(most).model_copy(update=parts)


WIDE = parameter("share", claim("bounds", low=0.1, high=0.7))
NATURAL = condition(
    WIDE,
    parameter("weeks", claim("bounds", low=0, high=20)),
    parameter("weeks", claim("bounds", low=2, high=60)),
    sham({"kind": "odds_ratio", "value": 1.6, "low": 1.1, "high": 2.4}),
)


@st.composite
def effects(draw: st.DrawFn) -> tuple[Effect, ...]:
    """One effect, of any measure, against whom that measure can compare with; some do harm."""
    ratio, error = draw(st.floats(0.2, 5.0)), draw(st.floats(0.01, 0.6))
    interval = {"value": ratio, "low": ratio * (1 - error), "high": ratio * (1 + error)}
    difference = draw(st.floats(-0.6, 0.6))
    treated, control = draw(st.integers(0, 40)), draw(st.integers(0, 40))
    measure = draw(
        st.sampled_from(
            [
                {"kind": "odds_ratio", **interval},
                {"kind": "risk_ratio", **interval},
                {"kind": "risk_difference", "value": difference, "low": difference - 0.1, "high": difference + 0.1},
                {"kind": "standardized_mean_difference", "value": difference, "se": error, "better": "lower"},
                {
                    "kind": "events",
                    "treated": {"events": treated, "total": 40},
                    "control": {"events": control, "total": 40},
                },
                {"kind": "unknown"},
                {"kind": "share", "reading": "bounds", "low": 0.0, "high": 0.8},
            ]
        )
    )
    against = "uncontrolled" if measure["kind"] == "share" else draw(st.sampled_from(["neither", "usual_care", "sham"]))
    return (effect(measure, against),)


@settings(max_examples=40)
@given(effects(), st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)), st.booleans())
def test_nothing_falls_below_doing_nothing(
    what: tuple[Effect, ...], again: tuple[float, float] | None, short: bool
) -> None:
    changed = {"repeat": repeats(*again)} if again else {}
    onset = parameter("weeks", claim("bounds", low=0, high=2 if short else 80))
    options = {"rest": REST, "one": treatment(effects=what, onset=onset, **changed)}
    made = inputs(options, usual_care="rest", has=NATURAL, draws=64)
    done = simulate(made, "ours", wanted=("weeks_in_relief", "weeks_gained")).treatments
    rest, one = (done[name].outcomes["weeks_in_relief"].values for name in ("rest", "one"))
    drawn = done["one"].drawn
    assert (drawn["effect"].values >= drawn["natural.share"].values).all()
    assert (drawn["effect"].values <= 1.0).all()
    assert (one >= rest - 1e-9).all()
    assert done["one"].outcomes["weeks_gained"].values == pytest.approx(one - rest)
    assert not done["rest"].outcomes["weeks_gained"].values.any()


def test_the_natural_course_is_one_and_the_same_under_every_option() -> None:
    options = {"rest": REST, "one": treatment(), "other": treatment(repeat=repeating(2))}
    views = {"ours": view(), "clinic": view({Stance.CLINIC: 1.0})}
    made = inputs(options, usual_care="rest", views=views, has=NATURAL)
    legs = [option_of(made, name, option).legs[0] for name in views for option in options]
    for each in legs[1:]:
        assert np.array_equal(each.natural.luck, legs[0].natural.luck)
        for path in ("natural.share", "natural.onset", "natural.relief", "natural.sham"):
            assert np.array_equal(each.drawn[path].values, legs[0].drawn[path].values)
    anyway = [np.isfinite(option_of(made, "ours", name).legs[0].path(option_of(made, "ours", name).terms, None)
                          .natural_from) for name in options]  # fmt: skip
    assert anyway[0].any()
    assert all(np.array_equal(each, anyway[0]) for each in anyway)


def test_views_that_tell_the_natural_course_otherwise_share_its_luck() -> None:
    said = parameter("share", claim(source="guide", value=0.2), claim(source="clinic", value=0.5))
    views = {"ours": view(), "clinic": view({Stance.CLINIC: 1.0})}
    done = simulate_views(inputs({"rest": REST}, usual_care="rest", views=views, has=condition(said)))
    few, many = (done[name].treatments["rest"].outcomes["weeks_in_relief"].values > 0 for name in views)
    assert few.mean() == pytest.approx(0.2, abs=0.01)
    assert many.mean() == pytest.approx(0.5, abs=0.01)
    assert (many[few]).all()


def test_another_option_moves_no_other() -> None:
    against = (effect({"kind": "odds_ratio", "value": 1.5, "low": 1.1, "high": 2.0}, "sham"),)
    rival = treatment(effects=(effect(surely("risk_ratio", 1.2), "treatment", versus="one"),))
    few = {"rest": REST, "one": treatment(effects=against)}
    one, other = (
        simulate(inputs(each, usual_care="rest", has=NATURAL), "ours").treatments
        for each in (few, {"other": rival, **few})
    )
    for name in few:
        for outcome in OUTCOMES:
            assert np.array_equal(one[name].outcomes[outcome].values, other[name].outcomes[outcome].values)


def test_a_sham_that_does_nothing_leaves_the_natural_course() -> None:
    has = condition(WIDE, sham=sham(surely("risk_difference", 0.0)))
    natural = leg(treatment(), has).natural
    for kind in ShamKind:
        assert natural.sham[kind].values == pytest.approx(natural.share.values, abs=1e-6)


@pytest.mark.parametrize("kind", ["risk_difference", "odds_ratio", "risk_ratio"])
def test_an_effect_of_nothing_against_a_sham_is_what_the_sham_does(kind: str) -> None:
    nothing = surely(kind, 0.0 if kind == "risk_difference" else 1.0)
    against = treatment(effects=(effect(nothing, "sham"),))
    one = leg(against, NATURAL)
    assert one.treated.values == pytest.approx(one.sham.values, abs=1e-6)
    assert (one.sham.values > one.natural.share.values).mean() > 0.9
    done = simulate(inputs({"one": against}, has=NATURAL), "ours").treatments["one"]
    assert "natural.sham" in done.outcomes["weeks_in_relief"].needs


def test_a_pill_and_a_procedure_are_compared_with_a_sham_of_their_own() -> None:
    shams = (
        *sham(surely("risk_difference", 0.1), sham_kind="pill"),
        *sham(surely("risk_difference", 0.3), sham_kind="procedure"),
    )
    for kind, share in (("pill", 0.35), ("procedure", 0.55)):
        what = (effect(surely("risk_difference", 0.05), "sham", sham_kind=kind),)
        one = leg(treatment(effects=what), condition(fixed("share", 0.2), sham=shams))
        assert one.treated.values == pytest.approx(share)


@pytest.mark.parametrize(("against", "risk"), [("neither", 0.3), ("usual_care", 0.3), ("sham", 0.4)])
def test_an_effect_acts_on_the_risk_of_those_whom_it_compares_with(against: str, risk: float) -> None:
    has = condition(fixed("share", 0.3), sham=sham(surely("risk_difference", 0.1)))
    for measure, share in (
        (surely("risk_ratio", 1.5), 1.5 * risk),
        (surely("risk_ratio", 4.0), 1.0),
        (surely("risk_difference", 0.2), risk + 0.2),
        (surely("odds_ratio", 3.0), expit(logit(risk) + np.log(3.0))),
        (surely("risk_ratio", 0.1), 0.3),  # nothing falls below the natural course
    ):
        assert leg(treatment(effects=(effect(measure, against),)), has).treated.values == pytest.approx(share)


def test_versus_another_treatment_it_acts_on_that_one_s_share_in_the_same_draw() -> None:
    other = treatment(effects=(effect({"kind": "odds_ratio", "value": 2.0, "low": 1.2, "high": 3.3}, "sham"),))
    one = treatment(effects=(effect(surely("risk_difference", 0.05), "treatment", versus="other"),))
    alone = option_of(inputs({"other": other}, has=NATURAL), "ours", "other").legs[0]
    assert np.ptp(alone.treated.values) > 0.2
    found = leg(one, NATURAL, {"other": other})
    assert found.treated.values == pytest.approx(np.minimum(alone.treated.values + 0.05, 1.0))


def test_versus_a_treatment_of_which_nobody_knows_nobody_knows() -> None:
    other = closed(effects=responding(unknown("share")))
    one = closed(effects=(effect(surely("risk_difference", 0.0), "treatment", versus="other"),))
    known = {"one": one, "other": other}
    done = simulate(inputs(known, has=condition(fixed("share", 0.3))), "ours").treatments
    for name in known:
        found = done[name].outcomes["weeks_in_relief"]
        assert (found.known, found.rests_on) == (Known.UNKNOWN, ("effect",))
    assert done["one"].outcomes["weeks_in_relief"].envelope == pytest.approx(
        done["other"].outcomes["weeks_in_relief"].envelope
    )


@pytest.mark.parametrize(
    ("weights", "fallback", "uncontrolled", "counts"),
    [
        ({Stance.CLINIC: 1.0}, (), (Stance.CLINIC,), True),
        ({Stance.CLINIC: 1.0}, (), (), False),
        ({Stance.GUIDELINE: 1.0}, (Stance.CLINIC,), (), False),
        ({Stance.GUIDELINE: 1.0}, (Stance.CLINIC,), (Stance.CLINIC,), False),  # also not by way of a fallback
    ],
)
def test_what_compared_nobody_counts_for_those_alone_who_take_it_as_it_is_claimed(
    weights: Mapping[Stance, float], fallback: tuple[Stance, ...], uncontrolled: tuple[Stance, ...], counts: bool
) -> None:
    most = effect({"kind": "share", "reading": "exact", "value": 0.8}, source="clinic")
    asking = view(weights, fallback).model_copy(update={"uncontrolled": frozenset(uncontrolled)})
    made = inputs({"one": treatment(effects=(most,))}, views={"ours": asking})
    found = simulate(made, "ours").treatments["one"]
    relief = found.outcomes["weeks_in_relief"]
    assert (relief.known, relief.rests_on) == ((Known.STATED, ()) if counts else (Known.NOT_STATED, ("effect",)))
    assert np.isnan(found.drawn["effect"].values).any() != counts


def test_where_sides_are_mixed_a_claim_without_control_counts_in_its_own_side_s_worlds() -> None:
    most = effect({"kind": "share", "reading": "exact", "value": 0.8}, source="clinic")
    trial = effect(surely("risk_difference", 0.1), "neither", source="guide")
    mixed = view({Stance.GUIDELINE: 1.0, Stance.CLINIC: 1.0}, (Stance.CLINIC, Stance.GUIDELINE))
    mixed = mixed.model_copy(update={"uncontrolled": frozenset({Stance.CLINIC})})
    made = inputs({"one": treatment(effects=(most, trial))}, views={"ours": mixed}, has=condition(fixed("share", 0.3)))
    found = option_of(made, "ours", "one").legs[0].treated
    assert set(found.values.round(6)) == {0.8, 0.4}
    assert (found.values > 0.5).mean() == 0.5


def test_your_own_share_counts_in_every_view() -> None:
    mine = effect({"kind": "share", "reading": "exact", "value": 0.6}, yours="What my doctor said")
    trial = effect(surely("risk_difference", 0.1), "neither", source="guide")
    strict = view().model_copy(update={"uncontrolled": frozenset()})
    made = inputs({"one": treatment(effects=(trial, mine))}, views={"ours": strict})
    assert option_of(made, "ours", "one").legs[0].treated.values == pytest.approx(0.6)


def test_an_unknown_effect_leaves_open_all_from_the_natural_course_to_everybody() -> None:
    usual = {"onset": fixed("weeks", 2), "relief": fixed("weeks", 30), "wait": fixed("weeks", 0)}
    options = {
        "rest": REST,
        "dark": treatment(effects=responding(unknown("share")), **usual),
        "all": treatment(effects=responding(fixed("share", 1)), **usual),
    }
    made = inputs(options, usual_care="rest", has=NATURAL, draws=1024)
    done = simulate(made, "ours").treatments
    dark = done["dark"].outcomes["weeks_in_relief"]
    assert (dark.known, dark.rests_on) == (Known.UNKNOWN, ("effect",))
    quantile = {name: np.quantile(done[name].outcomes["weeks_in_relief"].values, (0.05, 0.95), method="inverted_cdf")
                for name in ("rest", "all")}  # fmt: skip
    assert dark.envelope == (quantile["rest"][0], max(quantile["rest"][1], quantile["all"][1]))
    low, high = done["dark"].outcomes["weeks_gained"].envelope or (np.nan, np.nan)
    assert low == 0
    assert high == pytest.approx(30)


def test_the_kind_of_pain_picks_the_effects_that_name_it() -> None:
    leg_pain = effect(surely("risk_difference", 0.4), kinds=["nerve_root"], against="neither")
    both = effect(surely("risk_difference", 0.1), kinds=["nerve_root", "back_alone"], against="neither")
    for kind, effects_, shares in (
        ("nerve_root", (leg_pain,), {0.6}),
        ("nerve_root", (leg_pain, both), {0.6, 0.3}),
        ("back_alone", (leg_pain, both), {0.3}),
    ):
        made = inputs({"one": treatment(effects=effects_)}, has=condition(fixed("share", 0.2)))
        made = replace(made, patient=made.patient.model_copy(update={"kind_of_pain": KindOfPain(kind)}))
        assert set(option_of(made, "ours", "one").legs[0].treated.values.round(6)) == shares


def test_no_effect_for_a_kind_of_pain_is_not_stated_and_leaves_the_rest_known() -> None:
    leg_pain = effect(surely("risk_difference", 0.4), kinds=["nerve_root"], against="neither")
    made = inputs({"one": treatment(effects=(leg_pain,))}, has=condition(fixed("share", 0.2)))
    for kind in EVERYBODY:
        asked = replace(made, patient=made.patient.model_copy(update={"kind_of_pain": kind}))
        done = simulate(asked, "ours").treatments["one"].outcomes
        known = Known.STATED if kind == "nerve_root" else Known.NOT_STATED
        assert done["weeks_in_relief"].known is known
        assert done["out_of_pocket"].known is Known.STATED


def test_the_natural_course_is_that_of_the_patient_s_kind_of_pain_and_of_the_definition_in_use() -> None:
    has = condition(fixed("share", 0.2))
    course = has.natural_course[KindOfPain.NERVE_ROOT].model_copy(update={"share": {"thirty": fixed("share", 0.5)}})
    has = has.model_copy(update={"natural_course": {**has.natural_course, KindOfPain.NERVE_ROOT: course}})
    made = inputs({"rest": REST}, usual_care="rest", has=has)
    for kind, share in (("nerve_root", 0.5), ("back_alone", 0.2)):
        asked = replace(made, patient=made.patient.model_copy(update={"kind_of_pain": KindOfPain(kind)}))
        found = option_of(asked, "ours", "rest").legs[0]
        assert set(found.treated.values) == {share}


# what a pencil finds


def closed(**changed: object) -> Treatment:
    """A treatment at once, whose relief begins at once and lasts ten weeks; it costs nothing."""
    usual = {"price": {}, "wait": fixed("weeks", 0), "sessions": fixed("sessions", 1), "onset": fixed("weeks", 0),
             "relief": fixed("weeks", 10)}  # fmt: skip
    return treatment(**(usual | changed))


def test_expected_weeks_are_those_of_the_natural_course_and_of_whom_it_helps_beyond() -> None:
    one = closed(effects=(effect(surely("risk_difference", 0.2), "neither"),), relief=fixed("weeks", 26))
    has = condition(fixed("share", 0.3), fixed("weeks", 4), fixed("weeks", 10))
    made = inputs({"rest": REST, "one": one}, usual_care="rest", has=has, horizon="52 weeks")
    found = expected(made, "ours")
    assert found["rest"].weeks_in_relief == pytest.approx(0.3 * 10)
    assert found["one"].weeks_in_relief == pytest.approx(0.3 * 10 + 0.2 * 26)
    done = simulate(replace(made, study=made.study.model_copy(update={"draws": 4096})), "ours").treatments["one"]
    assert (done.outcomes["weeks_in_relief"].values > 0).mean() == pytest.approx(0.5, abs=0.005)
    assert done.outcomes["weeks_gained"].values.mean() == pytest.approx(0.2 * 26, abs=0.15)


@pytest.mark.parametrize(("asks", "again"), [(1.0, 0.5), (0.6, 1.0), (0.8, 0.7), (0.0, 1.0), (1.0, 1.0)])
def test_courses_are_geometric_in_who_asks_and_whom_it_helps_again(asks: float, again: float) -> None:
    """Relief of ten weeks in forty-five: a first course and four more, as far as each is asked for and the last helped."""
    one = closed(effects=responding(fixed("share", 0.5)), repeat=repeats(asks, again))
    made = inputs({"one": one}, horizon="45 weeks", draws=16384)
    rows = [(asks * again) ** further for further in range(5)]
    courses = simulate(made, "ours", wanted=("courses",)).treatments["one"].outcomes["courses"].values
    assert courses.mean() == pytest.approx(1 + 0.5 * asks * sum(rows[:4]), abs=0.03)
    weeks = 0.5 * (10 * sum(rows[:4]) + 5 * rows[4])
    assert expected(inputs({"one": one}, horizon="45 weeks"), "ours")["one"].weeks_in_relief == pytest.approx(weeks)


def test_relief_that_did_not_last_as_long_as_it_must_is_followed_by_no_other_course() -> None:
    for lasting, courses in ((10.0, 5), (10.5, 1)):
        one = closed(effects=responding(fixed("share", 1)), repeat=repeats(1, 1, lasting=fixed("weeks", lasting)))
        done = simulate(inputs({"one": one}, horizon="45 weeks"), "ours").treatments["one"]
        assert set(done.outcomes["courses"].values) == {courses}


def test_the_luck_of_each_further_course_is_its_own() -> None:
    one = closed(effects=responding(fixed("share", 1)), repeat=repeats(0.5, 0.5))
    done = simulate(inputs({"one": one}, horizon="45 weeks", draws=16384), "ours").treatments["one"]
    number = done.outcomes["courses"].values
    for least, share in ((2, 0.5), (3, 0.25), (4, 0.25)):
        assert (number >= least).sum() / (number >= least - 1).sum() == pytest.approx(share, abs=0.03)
