"""The timeline against one person's story at a time, against a fine grid, and its laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.cache import Cache
from calc.model.curves import share_in_relief
from calc.model.timeline import Path, Timeline, timeline
from calc.units import WEEKS_PER_YEAR

from .plain_timeline import HORIZONS, Story, covered, paths, tell

CLOSE = 1e-6


def one(**changed: object) -> Path:
    """Return one person's path: one session at once, no wait, relief from week 2 to week 12."""
    usual = {
        "wait": 0.0, "steps": 0.0, "step_interval": 0.0, "passes": True, "sessions": 1.0, "interval": 0.0,
        "downtime": 0.0, "off_work": 0.0, "onset": 2.0, "responds": True, "relief": 10.0, "most_per_year": None,
    }  # fmt: skip
    given = usual | changed
    from_last = bool(given.pop("from_last", False))
    arrays = {name: None if each is None else np.array([each]) for name, each in given.items()}
    return Path(**arrays, from_last=from_last)


def longest_gap(story: Story, horizon: float) -> float:
    ends = [0.0, *(end for _, end in story.relief)]
    begins = [*(begin for begin, _ in story.relief), horizon]
    return max(begin - end for begin, end in zip(begins, ends, strict=True))


def begun(events: Timeline, draw: int) -> list[float]:
    return [float(each.start[draw]) for each in events.courses if each.start[draw] < events.horizon]


@settings(max_examples=500)
@given(paths(), HORIZONS)
def test_a_timeline_is_each_person_s_story_told_event_by_event(path: Path, horizon: float) -> None:
    events = timeline(path, horizon)
    for draw in range(path.wait.size):
        story = tell(path, horizon, draw)
        first = story.relief[0][0] if story.relief else np.inf
        assert float(events.weeks_to_relief()[draw]) == pytest.approx(first, abs=CLOSE)
        assert float(events.weeks_in_relief()[draw]) == pytest.approx(covered(story.relief), abs=CLOSE)
        assert float(events.longest_without_relief()[draw]) == pytest.approx(longest_gap(story, horizon), abs=CLOSE)
        assert float(events.back_at_work()[draw]) == pytest.approx(story.judged, abs=CLOSE)
        assert float(events.courses_begun()[draw]) == len(story.begun)
        assert begun(events, draw) == pytest.approx(story.begun, abs=CLOSE)
        happened = [time[draw] for each in events.courses for time, there in events.session_times(each) if there[draw]]
        assert sorted(happened) == pytest.approx(sorted(story.sessions), abs=CLOSE)
        tested = [time[draw] for time, there in events.diagnostic_times() if there[draw]]
        assert tested == pytest.approx(story.tests, abs=CLOSE)


@settings(max_examples=300)
@given(paths(), HORIZONS)
def test_days_down_and_days_off_work_are_each_person_s_own_and_count_once(path: Path, horizon: float) -> None:
    events = timeline(path, horizon)
    for draw in range(path.wait.size):
        story = tell(path, horizon, draw)
        assert float(events.downtime_days()[draw]) == pytest.approx(7.0 * covered(story.downtime), abs=CLOSE)
        assert float(events.working_days_lost()[draw]) == pytest.approx(5.0 * covered(story.off_work), abs=CLOSE)


@given(paths(), HORIZONS)
def test_nobody_has_less_relief_than_with_nothing_done(path: Path, horizon: float) -> None:
    events = timeline(path, horizon)
    without = events.weeks_without()
    assert (events.weeks_in_relief() >= without - CLOSE).all()
    nothing = replace(path, responds=np.zeros_like(path.responds), most_per_year=None)
    assert timeline(nothing, horizon).weeks_in_relief() == pytest.approx(without)
    for draw in range(path.wait.size):
        stretch = (float(path.natural_from[draw]), min(float(path.natural_to[draw]), horizon))
        assert float(without[draw]) == pytest.approx(covered([stretch] if path.natural[draw] else []))


