"""When each thing happens: per draw an exact sequence of events, in weeks from the decision.

Waiting → diagnostic steps, which can end the path → the sessions of a course at their interval,
each followed by days of soreness and days off work → onset, if this person responds → relief → it
wears off → another course where the policy says so, as far as its limits allow → the horizon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..units import DAYS_PER_WEEK, WEEKS_PER_YEAR, WORKING_DAYS_PER_WEEK
from .memory import Memory, kept

__all__ = ["TIMED", "Course", "Path", "Timeline", "joined", "outcome_of", "timeline"]

#: outcomes that the events alone decide
TIMED = (
    "weeks_to_relief",
    "weeks_in_relief",
    "downtime_days",
    "working_days_lost",
    "courses",
    "longest_without_relief",
    "in_relief_at_horizon",
)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Path:
    """What decides one treatment's timeline; every array of shape (n,), times in weeks.

    ``passes`` and ``responds`` are this person's luck, already drawn. ``downtime`` and ``off_work``
    follow each session. ``most_per_year`` is None where a course is never repeated; ``apart`` is the
    least time between the starts of two courses; ``most_courses`` bounds them altogether. ``held``
    is how long the answer to a prior authorization holds up the test steps, and then the first session.
    ``from_last`` counts the onset from a course's last session.
    """

    wait: Vector
    steps: Vector
    step_interval: Vector
    passes: Mask
    sessions: Vector
    interval: Vector
    downtime: Vector
    off_work: Vector
    onset: Vector
    responds: Mask
    relief: Vector
    most_per_year: Vector | None
    apart: Vector | None = None
    most_courses: int | None = None
    from_last: bool = False
    held: tuple[Vector | float, Vector | float] = (0.0, 0.0)

    @property
    def first_step(self) -> Vector:
        """When the test steps begin."""
        return np.asarray(self.wait + self.held[0])

    @property
    def tested(self) -> Vector:
        """When waiting and test steps are over, whether they let this person through or not."""
        return np.asarray(self.first_step + self.steps * self.step_interval)

    @property
    def length(self) -> Vector:
        """Weeks from a course's first session to its last."""
        return np.asarray(np.maximum(self.sessions - 1, 0.0) * self.interval)

    @property
    def to_onset(self) -> Vector:
        """Weeks from a course's first session to the relief that it brings."""
        return self.onset + (self.length if self.from_last else 0.0)


@dataclass(frozen=True)
class Course:
    """One round of treatment: its first session and its relief, ``inf`` where there is none.

    Where a horizon comes before them, they count as not there.
    """

    start: Vector
    relief_from: Vector
    relief_to: Vector
    path: Path


