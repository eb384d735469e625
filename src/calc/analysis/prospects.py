"""What may happen to somebody who chooses an option: chances, tails and regret, from its draws."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..model.ranks import INTERVAL, quantiles
from ..model.sample import Mask
from .convergence import mean_error, share_error
from .netbenefit import Sweep
from .problem import DecisionProblem, Matrix

__all__ = ["chance", "chances_best", "decision_summary", "tail_mean"]

#: the share of draws that "the worst tenth" means
TAIL = 0.1


def chance(happens: Vector | Mask) -> tuple[float, float]:
    """Return the share of draws in which something happens, and its Monte Carlo standard error.

    Parameters
    ----------
    happens
        By draw, true or false: ``cost <= budget``, ``weeks_to_relief <= deadline``. Shape (draws,).
    """
    share = float(np.mean(happens))
    return share, float(share_error(share, happens.size))


def chances_best(values: Matrix, *, less_is_better: bool, rounding: float = 0.0) -> Vector:
    """Return the chance that each option has the best value; m that tie within ``rounding`` count 1/m each.

    Parameters
    ----------
    values
        Shape (options, draws).

    Returns
    -------
    Vector
        Shape (options,); sums to one.
    """
    badness = values if less_is_better else -values
    at_best = badness <= badness.min(axis=0) + rounding
    return np.asarray((at_best / at_best.sum(axis=0)).mean(axis=1))


def tail_mean(values: Vector, *, share: float = TAIL, worst: str = "high") -> float:
    """Return the mean of the worst ``share`` of draws (conditional value at risk), for those who fear it most.

    The draw that the share cuts through counts with the part of it that lies in the tail.

    Parameters
    ----------
    worst
        "high" for costs, "low" for effects.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a tail is a share above 0 and up to 1, not {share}")
    ordered = np.sort(values)[:: -1 if worst == "high" else 1]
    wanted = share * values.size
    weights = np.clip(wanted - np.arange(values.size), 0.0, 1.0)
    return float(ordered @ weights / wanted)


def decision_summary(problem: DecisionProblem, found: Sweep, *, at: int) -> pd.DataFrame:
    """Return each option's cost, effect and net benefit, and what they differ by from the reference.

    Parameters
    ----------
    at
        Place of the value of a unit of effect at which net benefit is taken.

    Returns
    -------
    pandas.DataFrame
        One row per option and ``quantity`` (cost, effect, net_benefit; each also as diff_…, less the
        reference in the same draw): ``mean`` with Monte Carlo ``error``, ``p05``, ``p50``, ``p95``,
        ``tail_mean`` (of the worst tenth), ``best`` (the chance of the lowest cost, largest effect or
        net benefit, ties shared) and ``expected_regret`` (what choosing it loses on average against each
        draw's best, in the quantity's unit).
    """
    value = found.wtp[at]
    size_cost, size_effect = problem.rounding
    quantities = {
        "cost": (problem.cost, True, size_cost),
        "effect": (problem.effect, False, size_effect),
        "net_benefit": (value * problem.effect - problem.cost, False, value * size_effect + size_cost),
    }
    reference = problem.index(problem.reference)
    rows = []
    for name, (values, less, rounding) in quantities.items():
        best = chances_best(values, less_is_better=less, rounding=rounding)
        regret = np.abs(values - (values.min(axis=0) if less else values.max(axis=0))).mean(axis=1)
        regret[regret <= rounding] = 0.0
        for place, option in enumerate(problem.options):
            apart = values[place] - values[reference]
            apart[np.abs(apart) <= rounding] = 0.0
            for prefix, column in (("", values[place]), ("diff_", apart)):
                low, high = INTERVAL
                rows.append(
                    {
                        "option": option,
                        "quantity": prefix + name,
                        "wtp": value if name == "net_benefit" else np.nan,
                        "mean": float(column.mean()),
                        "error": mean_error(column),
                        **dict(zip(("p05", "p50", "p95"), quantiles(column, (low, 0.5, high)), strict=True)),
                        "tail_mean": tail_mean(column, worst="high" if less else "low"),
                        "best": np.nan if prefix else float(best[place]),
                        "expected_regret": np.nan if prefix else float(regret[place]),
                    }
                )
    return pd.DataFrame(rows)
