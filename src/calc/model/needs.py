"""What an outcome is made of, and which gaps in that matter: what nobody knows, what no believed source states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from ..inputs.claim import Market
from ..inputs.recovery import KindOfWork
from ..inputs.treatment import RepeatPolicy
from .course import coverage_limits
from .draws import Drawn, Mask
from .job import Job

__all__ = ["gaps_in", "needs_of"]

_RELIEVING = ("weeks_to_relief", "weeks_in_relief", "longest_without_relief", "in_relief_at_horizon")


def needs_of(job: Job, outcome: str) -> Iterator[str]:
    """Yield the parameters that an outcome rests on, by path."""
    treatment = job.treatment
    repeats = treatment.repeat.policy is not RepeatPolicy.NEVER and outcome != "weeks_to_relief"
    relieving = outcome in _RELIEVING
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
    if (relieving and outcome != "weeks_to_relief") or repeats:
        yield "relief"
    if repeats:
        yield from (path for path in ("repeat.most_per_year", "repeat.apart") if path in treatment.parameters())
    yield from _day_needs(job, outcome)
    if outcome == "out_of_pocket":
        yield from _price_needs(job)


def _day_needs(job: Job, outcome: str) -> Iterator[str]:
    """Yield what says how many days a session takes."""
    if outcome == "downtime_days":
        yield "downtime"
    if outcome == "working_days_lost" and job.work is not KindOfWork.NONE:
        yield f"off_work.{job.work}"


def _price_needs(job: Job) -> Iterator[str]:
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


def gaps_in(job: Job, drawn: Mapping[str, Drawn], needs: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what nobody knows, and what no believed source states, among what an outcome needs.

    A gap that cannot matter is none: relief that nobody has (response 0), a cash price where
    everything is covered, an allowed amount where nothing is.
    """
    unsure, missing = [], []
    for name in dict.fromkeys(needs):
        matters = _matters(job, name, drawn)
        if (np.isnan(drawn[name].values) & matters).any():
            missing.append(name)
        elif (drawn[name].unknown & matters).any():
            unsure.append(name)
    return tuple(unsure), tuple(missing)


def _matters(job: Job, name: str, drawn: Mapping[str, Drawn]) -> Mask:
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
        limit = coverage_limits(job.treatment, drawn, job.terms)[item.category]
        return np.not_equal(limit, 1.0 if cash else 0.0)
    return everywhere
