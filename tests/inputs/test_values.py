from __future__ import annotations

import numpy as np
import pytest

from calc.errors import SettingError
from calc.inputs.values import groups_of, values_of


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0:200000:2000", np.arange(101) * 2000.0),
        ("0:1:0.1", np.arange(11) / 10),
        ("5:5:1", [5.0]),
        ("50", [50.0]),
        ("1, 2.5", [1, 2.5]),
    ],
)
def test_values_run_from_one_end_to_the_other(text: str, values: list[float]) -> None:
    np.testing.assert_allclose(values_of(text), values)


@pytest.mark.parametrize(
    "text", ["", "a", "0:10", "0:10:0", "10:0:1", "-1", "0:10:-1", "nan", "0:1e9:1", "1:2:3:4", "0:inf:1"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingError, match=r"0:200000:2000"):
        values_of(text)


def test_groups_are_named_lists() -> None:
    assert groups_of(["a=x,y", "b = z"]) == {"a": ("x", "y"), "b": ("z",)}


def test_every_wrong_group_is_told() -> None:
    with pytest.raises(SettingError) as caught:
        groups_of(["a", "=x", "b=", "c=x", "c=y"])
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize("text", ["50,000", "50,100", "1,000,000", "0:200,000:2000", "5, 12,500", "12,500,40"])
def test_a_comma_that_may_part_thousands_is_refused_with_both_ways_to_write_it(text: str) -> None:
    with pytest.raises(SettingError, match="may be one number or several; write"):
        values_of(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("50, 000", [50, 0]),
        ("50, 100", [50, 100]),
        ("0,500", [0, 500]),
        ("5,10", [5, 10]),
        ("500,1000", [500, 1000]),
        ("0.5,100", [0.5, 100]),
    ],
)
def test_what_can_only_be_a_list_is_one(text: str, values: list[float]) -> None:
    assert values_of(text).tolist() == values
