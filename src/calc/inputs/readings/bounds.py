"""A range outside of which nothing lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ...units import Unit
from ..base import Number
from ..quantiles import beta_quantiles
from ..tree import Key
from .reading import Inverse, Range

__all__ = ["Bounds"]


class Bounds(Range):
    """Uniform between low and high; PERT where a mode is given."""

    name: ClassVar[str] = "bounds"
    mode: Number | None = None

    def amounts(self) -> Mapping[Key, float]:
        """Return the two ends, and the mode if there is one."""
        return super().amounts() if self.mode is None else {**super().amounts(), ("mode",): self.mode}

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        low, width = self.low, self.high - self.low
        if self.mode is None:
            return lambda u: low + width * u
        left = 1 + 4 * (self.mode - low) / width
        right = 1 + 4 * (self.high - self.mode) / width
        return lambda u: low + width * beta_quantiles(left, right, u)
