"""What a study of one parameter would be worth before choosing, by its kind and size.

By regression on what such a study would report in each draw (Strong, Oakley, Brennan and Breeze 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import bdtr, ndtri

from ..errors import DrawsError, Problem
from ..inputs.distribution import Vector
from .evppi import expectation, worth_of
from .netbenefit import Sweep
from .problem import DecisionProblem

__all__ = ["MeasuredMean", "ObservedShare", "evsi"]


@dataclass(frozen=True)
class MeasuredMean:
    """A study that measures the parameter in each of n people, who differ with standard deviation ``sd``."""

    sd: float

    def reported(self, x: Vector, size: int, uniforms: Vector) -> Vector:
        """Return the mean that it reports in each draw."""
        return np.asarray(x + self.sd / np.sqrt(size) * ndtri(uniforms))

    def faults(self, _x: Vector) -> list[str]:
        """Return why such a study cannot be made of the parameter."""
        return [] if self.sd > 0 else ["the spread between people must be positive"]


@dataclass(frozen=True)
class ObservedShare:
    """A study that counts in how many of n people something happens, of which the parameter is the chance."""

    def reported(self, x: Vector, size: int, uniforms: Vector) -> Vector:
        """Return the share that it reports in each draw."""
        low, high = np.zeros(x.size, dtype=np.int64), np.full(x.size, size, dtype=np.int64)
        while (low < high).any():  # the least count whose distribution function reaches the uniform
            middle = (low + high) // 2
            reached = bdtr(middle, size, x) >= uniforms
            low, high = np.where(reached, low, middle + 1), np.where(reached, middle, high)
        return np.asarray(low / size)

    def faults(self, x: Vector) -> list[str]:
        """Return why such a study cannot be made of the parameter."""
        return [] if ((x >= 0) & (x <= 1)).all() else ["it is no chance: some draws lie outside 0 to 1"]


def evsi(
    problem: DecisionProblem,
    found: Sweep,
    parameter: str,
    study: MeasuredMean | ObservedShare,
    *,
    sizes: Sequence[int],
    uniforms: Vector,
) -> pd.DataFrame:
    """Return the expected value of sample information, money per decision.

    Parameters
    ----------
    sizes
        How many people the study would have; each is a study of its own.
    uniforms
        The luck of the study in each draw, between 0 and 1 and independent of the draws, shape (draws,).

    Returns
    -------
    pandas.DataFrame
        One row per size and value: ``evsi``, its standard ``error``, and the regression's ``terms`` and ``check``.

    Raises
    ------
    UnknownNameError
        if there is no such parameter.
    DrawsError
        if the study does not suit the parameter.
    """
    x = problem.parameter(parameter)
    faults = study.faults(x) + ["a study has at least one person"] * any(size < 1 for size in sizes)
    if uniforms.shape != x.shape or not ((uniforms > 0) & (uniforms < 1)).all():
        faults.append(f"its luck must be {x.size:,} uniforms between 0 and 1")
    if faults:
        raise DrawsError(Problem("evsi", parameter, what, "Choose another kind of study.") for what in faults)
    tables = []
    for size in sizes:
        fit = expectation(problem, [study.reported(x, size, uniforms)])
        worth = worth_of(problem, found, [fit])
        tables.append(
            pd.DataFrame(
                {
                    "parameter": parameter,
                    "size": size,
                    "wtp": found.wtp,
                    "evsi": worth.value,
                    "error": worth.error,
                    "terms": fit.terms,
                    "check": worth.check,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
