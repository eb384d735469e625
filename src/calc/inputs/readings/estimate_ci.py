"""An estimate with its 95 % confidence interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from scipy import special

from ...units import Unit
from ..base import Fault, Number
from ..tree import Key
from .reading import Estimate, Inverse, Range, beyond_scale, scale_of, through

__all__ = ["EstimateCi"]

_Z95 = float(special.ndtri(0.975))


class EstimateCi(Range, Estimate):
    """Median and 95 % interval as printed: log-normal, logit-normal for shares, normal for scores.

    Where the interval reaches further to one side on that scale, each side keeps a spread of its own.
    """

    name: ClassVar[str] = "estimate_ci"
    value: Number

    def amounts(self) -> Mapping[Key, float]:
        """Return the estimate and the ends of its interval."""
        return {**super().amounts(), ("value",): self.value}

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield figures outside the unit, and such as the distribution cannot have."""
        yield from super().misfits(unit)
        if unit.dimension != "score":
            yield from beyond_scale(self, unit)

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        return through({0.025: self.low, 0.5: self.value, 0.975: self.high}, unit)

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return None: the interval is that of an estimate, not a range of cases."""
        return None

    def estimate(self, unit: Unit) -> tuple[float, float]:
        """Return the estimate, and the interval's half width over 1.96 as its standard error."""
        to = scale_of(unit).to
        return float(to(self.value)), float(to(self.high) - to(self.low)) / 2 / _Z95

    def words(self, unit: Unit) -> str:
        """Return the estimate with its interval."""
        return f"{self.value:,.10g} ({self.low:,.10g} to {self.high:,.10g}) {unit.words}"
