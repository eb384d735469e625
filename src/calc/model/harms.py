"""When a complication or another operation comes, for those whom it meets, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..cache import stage
from ..inputs.distribution import Vector
from ..inputs.parameter import Category
from ..inputs.recovery import HarmPer
from .ledger import Service
from .sample import Drawn, Mask, coin
from .timeline import Setback, Timeline

__all__ = ["HarmSpec", "harm_services", "harm_times", "setbacks"]


class HarmSpec(NamedTuple):
    """One harm of one treatment, sampled.

    ``share`` are met, by session, course or person; ``cost`` and ``days`` follow where a source states them, None
    elsewhere; ``forced`` says whether it meets everybody or nobody, None for luck.
    """

    owner: str
    name: str
    per: HarmPer
    category: Category
    share: Drawn
    within: Drawn | None
    cost: Drawn | None
    days: Drawn | None
    draws: int
    seed: int
    forced: bool | None = None


@stage
def harm_times(harm: HarmSpec, events: Timeline) -> Vector:
    """Return the week in which a harm first comes, shape (n,); ``inf`` where it does not come before the horizon.

    Counted by session or course it may come at each of them; by person, with the first session. It comes at once, or
    spread evenly over the time that its source counts. Harms are independent of each other and of all else.
    """
    path = f"harms.{harm.owner}.{harm.name}"
    first = np.full(harm.draws, np.inf)
    for number, (week, happens) in enumerate(_occasions(harm, events)):
        meets = coin(f"{path}.{number}", draws=harm.draws, seed=harm.seed) < harm.share.values
        if harm.forced is not None:
            meets = np.full(harm.draws, harm.forced)
        after = harm.within.values * coin(f"{path}.when", draws=harm.draws, seed=harm.seed) if harm.within else 0.0
        first = np.minimum(first, np.where(meets & happens, week + after, np.inf))
    return np.where(first < events.end, first, np.inf)


def _occasions(harm: HarmSpec, events: Timeline) -> Iterator[tuple[Vector, Mask]]:
    """Yield when a harm may come, and for whom there is such an occasion."""
    if harm.per is HarmPer.SESSION:
        for course in events.courses:
            yield from events.session_times(course)
        return
    courses = events.courses if harm.per is HarmPer.COURSE else events.courses[:1]
    yield from ((course.start, course.start < events.end) for course in courses)


def harm_services(harms: tuple[HarmSpec, ...], events: Timeline, covered: bool) -> tuple[Service, ...]:
    """Return what is billed for harms whose cost some source states."""
    return tuple(_service(harm, harm_times(harm, events), covered) for harm in harms if harm.cost is not None)


@stage
def _service(harm: HarmSpec, week: Vector, covered: bool) -> Service:
    price = harm.cost.values if harm.cost is not None else np.zeros_like(week)
    happens = np.isfinite(week)
    paid = np.full(week.shape, covered, dtype=np.bool_)
    return Service(f"harms.{harm.name}", harm.category, week, price, price, happens, paid)


def setbacks(harms: tuple[HarmSpec, ...], events: Timeline) -> tuple[Setback, ...]:
    """Return the days that harms take, where some source states them."""
    return tuple(Setback(harm_times(harm, events), harm.days.values) for harm in harms if harm.days is not None)
