"""The lines beside the medical bill, never inside it: travel, unpaid time, tax saved, financing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.patient import FinancingKind
from ..model.extras import tax_saved, travel, unpaid_time, visits
from ..model.financing import deferred_interest, loan
from ..model.option import setting_of
from ..model.outcomes import Known, known_of
from ..model.ranks import quantiles
from ..model.simulate import Outcomes, Simulated
from ..model.terms import drawn_patient

__all__ = ["beside"]

#: each line, and the outcomes that it needs
LINES: Mapping[str, tuple[str, ...]] = {
    "travel": ("out_of_pocket",),
    "unpaid_time": ("out_of_pocket", "downtime_days"),
    "tax_saved": ("out_of_pocket",),
    "monthly_payment": ("out_of_pocket",),
    "interest": ("out_of_pocket",),
    "interest_if_late": ("out_of_pocket",),
}


def beside(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return what the patient's file asks for beside the bill.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and line that the patient's file has figures for, USD; no row
        where it has none. ``interest_if_late`` is what a card with deferred interest costs if its last
        payment misses the date.
    """
    rows: list[dict[str, object]] = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            for line, values, own in _lines(inputs, view, simulated):
                known = _least({*(simulated.outcomes[each].known for each in LINES[line]), own})
                stated = known is Known.STATED
                low, middle, high = quantiles(values, (0.05, 0.5, 0.95)) if stated else (float("nan"),) * 3
                rows.append(
                    {
                        "view": view,
                        "treatment": name,
                        "line": line,
                        "unit": "USD",
                        "known": str(known),
                        "p05": low,
                        "p50": middle,
                        "p95": high,
                        "mean": float(values.mean()) if stated else float("nan"),
                    }
                )
    return pd.DataFrame(rows, columns=["view", "treatment", "line", "unit", "known", "p05", "p50", "p95", "mean"])


def _least(known: set[Known]) -> Known:
    """Return how far something is known that needs all of these."""
    return next(each for each in (Known.NOT_STATED, Known.UNKNOWN, Known.STATED) if each in known)


def _lines(inputs: StudyInputs, view: str, simulated: Simulated) -> Iterator[tuple[str, Vector, Known]]:
    """Yield the lines that the patient's file has figures for, and how far these figures are known."""
    patient = inputs.patient
    drawn = drawn_patient(inputs.study.patient, patient, inputs.plan.market, setting_of(inputs, view))
    owed = simulated.outcomes["out_of_pocket"].values
    if patient.travel is not None or patient.work is not None:
        lines = simulated.itemized().lines
        count = visits([line.service for line in lines]) if lines else np.zeros(owed.size)
        if patient.travel is not None:
            yield (
                "travel",
                travel(count, patient.travel, drawn["travel.per_mile"].values),
                known_of(drawn["travel.per_mile"]),
            )
        if patient.work is not None:
            yield (
                "unpaid_time",
                unpaid_time(count, simulated.outcomes["downtime_days"].values, patient.work),
                Known.STATED,
            )
    if patient.account is not None:
        yield "tax_saved", tax_saved(owed, patient.account), Known.STATED
    if patient.financing is not None:
        terms = patient.financing
        principal = np.maximum(owed - terms.down_payment, 0.0)
        card = terms.kind is FinancingKind.DEFERRED_INTEREST
        apr = drawn["financing.apr"]
        repaid, known = (deferred_interest if card else loan)(principal, apr.values, terms.months), known_of(apr)
        yield "monthly_payment", repaid.monthly, Known.STATED if card else known
        yield "interest", repaid.interest, Known.STATED if card else known
        if card:
            yield "interest_if_late", repaid.late, known
