"""Are there enough draws: the Monte Carlo error of means and quantiles, and how many a wanted one needs."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..inputs.distribution import Vector
from ..model.sample import REPLICATES

__all__ = ["draws_needed", "mean_error", "replicate_error", "running_mean", "share_error", "study_error"]

_FEWEST = 64


def mean_error(values: Vector) -> float:
    """Return the standard error of a mean of independent draws; NaN of a single one."""
    return float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else float("nan")


def share_error(share: float | Vector, draws: int) -> Vector:
    """Return the standard error of the share of independent draws in which something happens; NaN of a single draw.

    Half a draw more on either side (Jeffreys): what never happened in a few draws has an error too.
    """
    if draws < 2:
        return np.full(np.shape(share), np.nan)
    held = (np.multiply(share, draws) + 0.5) / (draws + 1)
    return np.asarray(np.sqrt(held * (1.0 - held) / draws))


def replicate_error(values: Vector, replicates: npt.NDArray[np.integer], statistic: Callable[[Vector], float]) -> float:
    """Return the standard error of a statistic of all draws, from replicates of equal size.

    Each replicate must be randomized apart from the others, such as a scramble of its own of the Sobol' points: then
    their statistics are independent whatever the balance within each. Parts of a single scramble are not.

    Parameters
    ----------
    values
        Shape (draws,).
    replicates
        Which replicate each draw belongs to, 0 and up, shape (draws,).

    Returns
    -------
    float
        NaN of fewer than two replicates, or where the statistic of one is not finite.

    Raises
    ------
    ValueError
        if they differ in size.
    """
    sizes = np.bincount(replicates)
    if np.ptp(sizes) > 0:
        raise ValueError(f"replicates must be of one size, not of {sizes.min():,} to {sizes.max():,} draws")
    grouped = values[np.argsort(replicates, kind="stable")].reshape(sizes.size, -1)
    found = np.array([statistic(each) for each in grouped])
    enough = found.size > 1 and np.isfinite(found).all()
    return float(found.std(ddof=1) / math.sqrt(found.size)) if enough else float("nan")


def study_error(values: Vector, statistic: Callable[[Vector], float]) -> float:
    """Return the standard error of a statistic of a study's draws, which come in replicates of equal size.

    Raises
    ------
    ValueError
        if the draws cannot be shared out among the replicates.
    """
    return replicate_error(values, np.arange(values.size) * REPLICATES // values.size, statistic)


def draws_needed(draws: int, error: float, precision: float) -> int:
    """Return how many draws bring a standard error of ``error`` down to ``precision``, a power of two.

    By the rule that holds for any draws, one over the square root; balanced draws need no more.

    Raises
    ------
    ValueError
        if the precision is not positive or the error is not finite.
    """
    if not precision > 0 or not math.isfinite(error):
        raise ValueError(f"a finite error and a positive precision are needed, not {error} and {precision}")
    wanted = max(draws * (error / precision) ** 2, 1.0)
    return int(2 ** math.ceil(math.log2(wanted) - 1e-9))


def running_mean(values: Vector) -> pd.DataFrame:
    """Return the mean and its error after 64, 128, 256 … draws and after all, to see whether it has settled."""
    steps = [2**power for power in range(int(math.log2(_FEWEST)), int(math.log2(max(values.size, 1))) + 1)]
    steps = sorted({*(step for step in steps if step <= values.size), values.size})
    return pd.DataFrame(
        {
            "draws": steps,
            "mean": [float(values[:step].mean()) for step in steps],
            "error": [mean_error(values[:step]) for step in steps],
        }
    )
