from __future__ import annotations

import numpy as np
import pytest

from calc.analysis.bounds import Bounds, corner_bounds


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


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="corners"):
        corner_bounds(lambda x: x[:, 0], [(0.0, 1.0)] * 17)
    with pytest.raises(ValueError, match="low to high"):
        corner_bounds(lambda x: x[:, 0], [(1.0, 0.0)])
