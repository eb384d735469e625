"""What follows from ranges alone, without any distribution: bounds beside a Monte Carlo interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..inputs.distribution import Vector
from .problem import Matrix

__all__ = ["MOST_RANGES", "Bounds", "corner_bounds"]

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
