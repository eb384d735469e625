from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from calc.analysis.acceptability import acceptability
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import DecisionProblem, decision_problem
from calc.analysis.value import evpi, expected_loss
from calc.inputs.draws_table import read_draws

from .decisions import ORACLES, by_set, expected_positive, needs_oracles, normals, oracle, simple, two_options

TWO = by_set(oracle("analytic/two_option_normal_ceac_evpi_evppi.csv"))
MANY = oracle("analytic/many_option_independent_normal.csv")
SMALL = st.integers(1, 4).flatmap(
    lambda options: st.integers(1, 12).flatmap(
        lambda draws: st.tuples(
            arrays(np.int64, (options, draws), elements=st.integers(-50, 50)),
            arrays(np.int64, (options, draws), elements=st.integers(-3, 3)),
        )
    )
)


def of(cost: np.ndarray, effect: np.ndarray, wtp: tuple[float, ...] = (0.0, 7.0, 20.0)) -> DecisionProblem:
    names = [f"o{place}" for place in range(len(cost))]
    return decision_problem(dict(zip(names, cost, strict=True)), dict(zip(names, effect, strict=True)), wtp=wtp)


def slowly(problem: DecisionProblem) -> tuple[list[float], list[list[float]], list[list[float]]]:
    """EVPI, acceptability with ties shared and expected losses, one draw after another."""
    perfect, chances, losses = [], [], []
    for value in problem.wtp:
        rows = [
            [value * e - c for c, e in zip(cs, es, strict=True)]
            for cs, es in zip(problem.cost.T, problem.effect.T, strict=True)
        ]
        share, loss = [0.0] * len(problem.options), [0.0] * len(problem.options)
        for row in rows:
            top = max(row)
            best = [place for place, each in enumerate(row) if each == top]
            for place in best:
                share[place] += 1 / len(best) / len(rows)
            for place, each in enumerate(row):
                loss[place] += (top - each) / len(rows)
        chances.append(share)
        losses.append(loss)
        perfect.append(min(loss))
    return perfect, chances, losses


@given(SMALL)
def test_one_pass_agrees_with_one_draw_after_another(tables: tuple[np.ndarray, np.ndarray]) -> None:
    problem = of(*tables)
    found = sweep(problem)
    perfect, chances, losses = slowly(problem)
    np.testing.assert_allclose(found.evpi, perfect, atol=1e-9)
    np.testing.assert_allclose(found.acceptability, chances, atol=1e-12)
    np.testing.assert_allclose(found.loss, losses, atol=1e-9)


@given(SMALL)
def test_evpi_is_never_negative_and_chances_sum_to_one(tables: tuple[np.ndarray, np.ndarray]) -> None:
    found = sweep(of(*tables))
    assert (found.evpi >= 0).all()
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1.0, atol=1e-12)


@given(SMALL, st.sampled_from([0.0, 1e3, -1e6, 1e9]))
def test_what_all_options_share_does_not_matter(tables: tuple[np.ndarray, np.ndarray], offset: float) -> None:
    plain, moved = sweep(of(*tables)), sweep(of(tables[0] + offset, tables[1] - offset))
    np.testing.assert_allclose(moved.evpi, plain.evpi, atol=1e-9)
    np.testing.assert_allclose(moved.loss, plain.loss, atol=1e-9)
    np.testing.assert_array_equal(moved.acceptability, plain.acceptability)


def test_a_common_offset_of_a_billion_leaves_evpi_to_the_dollar() -> None:
    problem = simple()
    cost = {name: x + 1e9 for name, x in zip(problem.options, problem.cost, strict=True)}
    effect = dict(zip(problem.options, problem.effect, strict=True))
    moved = sweep(decision_problem(cost, effect, wtp=problem.wtp))
    np.testing.assert_allclose(moved.evpi, sweep(problem).evpi, atol=1e-6)


