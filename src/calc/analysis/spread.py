"""What the spread of an outcome comes from: one patient's luck, and whose word on what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..model.expected import Expected
from ..model.simulate import Outcomes
from .attribution import shapley_effects, sobol_from_draws
from .basis import joined
from .study_problem import NEEDED, Cause, StudyProblem, causes_of
from .trace import spread_carried

__all__ = ["LUCK", "OTHERS", "by_parameter", "by_source"]

LUCK, OTHERS = "luck", "others"
#: regressions on every set of sources: no more draws and sources than that takes
_DRAWS, _SOURCES = 2048, 4
_ROUNDING = 1e-9


def by_source(
    inputs: StudyInputs, outcomes: Outcomes, averaged: Mapping[str, Expected], problem: StudyProblem
) -> pd.DataFrame:
    """Return how one patient's variance parts into luck and what each source leaves open (Shapley effects).

    Returns
    -------
    pandas.DataFrame
        One row per option whose cost and weeks in relief are known, outcome and ``source``: the ``share`` of the
        variance of one patient's outcome with its standard ``error``, and ``of_average``, the share of that of the
        average over patients, NaN for luck. Several sources drawn in turn for one parameter stand together with
        spaces; "others" are those beyond the four that explain most. The shares of an outcome sum to one.
    """
    rows: list[dict[str, object]] = []
    for name, outcome, one, mean, causes in _spreads(inputs, outcomes, averaged, problem):
        known, known_error = _known_part(one, mean)
        base = {"view": outcomes.view, "treatment": name, "outcome": outcome}
        groups = _groups(mean[:_DRAWS], causes) if known > 0 else {}
        shares = shapley_effects(mean[:_DRAWS], _columns(causes), groups=groups) if groups else pd.DataFrame()
        for row in shares.to_dict("records"):
            share = float(row["share"])
            error = float(np.hypot(known * row["error"], share * known_error))
            basis = joined(causes[label].basis for label in groups[row["group"]])
            rows.append({**base, "source": row["group"], "share": known * share, "error": error,
                         "of_average": share, "basis": basis})  # fmt: skip
        basis = joined(cause.basis for cause in causes.values())
        rows.append({**base, "source": LUCK, "share": 1.0 - known if groups else 1.0, "error": known_error,
                     "of_average": float("nan"), "basis": basis or "assumption"})  # fmt: skip
    return pd.DataFrame(
        rows, columns=["view", "treatment", "outcome", "source", "share", "error", "of_average", "basis"]
    )


def by_parameter(
    inputs: StudyInputs, outcomes: Outcomes, averaged: Mapping[str, Expected], problem: StudyProblem
) -> pd.DataFrame:
    """Return the Sobol' indices of the average over patients, one row per option, outcome and parameter.

    ``first`` is the share of its variance that knowing the parameter would take away, ``total`` what would be left
    if all others were known, each with its standard error; ``carries`` the share of one patient's variance, luck
    included, that the parameter carries alone. A price allowed and in cash are one parameter here.
    """
    found = []
    for name, outcome, one, mean, causes in _spreads(inputs, outcomes, averaged, problem):
        if not causes or not _varies(mean):
            continue
        bare: dict[str, list[str]] = {}
        for label, cause in causes.items():
            bare.setdefault(cause.parameter.removesuffix(".cash"), []).append(label)
        table = sobol_from_draws(mean[:_DRAWS], _columns(causes), groups=bare)
        table = table.assign(
            view=outcomes.view,
            treatment=name,
            outcome=outcome,
            label=[bare[each][0] for each in table["parameter"]],
            carries=[max(spread_carried(causes[label].values, one) for label in bare[each])
                     for each in table["parameter"]],
            basis=[joined(causes[label].basis for label in bare[each]) for each in table["parameter"]],
        )  # fmt: skip
        found.append(table.sort_values("total", ascending=False, kind="stable"))
    first = ["view", "treatment", "outcome", "parameter", "label"]
    columns = [*first, "first", "first_error", "total", "total_error", "carries", "basis"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _spreads(
    inputs: StudyInputs, outcomes: Outcomes, averaged: Mapping[str, Expected], problem: StudyProblem
) -> Iterator[tuple[str, str, Vector, Vector, Mapping[str, Cause]]]:
    """Yield each known outcome that varies: one patient's draws, the averages, the parameters behind them."""
    for name in problem.names.values():
        for outcome in NEEDED:
            one = outcomes.treatments[name].outcomes[outcome].values
            if _varies(one):
                mean: Vector = getattr(averaged[name], outcome)
                yield name, outcome, one, mean, causes_of(inputs, outcomes, name, (outcome,))


def _varies(values: Vector) -> bool:
    return bool(np.ptp(values) > _ROUNDING * max(1.0, float(np.abs(values).max())))


def _known_part(one: Vector, mean: Vector) -> tuple[float, float]:
    """Return the share of one patient's variance that is no luck, and its standard error by draws' influence."""
    if not _varies(mean):
        return 0.0, 0.0
    whole = float(one.var())
    share = min(float(mean.var()) / whole, 1.0)
    influence = ((mean - mean.mean()) ** 2 - share * (one - one.mean()) ** 2) / whole
    return share, float(influence.std() / np.sqrt(max(one.size - 1, 1)))


def _columns(causes: Mapping[str, Cause]) -> dict[str, Vector]:
    return {label: cause.values[:_DRAWS] for label, cause in causes.items()}


def _groups(mean: Vector, causes: Mapping[str, Cause]) -> dict[str, Sequence[str]]:
    """Return the parameters by the sources that state them; beyond those that explain most, as others."""
    groups: dict[str, list[str]] = {}
    for label, cause in causes.items():
        groups.setdefault(" ".join(cause.sources), []).append(label)
    if len(groups) <= _SOURCES + 1:
        return dict(groups)
    carried = {name: sum(spread_carried(causes[label].values[:_DRAWS], mean) for label in labels)
               for name, labels in groups.items()}  # fmt: skip
    most = sorted(groups, key=lambda name: -carried[name])[:_SOURCES]
    rest = [label for name, labels in groups.items() if name not in most for label in labels]
    return {**{name: groups[name] for name in groups if name in most}, OTHERS: rest}
