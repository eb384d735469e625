"""Chances by date and at a date, first relief, and relief counted against usual care."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..inputs.load import StudyInputs
from ..model.harms import harm_times
from ..model.outcomes import Estimate, Known
from ..model.ranks import quantiles
from ..model.simulate import Outcomes, Simulated
from ..units import DAYS_PER_WEEK, HALF_DAY, day_after

__all__ = ["against_usual_care", "chances", "first_relief", "harms"]

#: after the decision; those beyond the horizon are left out
MILESTONES = ("3 months", "6 months", "12 months", "24 months")


def chances(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the chances that a patient asks for, at milestones and at the study's own date.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and milestone: ``by`` (its name), ``week``, ``date``, and as
        shares ``relieved`` (relief has come by then, whether or not it lasts), ``in_relief``
        (in relief on that day), ``back_at_work`` (the first course and the time off work that it
        brings are over). NaN where the ``…_known`` beside it is not "stated".
    """
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            events = simulated.events
            for by, week, day in _milestones(inputs):
                over = week + HALF_DAY
                rows.append(
                    {
                        "view": view,
                        "treatment": name,
                        "by": by,
                        "week": week,
                        "date": day,
                        **_share(simulated, "weeks_to_relief", "relieved", events.weeks_to_relief() < over),
                        **_share(simulated, "weeks_in_relief", "in_relief", events.in_relief_at(week)),
                        **_share(
                            simulated, "working_days_lost", "back_at_work", events.back_at_work() < week + HALF_DAY
                        ),
                    }
                )
    return pd.DataFrame(rows)


def _milestones(inputs: StudyInputs) -> Iterator[tuple[str, float, str]]:
    start = inputs.patient.decision_date
    for text in MILESTONES:
        day = day_after(start, text)
        if (week := (day - start).days / DAYS_PER_WEEK) <= inputs.weeks:
            yield text, week, day.isoformat()
    if inputs.study.by is not None and 0 <= (inputs.study.by - start).days / DAYS_PER_WEEK <= inputs.weeks:
        yield "your date", (inputs.study.by - start).days / DAYS_PER_WEEK, inputs.study.by.isoformat()


def _share(simulated: Simulated, outcome: str, name: str, happens: np.ndarray) -> dict[str, object]:
    known = simulated.outcomes[outcome].known
    share = float(happens.mean()) if known is Known.STATED else float("nan")
    return {name: share, f"{name}_known": str(known)}


