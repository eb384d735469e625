"""Are there enough draws: the Monte Carlo error of means and quantiles, and how many a wanted one needs."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector

__all__ = ["batch_error", "draws_needed", "mean_error", "running_mean"]

_BATCHES = 16
_FEWEST = 64


def mean_error(values: Vector) -> float:
    """Return the standard error of a mean of independent draws; NaN of a single one.

    Balanced draws (Sobol' points) do better; :func:`batch_error` tells how much.
    """
    return float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else float("nan")


def batch_error(values: Vector, statistic: Callable[[Vector], float]) -> float:
    """Return the standard error of any statistic of the draws, from sixteen equal batches.

    Batches of balanced draws lack the balance of the whole, so the true error is no larger. NaN below
    32 draws, or where a batch has no finite value.
    """
    if values.size < 2 * _BATCHES:
        return float("nan")
    batches = values[: values.size // _BATCHES * _BATCHES].reshape(-1, _BATCHES).T
    found = np.array([statistic(batch) for batch in batches])
    return float(found.std(ddof=1) / math.sqrt(_BATCHES)) if np.isfinite(found).all() else float("nan")


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
