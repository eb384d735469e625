"""One study under one view → outcomes per draw and treatment, and how far each one is known.

Four outcomes: out-of-pocket cost, weeks to relief (``inf`` = never within the horizon, and counted
as that), weeks in relief within the horizon, downtime days. Two kinds of uncertainty are in the
draws together: what is not known (parameters), and one patient's luck (responds or not, passes the
test blocks or not, covered or not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from types import MappingProxyType

import numpy as np

from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.treatment import RepeatPolicy, Treatment
from .benefits import adjudicate
from .course import Setting, drawn_treatment, path_of, services_of, treatment_block
from .draws import Block, Drawn, Mask
from .ledger import Ledger, Service, Terms
from .terms import drawn_terms
from .timeline import Timeline, timeline

__all__ = [
    "OUTCOMES",
    "Known",
    "Outcome",
    "Outcomes",
    "Simulated",
    "itemised",
    "setting_of",
    "simulate",
    "simulate_views",
    "terms_of",
]

OUTCOMES = ("out_of_pocket", "weeks_to_relief", "weeks_in_relief", "downtime_days")

#: times that move outcomes both ways, and the quantiles of all that they could be at which they are held
_SCHEDULE = ("wait", "interval", "diagnostic.interval")
_STEPS = (0.0, 0.002, 0.004, 0.008, 0.02, 0.1, 0.5, 1.0)


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
    known: Known
    needs: tuple[str, ...]
    rests_on: tuple[str, ...]
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


@dataclass(frozen=True)
class _Job:
    """One treatment to simulate: all that a worker needs."""

    name: str
    treatment: Treatment
    market: Market
    terms: Terms
    horizon: float
    setting: Setting
    in_network: bool


def simulate_views(inputs: StudyInputs, executor: Executor | None = None) -> Mapping[str, Outcomes]:
    """Return the outcomes under each of the study's views."""
    return MappingProxyType({name: simulate(inputs, name, executor) for name in inputs.views})


def simulate(inputs: StudyInputs, view: str, executor: Executor | None = None) -> Outcomes:
    """Simulate every treatment of a study under one of its views.

    With an ``executor`` the treatments are shared out among its workers; the result is the same to
    the last bit, because each treatment's draws depend on nothing but its own name and the seed.
    """
    study, jobs = inputs.study, _jobs(inputs, view)
    spread: Callable[..., Iterable[Simulated]] = executor.map if executor is not None else map
    done = spread(_simulated, jobs)
    return Outcomes(view, study.weeks, MappingProxyType({job.name: each for job, each in zip(jobs, done, strict=True)}))


def itemised(inputs: StudyInputs, view: str, treatment: str, simulated: Simulated) -> Ledger:
    """Return a simulated treatment's ledger again, with every service as a line of its own."""
    (job,) = (each for each in _jobs(inputs, view) if each.name == treatment)
    block = treatment_block(job.name, job.treatment, job.setting)
    return adjudicate(_services(job, simulated.drawn, simulated.events, block), job.terms, lines=True)


def terms_of(inputs: StudyInputs, view: str) -> Terms:
    """Return the plan's terms under a view, drawn."""
    study = inputs.study
    return drawn_terms(study.plan, inputs.plan, inputs.patient, study.weeks, setting_of(inputs, view))


def setting_of(inputs: StudyInputs, view: str) -> Setting:
    """Return what a simulation under a view holds fixed."""
    study = inputs.study
    return Setting(inputs.views[view], dict(inputs.sources), study.range_coverage, study.draws, study.seed)


def _jobs(inputs: StudyInputs, view: str) -> list[_Job]:
    setting, terms, outside = setting_of(inputs, view), terms_of(inputs, view), inputs.patient.out_of_network
    return [
        _Job(name, treatment, inputs.plan.market, terms, inputs.study.weeks, setting, name not in outside)
        for name, treatment in inputs.treatments.items()
    ]


def _simulated(job: _Job) -> Simulated:
    block = treatment_block(job.name, job.treatment, job.setting)
    world = _world(job, block, drawn_treatment(job.treatment, block, job.setting, job.market))
    gaps = {name: _gaps(job, world.drawn, name) for name in OUTCOMES}
    envelopes = _envelopes(job, block, world, {path for unsure, _ in gaps.values() for path in unsure})
    outcomes = {}
    for name, outcome in world.outcomes.items():
        unsure, missing = gaps[name]
        if missing:
            empty = np.full_like(outcome.values, np.nan)
            outcome = replace(outcome, values=empty, known=Known.NOT_STATED, rests_on=missing)
        elif unsure:
            outcome = replace(outcome, known=Known.UNKNOWN, rests_on=unsure, envelope=envelopes[name])
        outcomes[name] = outcome
    bills = {
        bill: adjudicate(_services(job, world.drawn, world.events, block, bill), job.terms).out_of_pocket
        for bill in job.treatment.bills
    }
    return replace(world, outcomes=outcomes, bills=bills)


