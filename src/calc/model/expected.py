"""One patient's luck averaged out, exactly, over its few branches: what is expected in each draw.

A draw of the parameters fixes the chance to pass the tests, to respond and to be covered. Each way
that these can fall is followed to its end (its cost through the plan, its weeks in relief) and
weighed with its chance. What then still differs between draws is what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from ..errors import UnknownNameError
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from .benefits import adjudicate
from .course import chances_of, coverage_limits
from .draws import Block, Drawn
from .ledger import Service
from .memory import Memory, kept
from .outcomes import Known
from .pathway import Leg, gaps_along, legs_alone, services_on

__all__ = ["Expected", "averaging", "expected"]

#: uniforms that fall below every chance, and below none
_YES, _NO = -1.0, 2.0


@dataclass(frozen=True)
class Expected:
    """Expected values per draw, shape (n,): USD and weeks; NaN where the outcome is not stated.

    ``known`` is the outcome's own, by name: where it is UNKNOWN, the draws are no distribution to
    summarise.
    """

    out_of_pocket: Vector
    weeks_in_relief: Vector
    known: Mapping[str, Known]


def expected(inputs: StudyInputs, view: str, memory: Memory | None = None) -> Mapping[str, Expected]:
    """Return each option's expected cost and weeks in relief per draw of the parameters, under one view.

    Returns
    -------
    Mapping
        By option: the luck (passes the tests, responds, is covered) is averaged out exactly. Nothing else of the
        study is simulated.
    """
    found = {}
    for name in inputs.options:
        legs = legs_alone(inputs, view, name, memory)
        found[name] = kept(memory, "expected", partial(_expected, legs), *(leg.parts for leg in legs))
    return found


def _expected(legs: Sequence[Leg]) -> Expected:
    values = dict(zip(("out_of_pocket", "weeks_in_relief"), _averaged(legs), strict=True))
    known = {outcome: _known(legs, outcome) for outcome in values}
    empty = {outcome: np.full_like(each, np.nan) for outcome, each in values.items()}
    stated = {outcome: (empty if known[outcome] is Known.NOT_STATED else values)[outcome] for outcome in values}
    return Expected(**stated, known=known)


def _known(legs: Sequence[Leg], outcome: str) -> Known:
    unsure, missing = gaps_along(legs, outcome)
    return Known.NOT_STATED if missing else Known.UNKNOWN if unsure else Known.STATED


def averaging(
    inputs: StudyInputs, view: str, name: str
) -> Callable[[Mapping[str, float | Vector]], tuple[Vector, Vector]]:
    """Return what gives one option's expected cost (USD) and weeks in relief with some parameters held.

    It takes values by path within the option (a pathway's begin with the step's name), in the model's unit, one
    for all draws or one a draw, and returns two arrays of shape (draws,). The other parameters keep the draws
    that they have in the study.
    """
    drawn = legs_alone(inputs, view, name)

    def held_at(held: Mapping[str, float | Vector]) -> tuple[Vector, Vector]:
        legs = list(drawn)
        for path, value in held.items():
            step, _, inner = path.partition(".") if name in inputs.pathways else (name, "", path)
            at = next((place for place, leg in enumerate(legs) if leg.job.name == step), None)
            if at is None or inner not in legs[at].drawn:
                raise UnknownNameError("parameter", path, [each for leg in legs for each in leg.drawn])
            before = legs[at].drawn[inner]
            values = np.broadcast_to(np.asarray(value, dtype=np.float64), before.values.shape)
            fixed = Drawn(values, before.chosen, np.zeros_like(before.unknown))
            legs[at] = replace(legs[at], drawn={**legs[at].drawn, inner: fixed})
        return _averaged(legs)

    return held_at


def _averaged(legs: Sequence[Leg]) -> tuple[Vector, Vector]:
    """Return expected cost and weeks in relief over every way that the steps can go."""
    size = legs[0].job.setting.draws
    cost, relief = np.zeros(size), np.zeros(size)
    for weight, services, weeks in _ways(legs, np.ones(size), np.zeros(size), (), np.zeros(size)):
        paid = adjudicate(services, legs[0].job.terms).out_of_pocket
        cost += np.where(weight == 0.0, 0.0, weight * paid)
        relief += np.where(weight == 0.0, 0.0, weight * weeks)
    return cost, relief


def _ways(
    legs: Sequence[Leg], weight: Vector, begins: Vector, services: tuple[Service, ...], weeks: Vector
) -> Iterator[tuple[Vector, tuple[Service, ...], Vector]]:
    """Yield every way to the end, with its chance, its services and its weeks in relief."""
    if not legs or not ((weight > 0) & np.isfinite(begins)).any():
        yield weight, services, weeks
        return
    leg, rest = legs[0], legs[1:]
    for chance, forced in _branches(leg):
        if not chance.any():
            continue
        one = replace(leg, block=forced)
        events = one.events(begins)
        leaves = one.leaves(events)
        more = (*services, *services_on(one, events, leaves))
        yield from _ways(rest, weight * chance, leaves, more, weeks + events.weeks_in_relief())


def _branches(leg: Leg) -> Iterator[tuple[Vector, Block]]:
    """Yield the ways in which one step's luck can fall, with their chances, which add up to 1."""
    passes, responds = (np.nan_to_num(each) for each in chances_of(leg.job.treatment, leg.drawn))
    for (passing, responding), chance in (
        ((_YES, _YES), passes * responds),
        ((_YES, _NO), passes * (1.0 - responds)),
        ((_NO, _NO), 1.0 - passes),
    ):
        for covering, share in _coverage(leg):
            luck = {
                "luck.passes": np.full_like(chance, passing),
                "luck.responds": np.full_like(chance, responding),
                "luck.covered": covering,
            }
            yield chance * share, Block(leg.block.name, {**leg.block.columns, **luck})


def _coverage(leg: Leg) -> Iterator[tuple[Vector, Vector]]:
    """Yield the ways in which a plan can cover what it may refuse: a uniform that stands for each, and its chance."""
    by_category = coverage_limits(leg.job.treatment, leg.drawn, leg.job.terms).values()
    different = {id(limit): limit for limit in by_category} or {0: np.ones(leg.job.setting.draws)}
    limits = np.sort(np.nan_to_num(np.array(list(different.values()))), axis=0)
    edges = np.concatenate([np.zeros_like(limits[:1]), limits, np.ones_like(limits[:1])])
    for low, high in pairwise(edges):
        yield (low + high) / 2.0, high - low
