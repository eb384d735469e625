"""What every reading is: the figures that it takes, and all that follows from them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from pydantic import model_validator
from scipy import special

from ...units import Unit
from ..base import Fault, Model, Number, refuse
from ..quantiles import Vector
from ..tree import Key

__all__ = ["Estimate", "Inverse", "Range", "Reading", "beyond_scale", "crossed_ends", "scale_of", "through"]

Inverse = Callable[[Vector], Vector]


class Scale(NamedTuple):
    """A transform ``to`` the scale on which a quantity is normal, and ``back``."""

    to: Callable[..., Vector]
    back: Callable[..., Vector]


def scale_of(unit: Unit) -> Scale:
    """Return the logit scale for shares, the log scale for all else."""
    return Scale(special.logit, special.expit) if unit is Unit.SHARE else Scale(np.log, np.exp)


class Reading(Model):
    """How stated figures are turned into a distribution.

    The fields are the figures, as they stand in a claim of a parameter file; those without a default are needed. A
    subclass with a ``name``, in a module beside this one, is a reading.

    Attributes
    ----------
    name
        What stands after ``reading:`` in a file.
    known
        False where the source says that nobody knows.
    """

    name: ClassVar[str]
    known: ClassVar[bool] = True

    @model_validator(mode="after")
    def _sound(self) -> Reading:
        refuse(self.faults())
        return self

    @classmethod
    def needs(cls) -> tuple[str, ...]:
        """Return the figures that it cannot do without."""
        return tuple(name for name, field in cls.model_fields.items() if field.is_required())

    def faults(self) -> Iterable[Fault]:
        """Return where the figures contradict themselves."""
        return ()

    def groundless(self, assumption: str | None) -> Iterable[Fault]:
        """Return the figures that no source states and for which the claim gives no reason."""
        return ()

    def amounts(self) -> Mapping[Key, float]:
        """Return the figures that are values of the quantity itself, in the claim's unit, by their place."""
        return {}

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield what does not fit a claim in ``unit``."""
        for path, amount in self.amounts().items():
            if not unit.lowest <= amount <= unit.highest:
                name = ".".join(map(str, path))
                what = f"{name} {amount:g} lies outside {unit.lowest:g} to {unit.highest:g} {unit.spelling}"
                fix = f"Write {amount / 100:g}." if unit is Unit.SHARE and 1 < amount <= 100 else "Check the unit."
                yield Fault(path, what, fix)

    @abstractmethod
    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the inverse cumulative distribution, in ``unit``.

        ``coverage`` is the share of cases inside a range that says nothing of it itself. What lies outside the
        unit's range is cut to it afterwards (see :class:`calc.inputs.distribution.Distribution`).
        """

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return between which values the source says that it lies; None where it states a spread instead."""
        return None

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return the shares of cases below the stated low end and below the high one.

        Bounds without distributions hold the quantity there. None where no ends are stated: the middle 90 % stand
        for them.
        """
        return None

    def alternative(self) -> Reading:
        """Return the reading that a sensitivity analysis tries in its stead; itself where none offers."""
        return self

    @abstractmethod
    def words(self, unit: Unit) -> str:
        """Return what the source says, for a reader."""

    def figures(self) -> Mapping[str, float]:
        """Return the single figures by name, for tables; those left out are not among them."""
        return {name: each for name in type(self).model_fields if isinstance(each := getattr(self, name), int | float)}

    @property
    def observations(self) -> int | None:
        """How many cases it was taken from, where that tells how much it weighs beside others."""
        return None


class Estimate(Reading):
    """A reading that is an estimate with its standard error; several of these can be pooled."""

    @abstractmethod
    def estimate(self, unit: Unit) -> tuple[float, float]:
        """Return the estimate and its standard error on the scale of ``unit`` (see :func:`scale_of`)."""


class Range(Reading):
    """A reading of two ends."""

    low: Number
    high: Number

    def faults(self) -> Iterator[Fault]:
        """Yield ends that are swapped or equal, and points that do not lie between them."""
        low, high = self.low, self.high
        yield from crossed_ends(low, high)
        for path, point in self.amounts().items() if low < high else ():
            if not low <= point <= high:
                yield Fault(path, f"{path[0]} {point:g} lies outside {low:g} to {high:g}", "Put it between them.")

    def amounts(self) -> Mapping[Key, float]:
        """Return the two ends."""
        return {("low",): self.low, ("high",): self.high}

    def stated(self, unit: Unit) -> tuple[float, float] | None:
        """Return the two ends."""
        return self.low, self.high

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return nothing below and everything: the ends hold all cases."""
        return 0.0, 1.0

    def words(self, unit: Unit) -> str:
        """Return the ends with their unit."""
        return f"{self.low:,.10g} to {self.high:,.10g} {unit.words}"


def crossed_ends(low: float, high: float) -> Iterator[Fault]:
    """Yield ends that are swapped or equal."""
    if low > high:
        yield Fault(("low",), f"low {low:g} is above high {high:g}", "Swap them.")
    elif low == high:
        yield Fault(("low",), f"low and high are both {low:g}", "Use the reading 'exact' with 'value'.")


def beyond_scale(reading: Reading, unit: Unit) -> Iterator[Fault]:
    """Yield the figures inside the unit at which a log-normal, or a logit-normal of a share, has no value."""
    for path, amount in reading.amounts().items():
        if amount == unit.lowest:
            fix = "Its distribution lies above 0: use 'bounds' or 'at_most'."
            yield Fault(path, f"{reading.name} from {amount:g}", fix)
        elif unit is Unit.SHARE and amount == 1:
            yield Fault(path, f"{reading.name} up to 1", "Use 'bounds' or 'at_least' for shares up to 1.")


def through(points: Mapping[float, float], unit: Unit) -> Inverse:
    """Return the quantile function that passes through stated quantiles.

    Between two of them, and beyond the outermost, it is that of the log-normal (logit-normal for shares, normal for
    scores) through the nearest two.

    Parameters
    ----------
    points
        Values in ``unit`` by the share of cases below, at least two, none falling as the share rises.
    """
    scale = Scale(np.asarray, np.asarray) if unit.dimension == "score" else scale_of(unit)
    shares = np.array(sorted(points))
    scores = special.ndtri(shares)
    values = scale.to(np.array([points[share] for share in sorted(points)]))
    slopes = np.diff(values) / np.diff(scores)

    def inverse(u: Vector) -> Vector:
        at = special.ndtri(u)
        left = np.clip(np.searchsorted(scores, at, side="right") - 1, 0, slopes.size - 1)
        return np.asarray(scale.back(values[left] + slopes[left] * (at - scores[left])))

    return inverse