@given(SMALL)
def test_the_order_of_options_and_draws_does_not_matter(tables: tuple[np.ndarray, np.ndarray]) -> None:
    plain, turned = sweep(of(*tables)), sweep(of(tables[0][::-1, ::-1], tables[1][::-1, ::-1]))
    np.testing.assert_allclose(turned.evpi, plain.evpi, atol=1e-9)
    np.testing.assert_allclose(turned.acceptability[:, ::-1], plain.acceptability, atol=1e-12)


def test_losses_are_in_the_money_of_the_costs() -> None:
    problem = simple()
    cost = {name: 100 * x for name, x in zip(problem.options, problem.cost, strict=True)}
    effect = dict(zip(problem.options, problem.effect, strict=True))
    cents = sweep(decision_problem(cost, effect, wtp=problem.wtp * 100))
    np.testing.assert_allclose(cents.evpi, 100 * sweep(problem).evpi, rtol=1e-12)


def test_identical_options_share_every_draw() -> None:
    problem = of(np.ones((3, 5)), np.ones((3, 5)))
    found = sweep(problem)
    np.testing.assert_allclose(found.acceptability, 1 / 3)
    assert found.evpi.tolist() == [0.0, 0.0, 0.0]


def test_costs_that_differ_by_rounding_alone_tie() -> None:
    found = sweep(of(np.array([[0.1 + 0.2], [0.3]]), np.zeros((2, 1))))
    np.testing.assert_allclose(found.acceptability, 0.5)


def test_one_option_and_one_draw_are_enough() -> None:
    found = sweep(of(np.array([[3.0]]), np.array([[1.0]])))
    assert found.evpi.tolist() == [0.0, 0.0, 0.0]
    assert found.acceptability.ravel().tolist() == [1.0, 1.0, 1.0]


def test_the_frontier_is_the_best_on_average_not_the_likeliest() -> None:
    rare = np.array([[0.0] * 10, [1.0] * 9 + [-90.0]])  # dearer in 9 draws of 10, much cheaper in one
    table = acceptability(of(rare, np.zeros((2, 10))), sweep(of(rare, np.zeros((2, 10)))))
    chosen = table[table["frontier"] & (table["wtp"] == 0)]
    assert chosen["option"].tolist() == ["o1"]
    assert chosen["probability"].tolist() == [0.1]


def test_the_tables_are_tidy() -> None:
    problem = simple()
    found = sweep(problem)
    curves, losses, perfect = acceptability(problem, found), expected_loss(problem, found), evpi(problem, found)
    assert len(curves) == len(losses) == 12
    assert len(perfect) == 4
    np.testing.assert_allclose(losses[losses["best"]]["loss"], perfect["evpi"], atol=1e-9)
    assert curves.groupby("wtp")["probability"].sum().to_numpy() == pytest.approx(1.0)


def test_evpi_of_two_normals_is_its_closed_form() -> None:
    case = {"mean_de": "0.5", "sd_de": "0.4", "mean_dc": "8000", "sd_dc": "3000", "rho": "0.6", "k": "20000"}
    sd = np.sqrt(8000**2 + 3000**2 - 2 * 0.6 * 8000 * 3000)
    found = sweep(two_options([case]))
    assert found.evpi[0] == pytest.approx(expected_positive(2000, sd) - 2000, rel=2e-3)


def test_the_error_of_evpi_is_the_spread_over_repetitions() -> None:
    generator = np.random.default_rng(1)
    repeated = [sweep(of(generator.normal([[0], [1]], size=(2, 500)), np.zeros((2, 500)), (1.0,))) for _ in range(300)]
    spread = np.std([each.evpi[0] for each in repeated])
    assert np.mean([each.evpi_error[0] for each in repeated]) == pytest.approx(spread, rel=0.15)


@needs_oracles
@pytest.mark.parametrize("cases", TWO, ids=lambda cases: f"rho{cases[0]['rho']}-{cases[0]['mean_de']}")
def test_two_normals_against_the_closed_forms(cases: list[dict[str, str]]) -> None:
    found = sweep(two_options(cases))
    for place, case in enumerate(sorted(cases, key=lambda each: float(each["k"]))):
        assert found.acceptability[place, 1] == pytest.approx(float(case["ceac"]), abs=2e-3)
        assert found.evpi[place] == pytest.approx(float(case["evpi"]), abs=2e-3 * float(case["inb_sd"]))


