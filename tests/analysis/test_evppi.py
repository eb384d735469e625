from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from calc.analysis.evppi import evppi
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import DecisionProblem, decision_problem
from calc.errors import UnknownNameError
from calc.inputs.draws_table import read_draws

from .decisions import ORACLES, by_set, expected_positive, needs_oracles, normals, oracle, simple, two_options

TWO = by_set(oracle("analytic/two_option_normal_ceac_evpi_evppi.csv"))
PEERS = oracle("dampack/exact_crosspeer_evppi_example_psa.csv")


def value(problem: DecisionProblem, *names: str) -> float:
    return float(evppi(problem, sweep(problem), groups={"these": names})["evppi"].iloc[0])


def against_nothing(effect: np.ndarray, **parameters: np.ndarray) -> DecisionProblem:
    """Nothing, or an option worth ``effect`` at a value of one."""
    zero = np.zeros(effect.size)
    return decision_problem({"a": zero, "b": zero}, {"a": zero, "b": effect}, wtp=[1.0], parameters=parameters)


def exactly(effect: np.ndarray) -> float:
    """The value of knowing ``effect`` itself."""
    return float(np.maximum(effect, 0).mean() - max(effect.mean(), 0.0))


def test_a_curve_that_no_straight_line_sees_is_found() -> None:
    z = normals("x", "y")
    known = z["x"] ** 2 - 1.2  # a straight line through it is flat, and its EVPPI nothing
    assert value(against_nothing(known + z["y"], x=z["x"]), "x") == pytest.approx(exactly(known), rel=0.03)


def test_a_step_of_a_parameter_of_two_values_is_exact() -> None:
    z = normals("x", "y")
    covered = (z["x"] > 0.3).astype(float)
    effect = 3 * covered - 1 + z["y"]
    means = np.array([effect[covered == level].mean() for level in (0, 1)])[covered.astype(int)]
    found = evppi(problem := against_nothing(effect, covered=covered), sweep(problem))
    assert found["evppi"].iloc[0] == pytest.approx(exactly(means), rel=1e-9)
    assert found["check"].iloc[0] == "exact means"


def test_codes_need_no_order() -> None:
    z = normals("x", "y")
    code = np.floor(np.clip(2.5 * z["x"] + 10, 0, 19.99))
    worth = np.where(code % 2 == 0, 3.0, -2.5) + np.cos(7 * code)
    effect = worth + z["y"]
    means = np.array([effect[code == level].mean() for level in range(20)])[code.astype(int)]
    assert value(against_nothing(effect, code=code), "code") == pytest.approx(exactly(means), rel=1e-9)


def test_a_lump_of_draws_at_one_value_is_seen_beside_a_curve() -> None:
    z = normals("x", "y")
    x = np.maximum(z["x"], 0.0)
    worth = np.where(x == 0, 2.0, x - 2.5)  # a jump at the very end of the curve
    assert value(against_nothing(worth + 0.5 * z["y"], x=x), "x") == pytest.approx(exactly(worth), rel=0.01)


def test_what_two_know_only_together_is_found() -> None:
    z = normals("x", "y", "luck")
    worth = z["x"] * z["y"]
    problem = against_nothing(worth + z["luck"], x=z["x"], y=z["y"])
    assert value(problem, "x", "y") == pytest.approx(exactly(worth), rel=0.03)
    assert value(problem, "x") < 0.05 * exactly(worth)


def test_two_yes_or_no_questions_together_are_exact() -> None:
    z = normals("x", "y", "luck")
    x, y = z["x"] > 0, z["y"] > 0.5
    worth = np.where(x == y, 1.0, -1.0)
    effect = worth + z["luck"]
    means = np.zeros(effect.size)
    for one in (True, False):
        for other in (True, False):
            cell = (x == one) & (y == other)
            means[cell] = effect[cell].mean()
    problem = against_nothing(effect, x=x.astype(float), y=y.astype(float))
    assert value(problem, "x", "y") == pytest.approx(exactly(means), rel=1e-9)


def test_a_group_is_worth_at_least_its_members() -> None:
    problem = simple()
    found = sweep(problem)
    table = evppi(problem, found, groups={"a": ["a"], "c": ["c"], "both": ["a", "c"]}).pivot_table(
        index="wtp", columns="parameter", values=["evppi", "error"]
    )
    for member in ("a", "c"):
        assert (table["evppi"]["both"] >= table["evppi"][member] - 2 * table["error"][member] - 1e-9).all()


