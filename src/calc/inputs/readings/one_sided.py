"""Ranges of which a source states one side; the other is an assumption with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from ...units import Unit
from ..base import Fault, Number
from ..tree import Key
from .reading import Inverse, Range, Reading, crossed_ends

__all__ = ["AtLeast", "AtMost"]

_ONE_SIDE = "the source states one side only"


class AtLeast(Range):
    """Uniform from the stated side up to the assumed other one."""

    name: ClassVar[str] = "at_least"

    def groundless(self, assumption: str | None) -> Iterator[Fault]:
        """Yield the high end where no reason is given for it."""
        if assumption is None:
            yield Fault(("high",), _ONE_SIDE, "Say under 'assumption' why the other side ends at 'high'.")

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        low, width = self.low, self.high - self.low
        return lambda u: low + width * u

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return the low end; above, the source sets none."""
        return self.low, np.inf

    def words(self, unit: Unit) -> str:
        """Return the stated side, and how far up it is taken to go."""
        return f"at least {self.low:,.10g} {unit.words}, taken up to {self.high:,.10g}"


class AtMost(Reading):
    """Uniform up to the stated side from the assumed other one (the unit's lowest where none is assumed)."""

    name: ClassVar[str] = "at_most"
    high: Number
    low: Number | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield ends that are swapped or equal."""
        if self.low is not None:
            yield from crossed_ends(self.low, self.high)

    def groundless(self, assumption: str | None) -> Iterator[Fault]:
        """Yield the low end where no reason is given for it."""
        if self.low is not None and assumption is None:
            fix = "Leave 'low' out (the unit's lowest is taken) or give the reason under 'assumption'."
            yield Fault(("low",), _ONE_SIDE, fix)

    def amounts(self) -> Mapping[Key, float]:
        """Return the high end, and the low one if there is one."""
        return {("high",): self.high} if self.low is None else {("high",): self.high, ("low",): self.low}

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        low, high = self._ends(unit)
        return lambda u: low + (high - low) * u

    def _ends(self, unit: Unit) -> tuple[float, float]:
        return unit.lowest if self.low is None else self.low, self.high

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return the two ends."""
        return self._ends(unit)

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return nothing below and everything: the ends hold all cases."""
        return 0.0, 1.0

    def words(self, unit: Unit) -> str:
        """Return the stated side."""
        return f"at most {self.high:,.10g} {unit.words}"
