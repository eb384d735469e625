"""Whether a regression says more of net benefit than the same draws would if they were shuffled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincc

from ..inputs.distribution import Vector
from ..model.sample import Mask, shuffles
from .problem import Matrix
from .regression import Fit

__all__ = ["told_from_noise"]

#: how often something may be found where there is nothing; what is rarer than the second by far needs no shuffling
_BY_CHANCE, _SURELY = 0.01, 1e-9
_SHUFFLES = 19


def told_from_noise(fits: Sequence[Fit], wtp: Vector) -> Mask:
    """Return at which values of a unit of effect the regressions tell something of net benefit, shape (values,).

    Shuffling makes the share of a variance that d functions explain a beta variable of d / 2 and (draws - 1 - d) / 2
    (Pitman 1938), which long tails of the outcomes disturb. So what seems to be told, and not beyond all doubt, must be
    more than each of nineteen shuffles of the draws at hand shows.

    Parameters
    ----------
    fits
        One of all options' costs and then effects, or one an option of its cost and effect.
    """
    fits = [fit for fit in fits if fit.basis is not None]
    if not fits:
        return np.zeros(wtp.size, dtype=np.bool_)
    outcomes = [fit.fitted + fit.residuals for fit in fits]
    variances = [_variances(each, wtp) for each in outcomes]
    chance = _chance(fits, [fit.slopes for fit in fits], variances, wtp)
    told = chance <= _BY_CHANCE
    doubtful = told & (chance > _SURELY)
    if doubtful.any():
        for order in shuffles("noise", outcomes[0].shape[1], count=_SHUFFLES):
            slopes = [_slopes(fit, each[:, order]) for fit, each in zip(fits, outcomes, strict=True)]
            told &= ~doubtful | (_chance(fits, slopes, variances, wtp) > chance)
    return told


def _slopes(fit: Fit, outcomes: Matrix) -> Matrix:
    """Return how outcomes rise with each function, shape (functions, outcomes)."""
    return np.asarray(fit.turn.T @ (fit.orthonormal.T @ outcomes.T) / outcomes.shape[1])


def _variances(outcomes: Matrix, wtp: Vector) -> Matrix:
    """Return the variance of each option's net benefit by value, shape (values, options)."""
    cost, effect = np.split(outcomes, 2)
    ((of_cost, both), (_, of_effect)) = ([(one * other).mean(axis=1) for other in (cost, effect)]
                                         for one in (cost, effect))  # fmt: skip
    return np.asarray(np.multiply.outer(wtp**2, of_effect) - 2.0 * np.multiply.outer(wtp, both) + of_cost)


def _chance(fits: Sequence[Fit], slopes: Sequence[Matrix], variances: Sequence[Matrix], wtp: Vector) -> Vector:
    """Return how often shuffled draws would let some option's net benefit be explained as well, by value.

    The least chance of all options and numbers of functions counts as often as there are of them.
    """
    least, cases = np.ones(wtp.size), 0
    for fit, each, variance in zip(fits, slopes, variances, strict=True):
        cost, effect = np.split(each, 2, axis=1)
        functions = np.cumsum(fit.orthonormal.any(axis=0))
        reached = np.cumsum((wtp[:, None, None] * effect - cost) ** 2, axis=1)
        cases += len(fit.sizes) * fit.tried * variance.shape[1]
        for size in fit.sizes:
            with np.errstate(invalid="ignore", divide="ignore"):
                share = np.where(variance > 0, reached[:, size - 1] / variance, 0.0).max(axis=1)
            free = int(functions[size - 1]) - 1
            left = fit.residuals.shape[1] - 1 - free
            least = np.minimum(least, betaincc(free / 2, left / 2, np.clip(share, 0.0, 1.0)))
    return np.asarray(least * cases)
