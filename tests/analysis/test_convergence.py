from __future__ import annotations

import numpy as np
import pytest

from calc.analysis.convergence import batch_error, draws_needed, mean_error, running_mean

from .decisions import normals


def test_the_error_of_a_mean_is_its_spread_over_repetitions() -> None:
    values = np.random.default_rng(0).lognormal(size=(400, 500))
    assert np.mean([mean_error(row) for row in values]) == pytest.approx(values.mean(axis=1).std(), rel=0.1)
    assert np.mean([batch_error(row, np.mean) for row in values]) == pytest.approx(values.mean(axis=1).std(), rel=0.1)


def test_balanced_draws_have_a_smaller_error_than_the_rule_for_independent_ones() -> None:
    x = normals("x", draws=4096)["x"]
    assert abs(x.mean()) < mean_error(x) / 10


def test_never_has_no_error_to_state() -> None:
    values = np.concatenate([np.zeros(100), np.full(100, np.inf)])
    assert np.isnan(mean_error(np.ones(1)))
    assert np.isnan(batch_error(np.ones(31), np.mean))
    assert np.isnan(batch_error(values, np.max))


@pytest.mark.parametrize(
    ("draws", "error", "precision", "needed"),
    [(4096, 10.0, 5.0, 16_384), (4096, 10.0, 10.0, 4096), (4096, 10.0, 9.0, 8192), (4096, 0.0, 1.0, 1)],
)
def test_half_the_error_needs_four_times_the_draws(draws: int, error: float, precision: float, needed: int) -> None:
    assert draws_needed(draws, error, precision) == needed


@pytest.mark.parametrize(("error", "precision"), [(1.0, 0.0), (np.nan, 1.0), (np.inf, 1.0)])
def test_a_precision_that_cannot_be_met_is_refused(error: float, precision: float) -> None:
    with pytest.raises(ValueError, match="positive precision"):
        draws_needed(64, error, precision)


def test_a_running_mean_ends_with_all_draws() -> None:
    x = np.random.default_rng(0).normal(size=1000)
    table = running_mean(x)
    assert table["draws"].tolist() == [64, 128, 256, 512, 1000]
    assert table["mean"].iloc[-1] == x.mean()
    assert table["error"].is_monotonic_decreasing
