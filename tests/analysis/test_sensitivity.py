from __future__ import annotations

import numpy as np
import pytest

from calc.analysis.problem import DecisionProblem, decision_problem
from calc.analysis.sensitivity import one_way, rivals, tornado
from calc.errors import UnknownNameError

from .decisions import normals, simple


def two(effect: np.ndarray, **parameters: np.ndarray) -> DecisionProblem:
    zero = np.zeros(effect.size)
    return decision_problem({"a": zero, "b": zero}, {"a": zero, "b": effect}, wtp=[1.0], parameters=parameters)


def test_a_bar_runs_over_what_the_parameter_does_and_all_share_the_base() -> None:
    z = normals("x", "y")
    table = tornado(two(1 + 3 * z["x"] - z["y"], **z), value=2.0, option="b", against="a").set_index("parameter")
    assert list(table.index) == ["x", "y"]
    low, high = (2 * (1 + 3 * q) for q in (-1.645, 1.645))
    assert table.loc["x", ["at_low", "at_high"]].tolist() == pytest.approx([low, high], abs=0.1)
    assert table.loc["y", "at_low"] > table.loc["y", "at_high"]
    assert table["base"].tolist() == pytest.approx([2.0, 2.0], abs=1e-3)


def test_the_switch_is_where_the_difference_is_nothing() -> None:
    z = normals("x", "y")
    table = tornado(two(1 + 3 * z["x"] - z["y"], **z), value=1.0, option="b", against="a").set_index("parameter")
    assert table.loc["x", "switches"] == pytest.approx((-1 / 3,), abs=0.02)
    assert table.loc["y", "switches"] == pytest.approx((1.0,), abs=0.1)


def test_a_curve_may_turn_the_choice_twice() -> None:
    z = normals("x", "y")
    table = tornado(two(z["x"] ** 2 - 1 + 0.1 * z["y"], x=z["x"]), value=1.0, option="b", against="a")
    assert table["switches"].iloc[0] == pytest.approx((-1.0, 1.0), abs=0.05)
    assert table["least"].iloc[0] == pytest.approx(-1.0, abs=0.05)


def test_a_parameter_that_does_nothing_is_within_monte_carlo_error() -> None:
    generator = np.random.default_rng(0)
    x, noise, idle = generator.normal(size=(3, 4000))
    table = tornado(two(x + noise, x=x, idle=idle), value=1.0, option="b", against="a").set_index("parameter")
    assert table["clear"].to_dict() == {"x": True, "idle": False}


def test_offsets_of_both_options_do_not_move_a_bar() -> None:
    problem = simple()
    cost = {name: x + 1e6 for name, x in zip(problem.options, problem.cost, strict=True)}
    effect = dict(zip(problem.options, problem.effect, strict=True))
    moved = decision_problem(cost, effect, wtp=problem.wtp, parameters=dict(problem.parameters))
    ours, theirs = (tornado(each, value=100.0, option="needle", against="pills") for each in (problem, moved))
    np.testing.assert_allclose(theirs[["at_low", "at_high"]], ours[["at_low", "at_high"]], atol=1e-3)


def test_one_way_compares_with_the_reference_and_marks_the_best() -> None:
    z = normals("x", "y")
    table = one_way(two(z["x"] + 0.1 * z["y"], x=z["x"]), "x", value=1.0)
    reference = table[table["option"] == "a"]
    assert (reference[["diff_cost", "diff_effect", "diff_net_benefit"]] == 0).all(axis=None)
    best = table[table["best"]].set_index("at")["option"]
    assert set(best[best.index < -0.1]) == {"a"}
    assert set(best[best.index > 0.1]) == {"b"}


def test_few_values_are_shown_as_they_are() -> None:
    z = normals("x", "y")
    covered = (z["x"] > 0).astype(float)
    table = one_way(two(covered + z["y"], covered=covered), "covered", value=1.0)
    assert sorted(set(table["at"])) == [0.0, 1.0]


def test_rivals_are_the_two_best_on_average() -> None:
    problem = simple()
    mean = 100.0 * problem.effect.mean(axis=1) - problem.cost.mean(axis=1)
    order = np.argsort(-mean)
    assert rivals(problem, 100.0) == tuple(problem.options[place] for place in order[:2])


def test_unknown_names_are_refused() -> None:
    problem = simple()
    with pytest.raises(UnknownNameError, match="parameter named 'z'"):
        one_way(problem, "z", value=1.0)
    with pytest.raises(UnknownNameError, match="option named 'z'"):
        tornado(problem, value=1.0, option="z", against="wait")


def test_options_that_differ_by_rounding_alone_have_no_lead_that_could_turn() -> None:
    z = normals("x", "y", "w", draws=1024)
    effect = {"b": z["x"] + z["y"] + z["w"], "c": z["w"] + z["y"] + z["x"], "d": z["x"] - 9}
    zero = dict.fromkeys(effect, np.zeros(1024))
    problem = decision_problem(zero, effect, wtp=[1.0], parameters={"x": z["x"], "y": z["y"]})
    assert rivals(problem, 1.0) == ("b", "c")
    bars = tornado(problem, value=1.0, option="c", against="b")
    assert bars[["least", "most", "base"]].to_numpy().tolist() == [[0.0, 0.0, 0.0]] * 2
    assert bars["switches"].tolist() == [(), ()]
    curve = one_way(problem, "x", value=1.0)
    assert set(curve[curve["best"]]["option"]) == {"b"}
