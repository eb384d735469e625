"""The two kinds of uncertainty told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from calc.analysis.kinds import kinds
from calc.inputs.load import StudyInputs
from calc.inputs.treatment import Treatment
from calc.model.expected import Expected, expected
from calc.model.simulate import Outcomes, simulate

from ..model.small import claim, fixed, inputs, parameter, price, responding, treatment, unknown


def averaged(made: StudyInputs) -> tuple[dict[str, Outcomes], dict[str, Mapping[str, Expected]]]:
    views = {name: simulate(made, name) for name in made.views}
    return views, {name: expected(made, name) for name in views}


def row(one: Treatment, outcome: str) -> dict[str, object]:
    made = inputs({"shot": one}, draws=1024)
    table: pd.DataFrame = kinds(*averaged(made))
    return dict(table[table["outcome"] == outcome].iloc[0])


FIXED = {
    "price": {"needle": price(claim(value=1000))}, "wait": fixed("weeks", 2), "sessions": fixed("sessions", 1),
    "onset": fixed("weeks", 3), "relief": fixed("weeks", 20),
}  # fmt: skip


def test_where_everything_is_known_all_of_the_spread_is_luck() -> None:
    found = row(treatment(**FIXED), "weeks_in_relief")
    assert (found["one_p05"], found["one_p95"]) == (0.0, 20.0)
    assert (found["mean_p05"], found["mean_p95"]) == pytest.approx((10.0, 10.0))
    assert found["luck"] == pytest.approx(1.0)


def test_where_nothing_is_left_to_luck_all_of_the_spread_is_what_is_not_known() -> None:
    wide = {"relief": parameter("weeks", claim("bounds", low=4, high=40)), "effects": responding(fixed("share", 1))}
    found = row(treatment(**(FIXED | wide)), "weeks_in_relief")
    assert (found["mean_p05"], found["mean_p95"]) == pytest.approx((found["one_p05"], found["one_p95"]))
    assert found["luck"] == pytest.approx(0.0, abs=1e-9)


def test_what_is_not_known_has_no_numbers() -> None:
    found = row(treatment(effects=responding(unknown("share"))), "weeks_in_relief")
    assert found["known"] == "not known"
    assert np.isnan([found[name] for name in ("one_p50", "mean_p50", "luck")]).all()  # type: ignore[list-item]
