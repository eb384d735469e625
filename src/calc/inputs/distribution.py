"""A claim's reading → a distribution, sampled through the inverse of its cumulative distribution.

=================  =============================================================================
``exact``          one value
``typical_range``  the middle ``range_coverage`` (80 %) lies between low and high: log-normal for
                   money and time, logit-normal for shares. ``open_above`` keeps the upper tail;
                   a closed range is cut as far above its high end as its median lies below it
                   (on the log or logit scale), which leaves the percentiles at low and high alone
``bounds``         uniform; PERT where a mode is given
``at_most``        uniform from the other side (the unit's lowest where none is assumed)
``at_least``       uniform up to the assumed other side
``mean_sd``        log-normal with that mean and standard deviation; beta for shares
``estimate_ci``    median and 95 % interval: log-normal for money and time, logit-normal for
                   shares, normal for scores
``proportion``     beta with Jeffreys' prior: ``Beta(events + ½, total − events + ½)``
``count_range``    whole numbers between two bounds, equally likely or by ``weights``
``unknown``        uniform over all that the unit allows, and flagged wherever it is used
=================  =============================================================================

Time comes out in weeks, whatever unit the source used; nothing ever leaves the unit's range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import special

from ..units import Unit
from .claim import Reading, Reported
from .quantiles import beta_quantiles

__all__ = ["Distribution", "Vector", "distribution", "scaled"]

Vector = npt.NDArray[np.float64]
_Z95 = float(special.ndtri(0.975))


@dataclass(frozen=True)
class Distribution:
    """An inverse cumulative distribution; call it with uniforms of shape ``(n,)``.

    ``lowest`` and ``highest`` are the ends of its range in the model's unit (weeks for time).
    """

    inverse: Callable[[Vector], Vector]
    lowest: float
    highest: float

    def __call__(self, uniforms: Vector) -> Vector:
        """Return the quantiles at ``uniforms``, inside the range, as float64."""
        # past every draw, and where the inverses of SciPy still have a value
        uniforms = np.clip(uniforms, 2.0**-60, 1.0 - 2.0**-53)
        with np.errstate(over="ignore"):  # what overflows lies beyond the range and is cut to it
            values = np.asarray(self.inverse(uniforms), dtype=np.float64)
        return np.clip(values, self.lowest, self.highest)


def distribution(claim: Reported, unit: Unit, *, range_coverage: float = 0.8) -> Distribution:
    """Return the distribution of one claim about a parameter of ``unit``.

    Parameters
    ----------
    claim
        A checked claim; its own unit, if it has one, is of the same dimension as ``unit``.
    unit
        The parameter's unit.
    range_coverage
        Share of cases inside a ``typical_range``, above 0 and below 1.

    Returns
    -------
    Distribution
        In weeks for time, in ``unit`` otherwise.
    """
    own = Unit.spelled(claim.unit) if claim.unit else unit
    found = scaled(_READERS[claim.reading](claim, own, range_coverage), own)
    return replace(found, lowest=unit.lowest * unit.in_weeks, highest=min(found.highest, unit.highest * unit.in_weeks))


def scaled(inverse: Callable[[Vector], Vector], unit: Unit) -> Distribution:
    """Return the distribution of an inverse in ``unit``, within that unit's range, in weeks for time."""
    weeks = unit.in_weeks
    return Distribution(
        partial(_scaled, inverse, weeks) if weeks != 1.0 else inverse, unit.lowest * weeks, unit.highest * weeks
    )


def _scaled(inner: Callable[[Vector], Vector], scale: float, u: Vector) -> Vector:
    return inner(u) * scale


def _figure(value: float | None) -> float:
    """Return a figure that the claim's own checks have made sure of."""
    assert value is not None  # noqa: S101  the reading demands it: calc.inputs.claim._NEEDS
    return float(value)


def _fixed(claim: Reported, _unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    value = _figure(claim.value)
    return lambda u: np.full(u.shape, value)


def _typical(claim: Reported, unit: Unit, coverage: float) -> Callable[[Vector], Vector]:
    to, back = (special.logit, special.expit) if unit is Unit.SHARE else (np.log, np.exp)
    low, high = float(to(_figure(claim.low))), float(to(_figure(claim.high)))
    centre = (low + high) / 2
    spread = (high - low) / 2 / float(special.ndtri(0.5 + coverage / 2))
    cut = np.inf if claim.open_above else high + (high - centre)

    def inverse(u: Vector) -> Vector:
        return np.asarray(back(np.minimum(centre + spread * special.ndtri(u), cut)))

    return inverse


def _bounds(claim: Reported, _unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    low, high = _figure(claim.low), _figure(claim.high)
    if claim.mode is None:
        return lambda u: low + (high - low) * u
    left = 1 + 4 * (claim.mode - low) / (high - low)
    right = 1 + 4 * (high - claim.mode) / (high - low)
    return lambda u: low + (high - low) * beta_quantiles(left, right, u)


def _at_most(claim: Reported, unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    low = unit.lowest if claim.low is None else claim.low
    high = _figure(claim.high)
    return lambda u: low + (high - low) * u


def _mean_sd(claim: Reported, unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    mean, sd = _figure(claim.mean), _figure(claim.sd)
    if unit is Unit.SHARE:
        size = mean * (1 - mean) / sd**2 - 1
        return lambda u: beta_quantiles(mean * size, (1 - mean) * size, u)
    spread = float(np.sqrt(np.log1p((sd / mean) ** 2)))
    centre = float(np.log(mean)) - spread**2 / 2
    return lambda u: np.exp(centre + spread * special.ndtri(u))


def _estimate(claim: Reported, unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    value, low, high = _figure(claim.value), _figure(claim.low), _figure(claim.high)
    if unit.dimension == "score":
        return lambda u: value + (high - low) / 2 / _Z95 * special.ndtri(u)
    to, back = (special.logit, special.expit) if unit is Unit.SHARE else (np.log, np.exp)
    spread = float(to(high) - to(low)) / 2 / _Z95
    return lambda u: np.asarray(back(to(value) + spread * special.ndtri(u)))


def _proportion(claim: Reported, _unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    events, total = _figure(claim.events), _figure(claim.total)
    return lambda u: beta_quantiles(events + 0.5, total - events + 0.5, u)


def _counts(claim: Reported, _unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    low, high = int(_figure(claim.low)), int(_figure(claim.high))
    weights = np.array(claim.weights or [1.0] * (high - low + 1))
    counts = np.arange(low, high + 1, dtype=np.float64)[weights > 0]
    steps = np.cumsum(weights[weights > 0] / weights.sum())[:-1]
    return lambda u: counts[np.searchsorted(steps, u, side="right")]


def _unknown(_claim: Reported, unit: Unit, _coverage: float) -> Callable[[Vector], Vector]:
    return lambda u: unit.lowest + (unit.highest - unit.lowest) * u


_READERS: dict[Reading, Callable[[Reported, Unit, float], Callable[[Vector], Vector]]] = {
    Reading.EXACT: _fixed,
    Reading.TYPICAL_RANGE: _typical,
    Reading.BOUNDS: _bounds,
    Reading.AT_MOST: _at_most,
    Reading.AT_LEAST: _bounds,
    Reading.MEAN_SD: _mean_sd,
    Reading.ESTIMATE_CI: _estimate,
    Reading.PROPORTION: _proportion,
    Reading.COUNT_RANGE: _counts,
    Reading.UNKNOWN: _unknown,
}