def test_recovery_that_reaches_into_the_next_course_counts_once() -> None:
    path = one(onset=1.0, relief=1.0, downtime=4.0, most_per_year=2.0)  # down in weeks 0-4 and, again, 2-6
    assert timeline(path, 20.0).downtime_days().tolist() == [42.0]


def test_recovery_from_sessions_of_one_day_counts_once() -> None:
    path = one(sessions=3.0, interval=0.0, downtime=1.0)
    assert timeline(path, 20.0).downtime_days().tolist() == [7.0]


@settings(max_examples=150)
@given(paths(), st.sampled_from([4.0, 26.0, 52.5]))
def test_weeks_in_relief_are_the_share_in_relief_counted_on_a_fine_grid(path: Path, horizon: float) -> None:
    step = 1 / 16
    middles = np.arange(step / 2, horizon, step)
    events = timeline(path, horizon)
    on_grid = share_in_relief(events, middles).sum() * step
    steps_cut = step * len(events.courses) * 2
    assert float(events.weeks_in_relief().mean()) == pytest.approx(on_grid, abs=steps_cut)


@given(paths(repeats=False), HORIZONS, st.integers(0, 40))
def test_later_onset_never_gives_more_relief_where_nothing_is_repeated(path: Path, horizon: float, more: int) -> None:
    later = replace(path, onset=path.onset + more / 4)
    assert (timeline(later, horizon).weeks_in_relief() <= timeline(path, horizon).weeks_in_relief() + CLOSE).all()
    assert (timeline(later, horizon).weeks_to_relief() >= timeline(path, horizon).weeks_to_relief()).all()


@given(paths(), HORIZONS, st.integers(0, 200))
def test_a_longer_horizon_never_shows_less(path: Path, horizon: float, more: int) -> None:
    short, long = timeline(path, horizon), timeline(path, horizon + more / 4)
    assert (long.weeks_in_relief() >= short.weeks_in_relief() - CLOSE).all()
    assert (long.downtime_days() >= short.downtime_days() - CLOSE).all()
    assert (long.courses_begun() >= short.courses_begun()).all()
    assert (long.weeks_to_relief() <= short.weeks_to_relief()).all()


@given(paths(repeats=True), st.lists(HORIZONS, min_size=2, max_size=4))
def test_a_cache_gives_every_horizon_the_same_courses(path: Path, horizons: list[float]) -> None:
    cache = Cache()
    for horizon in horizons:
        with cache.in_use():
            remembered = timeline(path, horizon)
        fresh = timeline(path, horizon)
        assert len(remembered.courses) == len(fresh.courses)
        for mine, its in zip(remembered.courses, fresh.courses, strict=True):
            assert np.array_equal(mine.start, its.start)
            assert np.array_equal(mine.relief_from, its.relief_from)
            assert np.array_equal(mine.relief_to, its.relief_to)
    with cache.in_use():
        longest = timeline(path, max(horizons)).courses
    assert all(mine is its for mine, its in zip(remembered.courses, longest, strict=False))


@given(paths(), HORIZONS, st.integers(0, 600))
def test_what_is_settled_is_done_alike_up_to_any_longer_horizon(path: Path, horizon: float, more: int) -> None:
    short, long = timeline(path, horizon), timeline(path, horizon + more / 4)

    def done(events: Timeline) -> list[list[bool]]:
        sessions = [each for course in events.courses for each in events.session_times(course)]
        return [happens.tolist() for _, happens in (*events.diagnostic_times(), *sessions)]

    if short.settled:
        assert done(short) == done(long)
        assert (path.wait < horizon).all()
        assert long.settled


def test_what_goes_on_after_the_horizon_is_not_settled() -> None:
    assert timeline(one(), 52.0).settled
    assert timeline(one(passes=False), 52.0).settled  # nothing is done at all
    assert not timeline(one(wait=52.0), 52.0).settled
    assert not timeline(one(sessions=3.0, interval=26.0), 52.0).settled
    assert not timeline(one(steps=2.0, step_interval=26.0, passes=False), 52.0).settled
    assert not timeline(one(most_per_year=1.0), 52.0).settled
    assert timeline(replace(one(most_per_year=4.0), most_courses=2), 52.0).settled
    assert not timeline(replace(one(most_per_year=4.0), most_courses=2), 12.0).settled


