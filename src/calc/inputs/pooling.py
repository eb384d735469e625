"""Several estimates of one quantity → the distribution of the next setting's value, by random effects.

The textbook method: moments for the variance between settings (DerSimonian and Laird 1986), and the
prediction interval with k − 2 degrees of freedom (Higgins, Thompson and Spiegelhalter 2009), on the
logit scale for shares, on the log scale for money and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ..units import Unit
from .claim import Claim
from .distribution import Distribution, Vector, scaled
from .readings.reading import Estimate, scale_of

__all__ = ["FEWEST", "Pooled", "pooled", "random_effects"]

#: a prediction interval has no degree of freedom below this many estimates
FEWEST = 3


@dataclass(frozen=True)
class Pooled:
    """A random-effects summary: the mean and its standard error, the variance between settings, k."""

    mean: float
    error: float
    between: float
    estimates: int

    def prediction(self, uniforms: Vector) -> Vector:
        """Return quantiles of the value in a setting like these, shape of ``uniforms``."""
        spread = float(np.sqrt(self.between + self.error**2))
        return np.asarray(self.mean + spread * special.stdtrit(self.estimates - 2, uniforms))


def random_effects(estimates: Vector, errors: Vector) -> Pooled:
    """Return the DerSimonian–Laird summary of estimates with standard errors, shape (k,), k at least 3.

    Raises
    ------
    ValueError
        for fewer than three estimates.
    """
    if estimates.size < FEWEST:
        raise ValueError(f"{estimates.size} estimates cannot be pooled; {FEWEST} are the least")
    weights = errors**-2.0
    fixed = float(np.average(estimates, weights=weights))
    heterogeneity = float((weights * (estimates - fixed) ** 2).sum())
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(0.0, (heterogeneity - (estimates.size - 1)) / scale)
    weights = 1.0 / (errors**2 + between)
    return Pooled(float(np.average(estimates, weights=weights)), float(weights.sum() ** -0.5), between, estimates.size)


def pooled(claims: Sequence[Claim], unit: Unit) -> Distribution:
    """Return the prediction distribution of claims that each are an estimate with its error.

    Parameters
    ----------
    claims
        At least three, each an :class:`~calc.inputs.readings.reading.Estimate`.
    unit
        The parameter's unit.

    Returns
    -------
    Distribution
        In weeks for time, in ``unit`` otherwise.
    """
    found = np.array([_on_scale(claim, unit) for claim in claims])
    summary = random_effects(found[:, 0], found[:, 1])
    back = scale_of(unit).back

    def inverse(uniforms: Vector) -> Vector:
        return np.asarray(back(summary.prediction(uniforms)), dtype=np.float64)

    return scaled(inverse, unit)


def _on_scale(claim: Claim, unit: Unit) -> tuple[float, float]:
    """Return a claim's estimate and standard error on the logit or log scale, in ``unit``."""
    assert isinstance(claim.reading, Estimate)  # noqa: S101  as `pooled` asks
    own = claim.measure(unit)
    estimate, error = claim.reading.estimate(own)
    return estimate + float(np.log(own.in_weeks / unit.in_weeks)), error
