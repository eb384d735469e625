"""What it is worth to find out one parameter, or several together, before choosing.

By regression on the draws (Strong, Oakley and Brennan 2014): the expected net benefit given a
parameter is fitted, once for cost and effect, and the best option chosen at each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
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
#: of several fits the one to be told, the most serious first
_CHECKS = ("too few draws", "pattern left", "ok", "exact means", "constant")


def evppi(
    problem: DecisionProblem,
    found: Sweep,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Return the expected value of partial perfect information, money per decision.

    Parameters
    ----------
    found
        The sweep of the same problem.
    groups
        Parameters that would be found out together, by a name for them; each alone by default.
    rests_on
        By option, the parameters that it depends on, where these are independent of all others: then each
        option is fitted on its own, which follows large groups far more closely. By default anything may hang
        together with anything.

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
    tables = []
    for name, members in sought.items():
        columns = {each: problem.parameter(each) for each in members}
        fits = (
            [expectation(problem, list(columns.values()))] if rests_on is None else _apart(problem, columns, rests_on)
        )
        value, error = value_of(found, fits)
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
                    "terms": max(fit.terms for fit in fits),
                    "explained": max(float(fit.explained.max(initial=0.0)) for fit in fits),
                    "check": min((fit.check for fit in fits), key=_CHECKS.index),
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


def _apart(
    problem: DecisionProblem, columns: Mapping[str, Vector], rests_on: Mapping[str, Sequence[str]]
) -> Sequence[Fit]:
    """Return a fit an option: its own cost and effect regressed on those of the parameters that it depends on."""
    cost, effect = problem.differences()
    fits = []
    for place, option in enumerate(problem.options):
        own = [x for name, x in columns.items() if name in rests_on[option] and varies(x)]
        # what the first option has is added again: it was taken away from all alike
        outcomes = np.vstack([cost[place] + problem.cost[0], effect[place] + problem.effect[0]])
        fits.append(regress(own, outcomes))
    return fits


def value_of(found: Sweep, fits: Sequence[Fit]) -> tuple[Vector, Vector]:
    """Return the value of the information that fits stand for, and its standard error, each (values,).

    Parameters
    ----------
    fits
        One of all options' costs and then effects, or one an option of its cost and effect.
    """
    if all(fit.basis is None for fit in fits):
        return np.zeros(found.wtp.size), np.zeros(found.wtp.size)
    parts = [np.split(fit.means[:, None] + fit.fitted, 2) for fit in fits]
    cost, effect = (np.vstack([part[which] for part in parts]) for which in (0, 1))
    return losses_to_best(cost, effect, found.wtp, found.best), _errors(fits, cost, effect, found)


def _errors(fits: Sequence[Fit], cost: Matrix, effect: Matrix, found: Sweep) -> Vector:
    """Return the standard error by each draw's influence on the estimate.

    A draw counts twice: as one of those averaged over, and through the coefficients, each weighted
    with how often its function decides for the option.
    """
    draws = cost.shape[1]
    some = np.linspace(0, draws - 1, min(draws, _FOR_ERRORS)).astype(np.intp)
    costs, effects = cost[:, some], effect[:, some]
    ways = [_Way(fit, some) for fit in fits if fit.basis is not None]
    rows = np.split(np.arange(cost.shape[0]), np.cumsum([fit.means.size // 2 for fit in fits])[:-1])
    rows = [each for each, fit in zip(rows, fits, strict=True) if fit.basis is not None]
    options = np.arange(cost.shape[0])[:, None]
    errors = np.zeros(found.wtp.size)
    for place, value in enumerate(found.wtp):
        benefit = value * effects - costs
        chosen = benefit.argmax(axis=0)
        if (chosen == found.best[place]).all():
            continue  # no draw decides otherwise, so none bears on a worth of nothing
        gained = benefit[chosen, np.arange(some.size)] - benefit[found.best[place]]
        decides = (options == chosen).astype(np.float64) - (options == found.best[place])
        for way, own in zip(ways, rows, strict=True):
            gained += way.through(decides[own], value)
        errors[place] = np.std(gained)
    return np.asarray(errors / np.sqrt(max(draws - 1, 1)))


class _Way:
    """How draws move an estimate through the coefficients of one fit."""

    def __init__(self, fit: Fit, some: npt.NDArray[np.intp]) -> None:
        self.functions = fit.orthonormal[some] @ fit.turn
        self.off = np.split(fit.residuals[:, some], 2)
        self.let = np.split(fit.weights.T, 2)

    def through(self, decides: Matrix, value: float) -> Vector:
        """Return each draw's part where ``decides`` (options, draws) says how it bears on the choice."""
        weights = decides @ self.functions / self.functions.shape[0]
        cost, effect = (((weights * let) @ self.functions.T * off).sum(axis=0)
                        for let, off in zip(self.let, self.off, strict=True))  # fmt: skip
        return np.asarray(value * effect - cost)
