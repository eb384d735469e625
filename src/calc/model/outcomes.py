"""One study under one view → outcomes per draw and treatment, and how far each one is known.

The first four outcomes head every comparison: out-of-pocket cost, weeks to relief (``inf`` = never
within the horizon, and counted as that), weeks in relief within the horizon, downtime days. The
others tell more of the same timelines. Two kinds of uncertainty are in the draws together: what is
not known (parameters), and one patient's luck (responds or not, passes the test blocks or not,
covered or not); :mod:`calc.model.expected` averages the luck out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import product
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.parameter import Per
from .benefits import adjudicate
from .course import drawn_treatment, treatment_block
from .draws import Block, Drawn
from .envelopes import STEPS, hull
from .job import Job, jobs_of, path_for, services_for
from .ledger import Ledger, Service
from .memory import Memory, kept
from .needs import gaps_in, needs_of
from .timeline import TIMED, Path, Timeline, outcome_of, timeline

__all__ = ["OUTCOMES", "Known", "Outcome", "Outcomes", "Simulated", "as_known", "simulate"]

T = TypeVar("T")

OUTCOMES = ("out_of_pocket", *TIMED)


_COST = "out_of_pocket"
#: the beginnings of the paths that decide what is paid, and of those that decide no time
_PRICED = ("price.", "coverage")
_UNTIMED = (*_PRICED, "harms.", "pain.")

#: times that move outcomes both ways are held at more than their two ends
_SCHEDULE = ("wait", "interval", "diagnostic.interval")


class Known(StrEnum):
    """How far an outcome is known under a view."""

    STATED = "stated"
    #: it rests on a quantity that, as a source says, nobody knows, or that no source we have states
    UNKNOWN = "not known"
    #: it needs a quantity that no source believed states
    NOT_STATED = "not stated"


@dataclass(frozen=True)
class Outcome:
    """One outcome of one treatment, shape (n,); NaN where it is not stated.

    ``needs`` are the paths of the parameters it is made of; ``rests_on`` those among them that
    nobody knows (or states). Where ``known`` is UNKNOWN the draws are no distribution to
    summarise: ``envelope`` bounds them by the lowest 5th and the highest 95th percentile that the
    unknowns allow.
    """

    values: Vector
    needs: tuple[str, ...]
    known: Known = Known.STATED
    rests_on: tuple[str, ...] = ()
    envelope: tuple[float, float] | None = None


@dataclass(frozen=True)
class Simulated:
    """One treatment under one view: outcomes by name, where the money went, and when what happened.

    ``bills`` holds the out-of-pocket cost under each reading of the bill, where there are several.
    """

    outcomes: Mapping[str, Outcome]
    bills: Mapping[str, Vector]
    ledger: Ledger
    events: Timeline
    drawn: Mapping[str, Drawn]


@dataclass(frozen=True)
class Outcomes:
    """One study under one view, by treatment in the study's order."""

    view: str
    horizon: float
    treatments: Mapping[str, Simulated]


def simulate(
    inputs: StudyInputs,
    view: str,
    executor: Executor | None = None,
    *,
    memory: Memory | None = None,
    wanted: Sequence[str] = OUTCOMES,
    bills: bool = True,
) -> Outcomes:
    """Simulate every treatment of a study under one of its views.

    With an ``executor`` the treatments are shared out among its workers; the result is the same to
    the last bit, because each treatment's draws depend on nothing but its own name and the seed.
    A ``memory`` keeps what later simulations of variants of the study will ask for again; workers of an
    ``executor`` have none. Only the ``wanted`` outcomes are computed, and the cost under other readings
    of the bill only with ``bills``; nothing of that changes the others.
    """
    jobs = jobs_of(inputs, view, memory if executor is None else None)
    spread: Callable[..., Iterable[Simulated]] = executor.map if executor is not None else map
    done = spread(partial(_simulated, wanted=tuple(wanted), bills=bills), jobs)
    found = {job.name: each for job, each in zip(jobs, done, strict=True)}
    return Outcomes(view, inputs.study.weeks, MappingProxyType(found))


