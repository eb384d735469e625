"""Net benefit over all values of a unit of effect in one pass over the draws.

Everything is computed on differences within the draw, and losses are averaged as losses, so that
nothing that all options share can enter, and EVPI cannot come out negative by cancellation. What differs by the
rounding of the numbers given alone is equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from .problem import DecisionProblem, Matrix

__all__ = ["Sweep", "best_two", "first_best", "losses_to_best", "sweep"]

_CHUNK = 16_384


@dataclass(frozen=True)
class Sweep:
    """Net benefit (wtp × effect − cost) by value (rows) and option (columns).

    Attributes
    ----------
    net_benefit
        Its mean, money, shape (values, options).
    best
        The option with the highest mean, by place; the first of those that tie. Shape (values,).
    acceptability
        The share of draws in which an option is best; m options that tie count 1/m each, so that
        a row sums to one. Shape (values, options).
    loss
        Expected loss of each option against the best of each draw, money, shape (values, options).
    evpi, evpi_error
        Expected loss of the best option, and its Monte Carlo standard error, shape (values,).
    """

    wtp: Vector
    net_benefit: Matrix
    best: npt.NDArray[np.intp]
    acceptability: Matrix
    loss: Matrix
    evpi: Vector
    evpi_error: Vector


def sweep(problem: DecisionProblem) -> Sweep:
    """Return what the draws say at each value of a unit of effect."""
    cost, effect = problem.differences()
    wtp = problem.wtp
    apart = wtp[:, None] * effect.mean(axis=1) - cost.mean(axis=1)
    rounding = problem.rounding_at(wtp)
    best = first_best(apart.T, rounding)
    shares, total, squares = np.zeros(apart.shape), np.zeros(wtp.size), np.zeros(wtp.size)
    for start in range(0, problem.draws, _CHUNK):
        some = slice(start, start + _CHUNK)
        costs, effects = np.ascontiguousarray(cost[:, some]), np.ascontiguousarray(effect[:, some])
        benefit, lost = np.empty_like(costs), np.empty(costs.shape[1])
        for place, value in enumerate(wtp):
            np.multiply(effects, value, out=benefit)
            benefit -= costs
            np.maximum.reduce(benefit, axis=0, out=lost)
            shares[place] += _shares(benefit, lost - rounding[place])
            lost -= benefit[best[place]]
            total[place] += lost.sum()
            squares[place] += lost @ lost
    evpi = np.where(total > rounding * problem.draws, total / problem.draws, 0.0)
    behind = apart.max(axis=1, keepdims=True) - apart
    base = wtp * problem.effect[0].mean() - problem.cost[0].mean()
    return Sweep(
        wtp=wtp,
        net_benefit=base[:, None] + apart,
        best=best,
        acceptability=shares / problem.draws,
        loss=evpi[:, None] + np.where(behind > rounding[:, None], behind, 0.0),
        evpi=evpi,
        evpi_error=np.where(evpi > 0, _error(evpi, squares, problem.draws), 0.0 if problem.draws > 1 else np.nan),
    )


def first_best(benefit: Matrix, rounding: float | Vector = 0.0) -> npt.NDArray[np.intp]:
    """Return the place of the option with the highest benefit; the first of those that tie within ``rounding``.

    Parameters
    ----------
    benefit
        Shape (options, cases).
    """
    return np.asarray((benefit >= benefit.max(axis=0) - rounding).argmax(axis=0))


def best_two(benefit: Vector, rounding: float) -> tuple[int, int]:
    """Return the places of the best option and of the second, as :func:`first_best`; a single one is its own second."""
    best = int(first_best(benefit, rounding))
    others = np.where(np.arange(benefit.size) == best, -np.inf, benefit)
    return best, int(first_best(others, rounding)) if benefit.size > 1 else best


def losses_to_best(
    cost: Matrix, effect: Matrix, wtp: Vector, best: npt.NDArray[np.intp], rounding: float | Vector = 0.0
) -> Vector:
    """Return the mean loss of option ``best[k]`` against each draw's best option at ``wtp[k]``.

    Parameters
    ----------
    cost, effect
        Expected cost and effect given what would be known, less one option's, shape (options, draws).
    rounding
        Mean losses up to that are none, money, by value.
    """
    total = np.zeros(wtp.size)
    for start in range(0, cost.shape[1], _CHUNK):
        some = slice(start, start + _CHUNK)
        costs, effects = np.ascontiguousarray(cost[:, some]), np.ascontiguousarray(effect[:, some])
        benefit, most = np.empty_like(costs), np.empty(costs.shape[1])
        for place, value in enumerate(wtp):
            np.multiply(effects, value, out=benefit)
            benefit -= costs
            np.maximum.reduce(benefit, axis=0, out=most)
            most -= benefit[best[place]]
            total[place] += most.sum()
    return np.where(total > rounding * cost.shape[1], total / cost.shape[1], 0.0)


def _shares(benefit: Matrix, least: Vector) -> Vector:
    """Return how many draws each option is best in, those that tie sharing the draw."""
    at_best = benefit >= least
    counts = np.count_nonzero(at_best, axis=1)
    if counts.sum() == benefit.shape[1]:
        return np.asarray(counts, dtype=np.float64)
    return np.asarray((at_best / at_best.sum(axis=0)).sum(axis=1))


def _error(mean: Vector, squares: Vector, draws: int) -> Vector:
    if draws < 2:
        return np.full(mean.shape, np.nan)
    return np.asarray(np.sqrt(np.maximum(squares / draws - mean**2, 0.0) / (draws - 1)))
