"""From an outcome back to what it is made of: parameters, their claims, and how much of the spread each carries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..cache import stage
from ..errors import UnknownNameError
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.parameter import Parameter
from ..model.outcomes import OUTCOMES, Known
from ..model.simulate import Outcomes, Simulated
from .evidence import listed_as
from .regressors import varies

__all__ = ["carried", "parameter_at", "resting", "spread_carried", "trace"]

_BINS = 64


def spread_carried(cause: Vector, effect: Vector) -> float:
    """Return the share of an effect's variance that one cause explains alone (its first-order Sobol' index).

    Estimated from draws: the variance of the effect's mean over at most 64 equally filled bins of
    the cause, less what bins of that size show by chance. Between 0 and 1; NaN where the effect is
    not finite or does not vary.
    """
    if not np.isfinite(effect).all() or not np.isfinite(cause).all() or not varies(effect):
        return float("nan")
    if not varies(cause):
        return 0.0
    place = _bins(cause)
    counts = np.bincount(place)
    used = counts > 0
    means = np.bincount(place, weights=effect)[used] / counts[used]
    between = float((counts[used] * (means - effect.mean()) ** 2).sum()) / effect.size
    noise = (effect.var() - between) * (used.sum() - 1) / (effect.size - used.sum())
    return float(np.clip((between - noise) / effect.var(), 0.0, 1.0))


@stage
def _bins(cause: Vector) -> npt.NDArray[np.intp]:
    """Return for each draw which of at most 64 equally filled bins of its cause it falls into."""
    ordered = np.sort(cause)
    levels = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    bins = max(min(_BINS, cause.size // 16), 2)
    if levels.size > bins:
        at = np.linspace(0, cause.size - 1, bins + 1)[1:-1]
        edges = np.unique(np.interp(at, np.arange(cause.size), ordered))
        return np.searchsorted(edges, cause, side="right")
    return np.searchsorted(levels, cause)


def carried(inputs: StudyInputs, simulated: Simulated, outcome: str) -> Mapping[str, float]:
    """Return, by path, what each parameter that an outcome needs carries of its spread; NaN unless it is stated."""
    result = simulated.outcomes[outcome]
    if result.known is not Known.STATED:
        return dict.fromkeys(result.needs, float("nan"))
    drawn = simulated.drawn
    effect = np.where(np.isfinite(result.values), result.values, inputs.weeks)  # never: the whole horizon
    return {path: spread_carried(drawn[path].values, effect) for path in result.needs}


def trace(
    inputs: StudyInputs, views: Mapping[str, Outcomes], parameters: pd.DataFrame, treatment: str, outcome: str
) -> pd.DataFrame:
    """Return what one outcome of one treatment is made of, the parameter that carries most of its spread first.

    Parameters
    ----------
    parameters
        The result's parameters table.

    Returns
    -------
    pandas.DataFrame
        The rows of ``parameters`` that the outcome needs, and for what is paid those of the plan that the bill meets,
        with ``carries``, the share of the outcome's variance that the parameter explains alone; NaN unless the outcome
        is stated.

    Raises
    ------
    UnknownNameError
        naming the nearest treatments or outcomes.
    """
    if treatment not in inputs.options:
        raise UnknownNameError("treatment", treatment, inputs.options)
    if outcome not in OUTCOMES:
        raise UnknownNameError("outcome", outcome, OUTCOMES)
    found = []
    for view, outcomes in views.items():
        simulated = outcomes.treatments[treatment]
        of = carried(inputs, simulated, outcome)
        shares = {listed_as(inputs, treatment, path): share for path, share in of.items()}
        rows = parameters[(parameters["view"] == view) & parameters["parameter"].isin(list(shares))]
        rows = rows.assign(carries=[shares[str(name)] for name in rows["parameter"]])
        found.append(rows.sort_values("carries", ascending=False, kind="stable"))
    return pd.concat(found, ignore_index=True)


def resting(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return which results rest on which claim: where it was drawn, in a parameter that the outcome needs.

    Returns
    -------
    pandas.DataFrame
        One row per claim and result: ``parameter``, ``claim`` (as in the claims table), ``view``,
        ``treatment``, ``outcome``, and ``share``, the share of worlds in which it was the claim used.
    """
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            for outcome, result in simulated.outcomes.items():
                used: dict[tuple[str, int], float] = {}
                for path in result.needs:
                    for index, count in simulated.drawn[path].used.items():
                        key = inputs.address(name, path.removesuffix(".cash")), index
                        used[key] = max(used.get(key, 0.0), float(count))
                where = {"view": view, "treatment": name, "outcome": outcome}
                rows += [
                    {"parameter": parameter, "claim": claim, **where, "share": count / inputs.study.draws}
                    for (parameter, claim), count in used.items()
                ]
    return pd.DataFrame(rows, columns=["parameter", "claim", "view", "treatment", "outcome", "share"])


def parameter_at(inputs: StudyInputs, path: str) -> Parameter:
    """Return the parameter at a dotted path: a treatment's, or ``plan.…``.

    Raises
    ------
    UnknownNameError
        naming the nearest paths.
    """
    known = {
        f"{name}.{inner}": parameter
        for name, treatment in inputs.treatments.items()
        for inner, parameter in treatment.parameters().items()
    }
    known |= {f"plan.{inner}": parameter for inner, parameter in inputs.plan.parameters().items()}
    if path not in known:
        near = [each for each in known if each.startswith(path.split(".")[0])]
        raise UnknownNameError("parameter", path, near or known)
    return known[path]