@dataclass(frozen=True)
class Timeline:
    """The events of one option up to the horizon, shape (n,) each, weeks from the decision.

    ``courses`` follow each other in time within each draw; ``path`` is the first treatment's.
    """

    horizon: float
    path: Path
    courses: tuple[Course, ...]

    @property
    def settled(self) -> bool:
        """Whether nothing is done that a longer horizon would hold as well."""
        path = self.path
        if path.most_per_year is not None and len(self.courses) != path.most_courses:
            return False
        last = (path.tested, *(course.start + path.length for course in self.courses))
        return not any(((self.horizon <= week) & (week < np.inf)).any() for week in last)

    def weeks_to_relief(self) -> Vector:
        """Return the weeks to the first relief; ``inf`` where none comes before the horizon."""
        first = np.minimum.reduce([course.relief_from for course in self.courses])
        return np.where(first < self.horizon, first, np.inf)

    def weeks_in_relief(self) -> Vector:
        """Return the weeks in relief before the horizon."""
        return sum(
            (_within(course.relief_from, course.relief_to, self.horizon) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def downtime_days(self) -> Vector:
        """Return the days of recovery before the horizon; days that overlap count once."""
        return self._weeks_after_sessions("downtime") * DAYS_PER_WEEK

    def working_days_lost(self) -> Vector:
        """Return the working days, five a week, off work before the horizon; overlapping ones count once."""
        return self._weeks_after_sessions("off_work") * WORKING_DAYS_PER_WEEK

    def _weeks_after_sessions(self, spent: str) -> Vector:
        return sum(
            (_within(begin, end, self.horizon) for _, begin, end in self.after_sessions(spent)),
            start=np.zeros_like(self.path.wait),
        )

    def after_sessions(self, spent: str) -> Iterator[tuple[int, Vector, Vector]]:
        """Yield what follows each session (``downtime`` or ``off_work``), by the number of its course.

        Begin and end in weeks, in order of time and without overlap; where nothing is added to
        what came before, the end is not after the beginning.
        """
        over = np.zeros_like(self.path.wait)
        for number, course in enumerate(self.courses):
            length: Vector = getattr(course.path, spent)
            if not length.any():
                continue
            for time, happens in self.session_times(course):
                begin = np.maximum(time, over)
                end = np.where(happens, time + length, begin)
                yield number, begin, end
                over = np.maximum(over, np.where(happens, end, over))

    def back_at_work(self) -> Vector:
        """Return when the time off work that the first course brings is over.

        Where there is no course, when that was clear; ``inf`` where its last session lies beyond the horizon.
        """
        course = self.courses[0]
        last = course.start + course.path.length
        off = np.where(last < self.horizon, last + course.path.off_work, np.inf)
        return np.where(np.isfinite(course.start), off, self.path.tested)

    def longest_without_relief(self) -> Vector:
        """Return the longest stretch without relief between the decision and the horizon, weeks."""
        longest, over = np.zeros_like(self.path.wait), np.zeros_like(self.path.wait)
        for course in self.courses:
            helps = course.relief_from < self.horizon
            longest = np.where(helps, np.maximum(longest, course.relief_from - over), longest)
            over = np.where(helps, np.minimum(course.relief_to, self.horizon), over)
        return np.maximum(longest, self.horizon - over)

    def in_relief_at(self, week: float) -> Mask:
        """Return who is in relief at a week; at the horizon, who has been up to it."""
        found = np.zeros(self.path.wait.shape, dtype=np.bool_)
        for course in self.courses:
            if week < self.horizon:
                found |= (course.relief_from <= week) & (week < course.relief_to)
            else:
                found |= (course.relief_from < self.horizon) & (self.horizon <= course.relief_to)
        return found

    def courses_begun(self) -> Vector:
        """Return how many courses begin before the horizon."""
        return sum(
            ((course.start < self.horizon).astype(np.float64) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def session_times(self, course: Course) -> Sequence[tuple[Vector, Mask]]:
        """Return each session's time and whether it happens before the horizon."""
        found = []
        for count in range(int(course.path.sessions.max(initial=0.0))):
            time = course.start + count * course.path.interval if count else course.start
            found.append((time, (count < course.path.sessions) & (time < self.horizon)))
        return found

    def diagnostic_times(self) -> Sequence[tuple[Vector, Mask]]:
        """Return each diagnostic step's time and whether it happens before the horizon."""
        found = []
        for count in range(int(self.path.steps.max(initial=0.0))):
            first = self.path.first_step
            time = first + count * self.path.step_interval if count else first
            found.append((time, (count < self.path.steps) & (time < self.horizon)))
        return found


def timeline(path: Path, horizon: float, memory: Memory | None = None) -> Timeline:
    """Return the events of one treatment before ``horizon`` (weeks), draw by draw.

    Another course begins when relief has worn off, the course before is over and the limits allow it.
    No course depends on the horizon: with a ``memory``, other horizons are given the same ones.
    """
    courses: tuple[Course, ...] = ()
    while not courses or (path.most_per_year is not None and len(courses) != path.most_courses):
        made = partial(_course, path, courses)
        course = kept(memory, "course", made, path, len(courses))
        if courses and not (course.start < horizon).any():
            break
        courses = (*courses, course)
    return Timeline(horizon, path, courses)


def _course(path: Path, before: Sequence[Course]) -> Course:
    """Return the course that follows those before it, ``inf`` where none does."""
    begins = (
        _again(path, before)
        if before
        else np.where(path.passes & (path.sessions > 0), path.tested + path.held[1], np.inf)
    )
    relief_from = np.where(path.responds, begins + path.to_onset, np.inf)
    return Course(begins, relief_from, np.where(path.responds, relief_from + path.relief, np.inf), path)


def _again(path: Path, before: Sequence[Course]) -> Vector:
    """Return when another course may begin."""
    last = before[-1]
    begins = np.maximum(last.relief_to, last.start + path.length)
    if path.most_per_year is not None:
        begins = np.maximum(begins, _allowed_again(before, path.most_per_year))
    return begins if path.apart is None else np.maximum(begins, last.start + path.apart)


def outcome_of(events: Timeline, name: str) -> Vector:
    """Return one of the outcomes that the events alone decide (:data:`TIMED`), shape (n,)."""
    match name:
        case "courses":
            return events.courses_begun()
        case "in_relief_at_horizon":
            return events.in_relief_at(events.horizon).astype(np.float64)
        case _:
            found: Vector = getattr(events, name)()
            return found


def joined(parts: Sequence[Timeline]) -> Timeline:
    """Return one timeline of several, of which each begins, in every draw, after what is before it."""
    return Timeline(parts[0].horizon, parts[0].path, tuple(course for part in parts for course in part.courses))


def _allowed_again(courses: Sequence[Course], most_per_year: Vector) -> Vector:
    """Return when the limit lets another course begin: a year after the n-th course back began."""
    least, most = float(most_per_year.min()), float(most_per_year.max())
    earliest = np.zeros_like(most_per_year)
    for back, course in enumerate(reversed(courses), start=1):
        if least <= back <= most:
            earliest = np.where(most_per_year == back, course.start + WEEKS_PER_YEAR, earliest)
    return np.where(most_per_year < 1, np.inf, earliest) if least < 1 else earliest


def _within(begin: Vector, end: Vector, horizon: float) -> Vector:
    """Return the weeks between ``begin`` and ``end`` that lie before the horizon, none if end is first."""
    return np.asarray(np.maximum(np.minimum(end, horizon) - np.minimum(begin, horizon), 0.0))
