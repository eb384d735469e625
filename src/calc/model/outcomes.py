"""One study under one view → outcomes per draw and treatment, and how far each one is known.

The first four outcomes head every comparison: out-of-pocket cost, weeks to relief (``inf`` = never
within the horizon, and counted as that), weeks in relief within the horizon, downtime days. The
others tell more of the same timelines. Two kinds of uncertainty are in the draws together: what is
not known (parameters), and one patient's luck (responds or not, passes the test blocks or not,
covered or not); :mod:`calc.model.expected` averages the luck out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from types import MappingProxyType

import numpy as np

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from .benefits import adjudicate
from .course import drawn_treatment, treatment_block
from .draws import Block, Drawn
from .envelopes import STEPS, hull
from .job import Job, jobs_of, path_for, services_for
from .ledger import Ledger
from .needs import gaps_in, needs_of
from .timeline import Timeline, outcomes_of, timeline

__all__ = ["OUTCOMES", "Known", "Outcome", "Outcomes", "Simulated", "as_known", "simulate"]

OUTCOMES = (
    "out_of_pocket",
    "weeks_to_relief",
    "weeks_in_relief",
    "downtime_days",
    "working_days_lost",
    "courses",
    "longest_without_relief",
    "in_relief_at_horizon",
)


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


def simulate(inputs: StudyInputs, view: str, executor: Executor | None = None) -> Outcomes:
    """Simulate every treatment of a study under one of its views.

    With an ``executor`` the treatments are shared out among its workers; the result is the same to
    the last bit, because each treatment's draws depend on nothing but its own name and the seed.
    """
    jobs = jobs_of(inputs, view)
    spread: Callable[..., Iterable[Simulated]] = executor.map if executor is not None else map
    done = spread(_simulated, jobs)
    found = {job.name: each for job, each in zip(jobs, done, strict=True)}
    return Outcomes(view, inputs.study.weeks, MappingProxyType(found))


def _simulated(job: Job) -> Simulated:
    block = treatment_block(job.name, job.treatment, job.setting)
    world = _world(job, block, drawn_treatment(job.treatment, block, job.setting, job.market))
    gaps = {name: gaps_in(job, world.drawn, needs_of(job, name)) for name in OUTCOMES}
    envelopes = _envelopes(job, block, world, {path for unsure, _ in gaps.values() for path in unsure})
    outcomes = {name: as_known(each, *gaps[name], envelopes.get(name)) for name, each in world.outcomes.items()}
    bills = {
        bill: adjudicate(services_for(job, world.drawn, world.events, block, bill), job.terms).out_of_pocket
        for bill in job.treatment.bills
    }
    return replace(world, outcomes=outcomes, bills=bills)


def _world(job: Job, block: Block, drawn: Mapping[str, Drawn]) -> Simulated:
    """Simulate once, from what was drawn."""
    events = timeline(path_for(job, drawn, block), job.horizon)
    ledger = adjudicate(services_for(job, drawn, events, block), job.terms)
    values = {"out_of_pocket": ledger.out_of_pocket, **outcomes_of(events)}
    outcomes = {name: Outcome(each, tuple(dict.fromkeys(needs_of(job, name)))) for name, each in values.items()}
    return Simulated(outcomes, {}, ledger, events, drawn)


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


def _envelopes(job: Job, block: Block, world: Simulated, unsure: set[str]) -> Mapping[str, tuple[float, float]]:
    """Return, by outcome, the lowest 5th and the highest 95th percentile that the unknowns allow.

    Every combination of the unknowns' ends is simulated in the same worlds. What moves outcomes
    both ways (when sessions are, which decides how recoveries overlap and which plan year pays) is
    held at steps between its ends as well.
    """
    known, names = job.treatment.parameters(), sorted(unsure)
    held = [
        [
            job.setting.drawn(path, known[path], block, job.market, {path: quantile})
            for quantile in (STEPS if path in _SCHEDULE else (0.0, 1.0))
        ]
        for path in names
    ]
    corners = ({**world.drawn, **dict(zip(names, corner, strict=True))} for corner in product(*held))
    return hull(_world(job, block, drawn).outcomes for drawn in corners) if unsure else {}
