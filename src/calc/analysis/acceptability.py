"""How sure the ranking is: acceptability curves of all options at once, and their frontier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .convergence import share_error
from .netbenefit import Sweep
from .problem import DecisionProblem

__all__ = ["acceptability"]


def acceptability(problem: DecisionProblem, found: Sweep) -> pd.DataFrame:
    """Return the chance that each option is best, by value of a unit of effect.

    Returns
    -------
    pandas.DataFrame
        One row per value and option: ``probability`` (a draw in which m options tie counts 1/m for
        each, so that a value's rows sum to one), its Monte Carlo standard ``error``, and ``frontier``:
        whether the option has the highest expected net benefit there, which is what to choose.
    """
    values, options = found.acceptability.shape
    chance = found.acceptability.ravel()
    return pd.DataFrame(
        {
            "wtp": np.repeat(found.wtp, options),
            "option": np.tile(problem.options, values),
            "probability": chance,
            "error": share_error(chance, problem.draws),
            "frontier": (np.arange(options) == found.best[:, None]).ravel(),
        }
    )
