"""A claim that is changed, and the results that move with it, and no others."""

from __future__ import annotations

import pandas as pd
import pytest

from calc.analysis.moved import claims_changed, results_moved
from calc.analysis.summary import comparison
from calc.analysis.trace import resting
from calc.model.simulate import simulate_views

from ..model.small import claim, fixed, inputs, parameter, price, responding, treatment, view
from ..report.shipped import shipped


def tables(**changed: object) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return claims, comparison and what rests on which claim of a study of two treatments, one of them changed."""
    from calc.analysis.evidence import claims

    made = inputs({"shot": treatment(**changed), "other": treatment()}, reference="other", draws=256)
    views = simulate_views(made)
    return claims(made), comparison(made, views), resting(made, views)


def test_two_runs_alike_have_nothing_to_tell() -> None:
    claims, results, rests = tables()
    changed = claims_changed(claims, claims)
    assert changed.empty
    assert results_moved(results, results, rests, changed).empty


def test_a_changed_price_moves_that_treatment_s_cost_and_nothing_else() -> None:
    old_claims, old, _ = tables()
    new_claims, new, rests = tables(price={"needle": price(claim("typical_range", low=800, high=3500))})
    changed = claims_changed(old_claims, new_claims)
    assert changed[["parameter", "claim", "what", "before", "after"]].values.tolist() == [
        ["shot.price.needle", 0, "high", "2500", "3500"]
    ]
    moved = results_moved(old, new, rests, changed)
    assert set(moved["treatment"]) == {"shot"}
    assert set(moved["outcome"]) == {"out_of_pocket"}
    assert "nothing" not in set(moved["what"])


def test_a_result_that_rests_on_a_changed_claim_and_did_not_move_is_told() -> None:
    """Soreness of no days either way: the claim changes from exact to a range that ends there."""
    old_claims, old, _ = tables(downtime=fixed("days", 0.0), effects=responding(fixed("share", 0.0)))
    new_claims, new, rests = tables(
        downtime=fixed("days", 0.0), effects=responding(fixed("share", 0.0)), onset=fixed("weeks", 9)
    )
    moved = results_moved(old, new, rests, claims_changed(old_claims, new_claims))
    assert set(moved["what"]) == {"nothing"}
    assert set(moved["outcome"]) == {
        "weeks_to_relief", "weeks_in_relief", "weeks_gained", "longest_without_relief", "in_relief_at_horizon",
    }  # fmt: skip


def test_a_claim_that_came_is_told_as_a_whole() -> None:
    old, _, _ = tables()
    new, _, _ = tables(relief=parameter("weeks", claim("bounds", low=4, high=40), claim("bounds", low=5, high=50)))
    row = claims_changed(old, new).iloc[0]
    assert (row["parameter"], row["claim"], row["what"], row["before"], row["after"]) == (
        "shot.relief", 1, "claim", "not there", "there",
    )  # fmt: skip


def test_every_claim_used_is_in_the_table_of_what_rests_on_it_and_no_other() -> None:
    """A stance that is not believed is drawn in no world, so nothing rests on its claim."""
    relief = parameter(
        "weeks", claim("bounds", source="guide", low=4, high=40), claim("bounds", source="clinic", low=50, high=60)
    )
    made = inputs({"shot": treatment(relief=relief)}, views={"ours": view()}, draws=256)
    table = resting(made, simulate_views(made))
    mine = table[table["parameter"] == "shot.relief"]
    assert set(mine["outcome"]) == {
        "weeks_in_relief", "weeks_gained", "longest_without_relief", "in_relief_at_horizon",
    }  # fmt: skip
    assert set(mine["claim"]) == {0}
    assert set(mine["share"]) == {1.0}


def test_claims_that_share_the_worlds_share_them_by_weight() -> None:
    relief = parameter(
        "weeks",
        claim("bounds", source="guide", low=4, high=40, weight=3),
        claim("bounds", source="guide", low=1, high=2),
    )
    made = inputs({"shot": treatment(relief=relief)}, views={"ours": view()}, draws=1024)
    table = resting(made, simulate_views(made))
    shares = table.query("parameter == 'shot.relief' and outcome == 'weeks_in_relief'")["share"].tolist()
    assert shares == pytest.approx([0.75, 0.25], abs=0.01)
    assert sum(shares) == 1.0


def test_the_plan_s_claims_carry_the_cost_of_what_they_cover() -> None:
    table = shipped().resting
    deductible = table[table["parameter"] == "plans.employer_ppo_2026.deductible"]
    assert set(deductible["outcome"]) == {"out_of_pocket"}
    assert "no_procedure" not in set(deductible["treatment"])
    drugs = table[table["parameter"].str.startswith("plans.employer_ppo_2026.benefits.generic_drugs")]
    assert set(drugs["treatment"]) == {"anti_inflammatories", "duloxetine"}
