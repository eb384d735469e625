"""The closed list of units, and the one place where time is converted: the model works in weeks, of whole days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import Enum

from .errors import Problem, SettingError, listed

__all__ = [
    "DAYS_PER_WEEK",
    "HALF_DAY",
    "WEEKS_PER_MONTH",
    "WEEKS_PER_YEAR",
    "WORKING_DAYS_PER_WEEK",
    "Unit",
    "day_after",
    "weeks_of",
]

DAYS_PER_WEEK = 7.0
WORKING_DAYS_PER_WEEK = 5.0
#: in weeks: what lies less than this before a midnight falls on the day that begins there
HALF_DAY = 0.5 / DAYS_PER_WEEK
WEEKS_PER_YEAR = 365.25 / DAYS_PER_WEEK
WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12.0

_WEEKS = {
    "day": 1.0 / DAYS_PER_WEEK,
    "week": 1.0,
    "month": WEEKS_PER_MONTH,
    "year": WEEKS_PER_YEAR,
}


class Unit(Enum):
    """A unit that a parameter may be written in: ``(spelling, lowest, highest, dimension)``.

    ``lowest`` and ``highest`` bound what makes sense, so that a share typed as 20 is refused.
    A source that says "nobody knows" leaves the whole of that range open.
    """

    USD = ("usd", 0.0, 10_000_000.0, "money")
    USD_PER_MONTH = ("usd_per_month", 0.0, 100_000.0, "money per time")
    DAYS = ("days", 0.0, 3650.0, "time")
    WEEKS = ("weeks", 0.0, 520.0, "time")
    MONTHS = ("months", 0.0, 120.0, "time")
    SESSIONS = ("sessions", 0.0, 400.0, "count")
    SHARE = ("share", 0.0, 1.0, "share")
    SCORE_0_10 = ("score_0_10", 0.0, 10.0, "score")
    MILES = ("miles", 0.0, 25_000.0, "distance")
    HOURS = ("hours", 0.0, 8760.0, "hours")
    APR = ("apr", 0.0, 10.0, "interest")

    def __init__(self, spelling: str, lowest: float, highest: float, dimension: str) -> None:
        self.spelling = spelling
        self.lowest = lowest
        self.highest = highest
        self.dimension = dimension

    @classmethod
    def spelled(cls, spelling: str) -> Unit:
        """Return the unit of that spelling, or raise ``ValueError`` naming the known ones."""
        for unit in cls:
            if unit.spelling == spelling:
                return unit
        raise ValueError(f"unknown unit {spelling!r}; use {listed(u.spelling for u in cls)}")

    @property
    def words(self) -> str:
        """Its spelling as a reader would write it."""
        return self.spelling.replace("_", " ")

    @property
    def in_weeks(self) -> float:
        """Weeks in one of this unit; 1.0 for units that are no time."""
        return _WEEKS[self.spelling.removesuffix("s")] if self.dimension == "time" else 1.0


_STRETCH = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s+(day|week|month|year)s?\s*")


def weeks_of(text: str) -> float:
    """Return the weeks in a stretch of time such as ``"24 months"``.

    Raises
    ------
    SettingError
        if the text is not a positive number followed by days, weeks, months or years.
    """
    found = _STRETCH.fullmatch(text)
    weeks = float(found[1]) * _WEEKS[found[2]] if found else float("nan")
    if not 0.0 < weeks <= Unit.WEEKS.highest:
        fix = "Write a number and days, weeks, months or years, up to 520 weeks: '24 months'."
        raise SettingError([Problem("horizon", "", f"{text!r} is no stretch of time", fix)])
    return weeks


def day_after(start: date, text: str) -> date:
    """Return the day that lies a stretch of time after another; months and years go by the calendar.

    The same day of a later month, or that month's last where it has no such day.

    >>> day_after(date(2026, 11, 23), "24 months").isoformat(), day_after(date(2026, 11, 30), "3 months").isoformat()
    ('2028-11-23', '2027-02-28')

    Raises
    ------
    SettingError
        as :func:`weeks_of`.
    """
    weeks = weeks_of(text)
    count, unit = text.split()
    months = float(count) * (12 if unit.startswith("year") else 1)
    if unit[0] in "dw" or not months.is_integer():
        return start + timedelta(days=round(weeks * DAYS_PER_WEEK))
    years, month = divmod(start.month - 1 + int(months), 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
