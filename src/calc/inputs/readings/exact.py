"""A known number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ...units import Unit
from ..base import Number
from ..tree import Key
from .reading import Inverse, Reading

__all__ = ["Exact"]


class Exact(Reading):
    """One value."""

    name: ClassVar[str] = "exact"
    value: Number

    def amounts(self) -> Mapping[Key, float]:
        """Return the value."""
        return {("value",): self.value}

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the value at every level."""
        return lambda u: np.full(u.shape, self.value)

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return the value twice."""
        return self.value, self.value

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return both ends, which are one."""
        return 0.0, 1.0

    def words(self, unit: Unit) -> str:
        """Return the value with its unit."""
        return f"{self.value:,.10g} {unit.words}"
