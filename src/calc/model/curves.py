"""Shares and costs week by week, from event times by sorting and counting, in O(draws + weeks).

No array of draws × weeks is ever made: each event's times are sorted (or counted into bins) once,
and each week reads off how many lie before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..inputs.distribution import Vector
from .benefits import adjudicate
from .ledger import Service, Terms
from .timeline import Timeline

__all__ = ["STATES", "paid_by_week", "share_begun", "share_between", "share_in_relief", "states_by_week"]

#: what somebody is doing; who is in relief while still waiting or recovering counts as in relief
STATES = ("waiting", "recovering", "in_relief", "not_in_relief")


def share_begun(times: Vector, weeks: Vector) -> Vector:
    """Return the share of draws with ``time <= week``, for each of ``weeks`` (ascending)."""
    soon = np.sort(times[times <= weeks[-1]])
    return np.searchsorted(soon, weeks, side="right") / times.size


def share_between(stretches: Iterable[tuple[Vector, Vector]], weeks: Vector) -> Vector:
    """Return the share of draws with ``begin <= week < end`` in one of several stretches apart."""
    total = np.zeros_like(weeks)
    for begin, end in stretches:
        there = (end > begin) & (begin <= weeks[-1])
        if there.any():
            total += (share_begun(begin[there], weeks) - share_begun(end[there], weeks)) * np.mean(there)
    return total


def share_in_relief(events: Timeline, weeks: Vector) -> Vector:
    """Return the share of draws in relief at each of ``weeks``."""
    return share_between(((course.relief_from, course.relief_to) for course in events.courses), weeks)


def states_by_week(events: Timeline, weeks: Vector) -> Mapping[str, Vector]:
    """Return the share of draws in each of :data:`STATES` at each of ``weeks``; they add up to 1."""
    first, tested = events.courses[0], events.path.tested
    early = share_between([(first.relief_from, np.minimum(first.relief_to, tested))], weeks)
    waiting = 1.0 - share_begun(tested, weeks) - early
    recovering = share_between(_recovering(events), weeks)
    relief = share_in_relief(events, weeks)
    rest = 1.0 - waiting - recovering - relief
    return dict(zip(STATES, (waiting, recovering, relief, np.maximum(rest, 0.0)), strict=True))


def _recovering(events: Timeline) -> Iterator[tuple[Vector, Vector]]:
    """Yield the stretches of recovery that lie in no relief, without overlap.

    Recovery that follows a course lies after the relief of all courses before it; from there on it
    is cut at each relief that it reaches.
    """
    for number, begin, end in events.after_sessions("downtime"):
        cut = begin
        for course in events.courses[number:]:
            yield cut, np.maximum(cut, np.minimum(end, course.relief_from))
            cut = np.maximum(cut, np.where(np.isfinite(course.relief_from), course.relief_to, end))
            if not (end > cut).any():
                break
        else:
            yield cut, np.maximum(cut, end)


def paid_by_week(services: Sequence[Service], terms: Terms, weeks: Vector) -> Vector:
    """Return what the patient has paid by each of ``weeks`` (ascending), averaged over draws, USD.

    NaN from the first week at which some draw's price is not stated.
    """
    apart = [replace(service, item=str(place)) for place, service in enumerate(services)]
    ledger = adjudicate(apart, terms)
    by_week = np.zeros(weeks.size + 1)
    for service in apart:
        week = np.where(service.happens, service.week, np.inf)
        bins = np.searchsorted(weeks, week, side="left")
        by_week += np.bincount(bins, weights=ledger.by_item[service.item], minlength=weeks.size + 1)
    return np.cumsum(by_week[:-1]) / ledger.out_of_pocket.size
