"""Chances by and at dates, first relief, relief beyond usual care, harms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from calc.analysis.chances import against_usual_care, chances, first_relief, harms
from calc.inputs.load import StudyInputs
from calc.inputs.recovery import Harm, KindOfWork, OffWork
from calc.inputs.treatment import Diagnostic, Treatment
from calc.model.simulate import simulate

from ..model.small import claim, condition, fixed, inputs, parameter, responding, treatment, unknown


def sure(**changed: object) -> Treatment:
    """One session after two weeks, relief in the first half of people from week 5 to week 25."""
    usual = {
        "wait": fixed("weeks", 2), "sessions": fixed("sessions", 1), "onset": fixed("weeks", 3),
        "relief": fixed("weeks", 20), "off_work": OffWork(desk=fixed("days", 7), physical=fixed("days", 84)),
    }  # fmt: skip
    return treatment(**(usual | changed))


def table(of: object, made: StudyInputs) -> pd.DataFrame:
    return of(made, {name: simulate(made, name) for name in made.views})  # type: ignore[operator, no-any-return]


def at(made: StudyInputs, by: str) -> dict[str, object]:
    rows = table(chances, made).set_index("by")
    return dict(rows.loc[by])


def test_relieved_by_a_date_stays_so_while_in_relief_at_it_does_not() -> None:
    made = inputs({"shot": sure()}, horizon="24 months")
    assert [at(made, by)["relieved"] for by in ("3 months", "6 months", "12 months", "24 months")] == [0.5] * 4
    assert [at(made, by)["in_relief"] for by in ("3 months", "6 months", "12 months", "24 months")] == [0.5, 0, 0, 0]


def test_milestones_beyond_the_horizon_are_left_out_and_the_last_is_the_horizon_itself() -> None:
    found = table(chances, inputs({"shot": sure(relief=fixed("weeks", 500))}, horizon="6 months"))
    assert found["by"].tolist() == ["3 months", "6 months"]
    assert found["in_relief"].tolist() == [0.5, 0.5]
    # to the first of December and of March, from the first of September
    assert found["week"].tolist() == pytest.approx([91 / 7, 181 / 7])


def test_the_patient_s_own_date_is_one_more() -> None:
    made = inputs({"shot": sure()}, by=date(2026, 10, 6))  # five weeks after the first of September
    assert at(made, "your date")["date"] == "2026-10-06"
    assert at(made, "your date")["relieved"] == 0.5
    earlier = inputs({"shot": sure()}, by=date(2026, 10, 5))
    assert at(earlier, "your date")["relieved"] == 0.0


@pytest.mark.parametrize(("work", "back"), [(KindOfWork.DESK, 1.0), (KindOfWork.PHYSICAL, 0.0), (KindOfWork.NONE, 1.0)])
def test_who_is_back_at_work_by_a_date_depends_on_the_kind_of_work(work: KindOfWork, back: float) -> None:
    made = inputs({"shot": sure()})
    made = replace(made, patient=made.patient.model_copy(update={"kind_of_work": work}))
    assert at(made, "3 months")["back_at_work"] == back
    assert at(made, "6 months")["back_at_work"] == 1.0


def test_a_chance_that_rests_on_what_nobody_knows_is_no_number() -> None:
    made = inputs({"shot": sure(relief=unknown("weeks"), off_work=OffWork())})
    found = at(made, "3 months")
    assert found["relieved"] == 0.5  # how long it lasts does not matter for the first relief
    assert np.isnan([found["in_relief"], found["back_at_work"]]).all()
    assert (found["in_relief_known"], found["back_at_work_known"]) == ("not known", "not known")


def test_a_middle_that_is_not_reached_is_infinite_and_never_counts_as_the_horizon() -> None:
    found = table(first_relief, inputs({"shot": sure(effects=responding(fixed("share", 0.375)))})).loc[0]
    assert found[["p25", "p50", "p75"]].tolist() == [5.0, np.inf, np.inf]
    assert found["relieved"] == 0.375
    assert found["restricted_mean"] == pytest.approx(0.375 * 5 + 0.625 * 365 / 7)


def test_of_those_who_start_is_told_apart_from_of_those_treated() -> None:
    blocks = Diagnostic(
        label="Blocks", steps=fixed("sessions", 2), interval=fixed("weeks", 1), passed=fixed("share", 0.25)
    )
    found = table(first_relief, inputs({"shot": sure(diagnostic=blocks)}, draws=4096)).loc[0]
    assert found["treated"] == pytest.approx(0.25, abs=0.001)
    assert found["relieved"] == pytest.approx(0.125, abs=0.005)
    assert found["relieved_of_treated"] == pytest.approx(found["relieved"] / found["treated"])


def test_relief_is_counted_against_usual_care_within_each_draw() -> None:
    has = condition(fixed("share", 0.5), fixed("weeks", 5), fixed("weeks", 5))
    options = {"rest": sure(effects=()), "shot": sure(effects=responding(fixed("share", 1)))}
    made = inputs(options, usual_care="rest", has=has)
    found = table(against_usual_care, made)
    assert found["treatment"].tolist() == ["shot"]
    assert found[["p05", "p95"]].to_numpy().tolist() == [
        [0.0, 20.0]
    ]  # half of them get better anyway, and gain nothing


def test_relief_against_a_usual_care_that_nobody_knows_is_as_open_as_that() -> None:
    options = {"rest": sure(effects=()), "shot": sure(effects=responding(fixed("share", 1)))}
    has = condition(unknown("share"), fixed("weeks", 0), fixed("weeks", 500))
    found = table(against_usual_care, inputs(options, usual_care="rest", has=has, horizon="52 weeks")).loc[0]
    assert (found["known"], found["low"], found["high"]) == ("not known", 0.0, 20.0)
    assert table(against_usual_care, inputs({"shot": sure()})).empty


def test_a_harm_meets_its_share_of_those_treated_at_once_or_spread_over_its_time() -> None:
    share = parameter("share", claim(value=0.4))
    ache = {"label": "Ache", "unit": "share", "claims": share.claims}
    kinds = {"ache": Harm(**ache), "revision": Harm(**ache, within=fixed("weeks", 200))}
    blocks = Diagnostic(
        label="Blocks", steps=fixed("sessions", 1), interval=fixed("weeks", 0), passed=fixed("share", 0.5)
    )
    made = inputs({"shot": sure(harms=kinds, diagnostic=blocks)}, draws=8192, horizon="52 weeks")
    found = table(harms, made).set_index("parameter")
    assert found.loc["shot.harms.ache", ["p05", "p50", "p95"]].tolist() == [0.4, 0.4, 0.4]
    assert found.loc["shot.harms.ache", "met"] == pytest.approx(0.2, abs=0.02)
    assert found.loc["shot.harms.revision", "met"] == pytest.approx(0.2 * 50 / 200, abs=0.01)  # from week 2 to week 52
    assert found["within"].tolist()[1] == 200.0
    assert np.isnan(found["within"].tolist()[0])
