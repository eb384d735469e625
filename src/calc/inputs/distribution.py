"""A claim's reading → a distribution, sampled through the inverse of its cumulative distribution.

Each reading (:mod:`calc.inputs.readings`) has an inverse of its own. Here time comes out in weeks, whatever unit the
source used, and nothing ever leaves the unit's range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..units import Unit
from .claim import Reported
from .quantiles import Vector
from .readings.reading import Inverse

__all__ = ["Distribution", "Vector", "distribution", "scaled"]


@dataclass(frozen=True)
class Distribution:
    """An inverse cumulative distribution; call it with uniforms of shape ``(n,)``.

    ``lowest`` and ``highest`` are the ends of its range in the model's unit (weeks for time).
    """

    inverse: Inverse
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
    own = claim.measure(unit)
    found = scaled(claim.reading.inverse(own, range_coverage), own)
    return replace(found, lowest=unit.lowest * unit.in_weeks, highest=min(found.highest, unit.highest * unit.in_weeks))


def scaled(inverse: Inverse, unit: Unit) -> Distribution:
    """Return the distribution of an inverse in ``unit``, within that unit's range, in weeks for time."""
    weeks = unit.in_weeks
    return Distribution(
        partial(_scaled, inverse, weeks) if weeks != 1.0 else inverse, unit.lowest * weeks, unit.highest * weeks
    )


def _scaled(inner: Inverse, scale: float, u: Vector) -> Vector:
    return inner(u) * scale
