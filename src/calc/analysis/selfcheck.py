"""Laws that every decision analysis keeps, held on every run; cheap, on a part of the draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..errors import SelfCheckError
from ..inputs.distribution import Vector
from .netbenefit import Sweep, sweep
from .problem import DecisionProblem

__all__ = ["check_information", "check_laws"]

_DRAWS, _VALUES = 1024, 3
_SLACK = 1e-9
#: EVPPI is estimated; beyond so many standard errors and so large a share above the EVPI it is wrong
_ERRORS, _SHARE = 6.0, 0.02


def check_laws(problem: DecisionProblem, found: Sweep) -> None:
    """Hold a sweep against what must be true of it, and a part of its draws against their own mirror images.

    What every option costs or does alike, the currency and the order of options and draws must not
    matter; chances sum to one; losses and EVPI are not negative, and the best option's loss is the EVPI.

    Raises
    ------
    SelfCheckError
        naming the law and by how much it is broken.
    """
    _hold("acceptability sums to one", found.acceptability.sum(axis=1), np.ones(found.wtp.size), 1.0)
    size = float(np.abs(found.net_benefit).max()) or 1.0
    _hold("the best option's expected loss is the EVPI", found.loss.min(axis=1), found.evpi, size)
    if found.evpi.min() < 0:
        raise SelfCheckError(f"EVPI is not negative: broken by {-found.evpi.min():.3g}")
    some = np.unique(np.linspace(0, problem.draws - 1, min(_DRAWS, problem.draws)).astype(np.intp))
    values = problem.wtp[np.unique(np.linspace(0, problem.wtp.size - 1, _VALUES).astype(np.intp))]
    part = replace(problem, cost=problem.cost[:, some], effect=problem.effect[:, some], wtp=values, parameters={})
    plain = sweep(part)
    level = np.abs(part.cost).max(axis=0), np.abs(part.effect).max(axis=0)
    mirrors = {
        "what all options share does not matter": replace(
            part, cost=part.cost + level[0], effect=part.effect - level[1]
        ),
        "the order of draws does not matter": replace(part, cost=part.cost[:, ::-1], effect=part.effect[:, ::-1]),
        "the order of options does not matter": replace(part, cost=part.cost[::-1], effect=part.effect[::-1]),
        "the currency does not matter": replace(part, cost=part.cost * 0.5, wtp=values * 0.5),
    }
    for law, mirror in mirrors.items():
        other = sweep(mirror)
        factor = 2.0 if law.startswith("the currency") else 1.0
        _hold(law, other.evpi * factor, plain.evpi, _level(part))
        if law.startswith("the order of options"):
            _hold(law, other.acceptability[:, ::-1], plain.acceptability, 1.0)


def check_information(partial: pd.DataFrame, evpi: pd.DataFrame) -> None:
    """Hold EVPPI against EVPI: knowing a part is worth no more than knowing all, and never less than nothing.

    Raises
    ------
    SelfCheckError
        naming the parameter and the value of a unit of effect.
    """
    both = partial.merge(evpi[["wtp", "evpi"]], on="wtp")
    most = both["evpi"] * (1.0 + _SHARE) + _ERRORS * both["error"].fillna(0.0) + _SLACK * both["evpi"].max()
    wrong = both[(both["evppi"] > most) | (both["evppi"] < 0)]
    if not wrong.empty:
        row = wrong.iloc[0]
        raise SelfCheckError(
            f"EVPPI lies between 0 and EVPI: of {row['parameter']} at {row['wtp']:g} it is {row['evppi']:.6g}, "
            f"the EVPI {row['evpi']:.6g}. The regression cannot follow this parameter."
        )


def _level(problem: DecisionProblem) -> float:
    return float(np.abs(problem.cost).max() + problem.wtp.max() * np.abs(problem.effect).max()) or 1.0


def _hold(law: str, one: Vector, other: Vector, size: float) -> None:
    apart = float(np.abs(one - other).max())
    if not apart <= _SLACK * size:
        raise SelfCheckError(f"{law}: broken by {apart:.3g}")
