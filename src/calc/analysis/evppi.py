"""What it is worth to find out one parameter, or several together, before choosing.

By regression on the draws (Strong, Oakley and Brennan 2014): the expected net benefit given a
parameter is fitted, once for cost and effect, and the best option chosen at each of its values. What shuffled
draws would show as well is worth nothing, and its error is what may be hidden in the noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from ..inputs.distribution import Vector
from .netbenefit import Sweep, losses_to_best
from .noise import told_from_noise
from .problem import DecisionProblem, Matrix
from .regression import Fit, regress
from .regressors import varies

__all__ = ["beyond_error", "evppi", "expectation", "worth_of"]

COLUMNS = ("parameter", "wtp", "evppi", "error", "share", "terms", "explained", "check")
#: standard errors are means over draws too, and need no more of them
_FOR_ERRORS = 4096
#: what is hidden in noise is up to so many standard errors of a mean large
_HIDDEN = 2.0
#: the rounding that a regression adds, relative to what it is about
_ROUNDING = 1e-12
#: of several fits the one to be told, the most serious first
_CHECKS = ("too few draws", "pattern left", "ok", "exact means", "noise", "constant")
_Z95 = 1.645
_OF_A_PART = "as a part of it"


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
        "noise" where shuffled draws would show as much, which is worth nothing within the error of what may be hidden,
        "pattern left" where the residuals still follow a parameter, or "as a part of it" where a part of the group is
        worth more by itself, which then counts: who knows all knows each.

    Raises
    ------
    UnknownNameError
        if a group names no parameter.
    """
    sought = {name: (name,) for name in problem.parameters} if groups is None else groups
    tables = {name: _one(problem, found, members, rests_on) for name, members in sought.items()}
    for name, members in sorted(sought.items(), key=lambda each: len(set(each[1]))):
        for part, own in sought.items():
            if set(own) < set(members):
                tables[name] = _at_least(tables[name], tables[part])
    named = [table.assign(parameter=name)[list(COLUMNS)] for name, table in tables.items()]
    return pd.concat(named, ignore_index=True) if named else pd.DataFrame(columns=list(COLUMNS))


def _one(
    problem: DecisionProblem, found: Sweep, members: Sequence[str], rests_on: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """Return the rows of one group."""
    columns = {each: problem.parameter(each) for each in members}
    fits = [expectation(problem, list(columns.values()))] if rests_on is None else _apart(problem, columns, rests_on)
    worth = worth_of(problem, found, fits)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(found.evpi > 0, worth.value / found.evpi, 0.0)
    return pd.DataFrame(
        {
            "wtp": found.wtp,
            "evppi": worth.value,
            "error": worth.error,
            "share": share,
            "terms": max(fit.terms for fit in fits),
            "explained": max(float(fit.explained.max(initial=0.0)) for fit in fits),
            "check": worth.check,
        }
    )


def _at_least(group: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """Return a group's rows, where a part of it is worth more, with what that is worth."""
    more = part["evppi"] > group["evppi"]
    raised = group.mask(more, part)
    return raised.assign(check=group["check"].mask(more, _OF_A_PART))


def beyond_error(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an EVPPI table that are worth more than nothing beyond their error (one-sided, 95 %)."""
    return table[table["evppi"] > _Z95 * table["error"]]


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


@dataclass(frozen=True)
class Worth:
    """What information is worth by value of a unit of effect, its standard error, and how far it can be trusted."""

    value: Vector
    error: Vector
    check: npt.NDArray[np.object_]


def worth_of(problem: DecisionProblem, found: Sweep, fits: Sequence[Fit]) -> Worth:
    """Return the worth of the information that fits stand for.

    Parameters
    ----------
    fits
        One of all options' costs and then effects, or one an option of its cost and effect.
    """
    check = np.full(found.wtp.size, min((fit.check for fit in fits), key=_CHECKS.index), dtype=object)
    value, error, told = np.zeros(found.wtp.size), np.zeros(found.wtp.size), told_from_noise(fits, found.wtp)
    if told.any():
        parts = [np.split(fit.means[:, None] + fit.fitted, 2) for fit in fits]
        cost, effect = (np.vstack([part[which] for part in parts]) for which in (0, 1))
        some = replace(found, wtp=found.wtp[told], best=found.best[told])
        rounding = problem.rounding_at(some.wtp) + _ROUNDING * (some.wtp * np.ptp(effect) + np.ptp(cost))
        value[told] = losses_to_best(cost, effect, some.wtp, some.best, rounding)
        error[told] = _errors(fits, cost, effect, some, rounding)
    if check[0] != "constant":
        error[~told] = [_hidden(problem, found, int(place)) for place in np.flatnonzero(~told)]
    check[~told & np.isin(check, ("ok", "exact means"))] = "noise"
    return Worth(value, error, check)


def _errors(fits: Sequence[Fit], cost: Matrix, effect: Matrix, found: Sweep, rounding: Vector) -> Vector:
    """Return the standard error by each draw's influence on the estimate.

    A draw counts twice: as one of those averaged over, and through the coefficients, each weighted
    with how often its function decides for the option.
    """
    some = _some(cost.shape[1], _FOR_ERRORS)
    costs, effects = cost[:, some], effect[:, some]
    rows = np.split(np.arange(cost.shape[0]), np.cumsum([fit.means.size // 2 for fit in fits])[:-1])
    ways = [(_Way(fit, some), own) for fit, own in zip(fits, rows, strict=True) if fit.basis is not None]
    options = np.arange(cost.shape[0])[:, None]
    errors = np.zeros(found.wtp.size)
    for place, value in enumerate(found.wtp):
        benefit = value * effects - costs
        gained = benefit.max(axis=0) - benefit[found.best[place]]
        if gained.max() <= rounding[place]:
            continue  # no draw decides otherwise, so none bears on a worth of nothing
        chosen = np.where(gained > rounding[place], benefit.argmax(axis=0), found.best[place])
        decides = (options == chosen).astype(np.float64) - (options == found.best[place])
        for way, own in ways:
            gained += way.through(decides[own], value)
        errors[place] = np.std(gained)
    return np.asarray(errors / np.sqrt(max(cost.shape[1] - 1, 1)))


def _hidden(problem: DecisionProblem, found: Sweep, place: int) -> float:
    """Return what a signal would be worth that is too weak to be told apart from noise; NaN of one draw.

    It moves net benefit, normally distributed, by up to two standard errors of a mean; its worth is that of the option
    against the best for which this is most (the unit normal loss).
    """
    if problem.draws < 2:
        return float("nan")
    some, best, net = _some(problem.draws, _FOR_ERRORS), found.best[place], found.net_benefit[place]
    benefit = found.wtp[place] * problem.effect[:, some] - problem.cost[:, some]
    spread = _HIDDEN / np.sqrt(problem.draws) * (benefit - benefit[best]).std(axis=1)
    moved = spread > problem.rounding_at(found.wtp[place])
    behind = (net[best] - net)[moved] / spread[moved]
    loss = np.exp(-behind * behind / 2.0) / np.sqrt(2.0 * np.pi) - behind * ndtr(-behind)
    return float((spread[moved] * loss).max(initial=0.0))


def _some(draws: int, most: int) -> npt.NDArray[np.intp]:
    """Return the places of at most so many draws, spread evenly."""
    return np.linspace(0, draws - 1, min(draws, most)).astype(np.intp)


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
