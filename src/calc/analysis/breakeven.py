"""What a thing that nobody knows would have to be for the answer to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..inputs.distribution import Vector
from .problem import Matrix

__all__ = ["BreakEven", "break_even", "break_even_two_way", "crossings"]


@dataclass(frozen=True)
class BreakEven:
    """Where an option beats another, as a quantity moves from ``low`` to ``high``.

    ``wins`` are the stretches on which it does at least as well, in order; empty if nowhere.
    """

    low: float
    high: float
    wins: tuple[tuple[float, float], ...]

    @property
    def always(self) -> bool:
        """Whether it wins over the whole range."""
        return self.wins == ((self.low, self.high),)

    @property
    def never(self) -> bool:
        """Whether it wins nowhere in the range."""
        return not self.wins

    @property
    def at_least(self) -> float | None:
        """The value from which on it wins, if that is how it is."""
        one = len(self.wins) == 1 and not self.always and self.wins[0][1] == self.high
        return self.wins[0][0] if one else None

    @property
    def at_most(self) -> float | None:
        """The value up to which it wins, if that is how it is."""
        one = len(self.wins) == 1 and not self.always and self.wins[0][0] == self.low
        return self.wins[0][1] if one else None


def crossings(at: Vector, difference: Vector) -> tuple[float, ...]:
    """Return the values at which a difference changes its sign, straight between the points.

    Parameters
    ----------
    at
        The quantity, ascending, shape (points,).
    difference
        What the option gains there over its rival, shape (points,). A touch of zero is no change.
    """
    kept = np.flatnonzero(difference != 0)
    found = []
    for here, there in pairwise(kept):
        if (difference[here] < 0) != (difference[there] < 0):
            part = difference[here] / (difference[here] - difference[there])
            found.append(float(at[here] + part * (at[there] - at[here])))
    return tuple(found)


def break_even(at: Sequence[float] | Vector, difference: Sequence[float] | Vector) -> BreakEven:
    """Return where a difference is not negative.

    Parameters
    ----------
    at
        Values of the quantity that nobody knows, strictly ascending, shape (points,): two at least.
    difference
        The expected gain of the option over its rival with the quantity at each, shape (points,).

    Raises
    ------
    ValueError
        if the values do not ascend or something is not finite.
    """
    x, y = np.asarray(at, dtype=np.float64), np.asarray(difference, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1 or x.size < 2 or not (np.diff(x) > 0).all():
        raise ValueError("give the difference at two or more values in ascending order")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("values and differences must be finite")
    edges = [float(x[0]), *crossings(x, y), float(x[-1])]
    signs = y[y != 0]
    winning = bool(signs.size == 0 or signs[0] > 0)
    wins = []
    for low, high in pairwise(edges):
        if winning:
            wins.append((low, high))
        winning = not winning
    return BreakEven(float(x[0]), float(x[-1]), tuple(wins))


def break_even_two_way(
    one: Sequence[float] | Vector, other: Sequence[float] | Vector, difference: Matrix
) -> tuple[BreakEven, ...]:
    """Return the break-even of the second quantity at each value of the first.

    Parameters
    ----------
    difference
        Shape (values of ``one``, values of ``other``).
    """
    return tuple(break_even(other, row) for _, row in zip(one, difference, strict=True))
