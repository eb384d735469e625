"""The headline table: quantiles that are draws, never stays never, and what a number rests on."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.summary import bases_of, comparison, monte_carlo_error
from calc.inputs.claim import Basis
from calc.inputs.source import Stance
from calc.inputs.treatment import Treatment
from calc.model.outcomes import OUTCOMES, Known
from calc.model.ranks import quantiles
from calc.model.simulate import simulate

from ..model.small import (
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
from .handmade import DRAWS, shares, study

COLUMNS = [
    "view", "treatment", "label", "outcome", "unit", "known", "p05", "p50", "p95", "mean", "happens", "if_p05",
    "if_p50", "if_p95", "low", "high", "error", "rests_on", "basis", "draws",
]  # fmt: skip


def row(values: object, outcome: str = "out_of_pocket") -> pd.Series:
    table = comparison(*study({"shot": values}, outcome))
    return table[table["outcome"] == outcome].iloc[0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.floats(0.001, 0.999))
def test_a_quantile_is_a_draw_that_at_least_that_share_does_not_exceed(values: list[float], at: float) -> None:
    (found,) = quantiles(np.array(values), (at,))
    assert found in values
    assert np.mean(np.array(values) <= found) >= at - 1e-12
    assert np.mean(np.array(values) < found) < at + 1e-12


def test_on_many_draws_quantiles_are_those_of_numpy() -> None:
    values = np.log(np.linspace(1.0, 5.0, 20_001))
    at = (0.05, 0.5, 0.95)
    assert quantiles(values, at) == pytest.approx(np.quantile(values, at), abs=1e-4)


def test_quantiles_may_be_infinite() -> None:
    assert quantiles(np.array([1.0, 2.0, np.inf, np.inf]), (0.25, 0.5, 0.75)) == (1.0, 2.0, np.inf)


def test_the_comparison_has_a_row_for_each_view_treatment_and_outcome() -> None:
    made = inputs({"shot": treatment(), "rest": treatment()}, views={"ours": view(), "clinic": view()})
    table = comparison(made, {name: simulate(made, name) for name in made.views})
    assert list(table.columns) == COLUMNS
    found = list(table[["view", "treatment", "outcome"]].itertuples(index=False, name=None))
    assert found == [(who, name, each) for who in made.views for name in made.treatments for each in OUTCOMES]
    assert set(table["draws"]) == {DRAWS}
    assert dict(zip(table["outcome"], table["unit"], strict=True)) == {
        "out_of_pocket": "USD", "weeks_to_relief": "weeks", "weeks_in_relief": "weeks", "downtime_days": "days",
        "working_days_lost": "days", "weeks_gained": "weeks", "courses": "courses", "longest_without_relief": "weeks",
        "in_relief_at_horizon": "share",
    }  # fmt: skip


def test_a_stated_outcome_shows_its_5th_50th_and_95th_percentile_and_its_mean() -> None:
    shown = row(np.arange(1.0, DRAWS + 1.0))
    assert (shown["p05"], shown["p50"], shown["p95"], shown["mean"]) == (13.0, 128.0, 244.0, 128.5)
    assert (shown["happens"], shown["if_p05"], shown["if_p50"], shown["if_p95"]) == (1.0, 13.0, 128.0, 244.0)
    assert np.isnan([shown["low"], shown["high"]]).all()


def test_never_is_counted_as_never_and_shown_apart_from_when_it_happens() -> None:
    shown = row(shares((0.25, 4.0), (0.125, 6.0), (0.625, np.inf)), "weeks_to_relief")
    assert (shown["p05"], shown["p50"], shown["p95"]) == (4.0, np.inf, np.inf)
    assert (shown["happens"], shown["if_p05"], shown["if_p50"], shown["if_p95"]) == (0.375, 4.0, 4.0, 6.0)
    assert np.isnan(shown["mean"])


def test_what_never_happens_has_no_time_if_it_does() -> None:
    shown = row(np.inf, "weeks_to_relief")
    assert shown["happens"] == 0.0
    assert shown["p05"] == np.inf
    assert np.isnan([shown["if_p05"], shown["if_p50"], shown["if_p95"], shown["error"]]).all()


def test_an_outcome_not_stated_shows_no_number() -> None:
    shown = row(None)
    assert (shown["known"], shown["rests_on"]) == ("not stated", "price.needle")
    figures = ["p05", "p50", "p95", "mean", "happens", "if_p05", "if_p50", "if_p95", "low", "high", "error"]
    assert shown[figures].isna().all()


def test_an_outcome_that_nobody_knows_shows_its_envelope_and_no_middle() -> None:
    made = inputs({"shot": treatment(effects=responding(unknown("share")))})
    outcomes = {"ours": simulate(made, "ours")}
    table = comparison(made, outcomes).set_index("outcome")
    shown = table.loc["weeks_in_relief"]
    assert (shown["known"], shown["rests_on"]) == (str(Known.UNKNOWN), "effect")
    assert (shown["low"], shown["high"]) == outcomes["ours"].treatments["shot"].outcomes["weeks_in_relief"].envelope
    assert shown[["p05", "p50", "p95", "mean", "happens", "if_p50", "error"]].isna().all()
    assert table.loc["out_of_pocket", "known"] == "stated"


def test_the_monte_carlo_error_shrinks_with_the_root_of_the_draws() -> None:
    generator = np.random.default_rng(0)
    errors = {
        size: np.mean([monte_carlo_error(generator.normal(size=size)) for _ in range(200)]) for size in (256, 4096)
    }
    assert errors[256] / errors[4096] == pytest.approx(4.0, rel=0.1)
    assert errors[4096] == pytest.approx(np.sqrt(np.pi / 2 / 4096), rel=0.05)  # of a normal's median


def test_the_monte_carlo_error_is_nan_where_a_replicate_is_mostly_never() -> None:
    assert monte_carlo_error(np.full(64, 3.0)) == 0.0
    assert np.isnan(monte_carlo_error(np.concatenate([np.full(59, 3.0), np.full(5, np.inf)])))
    assert monte_carlo_error(np.tile([3.0, 3.0, 3.0, np.inf], 16)) == 0.0


def basis(one: Treatment, outcome: str, **said: object) -> tuple[Basis, ...]:
    made = inputs({"shot": one}, **said)  # type: ignore[arg-type]
    return bases_of(simulate(made, "ours").treatments["shot"], made, "shot", outcome)


def test_the_basis_names_what_was_really_used_and_nothing_else() -> None:
    told = parameter("weeks", claim(source="guide", value=2), claim(source="survey", value=3))
    one = treatment(onset=told)
    clinic = view({Stance.CLINIC: 1}, fallback=[Stance.PUBLIC_DATA])
    assert basis(one, "weeks_to_relief") == (Basis.DOCUMENT, Basis.ASSUMPTION)
    assert basis(one, "weeks_to_relief", views={"ours": clinic}) == (Basis.PUBLIC, Basis.ASSUMPTION)
    assert basis(one, "downtime_days") == (Basis.ASSUMPTION,)


def test_the_basis_of_a_repeated_course_holds_what_makes_it_repeat() -> None:
    one = treatment(relief=parameter("weeks", claim(source="guide", value=3)))
    assert basis(one, "downtime_days") == (Basis.ASSUMPTION,)
    again = one.model_copy(update={"repeat": repeating(2)})
    assert basis(again, "downtime_days") == (Basis.DOCUMENT, Basis.ASSUMPTION)


def test_the_basis_of_a_cost_holds_your_quote_and_what_nobody_states() -> None:
    one = treatment(
        price={"needle": price(claim(yours="My quote", value=900))},
        coverage=covering("not_known", source="clinic", section="Prices"),
        wait=fixed("weeks", 1),
    )
    assert basis(one, "out_of_pocket") == (Basis.DOCUMENT, Basis.ASSUMPTION, Basis.YOURS)
    table = comparison(*study({"shot": 1.0}, treatments={"shot": one})).set_index("outcome")
    assert table.loc["out_of_pocket", "basis"] == "document + assumption + yours"


@pytest.mark.parametrize("digits", [1, 2, 17])  # few values many times, and each value once
def test_quantiles_and_their_error_are_those_of_the_draws_in_order(digits: int) -> None:
    values = np.random.default_rng(3).random(4096).round(digits)
    ordered = sorted(values)
    at = (0.05, 0.31, 0.5, 0.95)
    assert quantiles(values, at) == tuple(ordered[math.ceil(4096 * each) - 1] for each in at)
    medians = [sorted(replicate)[255] for replicate in values.reshape(8, 512)]
    assert monte_carlo_error(values) == pytest.approx(np.std(medians, ddof=1) / np.sqrt(8), rel=1e-12)
