"""A range that holds most cases, as pages of prices state it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from scipy import special

from ...units import Unit
from ..base import Fault, Flag
from ..quantiles import Vector
from .bounds import Bounds
from .reading import Inverse, Range, Reading, beyond_scale, scale_of

__all__ = ["TypicalRange"]


class TypicalRange(Range):
    """The middle ``range_coverage`` (80 %) of cases lies between low and high: log-normal, logit-normal for shares.

    ``open_above`` keeps the upper tail. A closed range is cut as far above its high end as its median lies below it
    (on the log or logit scale), which leaves the percentiles at low and high alone.
    """

    name: ClassVar[str] = "typical_range"
    open_above: Flag = False

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield ends outside the unit, and ends that the distribution cannot have."""
        yield from super().misfits(unit)
        yield from beyond_scale(self, unit)

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function; ``coverage`` above 0 and below 1."""
        to, back = scale_of(unit)
        low, high = float(to(self.low)), float(to(self.high))
        centre = (low + high) / 2
        spread = (high - low) / 2 / float(special.ndtri(0.5 + coverage / 2))
        cut = np.inf if self.open_above else high + (high - centre)

        def inverse(u: Vector) -> Vector:
            return np.asarray(back(np.minimum(centre + spread * special.ndtri(u), cut)))

        return inverse

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return the two ends; an open range has none above."""
        return self.low, np.inf if self.open_above else self.high

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return the shares outside on either side."""
        return (1.0 - coverage) / 2.0, (1.0 + coverage) / 2.0

    def alternative(self) -> Reading:
        """Return the same ends as bounds, in case the source means that nothing lies outside."""
        return Bounds(low=self.low, high=self.high)

    def words(self, unit: Unit) -> str:
        """Return the ends with their unit."""
        more = " or more" if self.open_above else ""
        return f"{self.low:,.10g} to {self.high:,.10g}{more} {unit.words}"
