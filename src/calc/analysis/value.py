"""What being unsure costs: expected loss of each option, and the expected value of perfect information."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .netbenefit import Sweep
from .problem import DecisionProblem

__all__ = ["evpi", "expected_loss"]


def expected_loss(problem: DecisionProblem, found: Sweep) -> pd.DataFrame:
    """Return what choosing each option is expected to lose against knowing the best one in every draw.

    Returns
    -------
    pandas.DataFrame
        One row per value and option: mean ``net_benefit`` and ``loss``, money; ``best`` marks the option
        with the highest mean, whose loss is the EVPI.
    """
    values, options = found.loss.shape
    return pd.DataFrame(
        {
            "wtp": np.repeat(found.wtp, options),
            "option": np.tile(problem.options, values),
            "net_benefit": found.net_benefit.ravel(),
            "loss": found.loss.ravel(),
            "best": (np.arange(options) == found.best[:, None]).ravel(),
        }
    )


def evpi(problem: DecisionProblem, found: Sweep) -> pd.DataFrame:
    """Return the expected value of perfect information, money per decision.

    Returns
    -------
    pandas.DataFrame
        One row per value: ``evpi`` with its Monte Carlo standard ``error``, the ``best`` option and the
        ``probability`` that it is best.
    """
    rows = np.arange(found.wtp.size)
    return pd.DataFrame(
        {
            "wtp": found.wtp,
            "evpi": found.evpi,
            "error": found.evpi_error,
            "best": [problem.options[place] for place in found.best],
            "probability": found.acceptability[rows, found.best],
        }
    )
