"""A claim: what one source says about one quantity, and how its range is read.

Five kinds of basis are told apart everywhere a number is shown:

=============  =====================================================================
``document``   a figure that one of the documents prints
``public``     a figure of an outside publication, with its citation
``assumption`` ours, with the reason; with a source, our coding of that source's words
``yours``      the user's own quote, plan or setting
``unknown``    no source that we have says anything
=============  =====================================================================

A source that says itself that nobody knows keeps its own basis: that is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ..units import Unit
from .attributed import Said
from .base import Fault, Flag, Model, Number, UnitName

__all__ = ["Basis", "Claim", "Market", "Reading", "Reported"]


class Reading(StrEnum):
    """How a stated figure is turned into a distribution (see :mod:`calc.inputs.distribution`)."""

    EXACT = "exact"
    TYPICAL_RANGE = "typical_range"
    BOUNDS = "bounds"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    MEAN_SD = "mean_sd"
    ESTIMATE_CI = "estimate_ci"
    PROPORTION = "proportion"
    COUNT_RANGE = "count_range"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a number rests on."""

    DOCUMENT = "document"
    PUBLIC = "public"
    ASSUMPTION = "assumption"
    YOURS = "yours"
    UNKNOWN = "unknown"


class Market(StrEnum):
    """Whose price or coverage a claim is about; a claim without one holds for all."""

    CASH = "cash"
    COMMERCIAL = "commercial"
    MEDICARE = "medicare"


_NEEDS: dict[Reading, tuple[str, ...]] = {
    Reading.EXACT: ("value",),
    Reading.TYPICAL_RANGE: ("low", "high"),
    Reading.BOUNDS: ("low", "high"),
    Reading.AT_MOST: ("high",),
    Reading.AT_LEAST: ("low", "high"),
    Reading.MEAN_SD: ("mean", "sd"),
    Reading.ESTIMATE_CI: ("value", "low", "high"),
    Reading.PROPORTION: ("events", "total"),
    Reading.COUNT_RANGE: ("low", "high"),
    Reading.UNKNOWN: (),
}
_MAY: dict[Reading, tuple[str, ...]] = {
    Reading.TYPICAL_RANGE: ("open_above",),
    Reading.BOUNDS: ("mode",),
    Reading.AT_MOST: ("low",),
    Reading.COUNT_RANGE: ("weights",),
}
_FIGURES = ("value", "low", "high", "mode", "mean", "sd", "events", "total", "weights", "open_above")


