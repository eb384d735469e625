"""The draws at given ranks: quantiles that are draws themselves, so that infinite ones are possible."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..inputs.distribution import Vector

__all__ = ["INTERVAL", "quantiles"]

#: the ends of every interval that is shown: 90 % of draws lie between them
INTERVAL = (0.05, 0.95)


def quantiles(values: Vector, at: tuple[float, ...]) -> tuple[float, ...]:
    """Return, for each share, the least draw that at least this share of draws does not exceed; NaN if one is."""
    if np.isnan(values.max()):
        return (float("nan"),) * len(at)
    places = [max(math.ceil(values.size * each - 1), 0) for each in at]
    ordered = parted(values, places)
    return tuple(float(ordered[place]) for place in places)


def parted(values: Vector, places: Sequence[int]) -> Vector:
    """Return the values with those that an order would have at some places there, along the last axis.

    Asked for one place alone, numpy is up to thirty times as slow where many values are equal.
    """
    return np.partition(values, [each for place in places for each in (max(place - 1, 0), place)], axis=-1)
