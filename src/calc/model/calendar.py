"""When plan years begin, and in which order each draw meets its services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..inputs.patient import Patient
from ..units import DAYS_PER_WEEK

__all__ = ["turns_of", "whole_days", "year_turns", "years_between"]

Mask = npt.NDArray[np.bool_]


def year_turns(patient: Patient, first: date, horizon: float) -> tuple[float, ...]:
    """Return the weeks from ``first`` at which plan years begin, up to ``horizon`` weeks."""
    turns = []
    start = patient.year_starting_after(first)
    while (week := (start - first).days / DAYS_PER_WEEK) < horizon:
        turns.append(week)
        start = patient.year_starting_after(start)
    return tuple(turns)


def years_between(patient: Patient, first: date, day: date) -> int:
    """Return how many plan years after that of ``first`` the one of ``day`` is, negative before it."""
    return patient.year_starting_after(day).year - patient.year_starting_after(first).year


def whole_days(weeks: Vector) -> Vector:
    """Return the day, counted from the decision's, on which each moment falls: things happen on days."""
    return np.rint(weeks * DAYS_PER_WEEK)


def turns_of(days: Sequence[Vector], happens: Sequence[Mask]) -> Iterator[tuple[int, Mask]]:
    """Yield services in turns, so that each draw meets its own in the order of their dates.

    Where one order serves every draw, a service is one turn. Where draws differ, the services
    between two moments that all draws agree on are taken in turns of the k-th of each draw.

    Parameters
    ----------
    days, happens
        A service each, shape (draws,): dates in whole days, and whether there is such a service at all.

    Yields
    ------
    tuple
        A service's index, and the draws whose turn it is.
    """
    order = sorted(range(len(days)), key=lambda index: float(days[index].min()))
    if _agreed(order, days):
        yield from ((index, happens[index]) for index in order if happens[index].any())
        return
    early = np.where(happens, days, np.inf)
    for together in _apart(early, np.where(happens, days, -np.inf)):
        if len(together) == 1:
            (index,) = together
            yield index, happens[index]
            continue
        places = np.argsort(early[together], axis=0, kind="stable")
        for row in places:
            for place in np.flatnonzero(np.bincount(row, minlength=len(together))):
                index = together[int(place)]
                mask: Mask = np.equal(row, place) & happens[index]
                if mask.any():
                    yield index, mask


def _agreed(order: Sequence[int], weeks: Sequence[Vector]) -> bool:
    """Return whether every draw meets the services in this order; on one day that of the indices counts."""
    return all(
        bool((weeks[one] <= weeks[two] if one < two else weeks[one] < weeks[two]).all()) for one, two in pairwise(order)
    )


def _apart(early: Vector, late: Vector) -> Iterator[Sequence[int]]:
    """Yield runs of services, each run wholly before the next one in every draw, in the order of the indices."""
    with np.errstate(invalid="ignore"):  # what never happens has no middle; it stands last and takes no turn
        middle = (early.min(axis=1) + late.max(axis=1)) / 2
    order = [int(index) for index in np.argsort(middle, kind="stable")]
    after = early[order[-1]]
    soonest = [after]  # of all services from here on, filled from the last backwards
    for index in reversed(order[1:-1]):
        after = np.minimum(early[index], after)
        soonest.append(after)
    soonest.reverse()
    run = [order[0]]
    latest = late[order[0]]
    for place, index in enumerate(order[1:]):
        in_order = max(run) < min(order[place + 1 :])
        before = latest <= soonest[place] if in_order else latest < soonest[place]
        if before.all():
            yield sorted(run)
            run, latest = [], late[index]
        run.append(index)
        latest = np.maximum(latest, late[index])
    yield sorted(run)
