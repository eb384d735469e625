"""Curves by sorting against one person's story at a time; their memory does not grow with the weeks."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.model.benefits import adjudicate
from calc.model.curves import STATES, paid_by_week, share_begun, share_between, share_in_relief, states_by_week
from calc.model.simulate import simulate
from calc.model.timeline import Path, timeline

from .plain_timeline import HORIZONS, Story, paths, tell
from .small import fixed, inputs, repeating, responding, treatment


def state(story: Story, tested: float, week: float) -> str:
    """Return what one person is doing at a week; being in relief goes before waiting and recovering."""
    if any(begin <= week < end for begin, end in story.relief):
        return "in_relief"
    if week < tested:
        return "waiting"
    if any(begin <= week < end for begin, end in story.downtime):
        return "recovering"
    return "not_in_relief"


@settings(max_examples=300)
@given(paths(), HORIZONS)
def test_states_by_week_are_what_following_each_person_gives(path: Path, horizon: float) -> None:
    weeks = np.arange(0.0, horizon, 0.5)
    found = states_by_week(timeline(path, horizon), weeks)
    told = [(tell(path, horizon, draw), float(path.tested[draw])) for draw in range(path.wait.size)]
    for place, week in enumerate(weeks):
        now = [state(story, tested, float(week)) for story, tested in told]
        for each in STATES:
            assert found[each][place] == pytest.approx(now.count(each) / len(now), abs=1e-9)


@given(paths(), HORIZONS)
def test_the_states_add_up_to_everybody(path: Path, horizon: float) -> None:
    found = states_by_week(timeline(path, horizon), np.arange(0.0, horizon + 1.0))
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8)), min_size=1, max_size=12))
def test_the_share_between_is_what_counting_one_by_one_gives(stretches: list[tuple[int, int]]) -> None:
    begin = np.array([np.inf if start == 12 else start / 2 for start, _ in stretches])
    end = begin + np.array([length / 2 for _, length in stretches])
    weeks = np.arange(0.0, 8.0, 0.25)
    counted = [sum(b <= week < e for b, e in zip(begin, end, strict=True)) / begin.size for week in weeks]
    assert share_between([(begin, end)], weeks) == pytest.approx(counted, abs=1e-12)
    assert share_begun(begin, weeks).tolist() == [(begin <= week).mean() for week in weeks]


def some(size: int) -> Path:
    at = (np.arange(size) + 0.5) / size
    same = np.ones(size)
    return Path(
        wait=6 * at, steps=2 * same, step_interval=same, passes=at < 0.7, sessions=3 * same, interval=2 * same,
        downtime=same, off_work=same, onset=4 * at[::-1], responds=at > 0.2, relief=20 * at, most_per_year=4 * same,
    )  # fmt: skip


def peak(size: int, weeks: int) -> int:
    events = timeline(some(size), 104.0)
    grid = np.linspace(0.0, 104.0, weeks)
    tracemalloc.start()
    states_by_week(events, grid)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_is_flat_in_the_number_of_weeks() -> None:
    size = 20_000
    few, many = peak(size, 10), peak(size, 1000)
    assert many - few < 1000 * 8 * 40  # some vectors of weeks, never a row of draws a week
    assert many < 20 * size * 8


def test_what_is_paid_by_week_ends_with_the_whole_cost_and_never_falls() -> None:
    one = treatment(repeat=repeating(4), effects=responding(fixed("share", 0.8)))
    made = inputs({"shot": one})
    done = simulate(made, "ours").treatments["shot"]
    services, terms = done.option.services(done.legs), done.option.terms
    weeks = np.arange(0.0, 54.0)
    paid = paid_by_week(services, terms, weeks)
    assert (np.diff(paid) >= 0).all()
    assert paid[-1] == pytest.approx(done.outcomes["out_of_pocket"].values.mean())
    for week in (0.0, 3.0, 7.0, 25.0, 40.0):
        by_then = [replace(each, happens=each.happens & (each.week <= week)) for each in services]
        assert paid[int(week)] == pytest.approx(adjudicate(by_then, terms).out_of_pocket.mean())


def test_what_is_paid_on_the_very_day_of_a_week_is_paid_by_it() -> None:
    one = treatment(wait=fixed("weeks", 3), sessions=fixed("sessions", 1))
    done = simulate(inputs({"shot": one}), "ours").treatments["shot"]
    paid = paid_by_week(done.option.services(done.legs), done.option.terms, np.arange(0.0, 6.0))
    assert paid[2] == 0.0
    assert paid[3] == pytest.approx(done.outcomes["out_of_pocket"].values.mean())


@given(paths(), HORIZONS)
def test_in_relief_at_a_week_is_the_share_of_the_curve(path: Path, horizon: float) -> None:
    events = timeline(path, horizon)
    weeks = np.arange(0.0, horizon, 1.5)
    assert [events.in_relief_at(float(week)).mean() for week in weeks] == pytest.approx(
        share_in_relief(events, weeks).tolist(), abs=1e-12
    )


@given(paths(), HORIZONS)
def test_who_is_in_relief_at_the_horizon_has_been_so_up_to_it(path: Path, horizon: float) -> None:
    up_to = timeline(path, horizon).in_relief_at(horizon)
    told = [
        any(begin < horizon == end for begin, end in tell(path, horizon, draw).relief) for draw in range(up_to.size)
    ]
    assert up_to.tolist() == told
