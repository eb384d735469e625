"""What a patient asks of a cost, on studies small enough to answer by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from calc.analysis.costs import Costs
from calc.analysis.evidence import claims
from calc.inputs.load import StudyInputs
from calc.inputs.parameter import Per
from calc.inputs.patient import Patient
from calc.inputs.treatment import Treatment
from calc.model.simulate import simulate_views

from ..model.small import CASH, INSURED, claim, covering, fixed, inputs, parameter, price, treatment


def shot(**changed: object) -> Treatment:
    """Return a treatment of two needles of 1,000 dollars, in weeks 1 and 20, always covered unless changed."""
    parts = {
        "price": {"needle": price(claim(value=1_000))},
        "wait": fixed("weeks", 1),
        "sessions": fixed("sessions", 2),
        "interval": fixed("weeks", 19),
        "coverage": covering("covered"),
        "downtime": fixed("days", 7),
    }
    return treatment(**(parts | changed))


def costs(one: Treatment, **given: object) -> Costs:
    """Return the costs of one treatment decided on 1 September; ``patient`` holds keys of the patient's file."""
    patient = given.pop("patient", {})
    made = inputs({"shot": one}, **given)
    someone = Patient.model_validate({"label": "Someone", "decision_date": date(2026, 9, 1), **patient})
    made = replace(made, patient=someone)
    return Costs(made, simulate_views(made))


def row(table: pd.DataFrame, **cells: object) -> dict[str, object]:
    for name, value in cells.items():
        table = table[table[name] == value]
    (found,) = table.to_dict("records")
    return found


def test_money_leaves_in_the_month_of_its_service_and_the_limits_fill_up_with_it() -> None:
    table = costs(shot()).cash_flow  # the plan year turns in week 17.4: the second needle meets a new deductible
    assert table["mean"].tolist() == [1_000, 0, 0, 0, 1_000, *[0] * 7]
    assert table["so_far"].tolist() == [*[1_000] * 4, *[2_000] * 8]
    # the 4th month still ends in the old plan year: 17.39 weeks after the decision it has 0.04 weeks to go
    assert table["deductible_met"].tolist() == [1_000, 1_000, 1_000, 1_000, *[1_000] * 8]
    year_of_march = costs(shot(), patient={"plan_year_start": "03-01"}).cash_flow
    assert year_of_march["deductible_met"].tolist() == [*[1_000] * 4, 1_500, *[0] * 7]  # 1 March is in the 6th
    assert year_of_march["maximum_met"].tolist() == [*[1_000] * 4, 1_600, *[0] * 7]


def test_what_is_met_already_counts_in_the_first_plan_year() -> None:
    met = {"deductible": 800, "out_of_pocket": 900}
    done = costs(shot(), patient={"met": met})
    first = row(done.limits_left, limit="deductible", plan_year=1)
    assert (first["p50"], first["used_up"]) == (0, 1)  # 800 met and 700 of the first needle
    assert row(done.limits_left, limit="out_of_pocket_maximum", plan_year=1)["p50"] == 3_000 - 900 - 760
    assert row(done.limits_left, limit="deductible", plan_year=2)["p50"] == 500
    assert done.cash_flow["deductible_met"].iloc[0] == 1_500


@pytest.mark.parametrize("status", ["covered", "excluded"])
def test_the_months_of_a_cash_flow_add_up_to_the_total(status: str) -> None:
    done = costs(treatment(coverage=covering(status)), draws=1024)
    (view,) = done.views.values()
    total = view.treatments["shot"].outcomes["out_of_pocket"].values.mean()
    assert done.cash_flow["mean"].sum() == pytest.approx(total)
    assert done.cash_flow["so_far"].iloc[-1] == pytest.approx(total)


@pytest.mark.parametrize(
    ("changed", "patient", "most", "unless"),
    [
        ({}, {}, 2 * 3_000, ""),
        ({}, {"met": {"out_of_pocket": 1_000}}, 2_000 + 3_000, ""),
        ({"coverage": covering("on_conditions")}, {}, 2 * 3_000, "the plan does not cover it"),
        ({"coverage": covering("not_known")}, {}, np.inf, "the plan does not cover it"),
        ({"coverage": covering("excluded")}, {}, np.inf, "the plan does not cover it"),
        ({}, {"out_of_network": ["shot"]}, np.inf, "it is given out of network"),
        ({"price": {}}, {}, 0, ""),
    ],
)
def test_the_most_is_the_plans_bound_over_its_years_and_no_percentile(
    changed: dict[str, object], patient: dict[str, object], most: float, unless: str
) -> None:
    asked = costs(shot(**changed), patient=patient).questions
    assert (asked["most"].item(), asked["unless"].item()) == (most, unless)


def test_the_bound_holds_a_maximum_for_every_plan_year_that_the_horizon_touches() -> None:
    assert costs(shot(), horizon="24 months").questions["most"].item() == 3 * 3_000


def test_nothing_bounds_what_has_no_maximum_or_no_insurance() -> None:
    endless = INSURED.model_copy(update={"out_of_pocket_maximum": None})
    assert costs(shot(), plan=endless).questions["unless"].item() == "the plan has no out-of-pocket maximum"
    assert costs(shot(), plan=CASH).questions["most"].item() == np.inf