def _simulated(job: Job, wanted: tuple[str, ...], *, bills: bool) -> Simulated:
    setting = job.setting
    read = (setting.view, setting.range_coverage, setting.draws, setting.seed)
    whose = (job.name, job.treatment, str(job.market), job.terms, job.horizon, str(job.work), job.in_network, job.tier)
    made = partial(_made, job, wanted, bills=bills)
    return _kept(job, "simulated", made, wanted, bills, *read, *whose)


def _made(job: Job, wanted: tuple[str, ...], *, bills: bool) -> Simulated:
    block = treatment_block(job.name, job.treatment, job.setting)
    world = _world(job, block, drawn_treatment(job.treatment, block, job.setting, job.market), wanted)
    gaps = {name: _gaps(job, world.drawn, name) for name in wanted}
    envelopes = _envelopes(job, block, world, gaps)
    outcomes = {name: as_known(each, *gaps[name], envelopes.get(name)) for name, each in world.outcomes.items()}
    readings = job.treatment.bills if bills else ()
    costs = {bill: _ledger(job, block, world.drawn, world.events, bill).out_of_pocket for bill in readings}
    return replace(world, outcomes=outcomes, bills=costs)


def _world(job: Job, block: Block, drawn: Mapping[str, Drawn], wanted: tuple[str, ...]) -> Simulated:
    """Simulate once, from what was drawn."""
    events = _events(job, _path(job, block, drawn))
    ledger = _ledger(job, block, drawn, events) if _COST in wanted else Ledger({}, {})
    values = {name: ledger.out_of_pocket if name == _COST else _outcome(job, events, name) for name in wanted}
    outcomes = {name: Outcome(each, tuple(dict.fromkeys(needs_of(job, name)))) for name, each in values.items()}
    return Simulated(outcomes, {}, ledger, events, drawn)


def _kept(job: Job, what: str, make: Callable[[], T], *parts: object) -> T:
    return kept(job.setting.memory, what, make, *parts)


def _path(job: Job, block: Block, drawn: Mapping[str, Drawn]) -> Path:
    return _kept(job, "path", lambda: path_for(job, drawn, block), *_when(job, block, drawn))


def _events(job: Job, path: Path) -> Timeline:
    return _kept(job, "events", lambda: timeline(path, job.horizon, job.setting.memory), path, job.horizon)


def _outcome(job: Job, events: Timeline, name: str) -> Vector:
    return _kept(job, name, lambda: outcome_of(events, name), events)


def _ledger(job: Job, block: Block, drawn: Mapping[str, Drawn], events: Timeline, bill: str | None = None) -> Ledger:
    services = _services(job, block, drawn, events, bill)
    return _kept(job, "ledger", lambda: adjudicate(services, job.terms), services, job.terms)


def _services(
    job: Job, block: Block, drawn: Mapping[str, Drawn], events: Timeline, bill: str | None = None
) -> list[Service]:
    def made() -> list[Service]:
        return services_for(job, drawn, events, block, bill)

    return _kept(job, "services", made, *_dated(job, events), bill or job.treatment.bill, *_priced(job, block, drawn))


def _dated(job: Job, events: Timeline) -> tuple[object, ...]:
    """Return what decides the dates of services: the path alone where none would come after the horizon."""
    monthly = any(item.per is Per.MONTH for item in job.treatment.price.values())
    return (events,) if monthly or not events.settled else (events.path, "all")


def _when(job: Job, block: Block, drawn: Mapping[str, Drawn]) -> tuple[object, ...]:
    """Return all that decides when what happens, but for the horizon."""
    treatment = job.treatment
    delays = tuple(job.terms.delay.get(item.category) for item in treatment.billed().values())
    timed = (each for path, each in drawn.items() if not path.startswith(_UNTIMED))
    return (job.name, treatment.repeat, treatment.onset_from, str(job.work), block, delays, *timed)


def _priced(job: Job, block: Block, drawn: Mapping[str, Drawn]) -> tuple[object, ...]:
    """Return all that decides what is billed and covered, once it is known when."""
    priced = (each for path, each in drawn.items() if path.startswith(_PRICED))
    items = job.treatment.price.values()
    return (
        block,
        job.in_network,
        job.tier,
        str(job.market),
        *items,
        *(job.terms.denied.get(each.category) for each in items),
        *priced,
    )


