from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import qmc

from calc.analysis.convergence import draws_needed, mean_error, replicate_error, running_mean, share_error

from .decisions import normals


def test_the_error_of_a_mean_is_its_spread_over_repetitions() -> None:
    values = np.random.default_rng(0).lognormal(size=(400, 500))
    assert np.mean([mean_error(row) for row in values]) == pytest.approx(values.mean(axis=1).std(), rel=0.1)
    parts = np.arange(500) % 20
    by_parts = np.mean([replicate_error(row, parts, np.mean) for row in values])
    assert by_parts == pytest.approx(values.mean(axis=1).std(), rel=0.1)


def test_balanced_draws_have_a_smaller_error_than_the_rule_for_independent_ones() -> None:
    x = normals("x", draws=4096)["x"]
    assert abs(x.mean()) < mean_error(x) / 10


def test_never_has_no_error_to_state() -> None:
    values = np.concatenate([np.zeros(100), np.full(100, np.inf)])
    assert np.isnan(mean_error(np.ones(1)))
    assert np.isnan(replicate_error(values, np.arange(200) // 50, np.max))


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


def replicated(replicates: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws of a cost of three parts, in scrambles of their own, and which replicate each belongs to."""
    generator = np.random.default_rng(seed)
    x = np.concatenate([qmc.Sobol(3, scramble=True, rng=generator).random(size) for _ in range(replicates)]).T
    return np.exp(2 * x[0]) + 10 * (x[1] > 0.7) * x[2], np.repeat(np.arange(replicates), size)


STATISTICS: dict[str, Callable[[np.ndarray], float]] = {
    "mean": np.mean,
    "median": np.median,
    "share": lambda values: float((values > 4).mean()),
}


@pytest.mark.parametrize("statistic", STATISTICS)
def test_replicates_say_how_far_balanced_draws_spread_over_a_hundred_seeds(statistic: str) -> None:
    found = STATISTICS[statistic]
    made = [replicated(8, 256, seed) for seed in range(100)]
    spread = np.std([found(values) for values, _ in made], ddof=1)
    ratio = np.mean([replicate_error(values, which, found) for values, which in made]) / spread
    assert 0.8 <= ratio <= 1.3
    assert np.mean([values.std() / np.sqrt(values.size) for values, _ in made]) > 0.05


def test_parts_of_a_single_scramble_say_too_much() -> None:
    made = [replicated(1, 2048, seed)[0] for seed in range(30)]
    spread = np.std([values.mean() for values in made], ddof=1)
    parts = np.repeat(np.arange(8), 256)
    assert np.mean([replicate_error(values, parts, np.mean) for values in made]) > 1.5 * spread


def test_replicates_may_stand_in_any_order_and_must_be_of_one_size() -> None:
    values, which = replicated(8, 64, 0)
    order = np.random.default_rng(0).permutation(values.size)
    assert replicate_error(values[order], which[order], np.max) == replicate_error(values, which, np.max)
    with pytest.raises(ValueError, match="of one size, not of 63 to 64"):
        replicate_error(values[1:], which[1:], np.mean)
    assert np.isnan(replicate_error(values[:64], which[:64], np.mean))


def test_the_error_of_a_share_is_its_spread_over_repetitions_and_never_nothing() -> None:
    shares = (np.random.default_rng(0).random((2000, 200)) < 0.3).mean(axis=1)
    assert share_error(shares, 200).mean() == pytest.approx(shares.std(), rel=0.05)
    assert share_error(1.0, 4) == pytest.approx(np.sqrt(0.9 * 0.1 / 4))
    assert np.isnan(share_error(1.0, 1))