def test_no_draw_exceeds_the_most_that_covered_care_can_cost() -> None:
    dear = shot(price={"needle": price(claim("typical_range", low=1_000, high=40_000))})
    done = costs(dear, draws=1024)
    (view,) = done.views.values()
    values = view.treatments["shot"].outcomes["out_of_pocket"].values
    assert values.max() <= done.questions["most"].item()
    assert values.max() > 5_000


def test_chances_of_a_budget_and_of_400_dollars_above_a_written_estimate_are_shares_of_draws() -> None:
    asked = {"budget": 1_500, "written_estimates": {"shot": 1_200}}
    one = shot(price={"needle": price(claim("bounds", low=0, high=2_000))}, sessions=fixed("sessions", 1))
    found = costs(one, plan=CASH, patient=asked, draws=1024).questions
    assert found["over_budget"].item() == pytest.approx(0.25, abs=0.002)
    assert found["over_estimate"].item() == pytest.approx(0.2, abs=0.002)
    alone = costs(one, plan=CASH).questions
    assert alone[["over_budget", "over_estimate"]].isna().to_numpy().all()


def test_waiting_for_the_plan_year_to_turn_is_compared_within_the_draws() -> None:
    # both needles in one plan year save a second deductible: 2,000 now, 1,600 from January on
    table = costs(shot()).by_date
    found = row(table, treatment="shot")
    assert (found["now"], found["later"], found["p50"], found["mean"]) == (2_000, 1_600, -400, -400)
    assert (found["cheaper"], found["dearer"], str(found["or"])) == (1, 0, "2027-01-01")
    # whoever has met everything pays more for waiting
    met = costs(
        shot(sessions=fixed("sessions", 1)), patient={"met": {"deductible": 1_500, "out_of_pocket": 1_500}}
    ).by_date
    assert row(met)["mean"] == 1_000 - 200


def test_the_same_question_under_every_plan_keeps_the_draws() -> None:
    made = inputs({"shot": shot()})

    def under(name: str, plan: object) -> StudyInputs:
        return replace(made, study=made.study.model_copy(update={"plan": name}), plan=plan)

    both = replace(made, by_plan={"plan": made, "cash": under("cash", CASH)})
    table = Costs(both, simulate_views(both)).by_plan
    assert table["plan"].tolist() == ["plan", "cash"]
    assert table["p50"].tolist() == [2_000, 2_000]
    assert table["not_covered"].tolist() == [0, 2_000]
    assert table["deductible"].tolist() == [2_000, 0]


def test_what_nobody_knows_has_no_dots_no_flow_and_a_range_only() -> None:
    done = costs(shot(coverage=covering("not_known")))
    assert done.dots.empty
    assert done.cash_flow.empty
    assert done.by_date.empty
    assert done.questions[["known", "low", "high"]].to_numpy().tolist() == [["not known", 2_000, 2_000]]
    assert done.questions["p50"].isna().item()


def test_twenty_dots_are_the_middles_of_twenty_equal_parts() -> None:
    one = shot(price={"needle": price(claim("bounds", low=0, high=2_000))}, sessions=fixed("sessions", 1))
    # the draws come in eight replicates, each scrambled by itself: they are as even as an eighth of their number
    dots = costs(one, plan=CASH, draws=16_384).dots["usd"]
    assert dots.to_numpy() == pytest.approx(50 + 100 * np.arange(20), abs=1.5)


BESIDE = {
    "travel": {"miles": 30, "per_mile": fixed("usd", 0.2), "other": 4},
    "work": {"wage": 20, "hours_per_day": 8, "days_per_week": 5, "hours_per_visit": 2, "paid_leave": 4},
    "account": {"available": 500, "marginal_tax_rate": 0.3},
    "financing": {"kind": "loan", "apr": fixed("apr", 0), "months": 10, "down_payment": 400},
}


def test_lines_beside_the_bill_are_its_visits_days_money_and_months_and_never_inside_it() -> None:
    done = costs(shot(), patient=BESIDE)
    means = dict(zip(done.beside["line"], done.beside["mean"], strict=True))
    assert means == pytest.approx(
        {
            "travel": 2 * (30 * 0.2 + 4),
            "unpaid_time": 20 * (2 * 5 * 8 + 2 * 2 - 4),  # two times seven days of recovery
            "tax_saved": 150,
            "monthly_payment": 160,
            "interest": 0,
        }
    )
    plain = costs(shot())
    assert plain.beside.empty
    assert done.questions["p50"].item() == plain.questions["p50"].item()


def test_the_claims_of_the_patients_file_stand_among_the_claims() -> None:
    made = claims(costs(shot(), patient=BESIDE).inputs)
    assert {"patients.someone.travel.per_mile", "patients.someone.financing.apr"} <= set(made["parameter"])


def test_a_line_is_as_little_known_as_what_it_rests_on() -> None:
    done = costs(shot(downtime=parameter("days", claim("unknown", note="Nobody was found to know."))), patient=BESIDE)
    assert row(done.beside, line="unpaid_time")["known"] == "not known"
    assert np.isnan(row(done.beside, line="unpaid_time")["p50"])
    assert row(done.beside, line="travel")["known"] == "stated"


def test_services_of_one_day_are_one_visit() -> None:
    items = {"needle": price(claim(value=100)), "visit": price(claim(value=10), per=Per.COURSE)}
    found = costs(shot(price=items), patient=BESIDE)
    assert row(found.beside, line="travel")["mean"] == 20
