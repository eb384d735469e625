"""Incremental cost-effectiveness ratios: who is on the frontier, who is dominated and by whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from .problem import DecisionProblem, levelled, rounding_of

__all__ = ["frontier", "icers"]

#: relative to the spread of the means: closer than this to a line of the frontier is on it
_ON_THE_LINE = 1e-12


def icers(problem: DecisionProblem) -> pd.DataFrame:
    """Return the options' mean cost and effect with their place on or off the efficiency frontier.

    ``status`` is ND (not dominated, on the frontier), ED (extendedly dominated: a mixture of two
    others costs no more and does more) or D (dominated: another costs no more and does no less,
    and is better in one). ``icer`` is the added cost of a unit of effect over the option before it on
    the frontier. Only differences are used, so the signs of costs and effects do not matter; those that the rounding of
    the numbers given can make are none.

    ``diff_cost``, ``diff_effect`` and ``against_reference`` compare with the reference in words, because
    a bare ratio means opposite things in opposite quadrants.

    Returns
    -------
    pandas.DataFrame
        One row per option: the frontier by cost, then ED, then D.
    """
    cost, effect = problem.cost.mean(axis=1), problem.effect.mean(axis=1)
    return frontier(
        problem.options, cost, effect, reference=problem.index(problem.reference), rounding=problem.rounding
    )


def frontier(
    options: tuple[str, ...],
    cost: Vector,
    effect: Vector,
    *,
    reference: int = 0,
    rounding: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Return the table of :func:`icers` from mean costs and effects, each of shape (options,).

    Parameters
    ----------
    rounding
        How far two costs, and two effects, may differ and be equal; by default by the rounding of those given.
    """
    size_cost, size_effect = rounding or (rounding_of(cost), rounding_of(effect))
    cost, effect = levelled(cost, size_cost), levelled(effect, size_effect)
    strong = [_dominator(cost, effect, place) for place in range(len(options))]
    kept = [place for place in np.lexsort((effect, cost)) if strong[place] is None]
    hull = _hull(cost, effect, [place for at, place in enumerate(kept) if at == 0 or not _same(cost, effect, kept, at)])
    before = {place: hull[at - 1] if at else None for at, place in enumerate(hull)}
    for place in kept:  # an option that equals one of the frontier stands on it too
        for twin in hull:
            if place not in before and cost[place] == cost[twin] and effect[place] == effect[twin]:
                before[place] = before[twin]
    rows = []
    for place, option in enumerate(options):
        previous, dominator = before.get(place), strong[place]
        status = "ND" if place in before else "ED" if dominator is None else "D"
        added = (
            (np.nan, np.nan) if previous is None else (cost[place] - cost[previous], effect[place] - effect[previous])
        )
        rows.append(
            {
                "option": option,
                "cost": cost[place],
                "effect": effect[place],
                "inc_cost": added[0],
                "inc_effect": added[1],
                "icer": added[0] / added[1],
                "status": status,
                "dominated_by": _named(options, cost, hull, place, status, dominator),
                "diff_cost": cost[place] - cost[reference],
                "diff_effect": effect[place] - effect[reference],
                "against_reference": _quadrant(cost[place] - cost[reference], effect[place] - effect[reference]),
            }
        )
    table = pd.DataFrame(rows)
    order = table["status"].map({"ND": 0, "ED": 1, "D": 2})
    return (
        table.assign(_order=order)
        .sort_values(["_order", "cost"], kind="stable", ignore_index=True)
        .drop(columns="_order")
    )


def _dominator(cost: Vector, effect: Vector, place: int) -> int | None:
    """Return the cheapest option that costs no more, does no less and is better in one; None if there is none."""
    no_worse = (cost <= cost[place]) & (effect >= effect[place])
    better = no_worse & ((cost < cost[place]) | (effect > effect[place]))
    return min(map(int, np.flatnonzero(better)), key=lambda each: (-effect[each], cost[each])) if better.any() else None


def _same(cost: Vector, effect: Vector, kept: list[int], at: int) -> bool:
    here, last = kept[at], kept[at - 1]
    return bool(cost[here] == cost[last] and effect[here] == effect[last])


def _hull(cost: Vector, effect: Vector, kept: list[int]) -> list[int]:
    """Return the options of ``kept`` (ascending in cost and effect) between which ratios never fall."""
    found: list[int] = []
    slack = _ON_THE_LINE * float(np.ptp(cost) * np.ptp(effect))
    for place in kept:
        while len(found) > 1:
            first, middle = found[-2:]
            up = (cost[middle] - cost[first]) * (effect[place] - effect[middle])
            on = (cost[place] - cost[middle]) * (effect[middle] - effect[first])
            if up <= on + slack:
                break
            found.pop()
        found.append(place)
    return found


def _named(
    options: tuple[str, ...], cost: Vector, hull: list[int], place: int, status: str, dominator: int | None
) -> str:
    if dominator is not None:
        return options[dominator]
    if status == "ND":
        return ""
    above = next(at for at, each in enumerate(hull) if cost[each] > cost[place])
    return f"{options[hull[above - 1]]} with {options[hull[above]]}"


def _quadrant(cost: float, effect: float) -> str:
    """Return the quadrant of the cost-effect plane in words."""
    paid = "costs the same" if cost == 0 else "costs more" if cost > 0 else "costs less"
    done = "does the same" if effect == 0 else "does more" if effect > 0 else "does less"
    return f"{paid}, {done}"
