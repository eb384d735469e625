"""Bounds on a study's averages that need no distribution, beside the Monte Carlo interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..inputs.attributed import Said
from ..inputs.claim import Claim
from ..inputs.distribution import Vector, distribution
from ..inputs.load import StudyInputs
from ..inputs.quantity import Quantity
from ..model.expected import Expected, averaging
from ..model.ranks import INTERVAL, quantiles
from ..model.sample import Drawn
from ..model.simulate import Outcomes
from .bounds import MOST_RANGES, corner_bounds
from .problem import Matrix
from .study_problem import NEEDED, StudyProblem, causes_of

__all__ = ["range_bounds"]

_FEWEST = 64
_COLUMNS = ("view", "treatment", "outcome", "unit", "mean", "p05", "p95", "low", "high", "ranges", "ranges_only")


def range_bounds(
    inputs: StudyInputs, outcomes: Outcomes, averaged: Mapping[str, Expected], problem: StudyProblem
) -> pd.DataFrame:
    """Return between what the average over patients lies if only the ends of the ranges are taken as known.

    Every parameter stands at either end of what is stated of it, in every combination: whatever the distributions
    within and however they hang together, as far as the outcome rises or falls in each without turning. A typical
    range counts from its low to its high figure, percentiles from the lowest stated to the highest; an estimate with
    a spread of its own from the 5th to the 95th percentile.

    Returns
    -------
    pandas.DataFrame
        One row per option whose cost and weeks in relief are known, and outcome: ``low`` and ``high``; ``mean``,
        ``p05`` and ``p95`` of the draws of the average beside them; how many ``ranges`` there are, and whether
        nothing but ranges is known (``ranges_only``). NaN where the ranges are too many to try every corner, or the
        plan's terms are drawn as well.
    """
    rows = []
    for name in problem.names.values():
        for outcome in NEEDED:
            draws: Vector = getattr(averaged[name], outcome)
            low, high, count, only = _bounded(inputs, outcomes, name, outcome)
            p05, p95 = quantiles(draws, INTERVAL)
            unit = "USD" if outcome == "out_of_pocket" else "weeks"
            rows.append((outcomes.view, name, outcome, unit, float(draws.mean()), p05, p95, low, high, count, only))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _bounded(inputs: StudyInputs, outcomes: Outcomes, name: str, outcome: str) -> tuple[float, float, int, bool]:
    simulated, known = outcomes.treatments[name], inputs.quantities(name)
    causes = causes_of(inputs, outcomes, name, (outcome,))
    own = {inputs.address(name, path): path for path in simulated.drawn if not path.startswith("plan.")}
    paths = [own[cause.parameter] for cause in causes.values() if cause.parameter in own]
    drawn, coverage = simulated.drawn, inputs.study.range_coverage
    claims = {path: [known[path.removesuffix(".cash")].claims[index] for index in drawn[path].used] for path in paths}
    only = all(
        isinstance(claim, Claim) and claim.reading.levels(coverage) for each in claims.values() for claim in each
    )
    if len(paths) > MOST_RANGES or len(paths) < len(causes):
        return float("nan"), float("nan"), len(causes), only
    ranges = [_ends(known[path.removesuffix(".cash")], claims[path], drawn[path], coverage) for path in paths]
    points = max(2 ** len(paths), _FEWEST)
    many = inputs.study.model_copy(update={"draws": points})
    expects = averaging(replace(inputs, study=many), outcomes.view, name)

    def at(corners: Matrix) -> Vector:
        tiled = np.tile(corners, (points // corners.shape[0], 1))
        return expects(dict(zip(paths, tiled.T, strict=True)))[NEEDED.index(outcome)]

    found = corner_bounds(at, ranges)
    return found.low, found.high, len(paths), only


def _ends(parameter: Quantity, claims: list[Said], drawn: Drawn, coverage: float) -> tuple[float, float]:
    """Return the lowest and highest figure that the claims state, in the model's unit; of an effect its interval."""
    ends = []
    for claim in claims:
        if not isinstance(claim, Claim):
            return quantiles(drawn.values, INTERVAL)[0], quantiles(drawn.values, INTERVAL)[1]
        read = distribution(claim, parameter.measure, range_coverage=coverage)
        ends.append(read(np.array(claim.reading.levels(coverage) or INTERVAL)))
    return float(np.min(ends)), float(np.max(ends))