class Reported(Model):
    """A figure as it is stated, and how it is read."""

    reading: Reading
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    mode: Number | None = None
    mean: Number | None = None
    sd: Number | None = None
    events: Number | None = None
    total: Number | None = None
    weights: tuple[Number, ...] | None = None
    open_above: Flag = False
    unit: UnitName | None = None

    def _reasoned(self) -> bool:
        """Say whether a reason is given for a side that the source leaves open."""
        return False

    def _shape(self) -> Iterator[Fault]:
        needs, may = _NEEDS[self.reading], _MAY.get(self.reading, ())
        given = [name for name in _FIGURES if getattr(self, name) is not None and getattr(self, name) is not False]
        for name in needs:
            if name not in given:
                fix = f"The reading '{self.reading}' takes {', '.join(needs)}."
                yield Fault((), f"the reading '{self.reading}' lacks '{name}'", fix)
        for name in given:
            if name not in (*needs, *may):
                takes = ", ".join((*needs, *may)) or "no figures"
                yield Fault((name,), f"'{name}' has no place in the reading '{self.reading}'", f"It takes {takes}.")
        yield from self._order(set(given) >= set(needs))

    def _order(self, complete: bool) -> Iterator[Fault]:
        if complete:
            yield from self._ends()
            yield from self._one_sided()
            yield from self._numbers()

    def _ends(self) -> Iterator[Fault]:
        low, high = self.low, self.high
        if low is None or high is None:
            return
        if low > high:
            yield Fault(("low",), f"low {low:g} is above high {high:g}", "Swap them.")
        elif low == high:
            yield Fault(("low",), f"low and high are both {low:g}", "Use the reading 'exact' with 'value'.")
        for name in ("mode", "value"):
            point = getattr(self, name)
            if point is not None and low < high and not low <= point <= high:
                yield Fault((name,), f"{name} {point:g} lies outside {low:g} to {high:g}", "Put it between them.")

    def _one_sided(self) -> Iterator[Fault]:
        what = "the source states one side only"
        if self.reading is Reading.AT_LEAST and not self._reasoned():
            yield Fault(("high",), what, "Say under 'assumption' why the other side ends at 'high'.")
        if self.reading is Reading.AT_MOST and self.low is not None and not self._reasoned():
            fix = "Leave 'low' out (the unit's lowest is taken) or give the reason under 'assumption'."
            yield Fault(("low",), what, fix)

    def _numbers(self) -> Iterator[Fault]:
        if self.sd is not None and self.sd <= 0:
            yield Fault(("sd",), f"sd {self.sd:g} is not above 0", "Use the reading 'exact' for a known number.")
        if self.events is not None and self.total is not None:
            whole = self.events == int(self.events) and self.total == int(self.total)
            if not whole or not 0 <= self.events <= self.total > 0:
                what = f"{self.events:g} events out of {self.total:g}"
                yield Fault(("events",), what, "Give whole numbers: 0 to total events, and a total above 0.")
        if self.reading is Reading.COUNT_RANGE and self.low is not None and self.high is not None:
            yield from self._counts(self.low, self.high)

    def _counts(self, low: float, high: float) -> Iterator[Fault]:
        if low != int(low) or high != int(high):
            yield Fault(("low",), f"{low:g} to {high:g} are no whole numbers", "Count in whole numbers.")
        elif self.weights is not None:
            if len(self.weights) != int(high - low) + 1:
                what = f"{len(self.weights)} weights for {int(high - low) + 1} counts"
                yield Fault(("weights",), what, "Give one weight a count, from low to high.")
            elif min(self.weights) < 0 or sum(self.weights) <= 0:
                yield Fault(("weights",), "a weight below 0, or all of them 0", "Weights are shares of the draws.")

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield what does not fit a parameter of ``unit``: other dimension, outside its range."""
        own = Unit.spelled(self.unit) if self.unit else unit
        if own.dimension != unit.dimension:
            what = f"a claim in {own.spelling} for a parameter in {unit.spelling}"
            yield Fault(("unit",), what, f"Give it in {unit.spelling}, or in another unit of {unit.dimension}.")
            return
        for name in ("value", "low", "high", "mode", "mean"):
            figure = getattr(self, name)
            if figure is not None and not own.lowest <= figure <= own.highest:
                what = f"{name} {figure:g} lies outside {own.lowest:g} to {own.highest:g} {own.spelling}"
                fix = f"Write {figure / 100:g}." if own is Unit.SHARE and 1 < figure <= 100 else "Check the unit."
                yield Fault((name,), what, fix)
        yield from self._odd_readings(own)

    def _odd_readings(self, own: Unit) -> Iterator[Fault]:
        if self.reading is Reading.PROPORTION and own is not Unit.SHARE:
            yield Fault(("reading",), f"a proportion in {own.spelling}", "Use the unit 'share'.")
        if self.reading is Reading.COUNT_RANGE and own is not Unit.SESSIONS:
            yield Fault(("reading",), f"a count_range in {own.spelling}", "Use 'bounds', or the unit 'sessions'.")
        if self.reading is Reading.UNKNOWN and own.dimension == "count":
            fix = "Give bounds, and the reason for them under 'assumption'."
            yield Fault(("reading",), "a count that nobody knows cannot be simulated", fix)
        yield from self._from_zero(own)
        yield from self._spread(own)

    def _from_zero(self, own: Unit) -> Iterator[Fault]:
        """Yield ends of a range at which a log-normal or logit-normal has no value."""
        normal = own.dimension == "score" and self.reading is Reading.ESTIMATE_CI
        if normal or self.reading not in (Reading.TYPICAL_RANGE, Reading.ESTIMATE_CI, Reading.MEAN_SD):
            return
        name = "mean" if self.reading is Reading.MEAN_SD else "low"
        least = getattr(self, name)
        if least is not None and least <= own.lowest:
            what = f"{self.reading} from {least:g}"
            yield Fault((name,), what, "Its distribution lies above 0: use 'bounds' or 'at_most'.")
        if own is Unit.SHARE and self.high is not None and self.high >= 1:
            yield Fault(("high",), f"{self.reading} up to 1", "Use 'bounds' or 'at_least' for shares up to 1.")

    def _spread(self, own: Unit) -> Iterator[Fault]:
        if self.mean is None or self.sd is None or self.mean <= 0:
            return
        if self.sd > 100 * self.mean:
            yield Fault(("sd",), f"sd {self.sd:g} is more than a hundred times the mean {self.mean:g}", "Check both.")
        elif own is Unit.SHARE and self.sd**2 >= self.mean * (1 - self.mean):
            yield Fault(("sd",), f"no share has mean {self.mean:g} and sd {self.sd:g}", "Lower the sd.")


class Claim(Reported, Said):
    """One statement of one quantity.

    Exactly one of ``source``, ``assumption`` alone, or ``yours`` says whose it is; ``assumption``
    beside a ``source`` says that the figures are our coding of words that carry none.
    """

    market: Market | None = None

    def _silent(self) -> bool:
        return self.reading is Reading.UNKNOWN

    def _reasoned(self) -> bool:
        return self.assumption is not None
