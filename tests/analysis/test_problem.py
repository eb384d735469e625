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
