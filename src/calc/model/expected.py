"""One patient's luck averaged out, exactly, over its few branches: what is expected in each draw.

A draw of the parameters fixes the chances to get better anyway, to pass the tests, to respond, and that another
course is asked for and helps again. Each way that these can fall is followed to its end (its cost through the plan,
its weeks in relief) and weighed with its chance. What then still differs between draws is what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ..cache import stage, without_cache
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.recovery import HarmPer
from .benefits import adjudicate
from .bills import services_until
from .ledger import Service
from .leg import Leg
from .option import Option, leaving, option_of
from .outcomes import Known, gaps_of
from .sample import Block, Drawn
from .timeline import timeline

__all__ = ["Expected", "averaging", "expected"]

#: uniforms that fall below every chance, and below none
_YES, _NO = -1.0, 2.0
#: further courses that a row of successes has at most, and the chance below which it is not taken apart
_LONGEST, _REST = 60, 0.01


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
        By option: the luck (gets better anyway, passes the tests, responds, repeats) is averaged out exactly. Nothing
        else of the study is simulated.
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
    for chance, one in _branches(option, leg, begins):
        if not chance.any():
            continue
        events = timeline(one.path(option.terms, begins), option.horizon)
        more, leaves = one.services(events), None
        if leg.patience is not None:
            leaves = leaving(events, leg.patience.values)
            more = services_until(more, leaves, leg.prefix)
        yield from _ways(option, rest, weight * chance, leaves, (*services, *more), weeks + events.weeks_in_relief())


def _branches(option: Option, leg: Leg, begins: Vector | None) -> Iterator[tuple[Vector, Leg]]:
    """Yield the ways in which one leg's luck can fall, with their chances, which add up to 1."""
    later = begins is not None
    passes = np.nan_to_num(leg.passes())
    neither = np.zeros_like(passes) if later else np.nan_to_num(leg.natural.share.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.nan_to_num((leg.treated.values - leg.natural.share.values) / (1.0 - leg.natural.share.values))
    for (natural, passing, responding), chance in (
        ((_YES, _YES, _NO), neither * passes),
        ((_YES, _NO, _NO), neither * (1.0 - passes)),
        ((_NO, _YES, _YES), (1.0 - neither) * passes * gained),
        ((_NO, _YES, _NO), (1.0 - neither) * passes * (1.0 - gained)),
        ((_NO, _NO, _NO), (1.0 - neither) * (1.0 - passes)),
    ):
        if not chance.any():
            continue
        luck = {"luck.passes": np.full_like(chance, passing), "luck.responds": np.full_like(chance, responding)}
        forced = replace(
            leg,
            natural=replace(leg.natural, luck=np.full_like(chance, natural)),
            block=Block(leg.block.name, {**leg.block.columns, **luck}),
            held=leg.treated,
        )
        helped = passing == _YES and _YES in (natural, responding)
        for share, one in _harmed(forced) if passing == _YES else ((np.ones_like(chance), forced),):
            repeats = _repeats(option, one, begins) if helped else ((np.ones_like(chance), one),)
            yield from ((chance * share * part, each) for part, each in repeats)


def _harmed(leg: Leg) -> Iterator[tuple[Vector, Leg]]:
    """Yield whom the harms meet that cost something, once in all, with the chances of that."""
    costly = [harm for harm in leg.harms() if harm.cost is not None and harm.per is HarmPer.ONCE]
    for falls in product((True, False), repeat=len(costly)):
        share = np.ones(leg.setting.draws)
        for harm, meets in zip(costly, falls, strict=True):
            chance = np.nan_to_num(harm.share.values)
            share = share * (chance if meets else 1.0 - chance)
        yield share, replace(leg, met=tuple((harm.name, meets) for harm, meets in zip(costly, falls, strict=True)))


def _repeats(option: Option, leg: Leg, begins: Vector | None) -> Iterator[tuple[Vector, Leg]]:
    """Yield how further courses can go for somebody whom the first has helped, with the chances of that.

    Nobody asks for one; one is asked for and does not help; so many help in turn. As far as courses begin before the
    horizon; the rest of a long row, less than one in a hundred, counts as going on.
    """
    asks, again = (leg.own.get(f"repeat.{name}") for name in ("asks", "again"))
    if asks is None and again is None:
        yield np.ones(option.terms.size), leg
        return
    one = np.ones(option.terms.size)
    ask, help_ = (one if each is None else np.nan_to_num(each.values) for each in (asks, again))
    always = replace(leg, repeats=((True, True),) * _LONGEST)
    most = len(timeline(always.path(option.terms, begins), option.horizon).courses)
    so_far, helping = one, tuple[tuple[bool, bool], ...]()
    for _ in range(most - 1):
        yield so_far * (1.0 - ask), replace(leg, repeats=helping)
        yield so_far * ask * (1.0 - help_), replace(leg, repeats=(*helping, (True, False)))
        so_far, helping = so_far * ask * help_, (*helping, (True, True))
        if float(so_far.max()) < _REST:
            break
    yield so_far, always
