"""A mixed view taken apart: the answer in each of its worlds, and how much of the spread is disagreement.

A view that believes several stances draws one of them in each world. Its results are a mixture, and
a middle value of two answers may be an answer that nobody gives: so each stance's own is told too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.source import Stance
from ..model.outcomes import OUTCOMES, Known
from ..model.simulate import Outcomes, simulate
from .summary import comparison

__all__ = ["by_stance", "disagreement", "given_stances", "share_between"]


def given_stances(inputs: StudyInputs) -> Mapping[tuple[str, Stance], Outcomes]:
    """Return the outcomes of each mixed view given the stance drawn, by view and stance.

    The same worlds as in the view itself, each as if that stance had been drawn.
    """
    found = {}
    for name, view in inputs.views.items():
        stances = [stance for stance, weight in view.weights.items() if weight > 0]
        for stance in stances if len(stances) > 1 else ():
            alone = view.model_copy(update={"weights": {stance: 1.0}})
            found[name, stance] = simulate(replace(inputs, views={name: alone}), name)
    return found


def by_stance(inputs: StudyInputs, worlds: Mapping[tuple[str, Stance], Outcomes]) -> pd.DataFrame:
    """Return the headline table of each mixed view given the stance drawn.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`calc.analysis.summary.comparison`, with ``stance`` and the ``weight``
        that the view gives it; empty where no view is mixed.
    """
    parts = [pd.DataFrame({"view": [], "stance": [], "weight": []})]
    for (view, stance), outcomes in worlds.items():
        weights = inputs.views[view].weights
        table = comparison(inputs, {view: outcomes})
        table.insert(1, "stance", str(stance))
        table.insert(2, "weight", weights[stance] / sum(weights.values()))
        parts.append(table)
    return pd.concat(parts[1:] or parts, ignore_index=True)


def disagreement(inputs: StudyInputs, worlds: Mapping[tuple[str, Stance], Outcomes]) -> pd.DataFrame:
    """Return how much of each outcome's variance in a mixed view is the stances' disagreement.

    Returns
    -------
    pandas.DataFrame
        One row per mixed view, treatment and outcome: ``between``, the share of the variance that
        lies between the stances' means (0 where they agree); NaN unless every stance states it.
        "Never" counts as the whole horizon.
    """
    rows = [
        {"view": view, "treatment": name, "outcome": outcome, "between": between}
        for view in dict.fromkeys(view for view, _ in worlds)
        for name, outcome, between in _of_view(inputs, view, worlds)
    ]
    return pd.DataFrame(rows, columns=["view", "treatment", "outcome", "between"])


def _of_view(
    inputs: StudyInputs, view: str, worlds: Mapping[tuple[str, Stance], Outcomes]
) -> Iterator[tuple[str, str, float]]:
    stances = {stance: outcomes for (of, stance), outcomes in worlds.items() if of == view}
    weights = np.array([inputs.views[view].weights[stance] for stance in stances])
    for name in inputs.treatments:
        for outcome in OUTCOMES:
            told = [each.treatments[name].outcomes[outcome] for each in stances.values()]
            between = float("nan")
            if all(each.known is Known.STATED for each in told):
                between = share_between(weights, [_finite(each.values, inputs.weeks) for each in told])
            yield name, outcome, between


def _finite(values: Vector, horizon: float) -> Vector:
    return np.where(np.isfinite(values), values, horizon)


def share_between(weights: Vector, draws: list[Vector]) -> float:
    """Return the share of a mixture's variance that lies between its parts' means, 0 if these agree.

    By the law of total variance; ``weights`` of shape (parts,), ``draws`` one array a part.
    """
    weights = weights / weights.sum()
    means = np.array([each.mean() for each in draws])
    within = float(weights @ np.array([each.var() for each in draws]))
    between = float(weights @ (means - weights @ means) ** 2)
    return between / (within + between) if between > 1e-12 * within else 0.0
