"""Functions of one parameter or several in which an outcome's expectation is sought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..inputs.distribution import Vector
from .problem import Matrix

__all__ = ["Basis", "basis_of", "lumps", "varies"]

#: a parameter of no more values than this, each often drawn, has a mean of its own at each value
_LEVELS = 24
_CELLS = 64
_OFTEN = 5
#: a single value that so large a share of the draws has (none, all, the cap) gets a term of its own
_ATOM = 0.02
#: interior knots at dyadic quantiles, so that each finer basis holds the coarser one
_KNOTS = (1, 3, 7, 15, 31)
_ENDS = (0.01, 0.99)
#: closer together than this, relative to their size, two numbers are one
_ROUNDING = 8 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class _Smooth:
    """Natural cubic splines, linear beyond their end knots; and a step at each value that very many draws share."""

    low: float
    width: float
    atoms: Vector
    knots: Vector
    sizes: tuple[int, ...]

    def curvature(self, count: int) -> Matrix:
        """Return the integrals over the range of products of second derivatives of the first columns."""
        at = np.unique(np.concatenate([[0.0, 1.0], self.knots]))
        second = np.zeros((at.size, count))
        first = 1 + self.atoms.size
        for place, knot in enumerate(self.knots[: max(count - first, 0)], start=first):
            second[:, place] = 6.0 * (np.maximum(at - knot, 0.0) - (1.0 - knot) * at)
        low, high = second[:-1, :, None], second[1:, :, None]  # they are straight between the knots
        across = low.transpose(0, 2, 1), high.transpose(0, 2, 1)
        products = 2.0 * low * across[0] + low * across[1] + high * across[0] + 2.0 * high * across[1]
        return np.asarray((np.diff(at)[:, None, None] / 6.0 * products).sum(axis=0))

    def columns(self, x: Vector) -> Matrix:
        at = (x - self.low) / self.width
        found = np.empty((x.size, 1 + self.atoms.size + self.knots.size), order="F")
        found[:, 0] = at
        for place, atom in enumerate(self.atoms, start=1):
            found[:, place] = x == atom
        if self.knots.size:
            first, last = np.maximum(at, 0.0) ** 3, np.maximum(at - 1.0, 0.0) ** 3
        for place, knot in enumerate(self.knots, start=1 + self.atoms.size):
            beyond = np.maximum(at - knot, 0.0)
            found[:, place] = beyond * beyond * beyond - (1.0 - knot) * first - knot * last
        return found


@dataclass(frozen=True)
class _Steps:
    """A trend in the order of few values, then a bend of it, then one mean for each value."""

    levels: Vector

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(min(size, self.levels.size - 1) for size in (1, 2, self.levels.size)))

    def columns(self, x: Vector) -> Matrix:
        # a value between those that were drawn counts as the nearest
        cell = np.searchsorted((self.levels[1:] + self.levels[:-1]) / 2, x)
        trend = np.linspace(-1.0, 1.0, self.levels.size)
        # the first, the middle and the last have their means from the constant, the trend and the bend
        own = [place for place in range(1, trend.size - 1) if place != trend.size // 2]
        by_level = np.column_stack([trend, trend**2, np.eye(trend.size)[:, own]])[:, : trend.size - 1]
        return np.asarray(by_level[cell], dtype=np.float64)


@dataclass(frozen=True)
class Basis:
    """Columns of which each prefix of one of ``sizes`` is a basis in itself, the constant first.

    ``products`` names, for each column that multiplies columns of several parameters, which.
    ``exact`` marks a basis that holds every function of what was drawn.
    """

    parts: tuple[_Smooth | _Steps, ...]
    products: tuple[tuple[tuple[int, int], ...], ...]
    sizes: tuple[int, ...]
    exact: bool

    def roughness(self) -> Matrix | None:
        """Return the curvature of the functions of a single smooth parameter, which smoothing holds down."""
        if len(self.parts) > 1 or not isinstance(self.parts[0], _Smooth):
            return None
        return np.asarray(np.pad(self.parts[0].curvature(len(self.products) - 1), ((1, 0), (1, 0))))

    def columns(self, inputs: Sequence[Vector]) -> Matrix:
        """Return all functions at some points, shape (points, functions)."""
        single = [part.columns(x) for part, x in zip(self.parts, inputs, strict=True)]
        found = np.empty((inputs[0].size, len(self.products)), order="F")
        for place, factors in enumerate(self.products):
            found[:, place] = 1.0
            for part, column in factors:
                found[:, place] *= single[part][:, column]
        return found


def varies(x: Vector) -> bool:
    """Return whether something takes more than one value, by more than the rounding of its numbers."""
    low, high = float(x.min()), float(x.max())
    return bool(high - low > _ROUNDING * max(abs(low), abs(high)))


def lumps(x: Vector) -> bool:
    """Return whether some single value has so large a share of the draws that it may have a mean of its own."""
    ordered, often = np.sort(x), int(max(_ATOM * x.size, _OFTEN))
    return bool((ordered[often:] == ordered[: x.size - often]).any())


def basis_of(inputs: Sequence[Vector], *, detail: int, most: int, lumpy: bool = True) -> Basis:
    """Return a basis for the inputs, each of shape (draws,) and varying.

    Parameters
    ----------
    detail
        How fine: the number of doublings of the knots, at least 1.
    lumpy
        Whether values that very many draws share get a step of their own in what is smooth.
    most
        The largest number of columns; few values need fewer.
    """
    draws = inputs[0].size
    levels = [np.unique(x) for x in inputs]
    parts = tuple(_part(x, values, detail, lumpy=lumpy) for x, values in zip(inputs, levels, strict=True))
    stepwise = all(isinstance(part, _Steps) for part in parts)
    cells = int(np.prod([values.size for values in levels])) if stepwise else 0
    everything = stepwise and cells <= _CELLS and cells * _OFTEN <= draws
    products: list[tuple[tuple[int, int], ...]] = [()]
    sizes = [1]
    for stage in _stages(parts, everything=everything):
        if len(products) + len(stage) > most and len(sizes) > 1:
            break
        products += stage
        sizes.append(len(products))
    return Basis(parts, tuple(products), tuple(dict.fromkeys(sizes)), exact=everything and len(products) == cells)


def _part(x: Vector, levels: Vector, detail: int, *, lumpy: bool) -> _Smooth | _Steps:
    if levels.size == 2 or (levels.size <= _LEVELS and levels.size * _OFTEN <= x.size):
        return _Steps(levels)
    ordered, atoms = levels, np.empty(0)
    if lumpy and levels.size < x.size:
        values, counts = np.unique(x, return_counts=True)
        often = counts > max(_ATOM * x.size, _OFTEN)
        atoms, ordered = values[often], np.repeat(values[~often], counts[~often])
    if ordered.size < 2 or not _at(ordered, _ENDS[0]) < _at(ordered, _ENDS[1]):
        ordered = levels
    low, high = _at(ordered, _ENDS[0]), _at(ordered, _ENDS[1])
    knots: list[float] = []
    sizes = [1, 1 + atoms.size]
    for count in _KNOTS[:detail]:
        at = [(_at(ordered, share) - low) / (high - low) for share in np.linspace(*_ENDS, count + 2)[1:-1][::2]]
        knots += [each for each in dict.fromkeys(at) if 0.0 < each < 1.0 and each not in knots]
        sizes.append(1 + atoms.size + len(knots))
    return _Smooth(low, high - low, atoms, np.array(knots), tuple(dict.fromkeys(sizes)))


def _at(ordered: Vector, share: float) -> float:
    """Return a quantile of values in order, one of them."""
    return float(ordered[min(int(share * ordered.size), ordered.size - 1)])


def _stages(parts: Sequence[_Smooth | _Steps], *, everything: bool) -> list[list[tuple[tuple[int, int], ...]]]:
    """Return the terms in the order in which they are let in: each stage is one more thing to try."""
    each = range(len(parts))

    def own(start: int, stop: int) -> list[tuple[tuple[int, int], ...]]:
        """Terms of single parameters, from one level of detail to another."""
        found: list[tuple[tuple[int, int], ...]] = []
        for part in each:
            sizes = parts[part].sizes
            first = 0 if start == 0 else sizes[min(start, len(sizes)) - 1]
            found += [((part, column),) for column in range(first, sizes[min(stop, len(sizes)) - 1])]
        return found

    def together(order: int, reach: int, done: set[tuple[tuple[int, int], ...]]) -> list[tuple[tuple[int, int], ...]]:
        """Products of ``order`` parameters, up to ``reach`` columns of each, that are not yet there."""
        found = []
        for some in combinations(each, order):
            columns = [
                range(parts[part].sizes[-1] if everything else min(parts[part].sizes[-1], reach)) for part in some
            ]
            for choice in np.ndindex(*(len(span) for span in columns)):
                term = tuple(zip(some, choice, strict=True))
                if term not in done:
                    found.append(term)
                    done.add(term)
        return found

    done: set[tuple[tuple[int, int], ...]] = set()
    if everything:
        products = [together(order, 0, done) for order in range(2, len(parts) + 1)]
        return [stage for stage in (own(0, 1), own(1, 2), own(2, 3), *products) if stage]
    if len(parts) == 1:
        return [stage for level in range(7) if (stage := own(level, level + 1))]
    return [
        stage
        for stage in (
            own(0, 1),
            together(2, 1, done),
            own(1, 2),
            own(2, 3),
            together(2, 2, done),
            together(3, 1, done),
            own(3, 4),
            together(2, 4, done),
            together(3, 2, done),
            own(4, 5),
        )
        if stage
    ]
