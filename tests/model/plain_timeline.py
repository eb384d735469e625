"""One person's course told event by event, in plain floats; and random paths to tell it about."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from calc.model.timeline import Path, RepeatLuck
from calc.units import WEEKS_PER_YEAR


class Story(NamedTuple):
    """What happened to one person before the horizon."""

    begun: list[float]
    sessions: list[float]
    tests: list[float]
    relief: list[tuple[float, float]]
    downtime: list[tuple[float, float]]
    off_work: list[tuple[float, float]]
    judged: float  # when the first course's time off work is over, or it is clear that there is none


def tell(path: Path, horizon: float, draw: int) -> Story:
    """Follow one person: tests, sessions, recovery, relief, wearing off, and again while asked for and allowed."""

    def of(name: str) -> float:
        return float(getattr(path, name)[draw])

    story = Story([], [], [], [], [], [], inf)
    clock = of("wait") + float(path.held[0][draw])
    for _ in range(int(of("steps"))):
        if clock < horizon:
            story.tests.append(clock)
        clock += of("step_interval")
    if natural(path, draw) and of("natural_from") < horizon:
        story.relief.append((of("natural_from"), min(of("natural_to"), horizon)))
    if not path.passes[draw] or of("sessions") == 0:
        return story._replace(judged=clock)
    clock += float(path.held[1][draw])
    last = clock + (of("sessions") - 1) * of("interval")
    story = story._replace(judged=last + of("off_work") if last < horizon else inf)
    while clock < horizon:
        story.begun.append(clock)
        days = [clock]
        while len(days) < of("sessions"):
            days.append(days[-1] + of("interval"))
        happen = [day for day in days if day < horizon]
        story.sessions.extend(happen)
        story.downtime.extend((day, min(day + of("downtime"), horizon)) for day in happen)
        story.off_work.extend((day, min(day + of("off_work"), horizon)) for day in happen)
        number = len(story.begun)
        window = relieved(path, draw, number, days)
        if window is not None and window[0] < horizon and not (number == 1 and natural(path, draw)):
            story.relief.append((window[0], min(window[1], horizon)))
        if window is None or not followed(path, draw, number, window):
            return story
        begins = first_day_allowed(max(window[1], days[-1]), story.begun, int(of("most_per_year")))
        clock = max(begins, spaced(path, draw, clock))
    return story


def relieved(path: Path, draw: int, number: int, days: list[float]) -> tuple[float, float] | None:
    """Return from when to when there is relief after a course (1: the first); None where it does not help."""
    if number == 1 and natural(path, draw):
        assert path.natural_from is not None
        assert path.natural_to is not None
        return float(path.natural_from[draw]), float(path.natural_to[draw])
    if not (path.responds[draw] if number == 1 else falls(path, number - 1)[1]):
        return None
    helped = (days[-1] if path.from_last else days[0]) + float(path.onset[draw])
    return helped, helped + float(path.relief[draw])


def followed(path: Path, draw: int, number: int, window: tuple[float, float]) -> bool:
    """Say whether another course follows relief that has worn off: one is allowed, and asked for."""
    if path.most_per_year is None or path.most_per_year[draw] < 1 or number == path.most_courses:
        return False
    lasted = path.lasting is None or window[1] - window[0] >= path.lasting[draw]
    return falls(path, number)[0] and bool(lasted)


def natural(path: Path, draw: int) -> bool:
    """Say whether this person gets better whatever is done."""
    return path.natural is not None and bool(path.natural[draw])


def falls(path: Path, number: int) -> tuple[bool, bool]:
    """Return whether a further course (1: the second) is asked for, and whether it helps."""
    forced = path.luck.forced
    if forced is None:
        return True, True
    return forced[number - 1] if number <= len(forced) else (False, False)


def spaced(path: Path, draw: int, begun: float) -> float:
    """Return the first day far enough from the course before."""
    return begun if path.apart is None else begun + float(path.apart[draw])


def first_day_allowed(day: float, begun: list[float], most: int) -> float:
    """Return the first day from ``day`` on with fewer than ``most`` courses begun in the year before it."""
    while True:
        counted = [each for each in begun if each + WEEKS_PER_YEAR > day]
        if len(counted) < most:
            return day
        day = min(counted) + WEEKS_PER_YEAR


def covered(stretches: list[tuple[float, float]]) -> float:
    """Return the length of what the stretches cover together; what overlaps counts once."""
    total, reached = 0.0, -inf
    for begin, end in sorted(stretches):
        total += max(end - max(begin, reached), 0.0)
        reached = max(reached, end)
    return total


def quarters(most: int) -> st.SearchStrategy[float]:
    """Weeks in quarters, which floats add exactly."""
    return st.one_of(st.just(0.0), st.integers(0, 4 * most).map(lambda quarter: quarter / 4))


def vector(each: st.SearchStrategy[object], size: int) -> st.SearchStrategy[np.ndarray]:
    return st.lists(each, min_size=size, max_size=size).map(np.array)


@st.composite
def paths(draw: st.DrawFn, *, repeats: bool | None = None) -> Path:
    """One to five people; ``repeats`` True, False, or left to chance."""
    size = draw(st.integers(1, 5))
    again = draw(st.booleans()) if repeats is None else repeats

    def one(each: st.SearchStrategy[object]) -> np.ndarray:
        return draw(vector(each, size))

    anyway = one(st.integers(0, 2)) > 1
    better = np.where(anyway, one(quarters(30)), np.inf)
    limited = again and draw(st.booleans())
    luck = st.none() | st.lists(st.tuples(st.integers(0, 4).map(bool), st.integers(0, 4).map(bool)), max_size=9)
    forced = draw(luck) if limited else None
    return Path(
        wait=one(quarters(8)),
        steps=one(st.integers(0, 3).map(float)),
        step_interval=one(quarters(3)),
        passes=one(st.integers(0, 4)) > 0,
        sessions=one(st.integers(0, 6).map(float)),
        interval=one(quarters(5)),
        downtime=one(quarters(4)),
        off_work=one(quarters(4)),
        onset=one(quarters(12)),
        responds=(one(st.integers(0, 4)) > 0) & ~anyway,
        relief=one(st.one_of(quarters(10), quarters(80))),
        most_per_year=one(st.integers(0, 6).map(float)) if again else None,
        apart=one(quarters(40)) if again and draw(st.booleans()) else None,
        most_courses=draw(st.sampled_from([None, None, 1, 2, 3])),
        from_last=draw(st.booleans()),
        held=(one(quarters(3)), one(quarters(3))),
        natural=anyway,
        natural_from=better,
        natural_to=better + one(quarters(60)),
        lasting=one(quarters(20)) if limited and draw(st.booleans()) else None,
        luck=RepeatLuck("", 0, None if forced is None else tuple(forced)),
    )


#: with a first course at week 0 another can be allowed on the very day of the second and fourth
HORIZONS = st.sampled_from([0.25, 4.0, 26.0, WEEKS_PER_YEAR, 52.5, 2 * WEEKS_PER_YEAR, 130.0])
