"""Event times → the phases of each treatment and the share in relief week by week."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..inputs.load import StudyInputs
from ..model.curves import share_in_relief
from ..model.draws import Drawn
from ..model.outcomes import Known, Outcomes
from ..units import DAYS_PER_WEEK
from .summary import quantiles

__all__ = ["PHASES", "phases", "relief_by_week"]

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
                rows.append({"view": view, "treatment": name, "phase": phase, **_phase(inputs, outcomes, name, phase)})
    return pd.DataFrame(rows)


def _phase(inputs: StudyInputs, outcomes: Outcomes, name: str, phase: str) -> dict[str, object]:
    simulated = outcomes.treatments[name]
    drawn, path = _first_step(inputs, name, simulated.drawn), simulated.events.path
    matters = np.ones(path.wait.shape, dtype=np.bool_)
    if phase in ("onset", "relief"):
        matters = drawn["response"].values != 0.0
    elif phase == "first_session":
        matters = np.isfinite(simulated.events.courses[0].start)
    needed = [drawn[name] for name in _REST_ON[phase] if name in drawn]
    nothing = {"p05": float("nan"), "p50": float("nan"), "p95": float("nan")}
    if any((np.isnan(each.values) & matters).any() for each in needed):
        return {"known": str(Known.NOT_STATED), **nothing}
    if any((each.unknown & matters).any() for each in needed):
        return {"known": str(Known.UNKNOWN), **nothing}
    if not matters.any():
        return {"known": "no session" if phase == "first_session" else "no relief", **nothing}
    start = simulated.events.courses[0].start
    values = {"first_session": start, "downtime": path.downtime, "onset": path.onset, "relief": path.relief}[phase]
    low, middle, high = quantiles(values[matters], (0.05, 0.5, 0.95))
    return {"known": str(Known.STATED), "p05": low, "p50": middle, "p95": high}


def _first_step(inputs: StudyInputs, name: str, drawn: Mapping[str, Drawn]) -> Mapping[str, Drawn]:
    """Return the draws by path in the treatment; of a pathway, those of its first treatment."""
    if name not in inputs.pathways:
        return drawn
    first = f"{inputs.pathways[name].rules.steps[0].treatment}."
    return {path.removeprefix(first): each for path, each in drawn.items() if path.startswith(first)}


def relief_by_week(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the share of people in relief at each week, with the day of the calendar.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and week from the decision to the horizon; only treatments
        whose weeks in relief are stated.
    """
    weeks = np.arange(0.0, np.floor(inputs.study.weeks) + 1.0)
    start = pd.Timestamp(inputs.patient.decision_date)
    days = [(start + pd.Timedelta(days=int(week * DAYS_PER_WEEK))).date().isoformat() for week in weeks]
    tables = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            if simulated.outcomes["weeks_in_relief"].known is Known.STATED:
                share = share_in_relief(simulated.events, weeks)
                columns = {"view": view, "treatment": name, "week": weeks.astype(int), "date": days, "in_relief": share}
                tables.append(pd.DataFrame(columns))
    empty = pd.DataFrame(columns=["view", "treatment", "week", "date", "in_relief"])
    return pd.concat(tables, ignore_index=True) if tables else empty
