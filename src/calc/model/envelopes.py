"""What unknowns leave open: outcomes simulated with the unknowns held, and the hull around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..inputs.distribution import Vector
from .ranks import INTERVAL, quantiles

__all__ = ["STEPS", "hull"]

#: quantiles of all that an unknown could be at which it is held, close together where little is
STEPS = (0.0, 0.002, 0.004, 0.008, 0.02, 0.1, 0.5, 1.0)


def hull(worlds: Iterable[Mapping[str, Vector]]) -> Mapping[str, tuple[float, float]]:
    """Return, by outcome, the lowest 5th and the highest 95th percentile of any of the worlds."""
    found: dict[str, tuple[float, float]] = {}
    for world in worlds:
        for name, values in world.items():
            low, high = quantiles(values, INTERVAL)
            before = found.get(name, (np.inf, -np.inf))
            found[name] = (min(before[0], low), max(before[1], high))
    return found
