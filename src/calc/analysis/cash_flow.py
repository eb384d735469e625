"""When money leaves the patient, and how far the deductible and the maximum are met by then."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..model.ledger import PATIENT, Ledger, Terms
from ..model.option import terms_of
from ..model.outcomes import Known
from ..model.ranks import quantiles
from ..model.simulate import Outcomes
from ..units import WEEKS_PER_MONTH

__all__ = ["cash_flow", "limits_left"]

_LIMITS = ("deductible", "out_of_pocket_maximum")


def cash_flow(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return what is paid month by month, and how far the plan's own limits are met at each month's end.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment with a stated cost, and month from the decision (from 1).
        ``mean``, ``p05``, ``p50``, ``p95`` are USD paid in that month; ``so_far`` is the mean paid
        since the decision. ``deductible_met`` and ``maximum_met`` are means of what counts in the plan year
        running at the month's end, ``deductible`` and ``maximum`` the means of the whole; NaN without such a limit.
    """
    rows: list[dict[str, object]] = []
    for view, outcomes in views.items():
        terms = terms_of(inputs, view)
        for name, ledger in _ledgers(outcomes).items():
            paid = _by_month(ledger, outcomes.horizon, terms.size)
            so_far = np.cumsum(paid.mean(axis=1))
            for month, dollars in enumerate(paid):
                low, middle, high = quantiles(dollars, (0.05, 0.5, 0.95))
                week = min((month + 1) * WEEKS_PER_MONTH, outcomes.horizon)
                row = {"view": view, "treatment": name, "month": month + 1, "mean": float(dollars.mean())}
                row |= {"p05": low, "p50": middle, "p95": high, "so_far": float(so_far[month])}
                for limit in _LIMITS:
                    short = limit.removeprefix("out_of_pocket_")
                    known = limit in terms.limits and np.isfinite(terms.limits[limit].full).all()
                    row[f"{short}_met"] = float(_met(ledger, terms, limit, week).mean()) if known else float("nan")
                    row[short] = float(terms.limits[limit].full.mean()) if known else float("nan")
                rows.append(row)
    columns = ["view", "treatment", "month", "mean", "p05", "p50", "p95", "so_far"]
    return pd.DataFrame(rows, columns=[*columns, "deductible_met", "deductible", "maximum_met", "maximum"])


def limits_left(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return what is left of the deductible and the maximum at the end of each plan year within the horizon.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment with a stated cost, limit and plan year (from 1, the running one):
        ``p05``, ``p50``, ``p95`` in USD, and ``used_up``, the share of draws with nothing left.
    """
    rows: list[dict[str, object]] = []
    for view, outcomes in views.items():
        terms = terms_of(inputs, view)
        for name, ledger in _ledgers(outcomes).items():
            for limit in _LIMITS:
                if limit not in terms.limits:
                    continue
                for year, end in enumerate((*terms.year_turns, outcomes.horizon), start=1):
                    left = terms.limits[limit].full - _met(ledger, terms, limit, end)
                    low, middle, high = quantiles(left, (0.05, 0.5, 0.95))
                    row = {"view": view, "treatment": name, "limit": limit, "plan_year": year}
                    used_up = float((left < 0.005).mean()) if np.isfinite(left).all() else float("nan")
                    row |= {"p05": low, "p50": middle, "p95": high, "used_up": used_up}
                    rows.append(row)
    columns = ["view", "treatment", "limit", "plan_year", "p05", "p50", "p95", "used_up"]
    return pd.DataFrame(rows, columns=columns)


def _ledgers(outcomes: Outcomes) -> dict[str, Ledger]:
    """Return the lines of every treatment whose cost is stated."""
    return {
        name: simulated.itemized()
        for name, simulated in outcomes.treatments.items()
        if simulated.outcomes["out_of_pocket"].known is Known.STATED
    }


def _by_month(ledger: Ledger, horizon: float, size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return what the patient pays in each month of each draw, shape (months, draws)."""
    months = int(np.ceil(horizon / WEEKS_PER_MONTH - 1e-9))
    paid = np.zeros((months, size))
    draws = np.arange(size)
    for line in ledger.lines:
        happens = line.service.happens
        month = np.minimum((line.service.week[happens] / WEEKS_PER_MONTH).astype(np.int64), months - 1)
        # within one line each draw stands once, so no cell is met twice
        paid[month, draws[happens]] += sum(line.columns[name][happens] for name in PATIENT)
    return paid


def _met(ledger: Ledger, terms: Terms, name: str, week: float) -> Vector:
    """Return what counts towards a limit just before ``week``, in the plan year running then."""
    start = max((turn for turn in terms.year_turns if turn < week), default=-np.inf)
    limit = terms.limits[name]
    met = limit.full - limit.left if np.isneginf(start) else np.zeros(terms.size)
    for line in ledger.lines:
        sharing = terms.sharing_of(line.service)
        if sharing is None or name not in (sharing.deductible, sharing.maximum):
            continue
        counted = ("deductible",) if name == sharing.deductible else ("deductible", "copay", "coinsurance")
        inside = line.service.happens & (line.service.week >= start) & (line.service.week < week)
        met = met + np.where(inside, sum(line.columns[each] for each in counted), 0.0)
    return met
