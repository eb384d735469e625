from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.bounds import Bounds, chance_bounds, corner_bounds, mean_bounds


def test_corners_bound_whatever_lies_within() -> None:
    ranges = [(1.0, 3.0), (0.2, 0.8), (10.0, 40.0)]
    generator = np.random.default_rng(0)
    low, high = np.array(ranges).T
    inside = low + (high - low) * generator.random((1000, 3))

    def model(x: np.ndarray) -> np.ndarray:
        return x[:, 0] * 100 - x[:, 1] * x[:, 2]

    found = corner_bounds(model, ranges)
    assert found == Bounds(100 - 0.8 * 40, 300 - 0.2 * 10)
    assert found.low <= model(inside).min()
    assert model(inside).max() <= found.high


def test_no_ranges_leave_a_single_value() -> None:
    assert corner_bounds(lambda x: np.full(len(x), 7.0), []) == Bounds(7.0, 7.0)


def test_a_typical_range_bounds_a_mean() -> None:
    assert mean_bounds([0.1, 0.9], [1000, 3000], low=0, high=10_000) == Bounds(
        pytest.approx(0.8 * 1000 + 0.1 * 3000), pytest.approx(0.1 * 1000 + 0.8 * 3000 + 0.1 * 10_000)
    )


@given(st.lists(st.floats(0, 10), min_size=5, max_size=30))
def test_bounds_of_a_mean_hold_for_any_draws(values: list[float]) -> None:
    x = np.sort(values)
    shares = [0.25, 0.75]
    quantiles = np.quantile(x, shares, method="inverted_cdf")
    found = mean_bounds(shares, list(quantiles), low=0.0, high=10.0)
    assert found.low - 1e-9 <= x.mean() <= found.high + 1e-9


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.floats(-1, 11))
def test_bounds_of_a_chance_hold_for_any_draws(values: list[float], limit: float) -> None:
    x = np.array(values)
    mean = float(min(max(x.mean(), 0.0), 10.0))
    found = chance_bounds(limit, mean=mean, low=0.0, high=10.0)
    assert found.low - 1e-9 <= (x <= limit).mean() <= found.high + 1e-9


def test_bounds_of_a_chance_are_reached() -> None:
    assert chance_bounds(8.0, mean=4.0, low=0.0, high=10.0) == Bounds(
        pytest.approx(0.5), 1.0
    )  # half at 0, half just above 8
    assert chance_bounds(2.0, mean=4.0, low=0.0, high=10.0) == Bounds(0.0, pytest.approx(0.75))  # three at 2, one at 10
    assert chance_bounds(-1.0, mean=4.0, low=0.0, high=10.0) == Bounds(0.0, 0.0)
    assert chance_bounds(10.0, mean=4.0, low=0.0, high=10.0) == Bounds(1.0, 1.0)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="corners"):
        corner_bounds(lambda x: x[:, 0], [(0.0, 1.0)] * 17)
    with pytest.raises(ValueError, match="low to high"):
        corner_bounds(lambda x: x[:, 0], [(1.0, 0.0)])
    with pytest.raises(ValueError, match="ascend"):
        mean_bounds([0.9, 0.1], [1, 2], low=0, high=3)
    with pytest.raises(ValueError, match="ascend"):
        mean_bounds([0.1, 0.9], [1, 4], low=0, high=3)
    with pytest.raises(ValueError, match="outside"):
        chance_bounds(1.0, mean=11.0, low=0.0, high=10.0)
