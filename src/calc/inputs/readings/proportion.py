"""Events out of a total."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from ...units import Unit
from ..base import Fault, Number
from ..quantiles import beta_quantiles
from .reading import Estimate, Inverse

__all__ = ["Proportion"]


class Proportion(Estimate):
    """Beta with Jeffreys' prior: ``Beta(events + ½, total − events + ½)``."""

    name: ClassVar[str] = "proportion"
    events: Number
    total: Number

    def faults(self) -> Iterator[Fault]:
        """Yield fractions of people, and more events than people."""
        whole = self.events == int(self.events) and self.total == int(self.total)
        if not whole or not 0 <= self.events <= self.total > 0:
            what = f"{self.events:g} events out of {self.total:g}"
            yield Fault(("events",), what, "Give whole numbers: 0 to total events, and a total above 0.")

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield a unit other than a share."""
        if unit is not Unit.SHARE:
            yield Fault(("reading",), f"a proportion in {unit.spelling}", "Use the unit 'share'.")

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        return lambda u: beta_quantiles(self.events + 0.5, self.total - self.events + 0.5, u)

    def estimate(self, unit: Unit) -> tuple[float, float]:
        """Return the log odds and their standard error."""
        events, others = self.events, self.total - self.events
        if not events or not others:  # half a person more on either side, where one side has none
            events, others = events + 0.5, others + 0.5
        return float(np.log(events / others)), float(np.sqrt(1 / events + 1 / others))

    def words(self, unit: Unit) -> str:
        """Return both numbers."""
        return f"{self.events:,.10g} of {self.total:,.10g}"