@given(paths(repeats=True), HORIZONS)
def test_whom_it_does_not_help_has_one_course_and_no_relief(path: Path, horizon: float) -> None:
    nobody = np.zeros_like(path.responds)
    events = timeline(replace(path, responds=nobody, natural=nobody, natural_from=None, natural_to=None), horizon)
    assert events.courses_begun().max() <= 1
    assert not events.weeks_in_relief().any()
    assert np.isinf(events.weeks_to_relief()).all()


@given(paths(), HORIZONS)
def test_the_share_in_relief_is_never_above_those_it_helps_and_those_who_get_better_anyway(
    path: Path, horizon: float
) -> None:
    weeks = np.arange(0.0, horizon + 1.0)
    share = share_in_relief(timeline(path, horizon), weeks)
    assert (share >= 0.0).all()
    assert (share <= ((path.responds & path.passes) | path.natural).mean() + 1e-12).all()


@given(paths(repeats=False), HORIZONS)
def test_more_sessions_never_mean_less_downtime(path: Path, horizon: float) -> None:
    more = timeline(replace(path, sessions=path.sessions + 1), horizon)
    assert (more.downtime_days() >= timeline(path, horizon).downtime_days() - CLOSE).all()


@given(paths(repeats=True))
def test_no_more_courses_than_the_limit_begin_in_any_twelve_months(path: Path) -> None:
    events = timeline(path, 130.0)
    for draw in range(path.wait.size):
        starts = begun(events, draw)
        for start in starts:
            in_a_year = sum(start <= each < start + WEEKS_PER_YEAR for each in starts)
            assert in_a_year <= max(path.most_per_year[draw], 1)


@pytest.mark.parametrize(("most", "courses"), [(0.0, 1), (1.0, 2), (2.0, 4), (3.0, 6), (9.0, 9)])
def test_a_course_that_wears_off_in_twelve_weeks_is_repeated_as_often_as_its_limit_allows(
    most: float, courses: int
) -> None:
    events = timeline(one(most_per_year=most), 2 * WEEKS_PER_YEAR)
    assert events.courses_begun().tolist() == [courses]


def test_failed_test_blocks_take_their_time_and_end_the_path() -> None:
    path = one(wait=1.0, steps=2.0, step_interval=3.0)
    assert timeline(path, 52.0).courses[0].start.tolist() == [7.0]
    failed = timeline(replace(path, passes=np.array([False])), 52.0)
    assert [float(time[0]) for time, there in failed.diagnostic_times() if there[0]] == [1.0, 4.0]
    assert failed.courses_begun().tolist() == [0.0]
    assert failed.weeks_to_relief().tolist() == [np.inf]


@pytest.mark.parametrize(("horizon", "to_relief"), [(2.0, np.inf), (2.25, 2.0)])
def test_relief_on_the_day_of_the_horizon_comes_too_late(horizon: float, to_relief: float) -> None:
    assert timeline(one(), horizon).weeks_to_relief().tolist() == [to_relief]


def test_the_onset_counts_from_the_last_session_where_the_treatment_says_so() -> None:
    path = one(sessions=3.0, interval=4.0)
    assert timeline(path, 52.0).weeks_to_relief().tolist() == [2.0]
    assert timeline(replace(path, from_last=True), 52.0).weeks_to_relief().tolist() == [10.0]


def test_recovery_from_one_session_ends_where_the_next_begins() -> None:
    path = one(sessions=3.0, interval=2.0, downtime=3.0)
    assert timeline(path, 52.0).downtime_days().tolist() == [49.0]
    assert timeline(path, 5.0).downtime_days().tolist() == [35.0]
