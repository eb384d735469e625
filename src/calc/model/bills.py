"""A treatment's timeline and its sampled prices → dated services, and what the patient pays of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..cache import stage
from ..inputs.distribution import Vector
from ..inputs.parameter import Category, Per
from ..units import DAYS_PER_WEEK, WEEKS_PER_MONTH
from .benefits import adjudicate
from .ledger import Ledger, Service, Terms
from .sample import Drawn, Mask
from .timeline import Timeline

__all__ = ["Bill", "Priced", "paid_for", "services_of", "services_until"]


class Priced(NamedTuple):
    """One price item, sampled: how often it is billed, as the plan allows it and in cash."""

    name: str
    category: Category
    per: Per
    allowed: Drawn
    cash: Drawn
    days: Drawn | None


class Bill(NamedTuple):
    """All that decides what is billed and covered, once it is known when."""

    items: tuple[Priced, ...]
    covered: bool
    in_network: bool
    tier: int = 1

    @property
    def monthly(self) -> bool:
        """Whether something is billed every month up to the horizon."""
        return any(item.per is Per.MONTH for item in self.items)


def services_of(bill: Bill, events: Timeline) -> tuple[Service, ...]:
    """Return the services before the horizon; who is out of network charges the cash price.

    Parts of one visit that fall under one benefit are one visit to the plan.
    """
    return _listed(bill, events if bill.monthly else events.unbounded())


@stage
def _listed(bill: Bill, events: Timeline) -> tuple[Service, ...]:
    services = []
    parts = Counter((item.per, item.category) for item in bill.items)
    for item in bill.items:
        days = item.days.values * DAYS_PER_WEEK if item.days is not None else None
        charge = None if bill.in_network else item.cash.values
        price = (item.allowed.values, item.cash.values)
        shared = parts[item.per, item.category] > 1
        for count, (week, happens) in enumerate(_dates(item.per, events)):
            covered = np.full(week.shape, bill.covered, dtype=np.bool_)
            visit = f"{item.per} {count}" if shared else None
            own = (item.name, item.category, week, *price, happens, covered, charge, days)
            services.append(Service(*own, visit, bill.tier))
    return tuple(services)


def _dates(per: Per, events: Timeline) -> Iterator[tuple[Vector, Mask]]:
    """Yield when a price item is billed and in which draws."""
    if per is Per.ONCE:
        yield events.path.wait, events.path.wait < events.end
    elif per is Per.DIAGNOSTIC:
        yield from events.diagnostic_times()
    elif per is Per.COURSE:
        for course in events.courses:
            yield course.start, course.start < events.end
    elif per is Per.SESSION:
        for course in events.courses:
            yield from events.session_times(course)
    else:
        start = events.courses[0].start
        for month in range(int(np.ceil(events.horizon / WEEKS_PER_MONTH))):
            week = start + month * WEEKS_PER_MONTH
            yield week, week < events.end


@stage
def services_until(services: tuple[Service, ...], leaves: Vector, prefix: str) -> tuple[Service, ...]:
    """Return the services of one step up to when it is left, named after the step."""
    return tuple(
        replace(each, item=f"{prefix}{each.item}", happens=each.happens & (each.week < leaves)) for each in services
    )


@stage
def paid_for(services: tuple[Service, ...], terms: Terms) -> Ledger:
    """Run services through a plan (see :func:`calc.model.benefits.adjudicate`)."""
    return adjudicate(services, terms)
