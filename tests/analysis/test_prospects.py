from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.netbenefit import sweep
from calc.analysis.prospects import chance, chances_best, decision_summary, tail_mean

from .decisions import simple

VALUES = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


def test_the_chance_of_staying_within_a_budget_or_before_a_date() -> None:
    weeks = np.array([2.0, 5.0, np.inf, np.inf])
    assert chance(weeks <= 6) == (0.5, 0.25)
    assert chance(weeks <= 1) == (0.0, pytest.approx(np.sqrt(0.1 * 0.9 / 4)))


def test_those_that_tie_share_the_draw() -> None:
    values = np.array([[1.0, 1.0, 5.0], [1.0, 2.0, 5.0], [3.0, 2.0, 5.0]])
    np.testing.assert_allclose(
        chances_best(values, less_is_better=True), [(0.5 + 1 + 1 / 3) / 3, (0.5 + 1 / 3) / 3, 1 / 9]
    )
    np.testing.assert_allclose(
        chances_best(values, less_is_better=False), [1 / 9, (0.5 + 1 / 3) / 3, (1 + 0.5 + 1 / 3) / 3]
    )


def test_never_relieved_ties_with_never_relieved() -> None:
    np.testing.assert_allclose(
        chances_best(np.array([[np.inf, 3.0], [np.inf, np.inf]]), less_is_better=True), [0.75, 0.25]
    )


def test_the_worst_tenth_is_averaged_and_a_draw_cut_in_part() -> None:
    assert tail_mean(np.arange(1.0, 21.0)) == 19.5
    assert tail_mean(np.arange(1.0, 21.0), worst="low") == 1.5
    assert tail_mean(np.array([0.0, 30.0, 60.0]), share=0.5) == pytest.approx((60 + 30 / 2) / 1.5)


@given(VALUES, st.floats(0.05, 0.95))
def test_a_tail_is_worse_than_the_mean_and_no_worse_than_the_worst(values: list[float], share: float) -> None:
    x = np.array(values)
    found = tail_mean(x, share=share)
    assert x.mean() - 1e-9 <= found <= x.max() + 1e-9
    assert tail_mean(x, share=1.0) == pytest.approx(x.mean(), abs=1e-9)
    assert tail_mean(-x, share=share, worst="low") == pytest.approx(-found, abs=1e-9)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_tail_of_nothing_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="a tail is a share"):
        tail_mean(np.ones(3), share=share)


def test_the_summary_is_what_the_draws_say() -> None:
    problem = simple()
    table = decision_summary(problem, sweep(problem), at=2).set_index(["option", "quantity"])
    assert len(table) == 18
    needle = table.loc[("needle", "cost")]
    assert needle["mean"] == problem.cost[2].mean()
    assert needle["p05"] in problem.cost[2]
    assert needle["tail_mean"] > needle["p95"] * 0.9
    difference = problem.effect[1] - problem.effect[0]
    assert table.loc[("pills", "diff_effect"), "mean"] == difference.mean()
    assert table.xs("cost", level="quantity")["best"].sum() == pytest.approx(1.0)
    benefit = 100.0 * problem.effect - problem.cost
    regret = (benefit.max(axis=0) - benefit).mean(axis=1)
    np.testing.assert_allclose(table.xs("net_benefit", level="quantity")["expected_regret"], regret)
    np.testing.assert_allclose(regret, sweep(problem).loss[2])
