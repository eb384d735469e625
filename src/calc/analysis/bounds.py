"""What follows from ranges alone, without any distribution: bounds beside a Monte Carlo interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..inputs.distribution import Vector
from .problem import Matrix

__all__ = ["MOST_RANGES", "Bounds", "chance_bounds", "corner_bounds", "mean_bounds"]

#: so many ranges have 65,536 corners
MOST_RANGES = 16


@dataclass(frozen=True)
class Bounds:
    """The least and the most that something can be."""

    low: float
    high: float


def corner_bounds(model: Callable[[Matrix], Vector], ranges: Sequence[tuple[float, float]]) -> Bounds:
    """Return the extremes of an outcome over all corners of its inputs' ranges.

    These are the sharp bounds whatever the distributions and correlations within the ranges, if the
    outcome rises or falls in each input without turning; otherwise the true ones are wider.

    Parameters
    ----------
    model
        From inputs of shape (points, inputs) to the outcome, shape (points,).

    Raises
    ------
    ValueError
        for more inputs than corners can be tried, or a range that is upside down.
    """
    if len(ranges) > MOST_RANGES:
        raise ValueError(f"{len(ranges)} ranges have more than {2**MOST_RANGES:,} corners; pin those that matter least")
    if any(not low <= high for low, high in ranges):
        raise ValueError("a range goes from low to high")
    outcome = model(np.array(list(product(*ranges)), dtype=np.float64).reshape(2 ** len(ranges), len(ranges)))
    return Bounds(float(outcome.min()), float(outcome.max()))


def mean_bounds(shares: Sequence[float], quantiles: Sequence[float], *, low: float, high: float) -> Bounds:
    """Return between what a mean must lie if only some quantiles and the ends are known.

    Each stretch of probability between two stated quantiles lies at its lower end at worst and at its upper
    end at best: "the middle 80 % are between 1,000 and 3,000, and nobody pays less than 0 or more than 10,000".

    Parameters
    ----------
    shares, quantiles
        Ascending, such as (0.1, 0.9) and (1000, 3000).
    low, high
        The ends, beyond which nothing lies.

    Raises
    ------
    ValueError
        if they do not ascend or lie outside the ends.
    """
    chances, values = np.array([0.0, *shares, 1.0]), np.array([low, *quantiles, high])
    if (np.diff(chances) <= 0).any() or (np.diff(values) < 0).any():
        raise ValueError("shares and quantiles must ascend, within 0 to 1 and within the ends")
    width = np.diff(chances)
    return Bounds(float(width @ values[:-1]), float(width @ values[1:]))


def chance_bounds(limit: float, *, mean: float, low: float, high: float) -> Bounds:
    """Return between what the chance of ``limit`` or less must lie if only the mean and the ends are known.

    Markov's inequality from both ends; no distribution with that mean on that range does worse or better.

    Raises
    ------
    ValueError
        if the mean lies outside the ends.
    """
    if not low <= mean <= high:
        raise ValueError(f"the mean {mean} lies outside {low} to {high}")
    if limit < low:
        return Bounds(0.0, 0.0)
    if limit >= high:
        return Bounds(1.0, 1.0)
    # most above the limit: all the rest at the low end; least above it: those at the high end, the rest at the limit
    least = 0.0 if mean >= limit else 1.0 - (mean - low) / (limit - low)
    most = 1.0 if mean <= limit else (high - mean) / (high - limit)
    return Bounds(float(max(least, 0.0)), float(min(most, 1.0)))
