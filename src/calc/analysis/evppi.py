"""What it is worth to find out one parameter, or several together, before choosing.

By regression on the draws (Strong, Oakley and Brennan 2014): the expected net benefit given a
parameter is fitted, once for cost and effect, and the best option chosen at each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from .netbenefit import Sweep, losses_to_best
from .problem import DecisionProblem, Matrix
from .regression import Fit, regress
from .regressors import varies

__all__ = ["COLUMNS", "evppi", "expectation", "value_of"]

COLUMNS = ("parameter", "wtp", "evppi", "error", "share", "terms", "explained", "check")
#: standard errors are means over draws too, and need no more of them
_FOR_ERRORS = 4096


def evppi(problem: DecisionProblem, found: Sweep, *, groups: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Return the expected value of partial perfect information, money per decision.

    Parameters
    ----------
    found
        The sweep of the same problem.
    groups
        Parameters that would be found out together, by a name for them; each alone by default.

    Returns
    -------
    pandas.DataFrame
        One row per group and value: ``evppi``, its standard ``error`` (from drawing only so many
        and from the regression), ``share`` of the EVPI, and about the regression ``terms``, ``explained``
        (the share of the variance of cost and effect differences that it predicts for draws left
        out, the largest of them) and ``check``: "ok", "exact means" of few values, "constant", "too few draws",
        or "pattern left", where the residuals still follow a parameter.

    Raises
    ------
    UnknownNameError
        if a group names no parameter.
    """
    sought = {name: (name,) for name in problem.parameters} if groups is None else groups
    inputs = {name: [problem.parameter(each) for each in members] for name, members in sought.items()}
    tables = []
    for name, columns in inputs.items():
        fit = expectation(problem, columns)
        value, error = value_of(found, fit)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(found.evpi > 0, value / found.evpi, 0.0)
        tables.append(
            pd.DataFrame(
                {
                    "parameter": name,
                    "wtp": found.wtp,
                    "evppi": value,
                    "error": error,
                    "share": share,
                    "terms": fit.terms,
                    "explained": float(fit.explained.max(initial=0.0)),
                    "check": fit.check,
                }
            )
        )
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def expectation(problem: DecisionProblem, inputs: Sequence[Vector]) -> Fit:
    """Return cost and effect regressed on what would be known.

    The outcomes are the options' costs, then their effects, each less the mean over the options in the same
    draw: that takes away what they share and prefers none of them. Parameters that never vary are left out.
    """
    apart = [each - each.mean(axis=0) for each in problem.differences()]
    return regress([x for x in inputs if varies(x)], np.vstack(apart))


def value_of(found: Sweep, fit: Fit) -> tuple[Vector, Vector]:
    """Return the value of the information that a fit stands for, and its standard error, each (values,)."""
    if fit.basis is None:
        return np.zeros(found.wtp.size), np.zeros(found.wtp.size)
    cost, effect = np.split(fit.means[:, None] + fit.fitted, 2)
    return losses_to_best(cost, effect, found.wtp, found.best), _errors(fit, cost, effect, found)


def _errors(fit: Fit, cost: Matrix, effect: Matrix, found: Sweep) -> Vector:
    """Return the standard error by each draw's influence on the estimate.

    A draw counts twice: as one of those averaged over, and through the coefficients, each weighted
    with how often its function decides for the option.
    """
    draws = cost.shape[1]
    some = np.linspace(0, draws - 1, min(draws, _FOR_ERRORS)).astype(np.intp)
    costs, effects, functions = cost[:, some], effect[:, some], fit.orthonormal[some] @ fit.turn
    off_cost, off_effect = np.split(fit.residuals[:, some], 2)
    let_cost, let_effect = np.split(fit.weights.T, 2)
    options = np.arange(cost.shape[0])[:, None]
    errors = np.empty(found.wtp.size)
    for place, value in enumerate(found.wtp):
        benefit = value * effects - costs
        chosen = benefit.argmax(axis=0)
        gained = benefit[chosen, np.arange(some.size)] - benefit[found.best[place]]
        decides = (options == chosen).astype(np.float64) - (options == found.best[place])
        weights = decides @ functions / some.size
        through = (value * ((weights * let_effect) @ functions.T) * off_effect).sum(axis=0)
        through -= (((weights * let_cost) @ functions.T) * off_cost).sum(axis=0)
        errors[place] = np.std(gained + through)
    return np.asarray(errors / np.sqrt(max(draws - 1, 1)))