def test_a_parameter_that_never_varies_is_worth_nothing_and_spoils_no_group() -> None:
    z = normals("x", "y")
    problem = against_nothing(z["x"] + z["y"], x=z["x"], fixed=np.full(z["x"].size, 7.0))
    found = evppi(problem, sweep(problem)).set_index("parameter")
    assert found.loc["fixed", ["evppi", "error", "check"]].tolist() == [0.0, 0.0, "constant"]
    assert value(problem, "x", "fixed") == pytest.approx(value(problem, "x"), rel=1e-12)


def test_an_unrelated_parameter_is_worth_next_to_nothing() -> None:
    z = normals("x", "y")
    problem = against_nothing(1 + z["x"], y=z["y"])
    assert value(problem, "y") < 0.01 * sweep(problem).evpi[0]


def test_a_group_that_says_nothing_is_not_overfitted() -> None:
    x, y, w, effect = np.random.default_rng(0).normal(size=(4, 400))
    problem = against_nothing(effect, x=x, y=y, w=w)
    assert value(problem, "x", "y", "w") < 0.15 * sweep(problem).evpi[0]


def test_an_unknown_parameter_is_refused_by_name() -> None:
    problem = simple()
    with pytest.raises(UnknownNameError, match="no parameter named 'd'"):
        evppi(problem, sweep(problem), groups={"all": ["a", "d"]})


def test_no_parameters_give_an_empty_table() -> None:
    problem = decision_problem({"a": [1.0, 2.0]}, {"a": [0.0, 1.0]}, wtp=[1.0])
    assert evppi(problem, sweep(problem)).empty


def test_a_handful_of_draws_promises_nothing() -> None:
    problem = simple(draws=8)
    found = evppi(problem, sweep(problem))
    assert found["evppi"].tolist() == [0.0] * 12
    assert set(found["check"]) == {"too few draws"}


@pytest.mark.parametrize(("offset", "scale"), [(1e9, 1.0), (0.0, 1000.0), (-1e6, 1e-3)])
def test_offset_and_scale_of_everything_do_not_matter(offset: float, scale: float) -> None:
    problem = simple()
    cost = {name: scale * x + offset for name, x in zip(problem.options, problem.cost, strict=True)}
    effect = {name: x - offset for name, x in zip(problem.options, problem.effect, strict=True)}
    parameters = {name: 5 * x + 3 for name, x in problem.parameters.items()}
    moved = decision_problem(cost, effect, wtp=scale * problem.wtp, parameters=parameters)
    ours, theirs = (evppi(each, sweep(each))["evppi"].to_numpy() for each in (problem, moved))
    np.testing.assert_allclose(theirs, scale * ours, rtol=2e-6, atol=1e-6 * scale * ours.max())


def test_the_order_of_options_and_draws_does_not_matter() -> None:
    problem = simple()
    cost = {name: x[::-1] for name, x in zip(problem.options[::-1], problem.cost[::-1], strict=True)}
    effect = {name: x[::-1] for name, x in zip(problem.options, problem.effect, strict=True)}
    parameters = {name: x[::-1] for name, x in problem.parameters.items()}
    turned = decision_problem(cost, effect, wtp=problem.wtp, parameters=parameters)
    ours, theirs = (evppi(each, sweep(each))["evppi"].to_numpy() for each in (problem, turned))
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-6 * ours.max())


def test_the_error_is_the_spread_over_repetitions() -> None:
    generator = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(60):
        x, luck = generator.normal(size=(2, 500))
        problem = against_nothing(0.3 + x + 2 * luck, x=x)
        row = evppi(problem, sweep(problem)).iloc[0]
        values.append(row["evppi"])
        errors.append(row["error"])
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.25)
    assert np.mean(values) == pytest.approx(expected_positive(0.3, 1.0) - 0.3, abs=0.03)


def test_residuals_that_still_follow_a_parameter_are_told() -> None:
    z = normals("x", "y", "luck")
    waves = np.sin(25 * z["x"])
    problem = against_nothing(waves + 0.1 * z["luck"], x=z["x"], y=z["y"])
    found = evppi(problem, sweep(problem)).set_index("parameter")
    assert found.loc["x", "check"] == "pattern left"
    assert found.loc["y", "check"] == "noise"


