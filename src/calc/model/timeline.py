"""When each thing happens: per draw an exact sequence of events, in weeks from the decision.

Waiting → diagnostic steps, which can end the path → the sessions of a course at their interval,
each followed by days of soreness and days off work → onset, if this person responds → relief → it
wears off → another course, if the person asks for one and as far as its limits allow, which may
help again or not → the horizon. Who gets better by themselves does so at their own time, whatever is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..cache import stage
from ..inputs.distribution import Vector
from ..units import DAYS_PER_WEEK, HALF_DAY, WEEKS_PER_YEAR, WORKING_DAYS_PER_WEEK
from .sample import Drawn, coin

__all__ = [
    "Path",
    "RepeatLuck",
    "Schedule",
    "Setback",
    "Timeline",
    "begun_at",
    "joined",
    "path_of",
    "set_back",
    "timeline",
]

Mask = npt.NDArray[np.bool_]


class RepeatLuck(NamedTuple):
    """Where the luck of further courses comes from: coins keyed on a name and seed, or how they are to fall.

    ``forced`` has for each course after the first whether somebody asks for it and whether it helps again; beyond
    its end nobody asks. None: coins.
    """

    name: str
    seed: int
    forced: tuple[tuple[bool, bool], ...] | None = None

    def falls(self, which: str, number: int, chance: Vector) -> Mask:
        """Return for whom a chance comes true at a course (1: the second)."""
        if self.forced is None:
            luck = coin(f"repeats.{self.name}.{number}.{which}", draws=chance.size, seed=self.seed)
            return np.asarray(luck < chance)
        asks, helps = self.forced[number - 1] if number <= len(self.forced) else (False, False)
        return np.full(chance.shape, asks if which == "asks" else helps)


class Schedule(NamedTuple):
    """What of a treatment decides when things happen, sampled; None where the treatment has no such thing.

    ``held`` are the weeks that asking for prior authorization holds up the first visit, then the test steps, then the
    first session; ``neither`` and ``treated`` the shares in
    relief with neither treatment nor sham, and with the treatment; ``luck_…`` the uniforms of this person's luck.
    """

    wait: Drawn
    held: tuple[Vector | float, Vector | float, Vector | float]
    steps: Drawn | None
    step_interval: Drawn | None
    passed: Drawn | None
    luck_passes: Vector
    sessions: Drawn
    interval: Drawn | None
    downtime: Drawn
    off_work: Drawn | None
    onset: Drawn | None
    neither: Drawn
    treated: Drawn
    luck_natural: Vector
    luck_responds: Vector
    natural_onset: Drawn
    natural_relief: Drawn
    relief: Drawn | None
    repeats: bool
    most_per_year: Drawn | None
    apart: Drawn | None
    asks: Drawn | None
    again: Drawn | None
    lasting: Drawn | None
    luck: RepeatLuck
    from_last: bool


_NO_LUCK = RepeatLuck("", 0)


@dataclass(frozen=True)
class Path:
    """What decides one treatment's timeline; every array of shape (n,), times in weeks.

    ``passes`` and ``responds`` are this person's luck, already drawn: ``natural`` marks who gets better whatever is
    done, from ``natural_from`` to ``natural_to``, and ``responds`` whom the treatment helps among the others.
    ``downtime`` and ``off_work`` follow each session. ``most_per_year`` is None where a course is never repeated;
    ``apart`` is the least time between the starts of two courses; ``most_courses`` bounds them altogether.
    ``asks`` and ``again`` are the chances that somebody helped asks for another course, and that it helps again;
    ``lasting`` is how long relief must have lasted for another. ``held`` is how long the answer to a prior
    authorization holds up the test steps, and then the first session. ``from_last`` counts the onset from a course's
    last session.
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
    natural: Mask | None = None
    natural_from: Vector | None = None
    natural_to: Vector | None = None
    asks: Vector | None = None
    again: Vector | None = None
    lasting: Vector | None = None
    luck: RepeatLuck = _NO_LUCK
    held: tuple[Vector | float, Vector | float] = (0.0, 0.0)

    @property
    def helped(self) -> Mask:
        """Who is in relief at some time after the first course, by whatever it comes."""
        return self.responds if self.natural is None else self.responds | self.natural

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


class Setback(NamedTuple):
    """Days lost to a harm, shape (n,): the week in which it comes (``inf`` = never), and how many weeks it takes."""

    week: Vector
    length: Vector


