from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.breakeven import break_even, break_even_two_way, crossings


def test_the_break_even_of_a_line_is_exact() -> None:
    found = break_even([0.0, 0.3, 1.0], [-61.0, -31.0, 39.0])
    assert found.at_least == pytest.approx(0.61)
    assert found.at_most is None
    assert found.wins == ((pytest.approx(0.61), 1.0),)


def test_a_price_has_a_most() -> None:
    found = break_even([0.0, 10_000.0], [4000.0, -6000.0])
    assert found.at_most == pytest.approx(4000.0)
    assert found.at_least is None


@pytest.mark.parametrize(
    ("difference", "always", "never"),
    [([1, 2, 3], True, False), ([-1, -2, -3], False, True), ([0, 0, 0], True, False), ([1, 0, 1], True, False)],
)
def test_an_answer_that_never_turns_is_said(difference: list[float], always: bool, never: bool) -> None:
    found = break_even([0, 1, 2], difference)
    assert (found.always, found.never) == (always, never)
    assert found.at_least is found.at_most is None


def test_more_than_one_stretch_is_told() -> None:
    found = break_even([0, 1, 2, 3, 4], [-1, 1, -1, -1, 1])
    assert found.wins == ((0.5, 1.5), (3.5, 4.0))
    assert found.at_least is None


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=9))
def test_stretches_hold_the_points_that_win_and_no_others(difference: list[int]) -> None:
    found = break_even(list(range(len(difference))), difference)
    for at, value in enumerate(difference):
        inside = any(low <= at <= high for low, high in found.wins)
        assert inside if value > 0 else True
        assert not inside if value < 0 else True


@given(st.floats(0.1, 0.9), st.floats(0.5, 100))
def test_scale_does_not_move_a_crossing(at: float, scale: float) -> None:
    x = np.linspace(0, 1, 11)
    assert crossings(x, scale * (x - at)) == pytest.approx((at,), abs=1e-9)


def test_two_way_gives_a_line_of_break_evens() -> None:
    price, share = np.array([1000.0, 3000.0]), np.linspace(0, 1, 101)
    difference = 5000 * share[None, :] - price[:, None]
    assert [each.at_least for each in break_even_two_way(price, share, difference)] == pytest.approx([0.2, 0.6])


@pytest.mark.parametrize(
    ("at", "difference"), [([0], [1]), ([1, 0], [1, 2]), ([0, 0], [1, 2]), ([0, 1], [1]), ([0, 1], [1, np.nan])]
)
def test_what_is_no_curve_is_refused(at: list[float], difference: list[float]) -> None:
    with pytest.raises(ValueError, match=r"ascending|finite"):
        break_even(at, difference)
