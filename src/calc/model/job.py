"""One treatment to simulate under one view: all that a worker needs, and its path and services from what was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.recovery import KindOfWork
from ..inputs.treatment import Treatment
from .course import Setting, path_of, services_of
from .draws import Block, Drawn
from .ledger import Service, Terms
from .memory import DRAWN
from .terms import drawn_terms
from .timeline import Path, Timeline, outcomes_of, timeline

__all__ = ["Job", "jobs_of", "lived", "path_for", "services_for", "setting_of", "terms_of"]

#: the parameters that decide when things happen, beside the days off one's own work
TIMED = (
    *("wait", "diagnostic.steps", "diagnostic.interval", "diagnostic.passed", "sessions", "interval", "downtime"),
    *("onset", "response", "relief", "repeat.most_per_year", "repeat.apart"),
)


@dataclass(frozen=True)
class Job:
    """One treatment to simulate."""

    name: str
    treatment: Treatment
    market: Market
    terms: Terms
    horizon: float
    setting: Setting
    work: KindOfWork
    in_network: bool


def setting_of(inputs: StudyInputs, view: str) -> Setting:
    """Return what a simulation under a view holds fixed."""
    study = inputs.study
    return Setting(inputs.views[view], dict(inputs.sources), study.range_coverage, study.draws, study.seed)


def terms_of(inputs: StudyInputs, view: str) -> Terms:
    """Return the plan's terms under a view, drawn."""
    study = inputs.study
    return drawn_terms(study.plan, inputs.plan, inputs.patient, study.weeks, setting_of(inputs, view))


def jobs_of(inputs: StudyInputs, view: str) -> list[Job]:
    """Return each treatment of a study with all that its simulation needs, under one view."""
    setting, terms, patient = setting_of(inputs, view), terms_of(inputs, view), inputs.patient
    return [
        Job(
            name=name,
            treatment=treatment,
            market=inputs.plan.market,
            terms=terms,
            horizon=inputs.study.weeks,
            setting=setting,
            work=patient.kind_of_work,
            in_network=name not in patient.out_of_network,
        )
        for name, treatment in inputs.treatments.items()
    ]


def path_for(job: Job, drawn: Mapping[str, Drawn], block: Block) -> Path:
    """Return what decides the timeline of a job, from what was drawn."""
    return path_of(job.treatment, drawn, block, job.terms, job.work)


def lived(job: Job, drawn: Mapping[str, Drawn], block: Block) -> tuple[Timeline, Mapping[str, Vector]]:
    """Return a job's timeline, and every outcome that it alone decides, read-only; what a plan pays changes neither."""
    names = [name for name in TIMED if name in drawn] + [f"off_work.{job.work}"] * (f"off_work.{job.work}" in drawn)
    keys = [drawn[name].key for name in names]
    delays = [
        job.terms.delay[each]
        for each in dict.fromkeys(item.category for item in job.treatment.billed().values())
        if each in job.terms.delay
    ]

    def make() -> tuple[Timeline, Mapping[str, Vector]]:
        events = timeline(path_for(job, drawn, block), job.horizon)
        found = outcomes_of(events)
        for values in found.values():
            values.flags.writeable = False
        return events, found

    if block.key is None or None in keys:
        return make()
    policy = job.treatment.repeat.policy, job.treatment.onset_from, job.treatment.diagnostic is None
    key = "lived", block.key, tuple(names), *keys, *(each.tobytes() for each in delays), policy, job.work, job.horizon
    found: tuple[Timeline, Mapping[str, Vector]] = DRAWN.recall(key, make, _size)
    return found


def _size(made: tuple[Timeline, Mapping[str, Vector]]) -> int:
    events, values = made
    return 8 * events.path.wait.size * (16 + 3 * len(events.courses) + len(values))


def services_for(
    job: Job, drawn: Mapping[str, Drawn], events: Timeline, block: Block, bill: str | None = None
) -> list[Service]:
    """Return the services of a job along its timeline, under one reading of its bill."""
    return services_of(job.treatment, drawn, events, block, job.terms, bill=bill, in_network=job.in_network)
