"""Percentiles as they are published, of the bills that a hospital was paid for instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, Strict

from ...units import Unit
from ..base import Fault, Number, refuse
from ..tree import Key
from .reading import Inverse, Reading, beyond_scale, through

__all__ = ["Percentiles"]

_LEAST, _MOST = 0.001, 99.999
_FIX = f"Write each as PERCENT: VALUE, {_LEAST} to {_MOST} percent: {{10: 437, 50: 1200, 90: 3147}}."


def _number(key: object) -> float:
    """Return a key, which a file holds as text, as a number; NaN where it is none."""
    try:
        return float(str(key))
    except ValueError:
        return float("nan")


def _percent(key: object) -> float:
    percent = _number(key)
    if not _LEAST <= percent <= _MOST:
        refuse([Fault((), f"'{key}' is no percentile", _FIX)])
    return percent


def _once(given: object) -> object:
    """Refuse a percentile that is written in two ways, of which a mapping would keep the last."""
    if isinstance(given, dict):
        numbers = [_number(key) for key in given]
        twice = [key for place, key in enumerate(given) if numbers[place] in numbers[:place]]
        refuse(Fault((str(key),), f"'{key}' is stated twice", "Keep one of the two.") for key in twice)
    return given


class Percentiles(Reading):
    """Log-normal between each two of the stated percentiles and beyond the outermost; logit-normal for shares.

    Each stated one is kept, whatever ``range_coverage`` is. ``count`` is how many cases they were taken from: among
    claims that all state theirs, it shares out the draws.
    """

    name: ClassVar[str] = "percentiles"
    percentiles: Annotated[
        dict[Annotated[float, BeforeValidator(_percent)], Number],
        BeforeValidator(_once),
        Field(json_schema_extra={"minProperties": 2}),
    ]
    count: Annotated[int, Strict(), Field(ge=1)] | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield percentiles that are too few, that fall, or that are all one."""
        if len(self.percentiles) < 2:
            fix = "State two or more; a single value is the reading 'exact'."
            yield Fault(("percentiles",), "fewer than two percentiles are stated", fix)
        stated = sorted(self.percentiles.items())
        for (lower, low), (upper, high) in pairwise(stated):
            if high < low:
                what = f"the value at {upper:g}, {high:g}, is below that at {lower:g}, {low:g}"
                yield Fault(("percentiles", f"{upper:g}"), what, "Values rise with the percentile: check both.")
        if len(stated) > 1 and len({value for _, value in stated}) == 1:
            fix = "Use the reading 'exact' with 'value'."
            yield Fault(("percentiles",), f"all percentiles are {stated[0][1]:g}", fix)

    def amounts(self) -> Mapping[Key, float]:
        """Return the value at each percentile."""
        return {("percentiles", f"{percent:g}"): value for percent, value in self.percentiles.items()}

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield values outside the unit, such as the distribution cannot have, and a unit that is counted."""
        yield from super().misfits(unit)
        if unit.dimension == "count":
            yield Fault(("reading",), f"percentiles in {unit.spelling}", "Use 'count_range' with 'weights'.")
        elif unit.dimension != "score":
            yield from beyond_scale(self, unit)

    def inverse(self, unit: Unit, coverage: float) -> Inverse:
        """Return the quantile function."""
        return through({percent / 100: value for percent, value in self.percentiles.items()}, unit)

    def levels(self, coverage: float) -> tuple[float, float] | None:
        """Return the outermost percentiles."""
        return min(self.percentiles) / 100, max(self.percentiles) / 100

    def words(self, unit: Unit) -> str:
        """Return what lies between the outermost, the median, and of how many cases."""
        low, high = min(self.percentiles), max(self.percentiles)
        cases = "bills" if unit.dimension == "money" else "cases"
        ends = f"{self.percentiles[low]:,.10g} and {self.percentiles[high]:,.10g} {unit.words}"
        half = f", half below {self.percentiles[50]:,.10g}" if 50 in self.percentiles else ""
        count = "" if self.count is None else f"; {self.count:,} {cases}"
        return f"between {ends} in {high - low:g} of 100 {cases}{half}{count}"

    def figures(self) -> Mapping[str, float]:
        """Return each percentile under its name, ``p10`` for instance, and the count."""
        stated = {f"p{percent:g}": value for percent, value in sorted(self.percentiles.items())}
        return {**stated, **super().figures()}

    @property
    def observations(self) -> int | None:
        """The count."""
        return self.count
