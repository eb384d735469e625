"""Pathways against one person's way through the steps, and by their laws."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.inputs.parameter import Per
from calc.inputs.pathway import Pathway
from calc.inputs.treatment import Diagnostic, Repeat, Treatment
from calc.model.option import leaving
from calc.model.outcomes import Known
from calc.model.simulate import Simulated, simulate_views
from calc.model.timeline import Path, joined, timeline

from .plain_timeline import HORIZONS, Story, covered, followed, natural, paths, quarters, relieved, tell
from .small import (
    CASH,
    claim,
    condition,
    covering,
    fixed,
    inputs,
    parameter,
    price,
    repeating,
    responding,
    stepped,
    treatment,
    unknown,
)


def left(path: Path, story: Story, begins: float, draw: int, patience: float) -> float:
    """Return when one person gives a step up, following the rules as they are told to people."""
    asked = begins + float(path.wait[draw]) + float(path.held[0][draw])
    tested = asked + float(path.steps[draw]) * float(path.step_interval[draw])
    length = max(float(path.sessions[draw]) - 1, 0.0) * float(path.interval[draw])
    if not path.passes[draw] or path.sessions[draw] == 0:
        return max(tested, float(path.natural_to[draw])) if natural(path, draw) else tested
    if not story.begun:
        return inf
    last = story.begun[-1] + length
    window = relieved(path, draw, len(story.begun), [story.begun[-1], last])
    if window is None:
        return last + patience
    return inf if followed(path, draw, len(story.begun), window) else max(window[1], last)


@settings(max_examples=150)
@given(st.data(), paths(), HORIZONS, quarters(8))
def test_two_steps_are_one_person_s_way_through_them(
    data: st.DataObject, first: Path, horizon: float, patience: float
) -> None:
    second = data.draw(paths().filter(lambda other: other.wait.size >= first.wait.size))
    size = first.wait.size
    second = replace(
        second,
        natural=None,
        natural_from=None,
        natural_to=None,
        **{
            name: each[:size] for name, each in vars(second).items()
            if isinstance(each, np.ndarray) and not name.startswith("natural")
        },
        held=tuple(each[:size] for each in second.held),
    )  # fmt: skip
    first = replace(first, most_courses=first.most_courses or 1)  # a step has its limit
    one = timeline(first, horizon)
    begins = leaving(one, np.full(size, patience))
    whole = joined([one, timeline(replace(second, wait=begins + second.wait), horizon)])
    for draw in range(size):
        story = tell(first, horizon, draw)
        then = left(first, story, 0.0, draw, patience)
        stories = [story]
        if then < horizon:
            stories.append(tell(replace(second, wait=second.wait + then), horizon, draw))
        relief = [each for story in stories for each in story.relief]
        down = [each for story in stories for each in story.downtime]
        assert float(whole.weeks_in_relief()[draw]) == pytest.approx(covered(relief), abs=1e-6)
        assert float(whole.downtime_days()[draw]) == pytest.approx(7 * covered(down), abs=1e-6)
        assert float(whole.courses_begun()[draw]) == sum(len(story.begun) for story in stories)
        assert float(whole.weeks_to_relief()[draw]) == pytest.approx(min([begin for begin, _ in relief], default=inf))


def plain(**changed: object) -> Treatment:
    """A session a week from the decision, nothing uncertain; it helps nobody unless told so."""
    usual = {
        "price": {"needle": price(claim(value=100))}, "wait": fixed("weeks", 1), "sessions": fixed("sessions", 1),
        "onset": fixed("weeks", 2), "effects": responding(fixed("share", 0)), "relief": fixed("weeks", 10),
        "downtime": fixed("days", 7),
    }  # fmt: skip
    return treatment(**(usual | changed))


def way(steps: dict[str, Treatment], *, courses: int = 1, patience: float = 4, **said: object) -> Simulated:
    pathway = Pathway(stepped(*steps, courses=courses, patience=patience), steps)
    made = inputs(steps, pathways={"way": pathway}, plan=CASH, **said)  # type: ignore[arg-type]
    return simulate_views(made)["ours"].treatments["way"]


def values(simulated: Simulated, outcome: str) -> set[float]:
    return set(np.round(simulated.outcomes[outcome].values, 9).tolist())


def once_more(asks: float = 1.0, again: float = 1.0) -> Repeat:
    return repeating(9).model_copy(update={"asks": fixed("share", asks), "again": fixed("share", again)})


def test_whom_the_first_step_does_not_help_goes_on_after_its_patience() -> None:
    found = way({"first": plain(), "second": plain(effects=responding(fixed("share", 1)))})
    assert values(found, "weeks_to_relief") == {1 + 4 + 1 + 2}
    assert values(found, "out_of_pocket") == {200.0}
    assert values(found, "downtime_days") == {14.0}
    assert values(found, "courses") == {2.0}


def test_whom_it_helps_goes_on_when_its_relief_has_worn_off_as_often_as_it_may_be_repeated() -> None:
    first = plain(effects=responding(fixed("share", 1)), repeat=repeating(9))
    for courses in (1, 2, 3):
        found = way({"first": first, "second": plain()}, courses=courses)
        assert values(found, "weeks_in_relief") == {10.0 * courses}
        assert values(found, "courses") == {courses + 1.0}


def test_whom_the_test_steps_rule_out_goes_on_at_once_without_its_price() -> None:
    blocks = Diagnostic(
        label="Blocks", steps=fixed("sessions", 2), interval=fixed("weeks", 3), passed=fixed("share", 0)
    )
    items = {"block": price(claim(value=7), per=Per.DIAGNOSTIC), "needle": price(claim(value=100))}
    found = way(
        {"first": plain(diagnostic=blocks, price=items), "second": plain(effects=responding(fixed("share", 1)))}
    )
    assert values(found, "weeks_to_relief") == {1 + 6 + 1 + 2}
    assert values(found, "out_of_pocket") == {114.0}


def test_a_monthly_price_ends_where_the_step_is_left() -> None:
    monthly = plain(price={"pills": price(claim(value=10), per=Per.MONTH)})
    found = way({"first": monthly, "second": plain(price={})}, patience=9)
    assert values(found, "out_of_pocket") == {30.0}  # begun in week 1, left in week 10


def test_a_step_after_the_horizon_never_comes() -> None:
    found = way({"first": plain(), "second": plain(effects=responding(fixed("share", 1)))}, horizon="5 weeks")
    assert values(found, "out_of_pocket") == {100.0}
    assert values(found, "weeks_to_relief") == {inf}


def test_its_costs_run_through_one_plan_year_together() -> None:
    """Two sessions of 1,000: the first meets most of the deductible of 1,500 for the second."""
    dear = {"price": {"needle": price(claim(value=1000))}, "coverage": covering("covered")}
    steps = {"first": plain(**dear), "second": plain(**dear)}
    made = inputs(steps, pathways={"way": Pathway(stepped(*steps), steps)})
    outcomes = simulate_views(made)["ours"].treatments
    assert values(outcomes["first"], "out_of_pocket") == {1000.0}
    assert values(outcomes["way"], "out_of_pocket") == {1000.0 + 500.0 + 0.2 * 500.0}


def test_a_pathway_meets_the_same_luck_and_parameters_as_its_treatments_alone() -> None:
    steps = {"first": treatment(), "second": treatment()}
    made = inputs(steps, pathways={"way": Pathway(stepped(*steps), steps)})
    outcomes = simulate_views(made)["ours"].treatments
    alone, way_there = (
        outcomes["first"].outcomes["weeks_to_relief"].values,
        outcomes["way"].outcomes["weeks_to_relief"].values,
    )
    helped = np.isfinite(alone)
    assert np.array_equal(alone[helped], way_there[helped])
    assert np.isfinite(way_there).mean() > helped.mean()


def test_what_nobody_knows_of_one_step_is_not_known_of_the_pathway() -> None:
    found = way({"first": treatment(relief=unknown("weeks")), "second": treatment()})
    assert found.outcomes["weeks_in_relief"].known is Known.UNKNOWN
    assert found.outcomes["weeks_in_relief"].rests_on == ("first.relief",)
    assert found.outcomes["weeks_to_relief"].known is Known.STATED  # how long it lasts does not delay the first relief
    low, high = found.outcomes["out_of_pocket"].envelope or (np.nan, np.nan)
    for weeks in (0.0, 3.0, 20.0, 52.0, 500.0):
        inner = way({"first": treatment(relief=fixed("weeks", weeks)), "second": treatment()})
        ends = np.quantile(inner.outcomes["out_of_pocket"].values, (0.05, 0.95), method="inverted_cdf")
        assert low <= ends[0] <= ends[1] <= high


def test_how_long_the_last_step_helps_is_no_gap_in_what_is_paid() -> None:
    found = way({"first": treatment(), "second": treatment(relief=unknown("weeks"))})
    assert found.outcomes["out_of_pocket"].known is Known.STATED
    assert found.outcomes["weeks_in_relief"].rests_on == ("second.relief",)


def test_who_does_not_ask_for_another_course_goes_on_when_relief_has_worn_off() -> None:
    first = plain(effects=responding(fixed("share", 1)), repeat=once_more(asks=0.0))
    found = way({"first": first, "second": plain(effects=responding(fixed("share", 1)))}, courses=3)
    assert values(found, "courses") == {2.0}
    assert values(found, "weeks_in_relief") == {20.0}


def test_whom_another_course_does_not_help_goes_on_after_its_patience() -> None:
    first = plain(effects=responding(fixed("share", 1)), repeat=once_more(again=0.0))
    found = way({"first": first, "second": plain()}, courses=3, patience=4)
    starts = [course.start for course in found.events.courses]
    assert [set(each[np.isfinite(each)]) for each in starts[:2]] == [{1.0}, {13.0}]
    assert min(float(each.min()) for each in starts[2:]) == 13 + 4 + 1


def test_whom_the_test_steps_rule_out_and_who_get_better_anyway_go_on_when_that_has_worn_off() -> None:
    blocks = Diagnostic(
        label="Blocks", steps=fixed("sessions", 1), interval=fixed("weeks", 3), passed=fixed("share", 0)
    )
    second = plain(effects=responding(fixed("share", 1)))
    found = way({"first": plain(diagnostic=blocks), "second": second}, has=condition(fixed("share", 0.5)))
    assert values(found, "weeks_in_relief") == {10.0, 10.0 + 10.0}  # weeks 4 to 14, and 17 to 27: never both at once
    assert values(found, "weeks_gained") == {10.0}


@pytest.mark.parametrize("courses", [1, 2])
def test_a_pathway_never_falls_below_doing_nothing(courses: int) -> None:
    steps = {"first": treatment(repeat=once_more(asks=0.5, again=0.5)), "second": treatment()}
    share = parameter("share", claim("bounds", low=0.1, high=0.9))
    found = way(
        steps, courses=courses, has=condition(share, relief=parameter("weeks", claim("bounds", low=2, high=50)))
    )
    gained = found.outcomes["weeks_gained"].values
    assert gained.min() >= -1e-9
    assert (found.outcomes["weeks_in_relief"].values <= found.events.horizon).all()
    assert gained.mean() > 1
