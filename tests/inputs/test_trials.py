"""The published trials that the model is held against are named as the parameter files name them, and marked as fitted where they are."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from calc.inputs.load import Library, load_library
from calc.inputs.population import KindOfPain

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SHARES = ("share", "share_with_sham", "share_of_starters", "repeat_within", "gain", "gain_over_rehabilitation")
FITTED = {"yes", "effect", "control", "no"}


def trials() -> list[dict[str, str]]:
    with (REPOSITORY / "tests" / "cases" / "trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def library() -> Library:
    return load_library(REPOSITORY / "params")


def used(option: str) -> set[str]:
    """Return the sources that gave an option's effects and parameters, or the condition's, their values."""
    treatment, (condition,) = library().treatments[option], library().conditions.values()
    named = {each.source for each in (*treatment.effects, *condition.sham)}
    for owner in (treatment, condition):
        named |= {claim.source for parameter in owner.parameters().values() for claim in parameter.claims}
    return {source for source in named if source is not None}


def test_every_trial_names_an_option_a_kind_of_pain_and_a_source_that_exist() -> None:
    for row in trials():
        assert row["option"] in library().treatments, row
        assert row["kind"] in set(KindOfPain), row
        assert row["source"] in library().sources if row["source"] else row["citation"], row
        assert row["fitted"] in FITTED, row


def test_shares_are_shares_and_a_comparison_says_with_whom() -> None:
    for row in trials():
        figures = [float(row[name]) for name in ("with", "control") if row[name]]
        assert figures, row
        if row["quantity"] in SHARES:
            assert all(0 <= figure <= 1 for figure in figures), row
            assert not row["control"] or row["control_was"], row


def test_a_trial_that_gave_a_parameter_its_value_is_marked_as_fitted_and_only_such_a_one() -> None:
    for row in trials():
        if row["fitted"] != "no":
            assert row["source"] in used(row["option"]), row
    predicted = {row["source"] for row in trials() if row["fitted"] == "no"}
    assert {"menezes_costa_2009", "brox_2010", "norspine_2013"} <= predicted


def test_the_trials_of_the_question_are_there() -> None:
    shares = {(row["option"], row["with"], row["control"]) for row in trials()}
    assert {
        ("exercise_therapy", "0.425", "0.246"),
        ("duloxetine", "0.597", "0.478"),
        ("facet_nerve_ablation", "0.275", "0.293"),
        ("lumbar_fusion", "0.63", "0.29"),
        ("epidural_steroid_injection", "3.68", ""),
        ("facet_nerve_ablation", "0.146", ""),
    } <= shares