@dataclass(frozen=True)
class Timeline:
    """The events of one option up to the horizon, shape (n,) each, weeks from the decision.

    ``courses`` follow each other in time within each draw; ``path`` is the first treatment's.
    """

    horizon: float
    path: Path
    courses: tuple[Course, ...]
    setbacks: tuple[Setback, ...] = ()

    @property
    def end(self) -> float:
        """Up to where the days before the horizon's last: the horizon begins at midnight, and days are whole."""
        return self.horizon - HALF_DAY

    def unbounded(self) -> Timeline:
        """Return the same events without a horizon, where none lies beyond it; so longer horizons share them."""
        return _settled(self.path, self.courses) if self.settled else self

    @property
    def settled(self) -> bool:
        """Whether nothing is done that a longer horizon would hold as well."""
        path = self.path
        if path.most_per_year is not None and len(self.courses) != path.most_courses:
            return False
        last = (path.tested, *(course.start + path.length for course in self.courses))
        return not any(((self.end <= week) & (week < np.inf)).any() for week in last)

    def up_to(self, most: int) -> tuple[Course, ...]:
        """Return the first ``most`` courses; where fewer begin before the horizon, with the one that comes after it."""
        found = self.courses if len(self.courses) >= most else (*self.courses, _course(self.path, self.courses))
        return found[:most]

    def weeks_to_relief(self) -> Vector:
        """Return the weeks to the first relief; ``inf`` where none comes before the horizon."""
        first = np.minimum.reduce([course.relief_from for course in self.courses])
        return np.where(first < self.end, first, np.inf)

    def weeks_in_relief(self) -> Vector:
        """Return the weeks in relief before the horizon."""
        return sum(
            (_within(course.relief_from, course.relief_to, self.horizon) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def weeks_without(self) -> Vector:
        """Return the weeks in relief before the horizon that would come with neither treatment nor sham."""
        path = self.path
        if path.natural_from is None or path.natural_to is None:
            return np.zeros_like(path.wait)
        return _within(path.natural_from, path.natural_to, self.horizon)

    def downtime_days(self) -> Vector:
        """Return the days of recovery before the horizon; days that overlap count once."""
        return self._weeks_after_sessions("downtime") * DAYS_PER_WEEK

    def working_days_lost(self) -> Vector:
        """Return the working days, five a week, off work before the horizon; overlapping ones count once."""
        return self._weeks_after_sessions("off_work") * WORKING_DAYS_PER_WEEK

    def _weeks_after_sessions(self, spent: str) -> Vector:
        sessions = ((begin, end) for _, begin, end in self.after_sessions(spent))
        harms = ((each.week, each.week + each.length) for each in self.setbacks)
        return sum(
            (_within(begin, end, self.horizon) for begin, end in (*sessions, *harms)),
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
        off = np.where(last < self.end, last + course.path.off_work, np.inf)
        return np.where(np.isfinite(course.start), off, self.path.tested)

    def longest_without_relief(self) -> Vector:
        """Return the longest stretch without relief between the decision and the horizon, weeks."""
        longest, over = np.zeros_like(self.path.wait), np.zeros_like(self.path.wait)
        for course in self.courses:
            helps = course.relief_from < self.end
            longest = np.where(helps, np.maximum(longest, course.relief_from - over), longest)
            over = np.where(helps, np.minimum(course.relief_to, self.horizon), over)
        return np.maximum(longest, self.horizon - over)

    def in_relief_at(self, week: float) -> Mask:
        """Return who is in relief at a week; at the horizon, who has been up to it."""
        found = np.zeros(self.path.wait.shape, dtype=np.bool_)
        for course in self.courses:
            if week < self.end:
                found |= (course.relief_from < week + HALF_DAY) & (week + HALF_DAY <= course.relief_to)
            else:
                found |= (course.relief_from < self.end) & (self.end <= course.relief_to)
        return found

    def courses_begun(self) -> Vector:
        """Return how many courses begin before the horizon."""
        return sum(
            ((course.start < self.end).astype(np.float64) for course in self.courses),
            start=np.zeros_like(self.path.wait),
        )

    def session_times(self, course: Course) -> Sequence[tuple[Vector, Mask]]:
        """Return each session's time and whether it happens before the horizon."""
        found = []
        for count in range(int(course.path.sessions.max(initial=0.0))):
            time = course.start + count * course.path.interval if count else course.start
            found.append((time, (count < course.path.sessions) & (time < self.end)))
        return found

    def diagnostic_times(self) -> Sequence[tuple[Vector, Mask]]:
        """Return each diagnostic step's time and whether it happens before the horizon."""
        found = []
        for count in range(int(self.path.steps.max(initial=0.0))):
            first = self.path.first_step
            time = first + count * self.path.step_interval if count else first
            found.append((time, (count < self.path.steps) & (time < self.end)))
        return found


@stage
def _settled(path: Path, courses: tuple[Course, ...]) -> Timeline:
    return Timeline(np.inf, path, courses)


@stage
def path_of(schedule: Schedule, later: bool) -> Path:
    """Return what decides the timeline, with this person's luck drawn.

    In a ``later`` step of a pathway the natural course has run: there is the treatment's relief alone.
    Asking for prior authorization holds up what is authorized, and what comes after it.
    A count that no believed source states stands at 0 here; the outcomes that need it say
    "not stated" (see :mod:`calc.model.outcomes`).
    """
    zero = np.zeros(schedule.luck_passes.shape)

    def values(drawn: Drawn | None) -> Vector:
        return zero if drawn is None else drawn.values

    def counts(drawn: Drawn | None) -> Vector:
        return np.nan_to_num(np.round(values(drawn)))

    passes = np.ones_like(zero) if schedule.passed is None else schedule.passed.values
    neither, treated = schedule.neither.values, schedule.treated.values
    natural = np.zeros(zero.shape, dtype=np.bool_) if later else schedule.luck_natural < neither
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.where(neither < 1.0, (treated - neither) / (1.0 - neither), 0.0)
    natural_from = np.where(natural, schedule.natural_onset.values, np.inf)
    return Path(
        wait=schedule.held[0] + values(schedule.wait),
        steps=counts(schedule.steps),
        step_interval=values(schedule.step_interval),
        passes=schedule.luck_passes < passes,
        sessions=counts(schedule.sessions),
        interval=values(schedule.interval),
        downtime=values(schedule.downtime),
        off_work=values(schedule.off_work),
        onset=values(schedule.onset),
        responds=~natural & (schedule.luck_responds < gained),
        relief=values(schedule.relief),
        most_per_year=counts(schedule.most_per_year) if schedule.repeats else None,
        apart=schedule.apart.values if schedule.repeats and schedule.apart is not None else None,
        from_last=schedule.from_last,
        natural=natural,
        natural_from=natural_from,
        natural_to=natural_from + schedule.natural_relief.values,
        asks=schedule.asks.values if schedule.asks is not None else None,
        again=schedule.again.values if schedule.again is not None else None,
        lasting=schedule.lasting.values if schedule.lasting is not None else None,
        luck=schedule.luck,
        held=schedule.held[1:],
    )


@stage
def begun_at(path: Path, begins: Vector, most_courses: int | None) -> Path:
    """Return the path of a step: decided for at ``begins`` (weeks, ``inf`` = never), for so many courses."""
    return replace(path, wait=begins + path.wait, most_courses=most_courses)


@stage
def timeline(path: Path, horizon: float) -> Timeline:
    """Return the events of one treatment before ``horizon`` (weeks), draw by draw.

    Another course begins when relief has worn off, the course before is over and the limits allow it.
    No course depends on the horizon, so that other horizons are given the same ones.
    """
    courses: tuple[Course, ...] = ()
    while not courses or (path.most_per_year is not None and len(courses) != path.most_courses):
        course = _course(path, courses)
        if courses and not (course.start < horizon - HALF_DAY).any():
            break
        courses = (*courses, course)
    return Timeline(horizon, path, courses)


@stage
def _course(path: Path, before: tuple[Course, ...]) -> Course:
    """Return the course that follows those before it, ``inf`` where none does."""
    if before:
        begins, helps = _again(path, before), _falls(path, "again", len(before), path.again)
        relief_from = np.where(helps, begins + path.to_onset, np.inf)
        return Course(begins, relief_from, np.where(helps, relief_from + path.relief, np.inf), path)
    begins = np.where(path.passes & (path.sessions > 0), path.tested + path.held[1], np.inf)
    relief_from = np.where(path.responds, begins + path.to_onset, np.inf)
    relief_to = np.where(path.responds, relief_from + path.relief, np.inf)
    if path.natural is not None and path.natural_from is not None and path.natural_to is not None:
        relief_from = np.where(path.natural, path.natural_from, relief_from)
        relief_to = np.where(path.natural, path.natural_to, relief_to)
    return Course(begins, relief_from, relief_to, path)


def _falls(path: Path, which: str, number: int, chance: Vector | None) -> Mask:
    """Return for whom a chance of a further course comes true; always where none is given, but for forced luck."""
    if chance is None and path.luck.forced is None:
        return np.ones(path.wait.shape, dtype=np.bool_)
    return path.luck.falls(which, number, np.ones_like(path.wait) if chance is None else chance)


def _again(path: Path, before: Sequence[Course]) -> Vector:
    """Return when another course begins; ``inf`` for whom none does: not asked for, or relief that did not last."""
    last = before[-1]
    wanted = _falls(path, "asks", len(before), path.asks)
    if path.lasting is not None:
        with np.errstate(invalid="ignore"):
            wanted = wanted & (last.relief_to - last.relief_from >= path.lasting)
    begins = np.maximum(last.relief_to, last.start + path.length)
    if path.most_per_year is not None:
        begins = np.maximum(begins, _allowed_again(before, path.most_per_year))
    begins = begins if path.apart is None else np.maximum(begins, last.start + path.apart)
    return np.where(wanted, begins, np.inf)


@stage
def joined(parts: tuple[Timeline, ...]) -> Timeline:
    """Return one timeline of several, of which each begins, in every draw, after what is before it."""
    courses = tuple(course for part in parts for course in part.courses)
    return Timeline(parts[0].horizon, parts[0].path, courses, tuple(each for part in parts for each in part.setbacks))


@stage
def set_back(events: Timeline, setbacks: tuple[Setback, ...]) -> Timeline:
    """Return a timeline with the days that harms take."""
    return replace(events, setbacks=setbacks)


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