def _world(job: _Job, block: Block, drawn: Mapping[str, Drawn]) -> Simulated:
    """Simulate once, from what was drawn."""
    events = timeline(path_of(job.treatment, drawn, block, job.terms), job.horizon)
    ledger = adjudicate(_services(job, drawn, events, block), job.terms)
    values = {
        "out_of_pocket": ledger.out_of_pocket,
        "weeks_to_relief": events.weeks_to_relief(),
        "weeks_in_relief": events.weeks_in_relief(),
        "downtime_days": events.downtime_days(),
    }
    outcomes = {
        name: Outcome(each, Known.STATED, tuple(dict.fromkeys(_needs(job, name))), ()) for name, each in values.items()
    }
    return Simulated(outcomes, {}, ledger, events, drawn)


def _services(
    job: _Job, drawn: Mapping[str, Drawn], events: Timeline, block: Block, bill: str | None = None
) -> list[Service]:
    return services_of(job.treatment, drawn, events, block, job.terms, bill=bill, in_network=job.in_network)


def _needs(job: _Job, outcome: str) -> Iterator[str]:
    """Yield the parameters that an outcome rests on, by path."""
    treatment = job.treatment
    repeats = treatment.repeat.policy is not RepeatPolicy.NEVER and outcome != "weeks_to_relief"
    relieving = outcome in ("weeks_to_relief", "weeks_in_relief")
    if outcome == "out_of_pocket" and not treatment.price:
        yield "coverage"
        return
    yield from ("wait", "sessions")
    if treatment.diagnostic is not None:
        yield from ("diagnostic.steps", "diagnostic.interval", "diagnostic.passed")
    if treatment.interval is not None and (repeats or not relieving or treatment.onset_from == "last_session"):
        yield "interval"
    if relieving or repeats:
        yield from ("onset", "response")
    if outcome == "weeks_in_relief" or repeats:
        yield "relief"
    if repeats:
        yield "repeat.most_per_year"
    if outcome == "downtime_days":
        yield "downtime"
    if outcome == "out_of_pocket":
        yield from _price_needs(job)


def _price_needs(job: _Job) -> Iterator[str]:
    """Yield prices and coverage: the cash price counts only where something is not covered."""
    if job.market is not Market.CASH:
        yield "coverage"
    for name, item in job.treatment.billed().items():
        sharing = job.terms.sharing.get(item.category)
        if job.market is not Market.CASH and sharing is not None:
            yield f"price.{name}"
            if sharing.per_day and item.days is not None:
                yield f"price.{name}.days"
        yield f"price.{name}.cash"


def _gaps(job: _Job, drawn: Mapping[str, Drawn], outcome: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what nobody knows, and what no believed source states, among an outcome's needs.

    A gap that cannot matter is none: relief that nobody has (response 0), a cash price where
    everything is covered, an allowed amount where nothing is.
    """
    unsure, missing = [], []
    for name in dict.fromkeys(_needs(job, outcome)):
        matters = _matters(job, name, drawn)
        if (np.isnan(drawn[name].values) & matters).any():
            missing.append(name)
        elif (drawn[name].unknown & matters).any():
            unsure.append(name)
    return tuple(unsure), tuple(missing)


def _matters(job: _Job, name: str, drawn: Mapping[str, Drawn]) -> Mask:
    everywhere = np.ones(job.terms.size, dtype=np.bool_)
    if name == "coverage" and not job.treatment.price:
        return ~everywhere
    if name in ("onset", "relief"):
        return np.not_equal(drawn["response"].values, 0.0)
    if name.startswith("price.") and job.market is not Market.CASH:
        cash = name.endswith(".cash")
        item = job.treatment.price[name.split(".")[1]]
        if item.category not in job.terms.sharing:
            return everywhere if cash else ~everywhere
        if cash and not job.in_network:
            return everywhere
        granted = drawn["coverage"].values * (1.0 - job.terms.denied.get(item.category, np.float64(0.0)))
        return np.not_equal(granted, 1.0 if cash else 0.0)
    return everywhere


def _envelopes(job: _Job, block: Block, world: Simulated, unsure: set[str]) -> Mapping[str, tuple[float, float]]:
    """Return, by outcome, the lowest 5th and the highest 95th percentile that the unknowns allow.

    Every combination of the unknowns' ends is simulated in the same worlds. What moves outcomes
    both ways (when sessions are, which decides how recoveries overlap and which plan year pays) is
    held at steps between its ends as well.
    """
    if not unsure:
        return {}
    known, names = job.treatment.parameters(), sorted(unsure)
    held = [
        [
            job.setting.drawn(path, known[path], block, job.market, {path: quantile})
            for quantile in (_STEPS if path in _SCHEDULE else (0.0, 1.0))
        ]
        for path in names
    ]
    spans = []
    for corner in product(*held):
        outcomes = _world(job, block, {**world.drawn, **dict(zip(names, corner, strict=True))}).outcomes
        spans.append([np.quantile(outcomes[name].values, (0.05, 0.95), method="inverted_cdf") for name in OUTCOMES])
    hull = np.array(spans)
    return {
        name: (float(hull[:, place, 0].min()), float(hull[:, place, 1].max())) for place, name in enumerate(OUTCOMES)
    }
