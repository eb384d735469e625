"""What a year costs under several plans: the premium, where it is given, and what each treatment adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import UnknownNameError
from ..inputs.load import StudyInputs, load_study
from ..model.option import setting_of
from ..model.outcomes import Known
from ..model.ranks import quantiles
from ..model.simulate import simulate
from ..model.terms import drawn_plan

__all__ = ["plan_years"]


def plan_years(
    study: str, plans: Sequence[str], *, view: str | None = None, params: Path | None = None
) -> pd.DataFrame:
    """Return a year under each plan, with and without each treatment of a study.

    A plan whose papers can be read in two ways stands twice.

    Parameters
    ----------
    plans
        Names under ``params/plans``.
    view
        Whom to believe; the study's first view by default.

    Returns
    -------
    pandas.DataFrame
        One row per plan and option, the first option of a plan being "" (nothing is billed): ``known``,
        ``premium`` (USD a year, NaN where the plan's file gives none), ``p05``, ``p50``, ``p95`` and ``mean``
        of premium and out-of-pocket cost together; without a premium, of the cost alone. NaN where the cost
        is not known.

    Raises
    ------
    ParameterFileError, UnknownNameError
    """
    settings: dict[str, object] = {"study.horizon": "12 months", "study.plans": list(plans)}
    settings |= {"study.views": [view]} if view else {}
    inputs = load_study(study, root=params, settings=settings)
    for name in plans:
        if name not in inputs.by_plan:
            raise UnknownNameError("plan", name, inputs.by_plan)
    wanted = [name for name in inputs.by_plan if name.split(".")[0] in plans]
    wanted.sort(key=lambda name: list(plans).index(name.split(".")[0]))
    return pd.DataFrame([row for name in wanted for row in _year(name, inputs.by_plan[name])])


def _year(name: str, inputs: StudyInputs) -> list[dict[str, object]]:
    """Return the rows of one plan."""
    view = next(iter(inputs.views))
    drawn = drawn_plan(inputs.study.plan, inputs.plan, setting_of(inputs, view))
    premium = drawn.get("premium")
    year = premium.values * 12.0 if premium is not None else np.zeros(inputs.study.draws)
    open_ended = premium is not None and bool(premium.unknown.any() or np.isnan(premium.values).any())
    costs = {"": (Known.STATED, np.zeros(inputs.study.draws))}
    for option, simulated in simulate(inputs, view).treatments.items():
        outcome = simulated.outcomes["out_of_pocket"]
        costs[option] = (outcome.known, outcome.values)
    known_premium = premium is not None and not open_ended
    shared: dict[str, object] = {"plan": name, "plan_label": inputs.plan.short}
    shared["premium"] = float(year.mean()) if known_premium else float("nan")
    rows = []
    for option, (known, paid) in costs.items():
        said = Known.UNKNOWN if known is Known.STATED and open_ended else known
        total = year + paid if said is Known.STATED else np.array([np.nan])
        low, middle, high = quantiles(total, (0.05, 0.5, 0.95))
        row = {**shared, "treatment": option, "known": str(said)}
        rows.append(row | {"p05": low, "p50": middle, "p95": high, "mean": float(total.mean())})
    return rows