@needs_oracles
@pytest.mark.parametrize("cases", TWO, ids=lambda cases: f"rho{cases[0]['rho']}-{cases[0]['mean_de']}")
def test_two_normals_against_the_closed_forms(cases: list[dict[str, str]]) -> None:
    problem = two_options(cases)
    found = evppi(problem, sweep(problem)).set_index(["parameter", "wtp"])["evppi"]
    for case in cases:
        for name in ("effect", "cost"):
            expected = pytest.approx(float(case[f"evppi_{name}"]), abs=3e-3 * float(case["inb_sd"]))
            assert found[name, float(case["k"])] == expected


@needs_oracles
def test_the_peers_example_within_three_thousandths_of_the_evpi() -> None:
    folder = ORACLES / "dampack"
    cost, effect, parameters = read_draws(
        *(folder / f"example_psa_{name}.csv" for name in ("cost", "effectiveness", "parameters"))
    )
    values = sorted({float(row["WTP"]) for row in PEERS})
    problem = decision_problem(cost, effect, wtp=values, parameters=parameters)
    found = evppi(problem, sweep(problem)).set_index(["parameter", "wtp"])
    assert len(PEERS) == 24
    for row in PEERS:
        ours = found.loc[(row["param"], float(row["WTP"]))]
        for peer in ("voi_gam_te_cr5", "voi_gam_tp20"):
            assert ours["evppi"] == pytest.approx(float(row[peer]), abs=3e-3 * float(row["EVPI"])), row["param"]


@pytest.mark.parametrize("draws", [1000, 4000])
def test_whole_numbers_without_information_are_noise(draws: int) -> None:
    generator = np.random.default_rng(draws)
    effect, count = generator.normal(size=draws), generator.poisson(20, draws).astype(float)
    row = evppi(problem := against_nothing(effect, count=count), sweep(problem)).iloc[0]
    assert (row["evppi"], row["check"], row["explained"] < 0.01) == (0.0, "noise", True)
    assert 0 < row["error"] < 0.1 * sweep(problem).evpi[0]


def one_step(generator: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    b, j = generator.random((2, 2048))
    return np.where(b > 0.5, 100.0, -100.0) + 200 * generator.normal(size=2048), {"b": b, "j": j}


def two_steps(generator: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    b, j = generator.random((2, 20_000))
    return np.where(b > 0.37, 100.0, -100.0) - 150.0 * (b > 0.82) + 20 * generator.normal(size=20_000), {"b": b, "j": j}


def codes(generator: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    b, j = generator.integers(0, 20, 4000).astype(float), generator.normal(size=4000)
    return 3 * np.cos(7 * b) + generator.normal(size=4000), {"b": b, "j": j}


@pytest.mark.parametrize("made", [one_step, two_steps, codes])
def test_a_group_is_never_worth_less_than_its_parts(
    made: Callable[[np.random.Generator], tuple[np.ndarray, dict[str, np.ndarray]]],
) -> None:
    for seed in range(5):
        effect, parameters = made(np.random.default_rng(seed))
        problem = against_nothing(effect, **parameters)
        groups = {"b": ["b"], "j": ["j"], "both": ["b", "j"]}
        found = evppi(problem, sweep(problem), groups=groups).set_index("parameter")
        assert found.loc["both", "evppi"] >= found["evppi"].max()
        raised = found.loc["both", "evppi"] == found.loc["b", "evppi"]
        assert raised == (found.loc["both", "check"] == "as a part of it")


def test_what_choosing_between_equals_is_worth_is_nothing_to_the_last_digit() -> None:
    z = normals("x", "y", "luck", draws=4096)
    effect = {"b": z["x"] + z["y"] + z["luck"], "c": z["luck"] + z["y"] + z["x"]}
    assert (effect["b"] != effect["c"]).any()
    zero = np.zeros(4096)
    problem = decision_problem({"b": zero, "c": zero}, effect, wtp=[1.0, 1e6], parameters={"x": z["x"]})
    found = evppi(problem, sweep(problem))
    assert found["evppi"].tolist() == [0.0, 0.0]
    assert found["error"].max() < 1e-9
