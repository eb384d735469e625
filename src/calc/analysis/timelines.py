"""Event times → the phases of each treatment and the share in relief week by week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..cache import stage
from ..inputs.claim import Basis
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs, basis_of
from ..inputs.source import SourceKind
from ..model import curves
from ..model.curves import share_in_relief
from ..model.ledger import Service, Terms
from ..model.outcomes import Known
from ..model.ranks import quantiles
from ..model.sample import Drawn
from ..model.simulate import Outcomes, Simulated
from ..model.timeline import Path, Timeline
from ..units import DAYS_PER_WEEK

__all__ = ["PHASES", "first_days", "paid_by_week", "phases", "relief_by_week", "states_by_week"]

PHASES = ("first_session", "downtime", "onset", "relief")
_REST_ON = {
    "first_session": ("wait", "diagnostic.steps", "diagnostic.interval", "sessions"),
    "downtime": ("downtime",),
    "onset": ("onset",),
    "relief": ("relief",),
}


def phases(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return how long each phase of a treatment lasts, whoever it helps; of a pathway, of its first step.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and phase, in weeks: ``first_session`` from the decision (of
        those who reach it), ``downtime`` after each session, ``onset`` from the first (or last)
        session to relief, ``relief`` per course for those who get it. ``p05``, ``p50``, ``p95``
        are NaN where ``known`` is not "stated".
    """
    rows = []
    for view, outcomes in views.items():
        for name in inputs.options:
            for phase in PHASES:
                simulated = outcomes.treatments[name]
                leg, events = simulated.option.legs[0], simulated.events
                option, delayed = simulated.option, simulated.option.delays(leg) if phase == "first_session" else ()
                paths = [option.path(leg, path) for path in (*_REST_ON[phase], *delayed)]
                needed = tuple(option.drawn[path] for path in paths if path in option.drawn)
                neither = leg.natural.share
                spread = _phase(needed, leg.treated, neither, events.path, events.courses[0].start, phase)
                rows.append({"view": view, "treatment": name, "phase": phase, **spread})
    return pd.DataFrame(rows)


@stage
def _phase(
    needed: tuple[Drawn, ...], treated: Drawn, neither: Drawn, path: Path, start: Vector, phase: str
) -> Mapping[str, object]:
    matters = np.ones(path.wait.shape, dtype=np.bool_)
    if phase in ("onset", "relief"):
        matters = treated.values > neither.values
    elif phase == "first_session":
        matters = np.isfinite(start)
    nothing = {"p05": float("nan"), "p50": float("nan"), "p95": float("nan")}
    if any((np.isnan(each.values) & matters).any() for each in needed):
        return {"known": str(Known.NOT_STATED), **nothing}
    if any((each.unknown & matters).any() for each in needed):
        return {"known": str(Known.UNKNOWN), **nothing}
    if not matters.any():
        return {"known": "no session" if phase == "first_session" else "no relief", **nothing}
    values = {"first_session": start, "downtime": path.downtime, "onset": path.onset, "relief": path.relief}[phase]
    low, middle, high = quantiles(values[matters], (0.05, 0.5, 0.95))
    return {"known": str(Known.STATED), "p05": low, "p50": middle, "p95": high}


def relief_by_week(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the share of people in relief at each week, with the day of the calendar.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and week from the decision to the horizon; only treatments
        whose weeks in relief are stated.
    """
    return _by_week(
        inputs, views, ("weeks_in_relief",), ("in_relief",), lambda each: {"in_relief": _relieved(each.events)}
    )


@stage
def _relieved(events: Timeline) -> Vector:
    return share_in_relief(events, _weeks(events.horizon))


def states_by_week(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the share of people waiting, recovering, in relief and not in relief at each week.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and week; the four shares add up to 1. Only treatments whose
        weeks in relief and days of recovery are stated.
    """
    needed = ("weeks_in_relief", "downtime_days")
    return _by_week(inputs, views, needed, curves.STATES, lambda each: _states(each.events))


@stage
def _states(events: Timeline) -> Mapping[str, Vector]:
    return curves.states_by_week(events, _weeks(events.horizon))


def paid_by_week(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return what has been paid by each week, averaged over draws, USD.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and week; only treatments whose cost is stated.
    """

    def paid(each: Simulated) -> Mapping[str, Vector]:
        return {"paid": _paid(each.option.services(each.legs), each.option.terms, each.option.horizon)}

    return _by_week(inputs, views, ("out_of_pocket",), ("paid",), paid)


@stage
def _paid(services: tuple[Service, ...], terms: Terms, horizon: float) -> Vector:
    return curves.paid_by_week(services, terms, _weeks(horizon))


def _weeks(horizon: float) -> Vector:
    return np.arange(0.0, np.floor(horizon) + 1.0)


def _by_week(
    inputs: StudyInputs,
    views: Mapping[str, Outcomes],
    needed: Sequence[str],
    columns: Sequence[str],
    make: Callable[[Simulated], Mapping[str, Vector]],
) -> pd.DataFrame:
    """Return a row per view, treatment and week, of treatments whose ``needed`` outcomes are stated."""
    weeks = _weeks(inputs.weeks)
    start = pd.Timestamp(inputs.patient.decision_date)
    days = [(start + pd.Timedelta(days=int(week * DAYS_PER_WEEK))).date().isoformat() for week in weeks]
    columns_of: dict[str, list[Any]] = {}
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            if all(simulated.outcomes[each].known is Known.STATED for each in needed):
                found = make(simulated)
                place = {
                    "view": [view] * weeks.size,
                    "treatment": [name] * weeks.size,
                    "week": weeks.astype(int),
                    "date": days,
                }
                for column, values in {**place, **found}.items():
                    columns_of.setdefault(column, []).append(values)
    if not columns_of:
        return pd.DataFrame(columns=["view", "treatment", "week", "date", *columns])
    return pd.DataFrame({column: np.concatenate(values) for column, values in columns_of.items()})


def first_days(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return how the first days after a session feel, as sources describe them, and how much a step hurts.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and stretch of days (``first_day``, ``last_day``, ``feels``,
        ``advice``, ``source``), or step that hurts (days 0, ``score`` of 10: mean over draws).
    """
    rows = []
    for view, outcomes in views.items():
        for name, treatment in inputs.treatments.items():
            drawn = outcomes.treatments[name].drawn
            place = {"view": view, "treatment": name}
            for key, parameter in treatment.pain.items():
                felt = drawn[f"pain.{key}"]
                used = [parameter.claims[index] for index in felt.used]
                said = {basis_of(claim, inputs.sources) for claim in used}
                row = {**place, "first_day": 0, "last_day": 0, "feels": parameter.label}
                rows.append({**row, "score": float(felt.values.mean()), "basis": " + ".join(sorted(said))})
            for step in treatment.recovery:
                kind = inputs.sources[step.source].kind
                basis = Basis.DOCUMENT if kind is SourceKind.DOCUMENT else Basis.PUBLIC
                rows.append({**place, **step.model_dump(), "basis": str(basis)})
    columns = ["view", "treatment", "first_day", "last_day", "feels", "advice", "score", "source", "section", "basis"]
    return pd.DataFrame(rows, columns=columns)
