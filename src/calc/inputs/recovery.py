"""The days after a session: how they feel, and how long they keep somebody from which work."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field, model_validator

from .base import Fault, Model, Text, refuse
from .claim import Claim
from .parameter import Parameter
from .readings.unknown import Unknown

__all__ = ["Harm", "HarmPer", "KindOfWork", "OffWork", "RecoveryStage"]


class KindOfWork(StrEnum):
    """The kinds of work that sources tell apart, and none."""

    DESK = "desk"
    PHYSICAL = "physical"
    NONE = "none"


def _nobody_says() -> Parameter:
    claim = Claim(reading=Unknown(), note="No source found states it.")
    return Parameter(label="Days off work after each session", unit="days", claims=(claim,))


class OffWork(Model):
    """Time off work after each session, in days of the calendar, by kind of work."""

    desk: Parameter = Field(default_factory=_nobody_says)
    physical: Parameter = Field(default_factory=_nobody_says)


class HarmPer(StrEnum):
    """What a harm's share is counted by."""

    SESSION = "session"
    COURSE = "course"
    ONCE = "once"  # by person, however many sessions there are


class Harm(Parameter):
    """A complication or another operation: its share by session, course or person, and within what time it comes.

    ``cost`` is the allowed amount of what follows from it, and ``days`` the days lost to it, where a
    source states them.
    """

    per: HarmPer = HarmPer.ONCE
    within: Parameter | None = None
    cost: Parameter | None = None
    days: Parameter | None = None

    def following(self) -> Mapping[str, Parameter]:
        """Return what is stated beside the share, by name."""
        named = {"within": self.within, "cost": self.cost, "days": self.days}
        return {name: each for name, each in named.items() if each is not None}


class RecoveryStage(Model):
    """Some days after a session as one source describes them, the day after it being day 1; in our words."""

    source: Text
    section: Text
    first_day: int = Field(ge=0, le=365, strict=True)
    last_day: int = Field(ge=0, le=365, strict=True)
    feels: Text
    advice: Text | None = None

    @model_validator(mode="after")
    def _forwards(self) -> RecoveryStage:
        if self.last_day < self.first_day:
            fix = "Swap the two days."
            refuse([Fault(("last_day",), f"it ends on day {self.last_day}, before it begins", fix)])
        return self
