"""One treatment to simulate under one view: all that a worker needs, and its path and services from what was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..inputs.claim import Market
from ..inputs.load import StudyInputs
from ..inputs.recovery import KindOfWork
from ..inputs.treatment import Treatment
from .course import Setting, path_of, services_of
from .draws import Block, Drawn
from .ledger import Service, Terms
from .memory import Memory
from .terms import drawn_terms
from .timeline import Path, Timeline

__all__ = ["Job", "jobs_of", "path_for", "services_for", "setting_of", "terms_of"]


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
    tier: int = 1


def setting_of(inputs: StudyInputs, view: str, memory: Memory | None = None) -> Setting:
    """Return what a simulation under a view holds fixed."""
    study = inputs.study
    return Setting(inputs.views[view], dict(inputs.sources), study.range_coverage, study.draws, study.seed, memory)


def terms_of(inputs: StudyInputs, view: str, memory: Memory | None = None) -> Terms:
    """Return the plan's terms under a view, drawn."""
    study = inputs.study
    return drawn_terms(study.plan, inputs.plan, inputs.patient, study.weeks, setting_of(inputs, view, memory))


def jobs_of(inputs: StudyInputs, view: str, memory: Memory | None = None) -> list[Job]:
    """Return each treatment of a study with all that its simulation needs, under one view."""
    setting, terms, patient = setting_of(inputs, view, memory), terms_of(inputs, view, memory), inputs.patient
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
            tier=2 if name in patient.second_tier else 1,
        )
        for name, treatment in inputs.treatments.items()
    ]


def path_for(job: Job, drawn: Mapping[str, Drawn], block: Block) -> Path:
    """Return what decides the timeline of a job, from what was drawn."""
    return path_of(job.treatment, drawn, block, job.terms, job.work)


def services_for(
    job: Job, drawn: Mapping[str, Drawn], events: Timeline, block: Block, bill: str | None = None
) -> list[Service]:
    """Return the services of a job along its timeline, under one reading of its bill."""
    return services_of(
        job.treatment, drawn, events, block, job.terms, bill=bill, in_network=job.in_network, tier=job.tier
    )