def first_relief(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return when the first relief comes, of everybody who starts, and who gets as far as that.

    Returns
    -------
    pandas.DataFrame
        One row per view and treatment, in weeks within the horizon: ``p25``, ``p50``, ``p75`` to
        the first relief, infinite where that many are not reached; ``restricted_mean``, the mean
        time without a first relief up to the horizon; ``treated``, the share who get a first
        session; ``relieved``, the share relieved of those who start, and ``relieved_of_treated``.
        NaN where ``known`` is not "stated".
    """
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            outcome = simulated.outcomes["weeks_to_relief"]
            treated = simulated.events.courses_begun() > 0
            row: dict[str, object] = {"view": view, "treatment": name, "known": str(outcome.known)}
            row["treated"] = float(treated.mean()) if _reach_known(simulated) else float("nan")
            rows.append(row | _first(outcome, treated, inputs.weeks))
    return pd.DataFrame(rows)


def _reach_known(simulated: Simulated) -> bool:
    """Return whether all is known that decides who gets a first session."""
    reaching = ("wait", "sessions", "diagnostic.steps", "diagnostic.interval", "diagnostic.passed", ".delay")
    drawn = [each for path, each in simulated.drawn.items() if path.endswith(reaching)]
    return not any(each.unknown.any() or np.isnan(each.values).any() for each in drawn)


def _first(outcome: Estimate, treated: np.ndarray, horizon: float) -> dict[str, float]:
    names = ("p25", "p50", "p75", "restricted_mean", "relieved", "relieved_of_treated")
    if outcome.known is not Known.STATED:
        return dict.fromkeys(names, float("nan"))
    values = outcome.values
    helped = np.isfinite(values)
    of_treated = float(helped.sum() / treated.sum()) if treated.any() else float("nan")
    restricted = float(np.minimum(values, horizon).mean())
    return dict(
        zip(names, (*quantiles(values, (0.25, 0.5, 0.75)), restricted, float(helped.mean()), of_treated), strict=True)
    )


def against_usual_care(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the weeks in relief beyond those of usual care, within each draw.

    Returns
    -------
    pandas.DataFrame
        One row per view and treatment other than ``study.usual_care`` (none where the study names
        no usual care): ``p05``, ``p50``, ``p95`` where it is stated; ``low`` and ``high`` bound it where it is
        not known.
    """
    rows = []
    usual = inputs.study.usual_care
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            if usual is None or name == usual:
                continue
            rows.append(
                {"view": view, "treatment": name, "unit": "weeks", **_gained(simulated.outcomes["weeks_gained"])}
            )
    columns = ["view", "treatment", "unit", "known", "p05", "p50", "p95", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _gained(gained: Estimate) -> dict[str, object]:
    if gained.known is Known.UNKNOWN:
        low, high = gained.envelope or (float("nan"), float("nan"))
        return {"known": str(gained.known), "low": low, "high": high}
    if gained.known is Known.NOT_STATED:
        return {"known": str(gained.known)}
    low, middle, high = quantiles(gained.values, (0.05, 0.5, 0.95))
    return {"known": str(gained.known), "p05": low, "p50": middle, "p95": high}


def harms(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the harms whose rate some source states.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and harm: ``p05``, ``p50``, ``p95`` of the share of those
        treated, as drawn (NaN unless ``known`` is "stated"); ``within`` the weeks over which it is
        counted (NaN where no source says when it comes); ``met``, the share of those who choose the
        treatment whom it meets within the horizon, at one of its sessions or by person as ``per`` says; ``cost``
        (USD) and ``days`` are the middle of what follows, NaN where no source states it.
    """
    rows = []
    for view, outcomes in views.items():
        for name, treatment in inputs.treatments.items():
            simulated = outcomes.treatments[name]
            specs = {spec.name: spec for spec in simulated.option.legs[0].harms()}
            for key, harm in treatment.harms.items():
                rate, within = simulated.drawn[f"harms.{key}"], simulated.drawn.get(f"harms.{key}.within")
                stated = not (rate.unknown.any() or np.isnan(rate.values).any())
                found = quantiles(rate.values, (0.05, 0.5, 0.95)) if stated else (float("nan"),) * 3
                rows.append(
                    {
                        "view": view,
                        "treatment": name,
                        "parameter": f"{name}.harms.{key}",
                        "label": harm.label,
                        "known": str(Known.STATED if stated else Known.NOT_STATED),
                        **dict(zip(("p05", "p50", "p95"), found, strict=True)),
                        "within": float(np.median(within.values)) if within is not None else float("nan"),
                        "met": float(np.isfinite(harm_times(specs[key], simulated.events)).mean())
                        if stated
                        else float("nan"),
                        "per": str(harm.per),
                        **{follows: _middle(simulated, f"harms.{key}.{follows}") for follows in ("cost", "days")},
                    }
                )
    columns = ["view", "treatment", "parameter", "label", "known", "p05", "p50", "p95", "within", "met"]
    return pd.DataFrame(rows, columns=[*columns, "per", "cost", "days"])


def _middle(simulated: Simulated, path: str) -> float:
    """Return the middle of what follows from a harm, USD or days; NaN where no source states it."""
    drawn = simulated.drawn.get(path)
    if drawn is None:
        return float("nan")
    return float(np.median(drawn.values)) * (DAYS_PER_WEEK if path.endswith("days") else 1.0)
