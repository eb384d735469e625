"""A stated effect → an estimate with its error on one scale, and that estimate at work on a comparator's risk.

The methods are those of the Cochrane Handbook for Systematic Reviews of Interventions, version 6
(chapters 6, 10 and 15); each conversion that an estimate went through is named in it, for the trace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch

import numpy as np
from scipy import special

from ..inputs.distribution import Vector
from ..inputs.effect import (
    Better,
    Comparison,
    Events,
    MeanDifference,
    OddsRatio,
    RiskDifference,
    RiskRatio,
    StandardizedMeanDifference,
)

__all__ = ["Conversion", "Scale", "estimate", "risk_with"]

#: half the width of a 95 % interval, in standard errors
_Z95 = float(special.ndtri(0.975))
#: standard deviation of the standard logistic distribution: log odds in one standard deviation
_LOGISTIC = float(np.pi / np.sqrt(3.0))


class Scale(StrEnum):
    """Where an effect adds to the comparator's risk."""

    LOG_ODDS = "log_odds"
    LOG_RISK = "log_risk"
    RISK = "risk"


class Conversion(StrEnum):
    """What was done to the figures of a source, in the words of a trace."""

    WOOLF = "log odds ratio from the events in both arms (Handbook 6.4.1)"
    HALF = "half a person added to each cell, as one is empty (Handbook 10.4.4.2)"
    INTERVAL = "standard error from the 95 % interval (Handbook 6.3.1)"
    LOG_INTERVAL = "standard error from the 95 % interval, on the log scale (Handbook 6.3.2)"
    DIVIDED = "difference of means divided by the standard deviation (Handbook 6.5.1.2)"
    LOGISTIC = "standardized difference times π/√3 is a log odds ratio (Handbook 10.6 and chapter 15)"
    TURNED = "sign turned, as lower scores are better"


@dataclass(frozen=True)
class Estimate:
    """An effect on its ``scale``: ``value`` and standard ``error``; above 0 more people are in relief."""

    scale: Scale
    value: float
    error: float
    conversions: tuple[Conversion, ...] = ()

    def at(self, uniforms: Vector) -> Vector:
        """Return the normal quantiles of the effect at ``uniforms``, shape (n,)."""
        return np.asarray(self.value + self.error * special.ndtri(uniforms), dtype=np.float64)


@singledispatch
def estimate(measure: Comparison) -> Estimate:
    """Return what a measure that compares two groups says, with its error.

    A risk ratio stays on the log scale of the risk, a difference in risk on the risk itself; all
    else becomes a log odds ratio.

    Raises
    ------
    TypeError
        for a share that nobody was compared with, and for what nobody knows.
    """
    raise TypeError(f"{type(measure).__name__} compares nobody")


@estimate.register
def _(measure: Events) -> Estimate:
    cells = np.array([[arm.events, arm.total - arm.events] for arm in (measure.treated, measure.control)])
    empty = bool((cells == 0).any())
    cells = cells + 0.5 if empty else cells
    (yes, no), (control_yes, control_no) = cells
    value = float(np.log(yes * control_no / (no * control_yes)))
    conversions = (Conversion.WOOLF, Conversion.HALF) if empty else (Conversion.WOOLF,)
    return Estimate(Scale.LOG_ODDS, value, float(np.sqrt((1.0 / cells).sum())), conversions)


@estimate.register
def _(measure: OddsRatio) -> Estimate:
    return _ratio(measure, Scale.LOG_ODDS)


@estimate.register
def _(measure: RiskRatio) -> Estimate:
    return _ratio(measure, Scale.LOG_RISK)


@estimate.register
def _(measure: RiskDifference) -> Estimate:
    return Estimate(Scale.RISK, measure.value, _width(measure.low, measure.high), (Conversion.INTERVAL,))


@estimate.register
def _(measure: MeanDifference) -> Estimate:
    return _means(measure, measure.sd, (Conversion.DIVIDED,))


@estimate.register
def _(measure: StandardizedMeanDifference) -> Estimate:
    return _means(measure, 1.0, ())


def _ratio(measure: OddsRatio | RiskRatio, scale: Scale) -> Estimate:
    error = _width(float(np.log(measure.low)), float(np.log(measure.high)))
    return Estimate(scale, float(np.log(measure.value)), error, (Conversion.LOG_INTERVAL,))


def _means(
    measure: MeanDifference | StandardizedMeanDifference, sd: float, conversions: tuple[Conversion, ...]
) -> Estimate:
    """Return a difference of means as a log odds ratio; ``sd`` is one standard deviation on its scale."""
    error = measure.se
    if measure.low is not None and measure.high is not None:
        error, conversions = _width(measure.low, measure.high), (Conversion.INTERVAL, *conversions)
    assert error is not None  # noqa: S101  the model has one of the two
    sign = -1.0 if measure.better is Better.LOWER else 1.0
    turned = (Conversion.TURNED,) if measure.better is Better.LOWER else ()
    times = _LOGISTIC / sd
    return Estimate(
        Scale.LOG_ODDS, sign * times * measure.value, times * error, (*conversions, *turned, Conversion.LOGISTIC)
    )


def _width(low: float, high: float) -> float:
    return (high - low) / (2.0 * _Z95)


def _odds(risk: Vector, theta: Vector) -> Vector:
    return np.asarray(special.expit(special.logit(risk) + theta))


_APPLIED: dict[Scale, Callable[[Vector, Vector], Vector]] = {
    Scale.LOG_ODDS: _odds,
    Scale.LOG_RISK: lambda risk, theta: risk * np.exp(theta),
    Scale.RISK: lambda risk, theta: risk + theta,
}


def risk_with(comparator: Vector, theta: Vector, scale: Scale) -> Vector:
    """Return the risk in the treated group, shape (n,), between 0 and 1.

    Parameters
    ----------
    comparator
        The risk in the group compared with (Handbook, chapter 15), shape (n,).
    theta
        The effect on ``scale``, shape (n,).
    """
    return np.clip(_APPLIED[scale](comparator, theta), 0.0, 1.0)
