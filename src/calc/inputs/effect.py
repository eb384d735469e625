"""An effect: what one source says a treatment does to relief, and compared with whom.

The measures are those of the Cochrane Handbook (chapters 6 and 10). Relief is the good event, so a
ratio above 1 and a difference in risk above 0 favor the treatment; a difference of means is printed
as treated minus control, and ``better`` says which way is good.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..units import Unit
from .attributed import Said
from .base import Fault, Model, Name, Number, Stretch, Text, refuse
from .claim import Reported
from .population import Kinds

__all__ = [
    "Against",
    "Arm",
    "Better",
    "ClaimedShare",
    "Comparison",
    "Effect",
    "Events",
    "MeanDifference",
    "OddsRatio",
    "RiskDifference",
    "RiskRatio",
    "ShamKind",
    "StandardizedMeanDifference",
    "Unknown",
]


class Against(StrEnum):
    """What the people compared with were given."""

    NEITHER = "neither"  # nothing: a waiting list, a book
    USUAL_CARE = "usual_care"
    SHAM = "sham"  # or placebo
    TREATMENT = "treatment"  # another option, named under 'versus'
    UNCONTROLLED = "uncontrolled"  # nobody was compared with


class ShamKind(StrEnum):
    """What kind of sham: the two do not do the same."""

    PILL = "pill"
    PROCEDURE = "procedure"


class Better(StrEnum):
    """Which way on a scale is good."""

    LOWER = "lower"
    HIGHER = "higher"


class Arm(Model):
    """People in one arm of a trial, and how many of them were in relief."""

    events: Number
    total: Number

    @model_validator(mode="after")
    def _counted(self) -> Arm:
        whole = self.events == int(self.events) and self.total == int(self.total)
        if not whole or not 0 <= self.events <= self.total > 0:
            what = f"{self.events:g} events out of {self.total:g}"
            refuse([Fault(("events",), what, "Give whole numbers: 0 to total events, and a total above 0.")])
        return self


class Events(Model):
    """People in relief in both arms."""

    kind: Literal["events"]
    treated: Arm
    control: Arm


class _Interval(Model):
    """An estimate with its 95 % interval."""

    value: Number
    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> _Interval:
        refuse(_outside(self.value, self.low, self.high))
        return self


class _Ratio(_Interval):
    """A ratio: its interval is even about the value on the log scale."""

    @model_validator(mode="after")
    def _positive(self) -> _Ratio:
        if self.low <= 0:
            refuse([Fault(("low",), f"a ratio of {self.low:g}", "A ratio lies above 0; is this a difference?")])
        return self


class OddsRatio(_Ratio):
    """Odds of relief, treated to control."""

    kind: Literal["odds_ratio"]


class RiskRatio(_Ratio):
    """Share in relief, treated to control."""

    kind: Literal["risk_ratio"]


class RiskDifference(_Interval):
    """Share in relief, treated minus control, between -1 and 1."""

    kind: Literal["risk_difference"]

    @model_validator(mode="after")
    def _a_share(self) -> RiskDifference:
        if not -1 <= self.low <= self.high <= 1:
            fix = "Write points of 100 as a share: 0.12 for 12 of 100."
            refuse([Fault(("value",), f"a difference of {self.low:g} to {self.high:g} in a share", fix)])
        return self


class _Means(Model):
    """A difference of means with its 95 % interval or its standard error."""

    value: Number
    low: Number | None = None
    high: Number | None = None
    se: Number | None = None
    better: Better

    @model_validator(mode="after")
    def _erring(self) -> _Means:
        if self.se is None and self.low is not None and self.high is not None:
            refuse(_outside(self.value, self.low, self.high))
        elif self.se is None or self.se <= 0 or self.low is not None or self.high is not None:
            what = "a difference of means without its error, or with two"
            refuse([Fault((), what, "Give 'low' and 'high' (95 %), or 'se' (above 0).")])
        return self


class MeanDifference(_Means):
    """Difference of means on a ``scale``, and the standard deviation among people that it is divided by.

    ``sd_reason`` says where the standard deviation is from, where the source prints none.
    """

    kind: Literal["mean_difference"]
    scale: Text
    sd: Annotated[Number, Field(gt=0)]
    sd_reason: Text | None = None


class StandardizedMeanDifference(_Means):
    """Difference of means in standard deviations."""

    kind: Literal["standardized_mean_difference"]


class ClaimedShare(Reported):
    """A share in relief as it is claimed, nobody being compared with; read like any claim."""

    kind: Literal["share"]

    @model_validator(mode="after")
    def _read(self) -> ClaimedShare:
        refuse(self.misfits(Unit.SHARE))  # the effect that it belongs to has to give the reason
        return self


class Unknown(Model):
    """The source says that nobody knows, or none was found."""

    kind: Literal["unknown"]


Comparison = Events | OddsRatio | RiskRatio | RiskDifference | MeanDifference | StandardizedMeanDifference
Measure = Annotated[Comparison | ClaimedShare | Unknown, Field(discriminator="kind")]


def _outside(value: float, low: float, high: float) -> Iterator[Fault]:
    if not low <= value <= high or low == high:
        yield Fault(("value",), f"{value:g} with an interval of {low:g} to {high:g}", "Give low, value, high in order.")


class Effect(Said):
    """What a treatment does, beyond what it was compared with.

    ``at`` is the time from the start at which relief was counted; ``relief`` is how it was defined:
    the name of a definition of the condition's file, or the source's own in a few words.
    """

    against: Against
    versus: Name | None = None
    sham_kind: ShamKind | None = None
    kinds: Kinds
    at: Stretch
    relief: Text
    measure: Measure

    def _silent(self) -> bool:
        return isinstance(self.measure, Unknown)

    def _shape(self) -> Iterator[Fault]:
        if (self.against is Against.TREATMENT) != (self.versus is not None):
            fix = "Name the other treatment under 'versus' where it is 'against: treatment', and only there."
            yield Fault(("against",), f"against {self.against} and versus {self.versus or 'nobody'}", fix)
        if self.sham_kind is not None and self.against is Against.UNCONTROLLED:
            yield Fault(("sham_kind",), "a sham that nobody was given", "Leave it out.")
        share = isinstance(self.measure, ClaimedShare)
        if not self._silent() and share != (self.against is Against.UNCONTROLLED):
            fix = "A share alone is 'against: uncontrolled'; every other measure compares two groups."
            yield Fault(("measure",), f"a measure '{self.measure.kind}' against {self.against}", fix)
