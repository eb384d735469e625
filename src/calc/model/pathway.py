"""A pathway per draw: through its steps by its rules, on the very draws that its treatments have alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.pathway import Pathway
from .benefits import adjudicate
from .course import drawn_treatment, treatment_block
from .draws import Block, Drawn
from .envelopes import STEPS, hull
from .job import Job, jobs_of, path_for, services_for
from .ledger import Service
from .memory import Memory
from .needs import gaps_in, needs_of
from .outcomes import OUTCOMES, Outcome, Simulated, as_known
from .timeline import TIMED, Timeline, joined, outcome_of, timeline

__all__ = ["Leg", "gaps_along", "leaving", "legs_alone", "services_along", "services_on", "simulate_pathways"]


@dataclass(frozen=True)
class Leg:
    """One step of a pathway, drawn; a treatment alone is a single leg without an end."""

    job: Job
    block: Block
    drawn: Mapping[str, Drawn]
    courses: int | None = None
    patience: Drawn | None = None

    @property
    def parts(self) -> tuple[object, ...]:
        """All that its course and its services follow from; steps with equal parts go alike, whatever the view."""
        job = self.job
        where = (job.name, job.treatment, job.market, job.terms, job.horizon, job.work, job.in_network, job.tier)
        return (*where, self.block, self.drawn, self.courses, self.patience)

    def events(self, begins: Vector) -> Timeline:
        """Return its timeline where the decision for it falls at ``begins`` (weeks, ``inf`` = never)."""
        path = path_for(self.job, self.drawn, self.block)
        return timeline(replace(path, wait=begins + path.wait, most_courses=self.courses), self.job.horizon)

    def leaves(self, events: Timeline) -> Vector:
        """Return when each draw goes on to the next step (see :func:`leaving`)."""
        return leaving(events, self.patience.values) if self.patience else np.full_like(events.path.wait, np.inf)


def leaving(events: Timeline, patience: Vector) -> Vector:
    """Return when each draw goes on to the next step, weeks; ``inf`` where not before the horizon.

    Ruled out by the tests: when they are over. No relief: ``patience`` after the last session of the
    course. Relief: when that of the last course allowed (:attr:`Path.most_courses`) has worn off.
    """
    path, first = events.path, events.courses[0]
    most = 1 if path.most_per_year is None else (path.most_courses or 1)
    worn = np.full_like(path.wait, np.inf)
    if most <= len(events.courses):
        last = events.courses[most - 1]
        worn = np.maximum(last.relief_to, last.start + path.length)
    judged = first.start + path.length + patience
    found = np.where(np.isfinite(first.start), np.where(path.responds, worn, judged), path.tested)
    return np.where(found < events.horizon, found, np.inf)


def _legs_of(inputs: StudyInputs, view: str, pathway: Pathway, memory: Memory | None) -> list[Leg]:
    """Return the steps of a pathway with the draws that their treatments have in the study."""
    jobs = {job.name: job for job in jobs_of(replace(inputs, treatments=pathway.treatments), view, memory)}
    found = []
    for step in pathway.rules.steps:
        job = jobs[step.treatment]
        block = treatment_block(job.name, job.treatment, job.setting)
        own = job.setting.block(f"patience.{job.name}", ["patience"])
        patience = job.setting.drawn("patience", step.patience, own, job.market)
        drawn = drawn_treatment(job.treatment, block, job.setting, job.market)
        found.append(Leg(job, block, drawn, step.courses, patience))
    return found


def legs_alone(inputs: StudyInputs, view: str, name: str, memory: Memory | None = None) -> list[Leg]:
    """Return the steps of one option of a study: a pathway's, or the treatment alone as its only step."""
    if name in inputs.pathways:
        return _legs_of(inputs, view, inputs.pathways[name], memory)
    (job,) = jobs_of(replace(inputs, treatments={name: inputs.treatments[name]}), view, memory)
    block = treatment_block(job.name, job.treatment, job.setting)
    return [Leg(job, block, drawn_treatment(job.treatment, block, job.setting, job.market))]


def _walk(legs: Sequence[Leg]) -> Iterator[tuple[Leg, Timeline, Vector]]:
    """Yield each step with its timeline and when it is left, from the day of the decision on."""
    begins = np.zeros(legs[0].job.setting.draws)
    for leg in legs:
        events = leg.events(begins)
        begins = leg.leaves(events)
        yield leg, events, begins


def services_on(leg: Leg, events: Timeline, leaves: Vector) -> Iterator[Service]:
    """Yield the services of a step up to when it is left, named after the step."""
    for service in services_for(leg.job, leg.drawn, events, leg.block):
        happens = service.happens & (service.week < leaves)
        yield replace(service, item=f"{leg.job.name}.{service.item}", happens=happens)


