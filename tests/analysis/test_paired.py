"""Compared within each draw first: what a difference of 1 everywhere must show, and how ties count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.analysis.paired import paired
from calc.model.outcomes import OUTCOMES

from .handmade import DRAWS, shares, study

WIDE = np.random.default_rng(0).lognormal(8.0, 1.0, DRAWS)
SHARES = ["better", "tied", "best", "best_alone"]


def table(values: dict[str, object], outcome: str = "out_of_pocket", reference: str | None = None) -> pd.DataFrame:
    found = paired(*study(values, outcome, reference=reference))
    return found[found["outcome"] == outcome].set_index("treatment")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_two_treatments_that_differ_by_1_in_every_world_show_the_interval_1_to_1(outcome: str) -> None:
    whole = np.round(WIDE)
    shown = table({"rest": whole, "shot": whole + 1.0}, outcome).loc["shot"]
    assert (shown["p05"], shown["p50"], shown["p95"], shown["error"]) == (1.0, 1.0, 1.0, 0.0)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_less_is_better_but_for_being_in_relief(outcome: str) -> None:
    shown = table({"rest": WIDE, "shot": WIDE + 1.0}, outcome)
    more = outcome in ("weeks_in_relief", "weeks_gained", "in_relief_at_horizon")
    assert OUTCOMES[outcome].more_is_better == more
    assert shown.loc["shot", SHARES].tolist() == [float(more), 0.0, float(more), float(more)]
    assert shown.loc["rest", SHARES].tolist() == [0.0, 1.0, float(not more), float(not more)]


def test_a_difference_is_the_treatment_less_the_reference() -> None:
    shown = table({"shot": 5.0, "rest": 2.0, "cells": 9.0}, reference="rest")
    assert shown["p50"].to_dict() == {"shot": 3.0, "rest": 0.0, "cells": 7.0}
    assert set(shown["reference"]) == {"rest"}


def test_the_spread_of_a_difference_is_not_the_difference_of_spreads() -> None:
    shuffled = np.random.default_rng(1).permutation(WIDE)
    shown = table({"rest": WIDE, "shot": shuffled}).loc["shot"]
    assert shown["p05"] < -1_000 < 1_000 < shown["p95"]
    low, high = np.quantile(shuffled - WIDE, (0.05, 0.95), method="inverted_cdf")
    assert (shown["p05"], shown["p95"]) == (low, high)


def test_ties_count_for_each_of_the_tied_and_for_none_alone() -> None:
    shown = table(
        {
            "rest": shares((0.5, 3.0), (0.25, 1.0), (0.25, 2.0)),
            "shot": shares((0.5, 3.0), (0.25, 2.0), (0.25, 1.0)),
            "cells": shares((0.5, 3.0), (0.25, 9.0), (0.25, 1.0)),
        }
    )
    assert shown["best"].to_dict() == {"rest": 0.75, "shot": 0.75, "cells": 0.75}
    assert shown["best_alone"].to_dict() == {"rest": 0.25, "shot": 0.0, "cells": 0.0}
    assert shown["tied"].to_dict() == {"rest": 1.0, "shot": 0.5, "cells": 0.5}
    assert shown["better"].to_dict() == {"rest": 0.0, "shot": 0.25, "cells": 0.25}
    assert set(shown["among"]) == {3}


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_shares_that_are_best_add_up(levels: list[list[int]]) -> None:
    values = {f"t{index}": shares(*((0.25, level) for level in each)) for index, each in enumerate(levels)}
    shown = table(values)
    ties = np.mean([list(each).count(min(each)) - 1 for each in zip(*levels, strict=True)])
    assert shown["best"].sum() == pytest.approx(1.0 + ties)
    assert shown["best_alone"].sum() <= 1.0
    assert (shown["best_alone"] <= shown["best"]).all()
    assert (shown["better"] + shown["tied"] <= 1.0).all()
    if not ties:
        assert shown["best_alone"].sum() == 1.0


def test_never_is_worse_than_any_week_and_no_worse_than_never() -> None:
    shown = table(
        {"rest": shares((0.5, 8.0), (0.5, np.inf)), "shot": shares((0.25, 4.0), (0.25, np.inf), (0.5, np.inf))},
        "weeks_to_relief",
    )
    assert shown.loc["shot", SHARES].tolist() == [0.25, 0.5, 0.75, 0.25]
    assert shown.loc["rest", SHARES].tolist() == [0.0, 1.0, 0.75, 0.25]


def test_where_both_are_never_the_difference_is_not_shown() -> None:
    shown = table({"rest": shares((0.5, 8.0), (0.5, np.inf)), "shot": np.inf}, "weeks_to_relief").loc["shot"]
    assert shown[["p05", "p50", "p95", "error"]].isna().all()


def test_a_difference_from_never_is_infinite() -> None:
    shown = table({"rest": 8.0, "shot": shares((0.75, 4.0), (0.25, np.inf))}, "weeks_to_relief").loc["shot"]
    assert (shown["p05"], shown["p50"], shown["p95"]) == (-4.0, -4.0, np.inf)
    assert np.isnan(shown["error"])  # the last batches are all never


def test_only_stated_outcomes_take_part() -> None:
    shown = table({"rest": 3.0, "shot": None, "cells": 2.0})
    assert list(shown.index) == ["rest", "cells"]
    assert set(shown["among"]) == {2}
    assert shown["best"].to_dict() == {"rest": 0.0, "cells": 1.0}


def test_where_the_reference_is_not_stated_the_best_is_still_shown_and_no_difference() -> None:
    shown = table({"rest": None, "shot": 3.0, "cells": 2.0}, reference="rest")
    assert set(shown["reference"]) == {""}
    assert shown["best"].to_dict() == {"shot": 0.0, "cells": 1.0}
    assert shown[["p05", "p50", "p95", "error", "better", "tied"]].isna().all(axis=None)


def test_where_nothing_is_stated_there_is_no_row_and_every_column() -> None:
    found = paired(*study({"rest": None, "shot": None}))
    assert "out_of_pocket" not in set(found["outcome"])
    assert list(found.columns) == [
        "view", "outcome", "unit", "treatment", "reference", "p05", "p50", "p95", "error", *SHARES, "among",
    ]  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_differs_by_rounding_alone_ties(outcome: str) -> None:
    shown = table({"rest": np.full(DRAWS, 0.3), "shot": np.full(DRAWS, 0.1 + 0.2)}, outcome)
    assert shown[SHARES].to_numpy().tolist() == [[0.0, 1.0, 1.0, 0.0]] * 2
