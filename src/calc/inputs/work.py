"""What somebody works as, and how long each session keeps them from it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Model
from .claim import Claim, Reading
from .parameter import Parameter

__all__ = ["OffWork", "Work"]


class Work(StrEnum):
    """The kinds of work that sources tell apart, and none."""

    DESK = "desk"
    PHYSICAL = "physical"
    NONE = "none"


def _nobody_says() -> Parameter:
    claim = Claim(reading=Reading.UNKNOWN, note="No source found states it.")
    return Parameter(label="Days off work after each session", unit="days", claims=(claim,))


class OffWork(Model):
    """Time off work after each session, in days of the calendar, by kind of work."""

    desk: Parameter = Field(default_factory=_nobody_says)
    physical: Parameter = Field(default_factory=_nobody_says)
