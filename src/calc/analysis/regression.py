"""The expectation of outcomes given what would be known, by regression on the draws.

One orthonormal basis serves every outcome, so that whatever is linear in the outcomes, such as net benefit
at any value of a unit of effect, is fitted with them. How closely each outcome is followed is decided by
how well draws are predicted that were left out: smoothing splines for one parameter (Wood 2017, chapters 4 to 6),
more and more terms and products for several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr, solve_triangular

from ..inputs.distribution import Vector
from ..model.sample import Mask
from .problem import Matrix
from .regressors import Basis, basis_of, lumps, varies

__all__ = ["Fit", "regress"]

_MOST_TERMS = 160
_DRAWS_A_TERM = 10
_DETAIL = (4, 5)
#: an outcome that uses so much of a basis may need a finer one
_USED_UP = 0.6
_BINS = 32
#: rather more than chance leaves in as many bins, and rather more than a hundredth of what is explained
_PATTERN, _MATTERS = 6.0, 0.01


@dataclass(frozen=True)
class Fit:
    """Outcomes regressed on inputs.

    Attributes
    ----------
    basis
        The functions; None where the inputs say nothing.
    orthonormal, turn
        Combinations of them at the draws with mean square 1, shape (draws, functions), and the rotation
        of these that the weights belong to, shape (functions, functions).
    weights
        How far each is let into each outcome, 0 to 1, shape (functions, outcomes).
    means, fitted, residuals
        Shapes (outcomes,), (outcomes, draws) twice; the fitted values are without the means.
    back, slopes
        From the basis' own functions to their combinations, shape (functions, functions), and how an outcome
        rises with each of these before it is held down, shape (functions, outcomes).
    sizes, tried
        How many first functions, the smoothest, were let in together while looking for the best fit, ascending, and
        how many bases there were to choose from.
    explained
        The share of each outcome's variance that is predicted for draws left out, shape (outcomes,).
    pattern
        The share of each outcome's variance that still follows an input in the residuals, where
        that is more than chance; else 0. Shape (outcomes,).
    """

    basis: Basis | None
    orthonormal: Matrix
    turn: Matrix
    weights: Matrix
    means: Vector
    fitted: Matrix
    residuals: Matrix
    back: Matrix
    slopes: Matrix
    sizes: tuple[int, ...]
    tried: int
    explained: Vector
    pattern: Vector

    @property
    def terms(self) -> float:
        """How many functions are in use, the constant among them; fractions where they are held down."""
        return float(self.weights.sum(axis=0).max(initial=1.0))

    @property
    def check(self) -> str:
        """What a reader must know about how far the regression can be trusted."""
        if self.basis is None:
            few = self.residuals.shape[1] < 2 * _DRAWS_A_TERM
            return "too few draws" if few else "constant"
        if (self.pattern > _MATTERS * np.maximum(self.explained, _MATTERS)).any():
            return "pattern left"
        return "exact means" if self.basis.exact and self.weights[-1].any() else "ok"

    def predict(self, inputs: Sequence[Vector]) -> Matrix:
        """Return the expected outcomes at some values of the inputs, shape (outcomes, points)."""
        if self.basis is None:
            return np.repeat(self.means[:, None], inputs[0].size, axis=1)
        at = self.basis.columns(inputs) @ self.back
        return np.asarray(self.means[:, None] + (at @ (self.weights * self.slopes)).T)

    def error(self, inputs: Sequence[Vector]) -> Matrix:
        """Return the standard errors of :meth:`predict`, from drawing only so many, shape (outcomes, points)."""
        draws = self.residuals.shape[1]
        spread = self.residuals.std(axis=1) / np.sqrt(draws)
        at = np.ones((inputs[0].size, 1)) if self.basis is None else self.basis.columns(inputs) @ self.back
        return np.asarray(spread[:, None] * np.sqrt((at * at) @ (self.weights * self.weights)).T)


def regress(inputs: Sequence[Vector], outcomes: Matrix) -> Fit:
    """Return the expectation of outcomes given inputs.

    Parameters
    ----------
    inputs
        Parameters, each of shape (draws,). Leave out those that never vary: if one does not, nothing is
        fitted; nor is anything from fewer than twenty draws.
    outcomes
        Shape (outcomes, draws). One that varies by the rounding of its numbers alone does not vary.
    """
    draws = outcomes.shape[1]
    means = outcomes.mean(axis=1)
    moves = np.array([varies(each) for each in outcomes])
    centred = np.asfortranarray(((outcomes - means[:, None]) * moves[:, None]).T)
    most = min(draws // _DRAWS_A_TERM, _MOST_TERMS)
    if most < 2 or not inputs or not all(varies(x) for x in inputs) or not moves.any():
        return _flat(centred, means)
    variance = (centred * centred).mean(axis=0)
    # a parameter alone is tried without and with steps at values that many draws share; stages decide for several
    ways = (False, True) if len(inputs) == 1 and lumps(inputs[0]) else (True,)
    tried = [_fitted(inputs, centred, variance, most, lumpy=lumpy) for lumpy in ways]
    found = min(tried, key=lambda each: float((each.error[moves] / variance[moves]).mean()))
    along = found.turn @ (found.weights * found.slopes)
    fitted = along.T @ found.orthonormal.T
    residuals = centred.T - fitted
    with np.errstate(invalid="ignore", divide="ignore"):
        explained = np.where(moves, np.clip(1.0 - found.error / variance, 0.0, 1.0), 0.0)
    whole = found.basis.exact & (found.weights[-1] > 0)
    return Fit(
        basis=found.basis,
        orthonormal=found.orthonormal,
        turn=found.turn,
        weights=found.weights,
        means=means,
        fitted=fitted,
        residuals=residuals,
        back=solve_triangular(found.upper, found.turn),
        slopes=found.slopes,
        sizes=found.sizes,
        tried=len(tried),
        explained=explained,
        pattern=_pattern(inputs, residuals, variance * ~whole),
    )


@dataclass(frozen=True)
class _Tried:
    """A basis, how far each of its functions is let in, and the error for draws left out."""

    basis: Basis
    orthonormal: Matrix
    upper: Matrix
    turn: Matrix
    slopes: Matrix
    weights: Matrix
    error: Vector
    sizes: tuple[int, ...]


def _fitted(inputs: Sequence[Vector], centred: Matrix, variance: Vector, most: int, *, lumpy: bool) -> _Tried:
    draws = centred.shape[0]
    for detail in _DETAIL:
        basis = basis_of(inputs, detail=detail, most=most, lumpy=lumpy)
        orthonormal, upper = _orthonormal(basis.columns(inputs))
        roughness, turn = basis.roughness(), np.eye(upper.shape[0])
        slopes = orthonormal.T @ centred / draws
        if roughness is None:
            weights, error = _grown(orthonormal, slopes, centred, basis)
            return _Tried(basis, orthonormal, upper, turn, slopes, weights, error, basis.sizes[1:])
        inverse = solve_triangular(upper, turn)
        bends, turn = np.linalg.eigh(inverse.T @ roughness @ inverse)
        slopes = turn.T @ slopes
        weights, error = _smoothed(bends, slopes, variance, draws)
        if weights.sum(axis=0).max() < _USED_UP * weights.shape[0]:
            break
    straight = int(np.count_nonzero(_free(bends)))
    sizes = dict.fromkeys(min(straight + more, bends.size) for more in (0, 1, 2, 4, 8, 16, 32))
    return _Tried(basis, orthonormal, upper, turn, slopes, weights, error, tuple(sizes))


def _flat(centred: Matrix, means: Vector) -> Fit:
    """Return the fit where nothing can be known from the inputs."""
    nothing = np.zeros(means.size)
    return Fit(
        basis=None,
        orthonormal=np.ones((centred.shape[0], 1)),
        turn=np.ones((1, 1)),
        weights=np.ones((1, means.size)),
        means=means,
        fitted=np.zeros(centred.T.shape),
        residuals=np.ascontiguousarray(centred.T),
        back=np.ones((1, 1)),
        slopes=np.zeros((1, means.size)),
        sizes=(),
        tried=0,
        explained=nothing,
        pattern=nothing,
    )


def _orthonormal(columns: Matrix) -> tuple[Matrix, Matrix]:
    """Return combinations of mean square 1 that span each prefix, and the triangle that leads back."""
    lengths = np.sqrt((columns * columns).mean(axis=0))
    lengths[lengths == 0] = 1.0
    columns /= lengths
    root = float(np.sqrt(columns.shape[0]))
    orthogonal, upper = qr(columns, mode="economic", overwrite_a=True, check_finite=False)
    dependent = np.abs(np.diag(upper)) < 1e-9 * root
    if dependent.any():  # a function that says nothing new gets no part
        orthogonal[:, dependent] = 0.0
        upper[dependent, dependent] = root
    orthogonal *= root
    return np.asarray(orthogonal, dtype=np.float64), np.asarray(upper * (lengths / root), dtype=np.float64)


def _smoothed(bends: Vector, slopes: Matrix, variance: Vector, draws: int) -> tuple[Matrix, Vector]:
    """Return how far each function is let in, by its curvature, at the smoothing with the least GCV error."""
    free = _free(bends)
    weights = np.repeat(free[:, None].astype(np.float64), variance.size, axis=1)
    least = np.where(variance > 0, np.inf, 0.0)
    bends = np.where(free, 0.0, bends)
    stiff, soft = bends.max(initial=0.0) or 1.0, bends.min(where=~free, initial=np.inf)
    for smoothing in np.geomspace(1e-4 / stiff, 1e6 / soft, 65) if np.isfinite(soft) else (0.0,):
        kept = 1.0 / (1.0 + smoothing * bends)
        squares = variance - ((2.0 * kept - kept * kept) @ (slopes * slopes))
        error = squares / (1.0 - kept.sum() / draws) ** 2
        better = error < least
        least[better], weights[:, better] = error[better], kept[:, None]
    return weights, least


def _free(bends: Vector) -> Mask:
    """Return which functions have no curvature."""
    return np.asarray(bends <= 1e-10 * bends.max(initial=0.0))


def _grown(orthonormal: Matrix, slopes: Matrix, centred: Matrix, basis: Basis) -> tuple[Matrix, Vector]:
    """Return which functions are let in: those of the size with the least error for draws left out (PRESS)."""
    leverage = np.cumsum(orthonormal * orthonormal, axis=1) / orthonormal.shape[0]
    weights, least = np.zeros(slopes.shape), np.full(slopes.shape[1], np.inf)
    for size in basis.sizes:
        missed = (centred - orthonormal[:, :size] @ slopes[:size]) / np.maximum(
            1.0 - leverage[:, size - 1 : size], 1e-9
        )
        error = (missed * missed).mean(axis=0)
        better = error < least
        least[better], weights[:, better] = error[better], (np.arange(slopes.shape[0]) < size)[:, None]
    return weights, least


def _pattern(inputs: Sequence[Vector], residuals: Matrix, variance: Vector) -> Vector:
    """Return what still follows some input: the variance of the residuals' means over its bins, less chance."""
    found = np.zeros(variance.size)
    for x in inputs:
        edges = np.unique(np.quantile(x[:: max(x.size // 4096, 1)], np.linspace(0, 1, _BINS + 1)[1:-1]))
        cell = np.searchsorted(edges, x, side="right")
        counts = np.bincount(cell)
        used = counts > _DRAWS_A_TERM
        share = counts[used] / x.size
        for outcome in np.flatnonzero(variance > 0):
            means = np.bincount(cell, residuals[outcome])[used] / counts[used]
            spread = np.bincount(cell, residuals[outcome] ** 2)[used] / counts[used] - means**2
            if not (spread > 0).all():
                continue
            surprise = (means**2 / (spread / counts[used])).sum()
            if surprise > used.sum() + _PATTERN * np.sqrt(2.0 * used.sum()):
                left = (share * (means**2 - spread / counts[used])).sum() / variance[outcome]
                found[outcome] = max(found[outcome], left)
    return found
