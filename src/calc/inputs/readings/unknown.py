"""The source says that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ...units import Unit
from ..base import Fault
from .reading import Inverse, Reading

__all__ = ["Unknown"]


class Unknown(Reading):
    """Uniform over all that the unit allows, and flagged wherever it is used."""

    name: ClassVar[str] = "unknown"
    known: ClassVar[bool] = False

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield a count: what happens with any number of sessions cannot be simulated."""
        if unit.dimension == "count":
            fix = "Give bounds, and the reason for them under 'assumption'."
            yield Fault(("reading",), "a count that nobody knows cannot be simulated", fix)

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        return lambda u: unit.lowest + (unit.highest - unit.lowest) * u

    def words(self, unit: Unit) -> str:
        """Return that nobody knows."""
        return "nobody knows"
