"""A plan worked out the slow way: one draw, one service after another, plain floats; and random plans."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from calc.inputs.parameter import Category
from calc.model.benefits import CostSharing, Service, Terms

#: the last one has no benefit in any of the random plans
CATEGORIES = (Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROCEDURE, Category.IMAGING, Category.MEDICAL_EQUIPMENT)
TURNS = (10.0, 62.25, 114.5)


class Benefit(NamedTuple):
    """One category's cost sharing in one draw."""

    copay: float
    coinsurance: float
    deductible: bool
    copay_first: bool


def work_out(services: list[Service], terms: Terms, draw: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return one draw's dollars by column, and the patient's by item."""
    columns = dict.fromkeys(("deductible", "copay", "coinsurance", "not_covered", "plan_paid"), 0.0)
    items = {service.item: 0.0 for service in services}
    so_far = {"year": 0, "deductible": terms.deductible_met, "paid": terms.maximum_met}
    billed = [service for service in services if service.happens[draw]]
    for service in sorted(billed, key=lambda each: float(each.week[draw])):
        year = sum(1 for turn in terms.year_turns if turn <= service.week[draw])
        if year != so_far["year"]:
            so_far = {"year": year, "deductible": 0.0, "paid": 0.0}
        drawn = terms.sharing.get(service.category)
        if drawn is None or not service.covered[draw]:
            columns["not_covered"] += float(service.cash[draw])
            items[service.item] += float(service.cash[draw])
            continue
        benefit = Benefit(float(drawn.copay[draw]), float(drawn.coinsurance[draw]), drawn.deductible, drawn.copay_first)
        deductible_left = max(float(terms.deductible[draw]) - so_far["deductible"], 0.0)
        allowed = float(service.allowed[draw])
        mine = 0.0
        for column, dollars in owed(allowed, benefit, deductible_left):
            pay = min(dollars, max(float(terms.maximum[draw]) - so_far["paid"], 0.0))
            columns[column] += pay
            so_far["paid"] += pay
            if column == "deductible":
                so_far["deductible"] += pay
            mine += pay
        items[service.item] += mine
        columns["plan_paid"] += allowed - mine
    return columns, items


def owed(allowed: float, benefit: Benefit, deductible_left: float) -> list[tuple[str, float]]:
    """Return what the patient owes for one covered service, in order, were there no maximum."""
    copay = min(benefit.copay, allowed)
    towards = min(deductible_left, allowed) if benefit.deductible else 0.0
    if benefit.copay_first:
        towards = min(towards, allowed - copay)
    else:
        copay = min(copay, allowed - towards)
    share = benefit.coinsurance * (allowed - copay - towards)
    first = [("copay", copay), ("deductible", towards)]
    return [*(first if benefit.copay_first else reversed(first)), ("coinsurance", share)]


def usd(most: int) -> st.SearchStrategy[float]:
    """Whole dollars and quarters, often 0, so that boundaries are met exactly."""
    return st.one_of(st.just(0.0), st.integers(0, most).map(float), st.integers(0, 4 * most).map(lambda q: q / 4))


def vector(each: st.SearchStrategy[float], size: int) -> st.SearchStrategy[np.ndarray]:
    return st.lists(each, min_size=size, max_size=size).map(np.array)


@st.composite
def plans(draw: st.DrawFn, size: int, *, met: bool = True, copays: bool = True) -> Terms:
    sharing = {}
    for category in CATEGORIES[:-1]:
        deductible = draw(st.booleans())
        sharing[category] = CostSharing(
            copay=draw(vector(usd(200), size)) if copays else np.zeros(size),
            coinsurance=draw(vector(st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0]), size)),
            deductible=deductible,
            copay_first=copays and deductible and draw(st.booleans()),
        )
    towards = draw(usd(2000)) if met else 0.0
    return Terms(
        deductible=draw(vector(usd(3000), size)),
        maximum=draw(vector(st.one_of(st.just(inf), usd(6000)), size)),
        sharing=sharing,
        year_turns=TURNS[: draw(st.integers(0, len(TURNS)))],
        deductible_met=towards,
        maximum_met=towards + (draw(usd(2000)) if met else 0.0),
    )


@st.composite
def bills(draw: st.DrawFn, size: int, least: int = 0) -> list[Service]:
    """Dated services: each draw has its own dates and prices, some on the very day a year turns."""
    week = st.one_of(st.sampled_from([0.0, *TURNS]), st.integers(0, 640).map(lambda quarter: quarter / 4))
    flags = st.lists(st.booleans(), min_size=size, max_size=size).map(np.array)
    return [
        Service(
            item=f"item {index % 4}",
            category=draw(st.sampled_from(CATEGORIES)),
            week=draw(vector(week, size)),
            allowed=draw(vector(usd(5000), size)),
            cash=draw(vector(usd(5000), size)),
            happens=draw(flags) | (draw(st.integers(0, 2)) > 0),
            covered=draw(flags) | (draw(st.integers(0, 2)) > 0),
        )
        for index in range(draw(st.integers(least, 7)))
    ]


def worlds(*, met: bool = True, copays: bool = True, least: int = 0) -> st.SearchStrategy[tuple[list[Service], Terms]]:
    """One to four draws of a random plan and random bills."""
    sizes = st.integers(1, 4)
    return sizes.flatmap(lambda size: st.tuples(bills(size, least), plans(size, met=met, copays=copays)))


def in_year(services: list[Service], terms: Terms, year: int) -> list[Service]:
    """Return the services as if only those of one plan year happened."""
    edges = (-inf, *terms.year_turns, inf)
    return [
        replace(each, happens=each.happens & (each.week >= edges[year]) & (each.week < edges[year + 1]))
        for each in services
    ]