def services_along(legs: Sequence[Leg]) -> list[Service]:
    """Return the services of all steps."""
    return [service for each in _walk(legs) for service in services_on(*each)]


def simulate_pathways(inputs: StudyInputs, view: str, memory: Memory | None = None) -> Mapping[str, Simulated]:
    """Return the outcomes of each pathway of a study under one of its views."""
    return {name: _simulated(_legs_of(inputs, view, pathway, memory)) for name, pathway in inputs.pathways.items()}


def _simulated(legs: Sequence[Leg]) -> Simulated:
    world = _world(legs)
    gaps = {name: gaps_along(legs, name) for name in OUTCOMES}
    envelopes = _envelopes(legs, {path for unsure, _ in gaps.values() for path in unsure})
    outcomes = {name: as_known(each, *gaps[name], envelopes.get(name)) for name, each in world.outcomes.items()}
    return replace(world, outcomes=outcomes)


def _world(legs: Sequence[Leg]) -> Simulated:
    walked = list(_walk(legs))
    events = joined([each for _, each, _ in walked])
    services = [service for each in walked for service in services_on(*each)]
    ledger = adjudicate(services, legs[0].job.terms)
    values = {"out_of_pocket": ledger.out_of_pocket, **{name: outcome_of(events, name) for name in TIMED}}
    outcomes = {name: Outcome(each, tuple(_paths(legs, name))) for name, each in values.items()}
    drawn = {f"{leg.job.name}.{path}": each for leg in legs for path, each in leg.drawn.items()}
    drawn |= {f"{leg.job.name}.patience": leg.patience for leg in legs if leg.patience is not None}
    return Simulated(outcomes, {}, ledger, events, drawn)


def _needs(leg: Leg, outcome: str, *, last: bool) -> tuple[str, ...]:
    """Return what an outcome needs of one step; what leads to the next step matters as well."""
    names = [*needs_of(leg.job, outcome)]
    if not last:
        names += needs_of(leg.job, "weeks_to_relief" if outcome == "weeks_to_relief" else "weeks_in_relief")
        names += ["interval"] if "interval" in leg.drawn else []
    return tuple(dict.fromkeys(names))


def _paths(legs: Sequence[Leg], outcome: str) -> Iterator[str]:
    for leg in legs:
        last = leg is legs[-1]
        yield from (f"{leg.job.name}.{path}" for path in _needs(leg, outcome, last=last))
        if not last:
            yield f"{leg.job.name}.patience"


def gaps_along(legs: Sequence[Leg], outcome: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what nobody knows and what is not stated of what an outcome needs, of all steps, by ``TREATMENT.path``."""
    unsure: list[str] = []
    missing: list[str] = []
    for leg in legs:
        found = gaps_in(leg.job, leg.drawn, _needs(leg, outcome, last=leg is legs[-1]))
        for names, into in zip(found, (unsure, missing), strict=True):
            into += [f"{leg.job.name}.{path}" for path in names]
        if leg is not legs[-1] and leg.patience is not None:
            into_which = (
                missing if np.isnan(leg.patience.values).any() else unsure if leg.patience.unknown.any() else []
            )
            into_which.append(f"{leg.job.name}.patience")
    return tuple(unsure), tuple(missing)


def _envelopes(legs: Sequence[Leg], unsure: set[str]) -> Mapping[str, tuple[float, float]]:
    """Return, by outcome, the lowest 5th and highest 95th percentile that the unknowns of all steps allow.

    A later step comes sooner where an earlier one helps for less long, so every unknown is held at
    steps between its ends; beyond two unknowns at their ends and in the middle.
    """
    names = sorted(unsure)
    steps = STEPS if len(names) <= 2 else (0.0, 0.5, 1.0)
    corners = (dict(zip(names, corner, strict=True)) for corner in product(steps, repeat=len(names)))
    worlds = (_world([_held(leg, at) for leg in legs]).outcomes for at in corners)
    return hull({name: each.values for name, each in world.items()} for world in worlds) if unsure else {}


def _held(leg: Leg, at: Mapping[str, float]) -> Leg:
    """Return a step whose unknowns are held at the quantiles given by path."""
    known = leg.job.treatment.parameters()
    held = {}
    for name, quantile in at.items():
        treatment, _, path = name.partition(".")
        if treatment == leg.job.name and path in known:
            held[path] = leg.job.setting.drawn(path, known[path], leg.block, leg.job.market, {path: quantile})
    return replace(leg, drawn={**leg.drawn, **held})
