"""What anybody makes a claim about: a parameter, a treatment's effect, whether plans cover it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..units import Unit
from .attributed import Said
from .coverage import CoverageStatus
from .effect import Effect

__all__ = ["CoverageQuantity", "EffectQuantity", "Quantity"]


class Quantity(Protocol):
    """Something uncertain, with its label, its unit and every claim made about it."""

    @property
    def label(self) -> str:
        """Its name for readers."""
        ...

    @property
    def unit(self) -> str:
        """The unit's spelling."""
        ...

    @property
    def claims(self) -> Sequence[Said]:
        """Every claim made about it."""
        ...

    @property
    def note(self) -> str | None:
        """What to know of all of them."""
        ...

    @property
    def measure(self) -> Unit:
        """Its unit."""
        ...


@dataclass(frozen=True)
class EffectQuantity:
    """The share of people in relief with a treatment, or with a sham, as its effects make it."""

    label: str
    claims: tuple[Effect, ...]
    unit: str = Unit.SHARE.spelling
    note: str | None = None

    @property
    def measure(self) -> Unit:
        """A share."""
        return Unit.SHARE


@dataclass(frozen=True)
class CoverageQuantity:
    """Whether a plan pays for a treatment: 1 if it does, 0 if it does not."""

    label: str
    claims: tuple[CoverageStatus, ...]
    unit: str = Unit.SHARE.spelling
    note: str | None = None

    @property
    def measure(self) -> Unit:
        """A share."""
        return Unit.SHARE
