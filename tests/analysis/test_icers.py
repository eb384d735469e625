from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.icers import frontier, icers
from calc.analysis.problem import decision_problem
from calc.inputs.draws_table import read_draws

from .decisions import ORACLES, needs_oracles, oracle, simple

POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=7)


def table(points: list[tuple[float, float]], **kwargs: int) -> pd.DataFrame:
    cost, effect = (np.array(column, dtype=float) for column in zip(*points, strict=True))
    return frontier(tuple(f"o{place}" for place in range(len(points))), cost, effect, **kwargs)


def status(points: list[tuple[float, float]]) -> list[str]:
    found = table(points).set_index("option")["status"]
    return [found[f"o{place}"] for place in range(len(points))]


def best_somewhere(points: list[tuple[float, float]]) -> list[bool]:
    """Whether some value of a unit of effect, none negative, makes an option best: what the frontier is for."""
    slopes = {(a[0] - b[0]) / (a[1] - b[1]) for a in points for b in points if a[1] != b[1]}
    ordered = sorted({0.0, *(each for each in slopes if each > 0)})
    values = [*ordered, *((a + b) / 2 for a, b in pairwise(ordered)), ordered[-1] + 1]
    found = []
    for point in points:
        wins = [
            value for value in values if all(value * point[1] - point[0] >= value * o[1] - o[0] - 1e-9 for o in points)
        ]
        free = all(not (o[0] <= point[0] and o[1] >= point[1] and o != point) for o in points)
        found.append(bool(wins) and free)
    return found


@given(POINTS)
def test_an_option_is_on_the_frontier_if_some_value_makes_it_best(points: list[tuple[float, float]]) -> None:
    assert [each == "ND" for each in status(points)] == best_somewhere(points)


@given(POINTS)
def test_ratios_rise_along_the_frontier(points: list[tuple[float, float]]) -> None:
    ratios = table(points).query("status == 'ND'")["icer"].dropna().to_numpy()
    assert (np.diff(ratios) >= -1e-12).all()


@given(POINTS, st.integers(-1000, 1000), st.sampled_from([0.5, 2.0, 64.0]))
def test_offset_scale_and_order_do_not_matter(points: list[tuple[float, float]], offset: int, scale: float) -> None:
    moved = [(scale * cost + offset, effect - offset) for cost, effect in points]
    assert status(moved) == status(points)
    assert status(points[::-1])[::-1] == status(points)


def test_the_cheapest_option_stays_on_a_frontier_of_negative_effects() -> None:
    assert status([(0, -10), (100, -8), (300, -7)]) == ["ND", "ND", "ND"]
    assert table([(0, -10), (100, -8), (300, -7)])["icer"].tolist()[1:] == [50.0, 200.0]


def test_statuses_name_what_dominates() -> None:
    found = table([(0, 0), (100, 1), (150, 3), (200, 2)]).set_index("option")
    assert found["status"].to_dict() == {"o0": "ND", "o2": "ND", "o1": "ED", "o3": "D"}
    assert found["dominated_by"].to_dict() == {"o0": "", "o2": "", "o1": "o0 with o2", "o3": "o2"}


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((10, 1), "costs more, does more"), ((10, -1), "costs more, does less"), ((-10, 1), "costs less, does more"),
        ((-10, -1), "costs less, does less"), ((0, 0), "costs the same, does the same"),
    ],
)  # fmt: skip
def test_the_quadrant_against_the_reference_is_said(point: tuple[float, float], words: str) -> None:
    found = table([(5, 5), (5 + point[0], 5 + point[1])]).set_index("option")
    assert found.loc["o1", "against_reference"] == words


def test_twins_stand_on_the_frontier_together() -> None:
    found = table([(0, 0), (10, 1), (10, 1)]).set_index("option")
    assert found["status"].tolist() == ["ND", "ND", "ND"]
    assert found.loc["o1", "icer"] == found.loc["o2", "icer"] == 10.0


def test_the_reference_is_compared_with_itself_as_nothing() -> None:
    found = icers(simple()).set_index("option")
    assert found.loc["wait", ["diff_cost", "diff_effect"]].tolist() == [0.0, 0.0]


@needs_oracles
def test_a_hundred_strategies_against_the_peer() -> None:
    given_, theirs = oracle("dampack/hund_strat.csv"), oracle("dampack/icers_hund.csv")
    cost, effect = (np.array([float(row[name]) for row in given_]) for name in ("Cost", "QALYs"))
    ours = frontier(tuple(row["Strategy"] for row in given_), cost, effect)
    assert ours["option"].tolist() == [row["Strategy"] for row in theirs]
    assert ours["status"].tolist() == [row["Status"] for row in theirs]
    ratios = [float(row["ICER"]) if row["ICER"] not in ("", "NA") else np.nan for row in theirs]
    np.testing.assert_allclose(ours["icer"], ratios, rtol=1e-12)


@needs_oracles
def test_the_peers_example_has_the_same_frontier() -> None:
    folder, theirs = ORACLES / "dampack", oracle("dampack/icers_example_psa.csv")
    cost, effect, _ = read_draws(folder / "example_psa_cost.csv", folder / "example_psa_effectiveness.csv")
    ours = icers(decision_problem(cost, effect, wtp=[1.0])).set_index("option")
    for row in theirs:
        mine = ours.loc[row["Strategy"]]
        assert mine["status"] == row["Status"]
        for name, column in (("cost", "Cost"), ("effect", "Effect"), ("icer", "ICER")):
            if row[column] not in ("", "NA"):
                assert mine[name] == pytest.approx(float(row[column]), rel=1e-12)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(100, 0.3), (200, 0.1 + 0.2)], ["ND", "D"]),  # dearer, and more by rounding alone
        ([(0.3, 1), (0.1 + 0.2, 2)], ["D", "ND"]),  # cheaper by rounding alone
        ([(0, 0), (0.3, 0.3), (0.1 + 0.2, 0.1 + 0.2)], ["ND", "ND", "ND"]),  # one option twice
        ([(0, 0), (0.1 + 0.2, 0.3), (0.3, 0.1 + 0.2)], ["ND", "ND", "ND"]),
    ],
)
def test_what_differs_by_rounding_is_equal(points: list[tuple[float, float]], expected: list[str]) -> None:
    assert status(points) == expected
    ratios = table(points)["icer"].dropna()
    assert ratios.between(0, 1e3).all()


def test_the_same_parts_in_another_order_are_twins_on_the_frontier() -> None:
    cost, effect = np.random.default_rng(0).normal(1, 0.4, (2, 3, 2000))
    zero = np.zeros(2000)
    problem = decision_problem(
        {"none": zero, "b": cost[0] + cost[1] + cost[2], "c": cost[0] + (cost[1] + cost[2])},
        {"none": zero, "b": effect[0] + effect[1] + effect[2], "c": effect[0] + (effect[1] + effect[2])},
        wtp=[1.0],
    )
    found = icers(problem)
    assert found["status"].tolist() == ["ND", "ND", "ND"]
    assert found["icer"].iloc[1] == found["icer"].iloc[2]