def _gaps(job: Job, drawn: Mapping[str, Drawn], outcome: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    def made() -> tuple[tuple[str, ...], tuple[str, ...]]:
        return gaps_in(job, drawn, needs_of(job, outcome))

    benefits = tuple((str(category), sharing.per_day) for category, sharing in job.terms.sharing.items())
    denied = tuple((str(category), chance) for category, chance in job.terms.denied.items())
    whose = (job.treatment, str(job.market), str(job.work), job.in_network)
    return _kept(job, "gaps", made, outcome, *whose, benefits, denied, drawn)


def as_known(
    outcome: Outcome, unsure: tuple[str, ...], missing: tuple[str, ...], envelope: tuple[float, float] | None
) -> Outcome:
    """Return an outcome with what nobody knows, and what no believed source states, counted in."""
    if missing:
        empty = np.full_like(outcome.values, np.nan)
        return replace(outcome, values=empty, known=Known.NOT_STATED, rests_on=missing)
    if unsure:
        return replace(outcome, known=Known.UNKNOWN, rests_on=unsure, envelope=envelope)
    return outcome


def _envelopes(
    job: Job, block: Block, world: Simulated, gaps: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
) -> Mapping[str, tuple[float, float]]:
    """Return, by outcome that is not known, the lowest 5th and the highest 95th percentile that the unknowns allow.

    Every combination of the ends of the unknowns that an outcome rests on is simulated in the same
    worlds. What moves outcomes both ways (when sessions are, which decides how recoveries overlap
    and which plan year pays) is held at steps between its ends as well.
    """
    timed = tuple(dict.fromkeys(path for name, (unsure, _) in gaps.items() if name != _COST for path in unsure))
    when, paid = _when(job, block, world.drawn), (job.terms, *_priced(job, block, world.drawn))

    def made(outcome: str, unsure: tuple[str, ...]) -> tuple[float, float]:
        held = unsure if outcome == _COST else timed  # held as well where it moves nothing: outcomes share the worlds
        corners = _corners(job, block, world.drawn, unsure, held)
        return hull({outcome: _at_corner(job, block, world.drawn, *corner, outcome)} for corner in corners)[outcome]

    return {
        name: _kept(
            job,
            "envelope",
            partial(made, name, unsure),
            *(name, unsure, job.horizon, *when, *(paid if name == _COST else ())),
        )
        for name, (unsure, missing) in gaps.items()
        if unsure and not missing
    }


def _corners(
    job: Job, block: Block, drawn: Mapping[str, Drawn], unsure: tuple[str, ...], held: tuple[str, ...]
) -> list[tuple[Mapping[str, Drawn], Path]]:
    """Return each world's unknowns, held at a combination of their ends, and what decides its timeline."""
    known, view = job.treatment.parameters(), (job.setting.view, job.setting.range_coverage, str(job.market))

    def at(path: str, quantile: float) -> Drawn:
        return job.setting.drawn(path, known[path], block, job.market, {path: quantile})

    def made() -> list[tuple[Mapping[str, Drawn], Path]]:
        steps = [(0.0,) if path not in unsure else STEPS if path in _SCHEDULE else (0.0, 1.0) for path in held]
        ends = [[at(path, quantile) for quantile in each] for path, each in zip(held, steps, strict=True)]
        corners = [dict(zip(held, corner, strict=True)) for corner in product(*ends)]
        return [(corner, _path(job, block, {**drawn, **corner})) for corner in corners]

    return _kept(job, "corners", made, unsure, held, job.treatment, *view, *_when(job, block, drawn))


def _at_corner(
    job: Job, block: Block, drawn: Mapping[str, Drawn], held: Mapping[str, Drawn], path: Path, outcome: str
) -> Vector:
    """Return an outcome in a world that only an envelope asks for; what it costs under a plan is not kept."""
    events = _events(job, path)
    if outcome == _COST:
        return adjudicate(_services(job, block, {**drawn, **held}, events), job.terms).out_of_pocket
    return outcome_of(events, outcome)
