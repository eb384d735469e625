from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from calc.analysis.compare import compare
from calc.analysis.trace import parameter_at, spread_carried
from calc.errors import UnknownNameError

from ..report.shipped import PARAMS, STUDY, shipped

POINTS = qmc.Sobol(3, scramble=True, rng=np.random.default_rng(7)).random(2**14).T


def test_shares_of_a_sum_are_those_of_its_variances() -> None:
    """Closed form: uniform parts with weights 1, 2, 3 carry 1, 4 and 9 of 14."""
    effect = POINTS[0] + 2 * POINTS[1] + 3 * POINTS[2]
    assert [spread_carried(each, effect) for each in POINTS] == pytest.approx([1 / 14, 4 / 14, 9 / 14], abs=0.01)


def test_the_first_indices_of_the_ishigami_function_are_found() -> None:
    """The closed form of Ishigami and Homma, a = 7 and b = 0.1: 0.3139, 0.4424, 0."""
    x = np.pi * (2 * POINTS - 1)
    effect = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    assert [spread_carried(each, effect) for each in x] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)


def test_a_cause_of_few_values_is_read_value_by_value() -> None:
    cause = np.floor(3 * POINTS[0])
    assert spread_carried(cause, cause + POINTS[1]) == pytest.approx((2 / 3) / (2 / 3 + 1 / 12), abs=0.01)


def test_what_has_nothing_to_do_with_an_effect_carries_nothing_of_it() -> None:
    noise = np.random.default_rng(3).normal(size=2**14)
    assert spread_carried(POINTS[0], noise) == pytest.approx(0.0, abs=0.005)
    assert spread_carried(np.ones(2**14), noise) == 0.0


def test_what_does_not_vary_or_is_not_finite_has_no_shares() -> None:
    assert np.isnan(spread_carried(POINTS[0], np.ones(2**14)))
    assert np.isnan(spread_carried(POINTS[0], np.full(2**14, np.inf)))


def test_a_trace_begins_with_what_carries_most() -> None:
    table = shipped(plan="self_pay").trace("stem_cell_injection", "out_of_pocket")
    first = table[table["view"] == "guideline"]
    assert first["carries"].is_monotonic_decreasing
    assert set(first["parameter"].iloc[:2]) == {
        "stem_cell_injection.sessions",
        "stem_cell_injection.price.injection.cash",
    }


def test_an_unknown_outcome_has_a_trace_without_shares() -> None:
    table = shipped().trace("stem_cell_injection", "weeks_in_relief")
    assert table.loc[table["view"] == "guideline", "carries"].isna().all()
    assert table.loc[table["view"] == "clinic", "carries"].notna().all()


@pytest.mark.parametrize(
    ("treatment", "outcome", "words"),
    [("stem_cells", "out_of_pocket", "stem_cell_injection"), ("lumbar_fusion", "cost", "out_of_pocket")],
)
def test_an_unknown_name_offers_the_nearest(treatment: str, outcome: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        shipped().trace(treatment, outcome)


def test_a_parameter_is_found_by_its_path_in_treatments_and_plan() -> None:
    inputs = shipped().inputs
    assert parameter_at(inputs, "plan.deductible") is inputs.plan.deductible
    assert parameter_at(inputs, "lumbar_fusion.relief") is inputs.treatments["lumbar_fusion"].relief
    with pytest.raises(UnknownNameError, match=r"plan\.deductible"):
        parameter_at(inputs, "plan.deductable")


def test_a_constant_that_rounds_carries_no_share() -> None:
    constant = np.full(2**14, 192.53)
    assert constant.std() > 0
    assert np.isnan(spread_carried(POINTS[0], constant))
    assert spread_carried(constant, POINTS[0]) == 0.0


def test_a_trace_of_what_is_paid_reaches_the_plan_and_marks_what_is_yours() -> None:
    table = compare(
        STUDY, params=PARAMS, settings={"study.draws": 64, "study.views": ["clinic"], "plan.deductible": 3000}
    ).trace("lumbar_fusion", "out_of_pocket")
    of_plan = table[table["parameter"].str.startswith("plans.employer_ppo_2026.")].set_index("parameter")
    own = of_plan.loc["plans.employer_ppo_2026.deductible"]
    assert (own["basis"], own["p50"], own["known"]) == ("yours", 3000.0, "stated")
    assert of_plan.loc["plans.employer_ppo_2026.benefits.inpatient_facility.coinsurance", "basis"] == "public"
    # its source prints shares of workers and no mean: the figure between them is assumed
    assert of_plan.loc["plans.employer_ppo_2026.out_of_pocket_maximum", "basis"] == "assumption"


@pytest.mark.parametrize(
    ("treatment", "outcome", "words"),
    [
        ("lumbar_fusion", "weeks_in_relief", ""),
        ("stem_cell_injection", "out_of_pocket", "benefits.inpatient"),
        ("physical_therapy", "out_of_pocket", "benefits.inpatient"),
    ],
)
def test_a_trace_holds_no_part_of_the_plan_that_the_bill_does_not_meet(
    treatment: str, outcome: str, words: str
) -> None:
    names = shipped(64).trace(treatment, outcome)["parameter"]
    assert not (names.str.startswith("plans.") & names.str.contains(words, regex=False)).any()
