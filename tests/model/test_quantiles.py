"""Quantiles by one sort are numpy's own, and what is remembered of an array is that array's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from calc.model.quantiles import ordered, quantiles

VALUES = arrays(np.float64, st.integers(1, 70), elements=st.sampled_from([0.0, 1.5, -2.0, np.inf, 3.0, np.nan, 7.25]))


@given(values=VALUES, at=st.lists(st.sampled_from([0.0, 0.05, 0.25, 0.5, 0.525, 0.95, 1.0]), min_size=1))
def test_quantiles_are_those_of_numpy(values: np.ndarray, at: list[float]) -> None:
    wanted = np.quantile(values, at, method="inverted_cdf")
    np.testing.assert_array_equal(quantiles(values, at), wanted)


@given(many=st.lists(VALUES, min_size=1, max_size=20))
def test_a_read_only_array_is_sorted_once_and_never_taken_for_another(many: list[np.ndarray]) -> None:
    for values in many:
        values = values.copy()
        values.flags.writeable = False
        assert ordered(values) is ordered(values)
        np.testing.assert_array_equal(ordered(values), np.sort(values))


def test_an_array_that_may_change_is_sorted_each_time() -> None:
    values = np.array([2.0, 1.0])
    assert quantiles(values, (0.0,)) == (1.0,)
    values[1] = -1.0
    assert quantiles(values, (0.0,)) == (-1.0,)
