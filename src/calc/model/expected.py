"""One patient's luck averaged out, exactly, over its few branches: what is expected in each draw.

A draw of the parameters fixes the chance to pass the tests, to respond and to be covered. Each way
that these can fall is followed to its end (its cost through the plan, its weeks in relief) and
weighed with its chance. What then still differs between draws is what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..cache import stage, without_cache
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from .benefits import adjudicate
from .bills import services_of, services_until
from .ledger import Service, Terms
from .option import Leg, Option, leaving, option_of
from .outcomes import Known, gaps_of
from .sample import Block, Drawn
from .timeline import timeline

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


def expected(inputs: StudyInputs, view: str) -> Mapping[str, Expected]:
    """Return each option's expected cost and weeks in relief per draw of the parameters, under one view.

    Returns
    -------
    Mapping
        By option: the luck (passes the tests, responds, is covered) is averaged out exactly. Nothing else of the
        study is simulated.
    """
    return {name: _expected(option_of(inputs, view, name)) for name in inputs.options}


@stage
def _expected(option: Option) -> Expected:
    values = dict(zip(("out_of_pocket", "weeks_in_relief"), _averaged(option), strict=True))
    known = {outcome: gaps_of(option, outcome).known for outcome in values}
    empty = {outcome: np.full_like(each, np.nan) for outcome, each in values.items()}
    stated = {outcome: (empty if known[outcome] is Known.NOT_STATED else values)[outcome] for outcome in values}
    return Expected(**stated, known=known)


def averaging(
    inputs: StudyInputs, view: str, name: str
) -> Callable[[Mapping[str, float | Vector]], tuple[Vector, Vector]]:
    """Return what gives one option's expected cost (USD) and weeks in relief with some parameters held.

    It takes values by path within the option (a pathway's begin with the step's name), in the model's unit, one
    for all draws or one a draw, and returns two arrays of shape (draws,). The other parameters keep the draws
    that they have in the study.
    """
    option = option_of(inputs, view, name)

    def held_at(held: Mapping[str, float | Vector]) -> tuple[Vector, Vector]:
        return _averaged(option.holding({path: _held(option, path, value) for path, value in held.items()}))

    return held_at


def _held(option: Option, path: str, value: float | Vector) -> Drawn:
    """Return the draws of a parameter held at a value; of a path that is none, something to be refused."""
    before = option.drawn.get(path, option.legs[0].drawn["wait"])
    values = np.broadcast_to(np.asarray(value, dtype=np.float64), before.values.shape)
    return Drawn(values, before.chosen, np.zeros_like(before.unknown))


def _averaged(option: Option) -> tuple[Vector, Vector]:
    """Return expected cost and weeks in relief over every way that the legs can go."""
    size = option.terms.size
    cost, relief = np.zeros(size), np.zeros(size)
    with without_cache():
        for weight, services, weeks in _ways(option, option.legs, np.ones(size), None, (), np.zeros(size)):
            paid = adjudicate(services, option.terms).out_of_pocket
            cost += np.where(weight == 0.0, 0.0, weight * paid)
            relief += np.where(weight == 0.0, 0.0, weight * weeks)
    return cost, relief


def _ways(
    option: Option,
    legs: tuple[Leg, ...],
    weight: Vector,
    begins: Vector | None,
    services: tuple[Service, ...],
    weeks: Vector,
) -> Iterator[tuple[Vector, tuple[Service, ...], Vector]]:
    """Yield every way to the end, with its chance, its services and its weeks in relief."""
    if not legs or not ((weight > 0) & (True if begins is None else np.isfinite(begins))).any():
        yield weight, services, weeks
        return
    leg, rest = legs[0], legs[1:]
    for chance, forced in _branches(leg, option.terms):
        if not chance.any():
            continue
        one = replace(leg, block=forced)
        events = timeline(one.path(option.terms, begins), option.horizon)
        more, leaves = services_of(one.bill(option.terms), events), None
        if leg.patience is not None:
            leaves = leaving(events, leg.patience.values)
            more = services_until(more, leaves, leg.prefix)
        yield from _ways(option, rest, weight * chance, leaves, (*services, *more), weeks + events.weeks_in_relief())


def _branches(leg: Leg, terms: Terms) -> Iterator[tuple[Vector, Block]]:
    """Yield the ways in which one leg's luck can fall, with their chances, which add up to 1."""
    passes, responds = (np.nan_to_num(each) for each in leg.chances())
    for (passing, responding), chance in (
        ((_YES, _YES), passes * responds),
        ((_YES, _NO), passes * (1.0 - responds)),
        ((_NO, _NO), 1.0 - passes),
    ):
        for covering, share in _coverage(leg, terms):
            luck = {
                "luck.passes": np.full_like(chance, passing),
                "luck.responds": np.full_like(chance, responding),
                "luck.covered": covering,
            }
            yield chance * share, Block(leg.block.name, {**leg.block.columns, **luck})


def _coverage(leg: Leg, terms: Terms) -> Iterator[tuple[Vector, Vector]]:
    """Yield the ways in which a plan can cover what it may refuse: a uniform that stands for each, and its chance."""
    by_category = {item.category: leg.coverage_limit(item, terms) for item in leg.treatment.price.values()}
    different = {id(limit): limit for limit in by_category.values()} or {0: np.ones(terms.size)}
    limits = np.sort(np.nan_to_num(np.array(list(different.values()))), axis=0)
    edges = np.concatenate([np.zeros_like(limits[:1]), limits, np.ones_like(limits[:1])])
    for low, high in pairwise(edges):
        yield (low + high) / 2.0, high - low
