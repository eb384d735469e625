"""Quantiles that are draws themselves, from one sort; what is read-only and shared is sorted once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from ..inputs.distribution import Vector
from .memory import DRAWN

__all__ = ["ordered", "quantiles", "quantiles_in_order", "recalled"]

T = TypeVar("T")


def recalled(values: Vector, what: str, make: Callable[[], T]) -> T:
    """Return what follows from an array; remembered where the array cannot change any more."""
    if values.flags.writeable:
        return make()
    found: tuple[Vector, T] = DRAWN.recall((what, id(values)), lambda: (values, make()), lambda _: 2 * values.nbytes)
    return found[1]


def ordered(values: Vector) -> Vector:
    """Return values in ascending order, NaN last, shape (n,)."""
    return recalled(values, "ordered", lambda: np.sort(values))


def quantiles_in_order(ascending: Vector, at: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles of ascending values by inverting their cumulative distribution; NaN if one is NaN."""
    if np.isnan(ascending[-1]):
        return (math.nan,) * len(at)
    last = ascending.size - 1
    return tuple(float(ascending[min(max(math.ceil(ascending.size * each - 1), 0), last)]) for each in at)


def quantiles(values: Vector, at: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles that are draws themselves, so that infinite ones are possible."""
    return quantiles_in_order(ordered(values), at)
