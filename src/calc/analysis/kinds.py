"""The two kinds of uncertainty apart: one patient's luck, and what is not known about the average."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..model.expected import Expected
from ..model.outcomes import OUTCOMES, Known
from ..model.ranks import quantiles
from ..model.simulate import Outcomes
from .regressors import varies

__all__ = ["kinds"]


def kinds(views: Mapping[str, Outcomes], averaged: Mapping[str, Mapping[str, Expected]]) -> pd.DataFrame:
    """Return the spread for one patient beside that of the expected value, luck averaged out exactly.

    Parameters
    ----------
    averaged
        By view, the expected values (:func:`calc.model.expected.expected`).

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and outcome (cost, weeks in relief). ``one_p05``, ``one_p50``,
        ``one_p95`` are of one patient; ``mean_p05``, ``mean_p50``, ``mean_p95`` of the average over
        patients like this one, which varies only with what is not known; ``luck`` is the share of
        the variance that luck alone makes. NaN where ``known`` is not "stated".
    """
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            for outcome in ("out_of_pocket", "weeks_in_relief"):
                one, mean = simulated.outcomes[outcome].values, getattr(averaged[view][name], outcome)
                known = averaged[view][name].known[outcome]
                row: dict[str, object] = {
                    "view": view,
                    "treatment": name,
                    "outcome": outcome,
                    "unit": OUTCOMES[outcome].unit,
                }
                row["known"] = str(known)
                for prefix, values in (("one", one), ("mean", mean)):
                    found = quantiles(values, (0.05, 0.5, 0.95)) if known is Known.STATED else (float("nan"),) * 3
                    row |= dict(zip((f"{prefix}_{each}" for each in ("p05", "p50", "p95")), found, strict=True))
                spread = known is Known.STATED and varies(one)
                row["luck"] = float(np.clip(1.0 - mean.var() / one.var(), 0.0, 1.0)) if spread else float("nan")
                rows.append(row)
    return pd.DataFrame(rows)
