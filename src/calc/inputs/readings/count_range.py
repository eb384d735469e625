"""Whole numbers between two bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from ...units import Unit
from ..base import Fault, Number
from .reading import Inverse, Range

__all__ = ["CountRange"]


class CountRange(Range):
    """Equally likely, or by ``weights``: one a count, from low to high."""

    name: ClassVar[str] = "count_range"
    weights: tuple[Number, ...] | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield ends that are swapped, equal or fractions, and weights that are not one a count."""
        yield from super().faults()
        low, high, weights = self.low, self.high, self.weights
        if low != int(low) or high != int(high):
            yield Fault(("low",), f"{low:g} to {high:g} are no whole numbers", "Count in whole numbers.")
        elif weights is not None and len(weights) != int(high - low) + 1:
            what = f"{len(weights)} weights for {int(high - low) + 1} counts"
            yield Fault(("weights",), what, "Give one weight a count, from low to high.")
        elif weights is not None and (min(weights) < 0 or sum(weights) <= 0):
            yield Fault(("weights",), "a weight below 0, or all of them 0", "Weights are shares of the draws.")

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield ends outside the unit, and a unit that is not counted."""
        yield from super().misfits(unit)
        if unit is not Unit.SESSIONS:
            yield Fault(("reading",), f"a count_range in {unit.spelling}", "Use 'bounds', or the unit 'sessions'.")

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        low, high = int(self.low), int(self.high)
        weights = np.array(self.weights or [1.0] * (high - low + 1))
        counts = np.arange(low, high + 1, dtype=np.float64)[weights > 0]
        steps = np.cumsum(weights[weights > 0] / weights.sum())[:-1]
        return lambda u: counts[np.searchsorted(steps, u, side="right")]
