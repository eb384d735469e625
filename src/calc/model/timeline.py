"""When each thing happens: per draw an exact sequence of events, in weeks from the decision.

Waiting → diagnostic steps, which can end the path → the sessions of a course at their interval,
each followed by downtime → onset, if this person responds → relief → it wears off → another course
where the policy says so, as often a year as its limit allows → the horizon.

Shares by week come from the event times by sorting and counting, in O(draws + weeks): no array of
draws × weeks is ever made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..units import DAYS_PER_WEEK, WEEKS_PER_YEAR

__all__ = ["Course", "Path", "Timeline", "share_between", "timeline"]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Path:
    """What decides one treatment's timeline; every array of shape (n,), times in weeks.

    ``passes`` and ``responds`` are this person's luck, already drawn. ``most_per_year`` is None
    where a course is never repeated. ``from_last`` counts the onset from a course's last session.
    """

    wait: Vector
    steps: Vector
    step_interval: Vector
    passes: Mask
    sessions: Vector
    interval: Vector
    downtime: Vector
    onset: Vector
    responds: Mask
    relief: Vector
    most_per_year: Vector | None
    from_last: bool = False


@dataclass(frozen=True)
class Course:
    """One round of treatment: its first session and its relief, ``inf`` where there is none."""

    start: Vector
    relief_from: Vector
    relief_to: Vector


@dataclass(frozen=True)
class Timeline:
    """The events of one treatment up to the horizon, shape (n,) each, weeks from the decision."""

    horizon: float
    path: Path
    courses: tuple[Course, ...]

    def weeks_to_relief(self) -> Vector:
        """Return the weeks to the first relief; ``inf`` where none comes before the horizon."""
        first = self.courses[0].relief_from
        return np.where(first < self.horizon, first, np.inf)

    def weeks_in_relief(self) -> Vector:
        """Return the weeks in relief before the horizon."""
        return sum(
            (_within(course.relief_from, course.relief_to, self.horizon) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def downtime_days(self) -> Vector:
        """Return the days of recovery before the horizon; days that overlap count once."""
        weeks = np.zeros_like(self.path.wait)
        recovered = np.zeros_like(self.path.wait)
        for course in self.courses:
            for time, happens in self.session_times(course):
                end = time + self.path.downtime
                weeks += np.where(happens, _within(np.maximum(time, recovered), end, self.horizon), 0.0)
                recovered = np.where(happens, np.maximum(recovered, end), recovered)
        return weeks * DAYS_PER_WEEK

    def courses_begun(self) -> Vector:
        """Return how many courses begin before the horizon."""
        return sum(
            ((course.start < self.horizon).astype(np.float64) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def session_times(self, course: Course) -> Sequence[tuple[Vector, Mask]]:
        """Return each session's time and whether it happens before the horizon."""
        found = []
        for count in range(int(self.path.sessions.max(initial=0.0))):
            time = course.start + (count * self.path.interval if count else 0.0)
            found.append((time, (count < self.path.sessions) & (time < self.horizon)))
        return found

    def diagnostic_times(self) -> Sequence[tuple[Vector, Mask]]:
        """Return each diagnostic step's time and whether it happens before the horizon."""
        found = []
        for count in range(int(self.path.steps.max(initial=0.0))):
            time = self.path.wait + count * self.path.step_interval
            found.append((time, (count < self.path.steps) & (time < self.horizon)))
        return found

    def share_in_relief(self, weeks: Vector) -> Vector:
        """Return the share of draws in relief at each of ``weeks``."""
        return sum(
            (share_between(course.relief_from, course.relief_to, weeks) for course in self.courses),
            start=np.zeros_like(weeks),
        )


def timeline(path: Path, horizon: float) -> Timeline:
    """Return the events of one treatment before ``horizon`` (weeks), draw by draw.

    Another course begins when relief has worn off, the course before is over and the limit allows it.
    """
    never = np.full_like(path.wait, np.inf)
    begins = np.where(path.passes & (path.sessions > 0), path.wait + path.steps * path.step_interval, never)
    to_onset = path.onset + (np.maximum(path.sessions - 1, 0.0) * path.interval if path.from_last else 0.0)
    courses: list[Course] = []
    while True:
        relief_from = np.where(path.responds, begins + to_onset, never)
        courses.append(Course(begins, relief_from, np.where(path.responds, relief_from + path.relief, never)))
        if path.most_per_year is None:
            break
        finished = begins + np.maximum(path.sessions - 1, 0.0) * path.interval
        begins = np.maximum(courses[-1].relief_to, finished)
        begins = np.maximum(begins, _allowed_again(courses, path.most_per_year))
        if not (begins < horizon).any():
            break
        begins = np.where(begins < horizon, begins, never)
    return Timeline(horizon, path, tuple(courses))


def _allowed_again(courses: Sequence[Course], most_per_year: Vector) -> Vector:
    """Return when the limit lets another course begin: a year after the n-th course back began."""
    earliest = np.zeros_like(courses[0].start)
    for back, course in enumerate(reversed(courses), start=1):
        earliest = np.where(most_per_year == back, course.start + WEEKS_PER_YEAR, earliest)
    return np.where(most_per_year < 1, np.inf, earliest)


def _within(begin: Vector, end: Vector, horizon: float) -> Vector:
    """Return the weeks between ``begin`` and ``end`` that lie before the horizon, none if end is first."""
    return np.asarray(np.maximum(np.minimum(end, horizon) - np.minimum(begin, horizon), 0.0))


def share_between(begin: Vector, end: Vector, weeks: Vector) -> Vector:
    """Return the share of draws with ``begin <= week < end``, for each of ``weeks`` (ascending)."""
    begun = np.searchsorted(np.sort(begin), weeks, side="right")
    ended = np.searchsorted(np.sort(end), weeks, side="right")
    return (begun - ended) / begin.size
