"""Chance enters here and nowhere else: one joint world per draw, the same at index i everywhere.

Each block (a treatment, the plan) has Sobol' points of its own: scrambled by a generator keyed on
the seed and the block's name, and its rows put in an order keyed the same way, because two
scrambles of one Sobol' dimension are not independent of each other. So adding a treatment changes
no other treatment's draws, blocks may be drawn in any order, and ``seed=0`` is a seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from ..inputs.claim import Basis, Claim, Market, Reading
from ..inputs.distribution import Distribution, Vector, distribution
from ..inputs.load import basis_of
from ..inputs.parameter import Parameter
from ..inputs.pooling import FEWEST, POOLABLE, pooled
from ..inputs.source import Source, Stance
from ..inputs.study import View

__all__ = ["Block", "Drawn", "believed", "block_of", "draw", "shuffles", "split", "uniforms"]

Mask = npt.NDArray[np.bool_]
K = TypeVar("K")


@dataclass(frozen=True)
class Drawn:
    """One parameter's draws.

    ``values`` in the model's unit, shape (n,), NaN where no believed claim states the quantity;
    ``chosen`` is the index into the parameter's claims that each draw used, −1 where none;
    ``unknown`` marks draws whose claim says that nobody knows.
    """

    values: Vector
    chosen: npt.NDArray[np.int16]
    unknown: Mask

    @cached_property
    def used(self) -> Mapping[int, int]:
        """By the index of each claim that was used, in how many draws."""
        counts = np.bincount(self.chosen.astype(np.intp) + 1)[1:]
        return {index: int(count) for index, count in enumerate(counts) if count}


@dataclass(frozen=True)
class Block:
    """The uniforms of one block by dimension name, each of shape (n,), all read-only."""

    name: str
    columns: Mapping[str, Vector]

    def __getitem__(self, dimension: str) -> Vector:
        """Return the uniforms of one dimension."""
        return self.columns[dimension]


def uniforms(name: str, dimensions: Sequence[str], *, draws: int, seed: int) -> Block:
    """Return ``draws`` (a power of two) scrambled Sobol' points, one dimension a name.

    The points depend on ``name``, ``dimensions``, ``draws`` and ``seed`` only.
    """
    key = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
    generator = np.random.default_rng(np.frombuffer(key, dtype=np.uint32))
    points = qmc.Sobol(d=len(dimensions), scramble=True, rng=generator).random(draws)
    points = points[generator.permutation(draws)].T.copy()
    # a scrambled point can be exactly 0, where an inverse distribution has no value
    np.clip(points, 2.0**-53, 1.0 - 2.0**-53, out=points)
    points.flags.writeable = False
    return Block(name, MappingProxyType(dict(zip(dimensions, points, strict=True))))


def shuffles(name: str, draws: int, *, count: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield ``count`` orders of the draws, the same ones for a name on each run."""
    generator = np.random.default_rng(np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32))
    for _ in range(count):
        yield generator.permutation(draws)


def block_of(name: str, parameters: Iterable[str], luck: Iterable[str], *, draws: int, seed: int) -> Block:
    """Return the block of a treatment or plan: its stance, each parameter twice, then its luck.

    The second dimension of a parameter chooses among several claims of one stance; it is there
    even for a single claim, so that adding a claim leaves every other parameter's draws alone.
    """
    names = ["stance"]
    for parameter in parameters:
        names += [parameter, f"{parameter}?"]
    names += [f"luck.{each}" for each in luck]
    return uniforms(name, names, draws=draws, seed=seed)


def believed(
    parameter: Parameter, view: View, stance: Stance, market: Market, sources: Mapping[str, Source]
) -> tuple[int, ...]:
    """Return the indices of the claims used where ``stance`` was drawn; empty if none is believed.

    The user's own come first, then the stance's, then the view's fallback order, then claims
    without a stance (assumptions, and "no source states it"). Among these, claims about the very
    market come before those that hold for all.
    """
    allowed = [
        (index, claim)
        for index, claim in enumerate(parameter.claims)
        if claim.market in (None, market) and basis_of(claim, sources) in (view.bases | {Basis.YOURS})
    ]

    def among(found: list[tuple[int, Claim]]) -> tuple[int, ...]:
        own = [index for index, claim in found if claim.market is market]
        return tuple(own or [index for index, _ in found])

    yours = [(index, claim) for index, claim in allowed if claim.yours is not None]
    if yours:
        return among(yours)
    for each in (stance, *view.fallback_of(stance)):
        said = [(i, claim) for i, claim in allowed if claim.source and sources[claim.source].stance is each]
        if said:
            return among(said)
    return among([(index, claim) for index, claim in allowed if claim.source is None])


def draw(
    name: str,
    parameter: Parameter,
    block: Block,
    *,
    view: View,
    market: Market,
    sources: Mapping[str, Source],
    range_coverage: float,
    pins: Mapping[str, float] | None = None,
) -> Drawn:
    """Draw one parameter under a view.

    Parameters
    ----------
    name
        The parameter's dotted path, a dimension of ``block``.
    market
        Whose prices or coverage count.
    pins
        By path, the quantile (0 to 1) at which draws that nobody knows are held, for envelopes.
    """
    values_at, choice_at, stance_at = block[name], block[f"{name}?"], block["stance"]
    pinned = np.full(values_at.shape, pins[name]) if pins and name in pins else values_at
    values = np.full(values_at.shape, np.nan)
    chosen = np.full(values_at.shape, -1, dtype=np.int16)
    unknown = np.zeros(values_at.shape, dtype=np.bool_)
    for stance, here in split(stance_at, dict(view.weights)):
        indices = believed(parameter, view, stance, market, sources)
        weights = {index: parameter.claims[index].weight for index in indices}
        joined = _joined(parameter, indices)
        for index, among in split(choice_at, weights):
            claim = parameter.claims[index]
            mask = here & among
            at = pinned if claim.reading is Reading.UNKNOWN else values_at
            read = joined or distribution(claim, parameter.measure, range_coverage=range_coverage)
            values[mask] = read(at[mask])
            chosen[mask] = index
            unknown[mask] = claim.reading is Reading.UNKNOWN
    if parameter.measure.dimension == "money":
        values[unknown] = np.nan  # money has no range that "nobody knows" could mean
        unknown = np.zeros_like(unknown)
    for array in (values, chosen, unknown):
        array.flags.writeable = False
    return Drawn(values, chosen, unknown)


def _joined(parameter: Parameter, indices: Sequence[int]) -> Distribution | None:
    """Return the pooled distribution of the claims believed, where the parameter's file pools and they suffice."""
    claims = [parameter.claims[index] for index in indices]
    if parameter.pool is None or len(claims) < FEWEST or any(claim.reading not in POOLABLE for claim in claims):
        return None
    return pooled(claims, parameter.measure)


def split(at: Vector, weights: Mapping[K, float]) -> Iterable[tuple[K, Mask]]:
    """Yield each key with the draws that fall to it, in proportion to the weights."""
    shares = [(key, weight) for key, weight in weights.items() if weight > 0]
    if len(shares) == 1:  # as nearly everywhere
        yield shares[0][0], np.ones(at.shape, dtype=np.bool_)
        return
    edges = np.cumsum([weight for _, weight in shares])
    cell = np.searchsorted(edges[:-1] / edges[-1], at, side="right") if shares else np.zeros(0)
    for position, (key, _) in enumerate(shares):
        yield key, cell == position
