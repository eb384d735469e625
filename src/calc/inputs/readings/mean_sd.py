"""A mean and a standard deviation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from scipy import special

from ...units import Unit
from ..base import Fault, Number
from ..quantiles import beta_quantiles
from ..tree import Key
from .reading import Inverse, Reading, beyond_scale

__all__ = ["MeanSd"]


class MeanSd(Reading):
    """Log-normal with that mean and standard deviation; beta for shares."""

    name: ClassVar[str] = "mean_sd"
    mean: Number
    sd: Number

    def faults(self) -> Iterator[Fault]:
        """Yield a standard deviation that is none."""
        if self.sd <= 0:
            yield Fault(("sd",), f"sd {self.sd:g} is not above 0", "Use the reading 'exact' for a known number.")

    def amounts(self) -> Mapping[Key, float]:
        """Return the mean."""
        return {("mean",): self.mean}

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield a mean outside the unit, and a spread that no such distribution has."""
        yield from super().misfits(unit)
        if self.mean <= 0:
            yield from beyond_scale(self, unit)
        elif self.sd > 100 * self.mean:
            what = f"sd {self.sd:g} is more than a hundred times the mean {self.mean:g}"
            yield Fault(("sd",), what, "Check both.")
        elif unit is Unit.SHARE and self.sd**2 >= self.mean * (1 - self.mean):
            yield Fault(("sd",), f"no share has mean {self.mean:g} and sd {self.sd:g}", "Lower the sd.")

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        mean, sd = self.mean, self.sd
        if unit is Unit.SHARE:
            size = mean * (1 - mean) / sd**2 - 1
            return lambda u: beta_quantiles(mean * size, (1 - mean) * size, u)
        spread = float(np.sqrt(np.log1p((sd / mean) ** 2)))
        centre = float(np.log(mean)) - spread**2 / 2
        return lambda u: np.exp(centre + spread * special.ndtri(u))

    def words(self, unit: Unit) -> str:
        """Return both with their unit."""
        return f"mean {self.mean:,.10g}, sd {self.sd:,.10g} {unit.words}"
