"""Phases and the share in relief by week."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calc.analysis.timelines import PHASES, first_days, paid_by_week, phases, relief_by_week, states_by_week
from calc.inputs.parameter import Parameter
from calc.inputs.pathway import Pathway
from calc.inputs.source import Stance
from calc.inputs.treatment import Diagnostic, Treatment
from calc.model.curves import STATES
from calc.model.simulate import simulate, simulate_views

from ..model.small import claim, fixed, inputs, parameter, responding, stepped, treatment, unknown, view


def shown(one: Treatment, **said: object) -> pd.DataFrame:
    made = inputs({"shot": one}, **said)  # type: ignore[arg-type]
    return phases(made, {name: simulate(made, name) for name in made.views}).set_index("phase")


def by_week(one: Treatment, **said: object) -> pd.DataFrame:
    made = inputs({"shot": one}, **said)  # type: ignore[arg-type]
    return relief_by_week(made, {name: simulate(made, name) for name in made.views})


def test_each_phase_of_each_treatment_and_view_has_its_row() -> None:
    made = inputs({"shot": treatment(), "rest": treatment()}, views={"ours": view(), "clinic": view()})
    table = phases(made, {name: simulate(made, name) for name in made.views})
    assert len(table) == 2 * 2 * len(PHASES)
    assert list(table.columns) == ["view", "treatment", "phase", "known", "p05", "p50", "p95"]
    assert set(table["known"]) == {"stated"}


def test_phases_are_in_weeks_and_the_middle_ninety_per_cent() -> None:
    one = treatment(
        wait=parameter("weeks", claim("bounds", low=0, high=10)),
        downtime=fixed("days", 14),
        onset=fixed("weeks", 3),
        relief=parameter("weeks", claim("bounds", low=0, high=100)),
    )
    table = shown(one)[["p05", "p50", "p95"]]
    assert table.loc["first_session"].tolist() == pytest.approx([0.5, 5.0, 9.5], abs=0.1)
    assert table.loc["relief"].tolist() == pytest.approx([5.0, 50.0, 95.0], abs=1.0)
    assert table.loc["downtime"].tolist() == [2.0, 2.0, 2.0]
    assert table.loc["onset"].tolist() == [3.0, 3.0, 3.0]


def test_the_first_session_is_of_those_who_reach_it_after_their_tests() -> None:
    blocks = {"label": "Blocks", "steps": fixed("sessions", 2), "interval": fixed("weeks", 2)}
    half = treatment(wait=fixed("weeks", 1), diagnostic=Diagnostic(**blocks, passed=fixed("share", 0.5)))
    assert shown(half).loc["first_session", ["p05", "p50", "p95"]].tolist() == [5.0, 5.0, 5.0]
    none = treatment(diagnostic=Diagnostic(**blocks, passed=fixed("share", 0)))
    assert shown(none).loc["first_session", "known"] == "no session"


def test_relief_that_nobody_has_is_said_to_be_none() -> None:
    table = shown(treatment(effects=responding(fixed("share", 0))))
    assert table["known"].to_dict() == {
        "first_session": "stated", "downtime": "stated", "onset": "no relief", "relief": "no relief",
    }  # fmt: skip
    assert table.loc[["onset", "relief"], ["p05", "p50", "p95"]].isna().all(axis=None)


def test_a_phase_that_is_not_stated_or_that_nobody_knows_has_no_number() -> None:
    nowhere = parameter("weeks", claim(source="news", value=3))
    table = shown(treatment(onset=nowhere, relief=unknown("weeks"), wait=unknown("weeks")))
    outcome = simulate(inputs({"shot": treatment(relief=unknown("weeks"))}), "ours").treatments["shot"].outcomes
    nobody = str(outcome["weeks_in_relief"].known)
    assert table["known"].tolist() == [nobody, "stated", "not stated", nobody]
    assert table.drop("downtime")[["p05", "p50", "p95"]].isna().all(axis=None)


def test_relief_that_a_half_believed_source_says_nobody_has_is_not_missed_there() -> None:
    """Weeks in relief are stated in such a mixture; so is how long relief lasts for those who get it."""
    mixed = view({Stance.GUIDELINE: 1, Stance.CLINIC: 1})
    one = treatment(
        effects=responding(parameter("share", claim(source="guide", value=0), claim(source="clinic", value=0.5))),
        relief=parameter("weeks", claim(source="clinic", value=20)),
    )
    outcomes = simulate(inputs({"shot": one}, views={"ours": mixed}), "ours").treatments["shot"].outcomes
    assert outcomes["weeks_in_relief"].known == "stated"
    assert shown(one, views={"ours": mixed}).loc["relief", ["known", "p50"]].tolist() == ["stated", 20.0]


def test_relief_by_week_has_each_week_from_the_decision_to_the_horizon_with_its_date() -> None:
    table = by_week(treatment(), horizon="10 weeks")
    assert table["week"].tolist() == list(range(11))
    assert table["date"].tolist()[:2] == ["2026-09-01", "2026-09-08"]
    assert table["date"].iloc[-1] == "2026-11-10"


def test_the_share_in_relief_begins_with_the_week_of_onset_and_ends_with_the_week_it_wears_off() -> None:
    one = treatment(wait=fixed("weeks", 2), onset=fixed("weeks", 1), relief=fixed("weeks", 3))
    assert by_week(one, horizon="8 weeks")["in_relief"].tolist() == [0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0]


def test_the_shares_add_up_to_the_weeks_in_relief() -> None:
    made = inputs({"shot": treatment()})
    outcomes = simulate(made, "ours")
    share = relief_by_week(made, {"ours": outcomes})["in_relief"].to_numpy()
    area = float(np.sum((share[1:] + share[:-1]) / 2))
    assert area == pytest.approx(outcomes.treatments["shot"].outcomes["weeks_in_relief"].values.mean(), abs=0.1)


def test_a_treatment_whose_weeks_in_relief_are_not_stated_has_no_line_in_the_figure() -> None:
    made = inputs({"shot": treatment(relief=unknown("weeks")), "rest": treatment()})
    table = relief_by_week(made, {"ours": simulate(made, "ours")})
    assert set(table["treatment"]) == {"rest"}
    empty = by_week(treatment(relief=unknown("weeks")))
    assert empty.empty
    assert list(empty.columns) == list(table.columns)


def test_the_states_of_each_week_add_up_to_everybody_and_relief_is_the_curve() -> None:
    made = inputs({"shot": treatment(), "rest": treatment(relief=unknown("weeks"))})
    views = {"ours": simulate(made, "ours")}
    states, curve = states_by_week(made, views), relief_by_week(made, views)
    assert set(states["treatment"]) == {"shot"}
    assert states[list(STATES)].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert states["in_relief"].tolist() == curve["in_relief"].tolist()


def test_what_is_paid_in_the_end_is_the_mean_cost() -> None:
    made = inputs({"shot": treatment(), "rest": treatment(price={})})
    outcomes = simulate(made, "ours")
    table = paid_by_week(made, {"ours": outcomes})
    last = table[table["week"] == table["week"].max()].set_index("treatment")["paid"]
    for name, paid in last.items():
        assert paid == pytest.approx(outcomes.treatments[str(name)].outcomes["out_of_pocket"].values.mean())


def test_the_first_days_are_told_as_the_source_tells_them() -> None:
    stage = {"source": "clinic", "section": "Days", "first_day": 1, "last_day": 3, "feels": "sore"}
    pain = Parameter(label="Pain of the needle", unit="score_0_10", claims=(claim(value=4.5),))
    made = inputs({"shot": treatment(recovery=[stage], pain={"needle": pain})})
    table = first_days(made, {"ours": simulate(made, "ours")})
    assert table["feels"].tolist() == ["Pain of the needle", "sore"]
    assert table["score"].tolist()[0] == 4.5
    assert table.loc[1, ["first_day", "last_day", "source"]].tolist() == [1, 3, "clinic"]


def test_the_phases_of_a_pathway_are_those_of_its_first_step() -> None:
    steps = {"first": treatment(wait=fixed("weeks", 3)), "second": treatment(wait=fixed("weeks", 9))}
    made = inputs(steps, pathways={"way": Pathway(stepped("first", "second"), steps)})
    table = phases(made, simulate_views(made)).set_index(["treatment", "phase"])
    assert table.loc[("way", "first_session"), "p50"] == 3.0
    assert table.loc[("way", "onset"), "p50"] == table.loc[("first", "onset"), "p50"]
