"""How the answer moves with a parameter: one-way and tornado, all from the draws at hand.

The others are not held at some base case but stay as uncertain as they are: an expectation given
the parameter, by regression. So a parameter's bar shows what it does on average over all the rest.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..inputs.distribution import Vector
from .breakeven import crossings
from .evppi import expectation
from .netbenefit import best_two, first_best
from .problem import DecisionProblem, Matrix
from .regression import regress
from .regressors import varies

__all__ = ["one_way", "rivals", "tornado"]

_POINTS, _FINE = 41, 201
_LOW, _HIGH = 0.05, 0.95
_CLEAR = 3.0
#: the rounding that a regression adds, relative to what it is about
_ROUNDING = 1e-12


def rivals(problem: DecisionProblem, value: float) -> tuple[str, str]:
    """Return the option with the highest mean net benefit at a value of a unit of effect, and the second.

    Of those that tie, to rounding, the first comes first. A single option is its own rival.
    """
    first, second = best_two(problem.means(value), float(problem.rounding_at(value)))
    return problem.options[first], problem.options[second]


def one_way(problem: DecisionProblem, parameter: str, *, value: float) -> pd.DataFrame:
    """Return expected differences from the reference along one parameter's range, 5th to 95th percentile.

    Returns
    -------
    pandas.DataFrame
        One row per point and option: ``at``, ``diff_cost``, ``diff_effect``, ``diff_net_benefit`` at
        ``value``, and ``best``: whether the option has the highest expected net benefit there.

    Raises
    ------
    UnknownNameError
        if there is no such parameter.
    """
    x = problem.parameter(parameter)
    points = _range(x, _POINTS)
    cost, effect = _expected(problem, [x], [points])
    benefit = value * effect - cost
    reference, options = problem.index(problem.reference), len(problem.options)
    return pd.DataFrame(
        {
            "parameter": parameter,
            "at": np.repeat(points, options),
            "option": np.tile(problem.options, points.size),
            "diff_cost": (cost - cost[reference]).T.ravel(),
            "diff_effect": (effect - effect[reference]).T.ravel(),
            "diff_net_benefit": (benefit - benefit[reference]).T.ravel(),
            "best": (np.arange(options) == _chosen(problem, benefit, value)[:, None]).ravel(),
        }
    )


def tornado(
    problem: DecisionProblem, *, value: float, option: str, against: str, among: Collection[str] | None = None
) -> pd.DataFrame:
    """Return what each parameter does to the difference in net benefit between two options.

    Parameters
    ----------
    among
        The parameters to look at; all by default.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, the widest bar first: ``low``, ``high`` (its 5th and 95th percentile), ``at_low``,
        ``at_high`` (the expected difference there, money), ``least`` and ``most`` between them, the standard
        ``error`` of the bar's length, ``clear`` (whether it is longer than three of these), ``base`` (over all
        draws, the same in every row), and ``switches``: the values at which the sign turns, as a tuple.

    Raises
    ------
    UnknownNameError
        if there is no such option or parameter.
    """
    first, second = problem.index(option), problem.index(against)
    difference = value * (problem.effect[first] - problem.effect[second]) - (problem.cost[first] - problem.cost[second])
    difference[np.abs(difference) <= problem.rounding_at(value)] = 0.0
    rows = []
    for name in problem.parameters if among is None else among:
        x = problem.parameter(name)
        points = _range(x, _FINE)
        fit = regress([x], difference[None, :])
        benefit, error = fit.predict([points])[0], fit.error([points])[0]
        rows.append(
            {
                "parameter": name,
                "low": points[0],
                "high": points[-1],
                "at_low": benefit[0],
                "at_high": benefit[-1],
                "least": benefit.min(),
                "most": benefit.max(),
                "error": (length := float(np.hypot(error[0], error[-1]))),
                "clear": bool(np.ptp(benefit) > _CLEAR * length),
                "base": float(difference.mean()),
                "switches": crossings(points, benefit),
            }
        )
    columns = ["parameter", "low", "high", "at_low", "at_high", "least", "most", "error", "clear", "base", "switches"]
    table = pd.DataFrame(rows, columns=columns)
    order = (table["most"] - table["least"]).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _chosen(problem: DecisionProblem, benefit: Matrix, value: float) -> npt.NDArray[np.intp]:
    """Return the place of the best option in each case: where the best of all draws ties, to rounding, that one."""
    rounding = problem.rounding_at(value) + _ROUNDING * np.ptp(benefit)
    first = problem.index(rivals(problem, value)[0])
    return np.where(benefit[first] >= benefit.max(axis=0) - rounding, first, first_best(benefit, rounding))


def _range(x: Vector, points: int) -> Vector:
    """Return points over a parameter's middle 90 %; its own values where these are few."""
    levels = np.unique(x)
    if levels.size <= points:
        return levels
    low, high = np.quantile(x, (_LOW, _HIGH))
    return np.linspace(low, high, points)


def _expected(problem: DecisionProblem, inputs: list[Vector], points: list[Vector]) -> tuple[Matrix, Matrix]:
    """Return expected cost and effect at some points, up to what all options share, shape (options, points)."""
    known = [place for place, x in enumerate(inputs) if varies(x)]
    fit = expectation(problem, inputs)
    cost, effect = np.split(fit.predict([points[place] for place in known] or points), 2)
    return cost, effect
