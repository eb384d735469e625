"""Treatments compared within each draw first, summarised last.

The same draw is the same world for every treatment (one plan, one person), so the spread of a
difference is not the difference of two spreads. Only outcomes that are stated take part.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..inputs.load import StudyInputs
from ..model.outcomes import OUTCOMES, Known
from ..model.ranks import quantiles
from ..model.simulate import Outcomes
from .problem import rounding_of
from .summary import monte_carlo_error

__all__ = ["paired"]


def paired(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return differences from the study's reference treatment, and the chance of being best.

    Returns
    -------
    pandas.DataFrame
        One row per view, outcome and treatment with a stated outcome. ``p05``, ``p50``, ``p95``
        are of treatment minus reference within the draw (NaN where both are never);
        ``better`` is the share of draws in which the treatment does better than the reference,
        ``tied`` in which both are equal, to the rounding of their numbers. ``best`` is the share in
        which none of the stated treatments does better (so ties count for each of the tied, and the
        column may add up to more than 1), ``best_alone`` without ties. ``among`` is how many treatments
        were compared.
    """
    rows: list[dict[str, object]] = []
    for view, outcomes in views.items():
        for outcome in OUTCOMES:
            rows += _rows(view, outcome, outcomes, inputs.study.reference)
    columns = ["view", "outcome", "unit", "treatment", "reference", "p05", "p50", "p95", "error"]
    return pd.DataFrame(rows, columns=[*columns, "better", "tied", "best", "best_alone", "among"])


def _rows(view: str, outcome: str, outcomes: Outcomes, reference: str) -> list[dict[str, object]]:
    stated = {
        name: simulated.outcomes[outcome].values
        for name, simulated in outcomes.treatments.items()
        if simulated.outcomes[outcome].known is Known.STATED
    }
    if not stated:
        return []
    # "weeks_to_relief" compares infinities too: never is never less than never
    sign = -1.0 if OUTCOMES[outcome].more_is_better else 1.0
    badness = sign * np.array(list(stated.values()))
    least = badness.min(axis=0)
    rounding = rounding_of(badness[np.isfinite(badness)])
    at_best = badness <= least + rounding
    alone = at_best & (at_best.sum(axis=0) == 1)
    compared = reference in stated
    rows = []
    for index, (name, values) in enumerate(stated.items()):
        row: dict[str, object] = {
            "view": view,
            "outcome": outcome,
            "unit": OUTCOMES[outcome].unit,
            "treatment": name,
            "reference": reference if compared else "",
            "best": float(at_best[index].mean()),
            "best_alone": float(alone[index].mean()),
            "among": len(stated),
        }
        if compared:
            against = stated[reference]
            with np.errstate(invalid="ignore"):
                difference = values - against  # inf − inf: both never, no difference to state
            finite = not np.isnan(difference).any()
            low, middle, high = quantiles(difference, (0.05, 0.5, 0.95)) if finite else (float("nan"),) * 3
            row |= {
                "p05": low,
                "p50": middle,
                "p95": high,
                "error": monte_carlo_error(difference) if finite else float("nan"),
                "better": float((sign * values < sign * against - rounding).mean()),
                "tied": float(((values == against) | (np.abs(difference) <= rounding)).mean()),
            }
        rows.append(row)
    return rows