@needs_oracles
@pytest.mark.parametrize("name", sorted({row["case"] for row in MANY}))
def test_many_normals_against_the_closed_forms(name: str) -> None:
    rows = [row for row in MANY if row["case"] == name]
    z = normals(*(row["option"] for row in rows), draws=65_536)
    effect = {row["option"]: float(row["mean"]) + float(row["sd"]) * z[row["option"]] for row in rows}
    cost = {row["option"]: np.zeros(65_536) for row in rows}
    found = sweep(decision_problem(cost, effect, wtp=[1.0]))
    np.testing.assert_allclose(found.acceptability[0], [float(row["p_best"]) for row in rows], atol=2e-3)
    np.testing.assert_allclose(found.loss[0], [float(row["expected_loss"]) for row in rows], atol=2e-3)
    assert found.evpi[0] == pytest.approx(float(rows[0]["evpi"]), abs=1e-3)


@needs_oracles
def test_the_peers_example_to_the_last_count_and_a_billionth_of_the_evpi() -> None:
    folder, peers = ORACLES / "dampack", oracle("dampack/exact_crosspeer_example_psa_wtp100.csv")
    cost, effect, _ = read_draws(folder / "example_psa_cost.csv", folder / "example_psa_effectiveness.csv")
    problem = decision_problem(cost, effect, wtp=[float(row["WTP"]) for row in peers])
    found = sweep(problem)
    assert len(peers) == 100
    np.testing.assert_allclose(found.evpi, [float(row["evpi_voi"]) for row in peers], rtol=1e-9)
    assert [problem.options[place] for place in found.best] == [row["best"] for row in peers]
    for place, option in enumerate(problem.options):
        counts = [round(float(row[f"BCEA_ceac_{option}"]) * problem.draws) for row in peers]
        np.testing.assert_allclose(found.acceptability[:, place] * problem.draws, counts, atol=1e-6)


def parts(draws: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """Cost and effect of nothing, of an option, and of the same one added up in another order."""
    cost, effect = np.random.default_rng(0).normal(1, 0.4, (2, 3, draws))
    zero = np.zeros(draws)
    turned = cost[0] + (cost[1] + cost[2]), effect[0] + (effect[1] + effect[2])
    found = np.array([zero, cost.sum(axis=0), turned[0]]), np.array([zero, effect.sum(axis=0), turned[1]])
    assert (found[0][1] != found[0][2]).any()
    return found


@pytest.mark.parametrize("scale", [1.0, 300.0, 1e-6])
def test_the_choice_does_not_turn_with_the_order_of_a_sum(scale: float) -> None:
    cost, effect = parts()
    found = sweep(of(scale * cost, effect, tuple(scale * np.arange(0.0, 20.0, 0.25))))
    assert set(np.flatnonzero(np.diff(found.best))) == set(np.flatnonzero(np.diff(found.best > 0)))
    assert 2 not in found.best
    np.testing.assert_allclose(found.loss[:, 1], found.loss[:, 2], rtol=1e-12)
    np.testing.assert_allclose(found.acceptability[:, 1], found.acceptability[:, 2])


def test_between_equals_nothing_is_lost_and_nothing_is_unsure() -> None:
    cost, effect = parts()
    found = sweep(of(cost[1:], effect[1:]))
    assert found.evpi.tolist() == found.evpi_error.tolist() == [0.0, 0.0, 0.0]
    assert found.best.tolist() == [0, 0, 0]


def test_one_draw_has_no_error_to_state() -> None:
    problem = of(np.array([[1.0], [2.0]]), np.array([[1.0], [5.0]]))
    found = sweep(problem)
    assert np.isnan(found.evpi_error).all()
    assert acceptability(problem, found)["error"].isna().all()
