from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calc.analysis.problem import decision_problem
from calc.errors import DrawsError, UnknownNameError

COST = {"a": [1.0, 2.0], "b": [3.0, 4.0]}
EFFECT = {"b": [0.3, 0.4], "a": [0.1, 0.2]}


def test_options_are_matched_by_name_not_by_place() -> None:
    problem = decision_problem(COST, EFFECT, wtp=[1.0])
    assert problem.options == ("a", "b")
    assert problem.effect.tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_values_are_put_in_order_and_arrays_cannot_be_written() -> None:
    problem = decision_problem(pd.DataFrame(COST), pd.DataFrame(EFFECT), wtp=[5.0, 1.0, 5.0])
    assert problem.wtp.tolist() == [1.0, 5.0]
    with pytest.raises(ValueError, match="read-only"):
        problem.cost[0, 0] = 9.0


@pytest.mark.parametrize(
    ("cost", "effect", "parameters", "words"),
    [
        (COST, {"a": [0.1, 0.2]}, {}, "effect: b: option 'b' of cost is missing"),
        (COST, EFFECT | {"c": [0, 0]}, {}, "cost: c: option 'c' of effect is missing"),
        (COST, {"a": [0.1], "b": [0.2]}, {}, "effect: 1 draws, but 2 in cost"),
        (COST, EFFECT, {"p": [1.0, 2.0, 3.0]}, "parameters: 3 draws, but 2 in cost"),
        (COST | {"a": [np.nan, 1]}, EFFECT, {}, "cost: a: not every draw is finite"),
        (COST, EFFECT | {"b": [np.inf, 1]}, {}, "effect: b: not every draw is finite"),
        (COST, EFFECT, {"p": [1.0, -np.inf]}, "parameters: p: not every draw is finite"),
        (COST | {"a": [1.0]}, EFFECT, {}, "cost: columns differ in length"),
        ({}, {}, {}, "there are no options"),
        ({"a": []}, {"a": []}, {}, "there are no draws"),
    ],
)
def test_tables_that_do_not_fit_are_refused(cost: dict, effect: dict, parameters: dict, words: str) -> None:
    with pytest.raises(DrawsError) as caught:
        decision_problem(cost, effect, wtp=[1.0], parameters=parameters)
    assert words in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(DrawsError) as caught:
        decision_problem({"a": [np.nan]}, {"a": [np.inf]}, wtp=[-1.0])
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("wtp", [[], [-1.0], [np.nan], [1.0, np.inf]])
def test_values_of_an_effect_must_be_finite_and_not_negative(wtp: list[float]) -> None:
    with pytest.raises(DrawsError, match="finite and not negative"):
        decision_problem(COST, EFFECT, wtp=wtp)


def test_an_unknown_reference_or_parameter_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no option named 'c'"):
        decision_problem(COST, EFFECT, wtp=[1.0], reference="c")
    problem = decision_problem(COST, EFFECT, wtp=[1.0], parameters={"price": [1.0, 2.0]})
    with pytest.raises(UnknownNameError, match="Did you mean 'price'"):
        problem.parameter("prise")


def test_an_option_whose_name_stands_twice_is_told() -> None:
    twice = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], columns=["a", "a"])
    with pytest.raises(DrawsError, match="cost: a: two columns have this name"):
        decision_problem(twice, {"a": [0.1, 0.2]}, wtp=[1.0])
    with pytest.raises(DrawsError, match="effect: 1: two columns have this name"):
        decision_problem({"1": [1.0, 2.0]}, {"1": [0.1, 0.2], 1: [0.1, 0.2]}, wtp=[1.0])
    doubled = pd.DataFrame([[1.0, 2.0], [5.0, 4.0]], columns=["p", "p"])
    with pytest.raises(DrawsError, match="parameters: p: two columns"):
        decision_problem({"a": [1.0, 2.0]}, {"a": [0.1, 0.2]}, wtp=[1.0], parameters=doubled)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("n/a", "cost: b: row 1: 'n/a' is not a number"),
        ("1,000", "cost: b: row 1: '1,000' is not a number"),
        (None, "cost: b: not every draw is finite"),
        ([1.0, 2.0], "cost: b: row 1: '[1.0, 2.0]' is not a number"),
    ],
)
def test_a_cell_that_is_no_number_is_told_with_its_row(cell: object, words: str) -> None:
    with pytest.raises(DrawsError) as caught:
        decision_problem({"a": [1.0, 2.0], "b": [3.0, cell]}, EFFECT, wtp=[1.0])  # type: ignore[dict-item]
    assert words in str(caught.value)


def test_values_that_are_no_numbers_and_columns_with_two_sides_are_told() -> None:
    with pytest.raises(DrawsError, match="wtp: row 1: 'fifty' is not a number"):
        decision_problem(COST, EFFECT, wtp=[1.0, "fifty"])  # type: ignore[list-item]
    with pytest.raises(DrawsError, match=r"cost: a: it has the shape \(2, 2\)"):
        decision_problem({"a": np.ones((2, 2)), "b": [1.0, 2.0]}, EFFECT, wtp=[1.0])


@pytest.mark.parametrize("first", [0, 1])
def test_a_first_column_that_numbers_the_draws_is_asked_about(first: int) -> None:
    numbers, other = np.arange(first, first + 5.0), np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    with pytest.raises(DrawsError, match=r"cost: sample: it goes .* as if it numbered the draws"):
        decision_problem({"sample": numbers, "a": other}, {"sample": numbers, "a": other}, wtp=[1.0])
    with pytest.raises(DrawsError, match="parameters: id: it goes"):
        decision_problem({"a": other}, {"a": other}, wtp=[1.0], parameters={"id": numbers, "p": other})
    assert decision_problem({"a": numbers[::-1]}, {"a": other}, wtp=[1.0]).options == ("a",)
