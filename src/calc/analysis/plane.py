"""Where the draws lie on the cost-effect plane: a smoothed density, and the levels that hold half and most of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..inputs.distribution import Vector
from .problem import DecisionProblem, Matrix
from .regressors import varies

__all__ = ["Cloud", "clouds"]

#: the shares of draws that the contours hold
HELD = (0.5, 0.9)
_CELLS = 96
_REACH = 3


@dataclass(frozen=True)
class Cloud:
    """The draws of one option's differences from the reference.

    ``effect`` and ``cost`` are the middles of the cells, shape (cells,), ``density`` is per cell, shape
    (costs, effects), and sums to one; ``levels`` are the densities at whose contours the shares :data:`HELD` lie
    within. ``density`` is None where one of the differences does not vary.
    """

    effect: Vector
    cost: Vector
    density: Matrix | None
    levels: tuple[float, ...]
    mean: tuple[float, float]


def clouds(problem: DecisionProblem) -> Mapping[str, Cloud]:
    """Return the cloud of each option but the reference, by option."""
    reference = problem.index(problem.reference)
    found = {}
    for place, option in enumerate(problem.options):
        if place != reference:
            found[option] = _cloud(
                problem.effect[place] - problem.effect[reference], problem.cost[place] - problem.cost[reference]
            )
    return found


def _cloud(effect: Vector, cost: Vector) -> Cloud:
    mean = float(effect.mean()), float(cost.mean())
    if not varies(effect) or not varies(cost):
        return Cloud(effect[:1], cost[:1], None, (), mean)
    edges = [_edges(values) for values in (cost, effect)]
    counts, *_ = np.histogram2d(cost, effect, bins=edges)
    for axis, values in enumerate((cost, effect)):
        width = float(values.std()) * values.size ** (-1 / 6) / (edges[axis][1] - edges[axis][0])
        counts = _smooth(counts, width, axis)
    density = counts / counts.sum()
    falling = np.sort(density.ravel())[::-1]
    held = np.cumsum(falling)
    levels = tuple(float(falling[min(int(np.searchsorted(held, share)), held.size - 1)]) for share in HELD)
    middles = [(each[1:] + each[:-1]) / 2 for each in edges]
    return Cloud(middles[1], middles[0], density, levels, mean)


def _edges(values: Vector) -> Vector:
    """Return the edges of cells over all but the last thousandth at either end, and room around it."""
    low, high = np.quantile(values, (0.001, 0.999))
    if low == high:
        low, high = values.min(), values.max()
    room = 0.15 * (high - low)
    return np.linspace(low - room, high + room, _CELLS + 1)


def _smooth(counts: Matrix, width: float, axis: int) -> Matrix:
    """Return counts spread by a Gaussian of ``width`` cells along one axis (Scott's rule gives the width)."""
    reach = max(int(np.ceil(_REACH * width)), 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(width, 1e-3)) ** 2)
    kernel /= kernel.sum()
    return np.apply_along_axis(lambda line: np.convolve(line, kernel, mode="full")[reach:-reach], axis, counts)
