"""Chance enters here and nowhere else: one joint world per draw, the same at index i everywhere.

Each block (a treatment, the plan) has Sobol' points of its own: scrambled by a generator keyed on
the seed and the block's name, and its rows put in an order keyed the same way, because two
scrambles of one Sobol' dimension are not independent of each other. They come in a few replicates,
each scrambled anew, from which the Monte Carlo error is told. So adding a treatment changes
no other treatment's draws, blocks may be drawn in any order, and ``seed=0`` is a seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from ..cache import stage
from ..inputs.attributed import Said
from ..inputs.claim import Basis, Claim, Market, weights_of
from ..inputs.distribution import Vector, distribution
from ..inputs.load import basis_of
from ..inputs.parameter import Parameter, Pool
from ..inputs.pooling import FEWEST, pooled
from ..inputs.readings.reading import Estimate
from ..inputs.source import Source, Stance
from ..inputs.study import View
from ..units import Unit

__all__ = [
    "REPLICATES",
    "Block",
    "Drawn",
    "Setting",
    "believed",
    "block_of",
    "coin",
    "heard",
    "mixed",
    "sampled",
    "sampled_all",
    "shuffles",
    "shut",
    "split",
    "uniforms",
]

Mask = npt.NDArray[np.bool_]

#: randomized sets of points that draws consist of, in this order and of equal size, in every block alike
REPLICATES = 8
K = TypeVar("K")


class Setting(NamedTuple):
    """What one simulation holds fixed: who is believed, how ranges are read, how many draws of which seed."""

    view: View
    sources: Mapping[str, Source]
    range_coverage: float
    draws: int
    seed: int


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

    They are :data:`REPLICATES` sets one after another, each scrambled by itself, so that what differs between them
    tells the Monte Carlo error. The points depend on ``name``, ``dimensions``, ``draws`` and ``seed`` only.
    """
    generator = _generator(name, seed)
    size = draws // REPLICATES
    sets = [
        qmc.Sobol(d=len(dimensions), scramble=True, rng=generator).random(size)[generator.permutation(size)]
        for _ in range(REPLICATES)
    ]
    points = np.concatenate(sets).T.copy()
    # a scrambled point can be exactly 0, where an inverse distribution has no value
    np.clip(points, 2.0**-53, 1.0 - 2.0**-53, out=points)
    points.flags.writeable = False
    return Block(name, dict(zip(dimensions, points, strict=True)))


@stage
def block_of(name: str, parameters: tuple[str, ...], luck: tuple[str, ...], *, draws: int, seed: int) -> Block:
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
    parameter: Parameter, view: View, stance: Stance, market: Market | None, sources: Mapping[str, Source]
) -> tuple[int, ...]:
    """Return the indices of the claims used where ``stance`` was drawn; empty if none is believed.

    The user's own come first, then the stance's, then the view's fallback order, then claims
    without a stance (assumptions, and "no source states it"). Among these, claims about the very
    market come before those that hold for all.
    """
    allowed = {index: claim for index, claim in enumerate(parameter.claims) if claim.market in (None, market)}
    used = heard(allowed, view, stance, sources)
    own = tuple(index for index in used if market and parameter.claims[index].market is market)
    return own or used


def heard(said: Mapping[int, Said], view: View, stance: Stance, sources: Mapping[str, Source]) -> tuple[int, ...]:
    """Return those who are heard where ``stance`` was drawn, by index: see :func:`believed`."""
    allowed = {index: each for index, each in said.items() if basis_of(each, sources) in (view.bases | {Basis.YOURS})}
    if yours := tuple(index for index, each in allowed.items() if each.yours is not None):
        return yours
    for other in (stance, *view.fallback_of(stance)):
        theirs = tuple(index for index, each in allowed.items() if each.source and sources[each.source].stance is other)
        if theirs:
            return theirs
    return tuple(index for index, each in allowed.items() if each.source is None)


def sampled(
    name: str,
    parameter: Parameter,
    block: Block,
    setting: Setting,
    market: Market | None,
    *,
    pin: float | None = None,
) -> Drawn:
    """Sample one parameter under a view.

    Each set of claims that some stance of the view believes is sampled for all worlds; a world takes
    the part of its stance. So other weights, or another plan, sample nothing anew where a cache is in use.

    Parameters
    ----------
    name
        The parameter's dotted path, a dimension of ``block``.
    market
        Whose prices count, None where no market does.
    pin
        The quantile (0 to 1) at which draws that nobody knows are held, for envelopes.
    """
    view = setting.view
    weights = {stance: weight for stance, weight in view.weights.items() if weight > 0}
    believing = {stance: believed(parameter, view, stance, market, setting.sources) for stance in weights}
    parts: dict[tuple[int, ...], Drawn] = {}
    for indices in believing.values():
        if indices not in parts:
            claims = tuple(parameter.claims[index] for index in indices)
            read = (parameter.measure, parameter.pool, setting.range_coverage, pin)
            parts[indices] = _of_claims(indices, claims, block[name], block[f"{name}?"], *read)
    return mixed({stance: (weight, parts[believing[stance]]) for stance, weight in weights.items()}, block)


def mixed(parts: Mapping[Stance, tuple[float, Drawn]], block: Block) -> Drawn:
    """Return the draws of each world as the stance that it falls to has them; parts are (weight, draws) by stance."""
    first = next(iter(parts.values()))[1]
    if all(each is first for _, each in parts.values()):
        return first
    return _mixed(tuple((stance, weight, each) for stance, (weight, each) in parts.items()), block["stance"])


def shuffles(name: str, draws: int, *, count: int) -> Iterator[npt.NDArray[np.intp]]:
    """Yield ``count`` orders of the draws, the same ones for a name on each run."""
    generator = np.random.default_rng(np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32))
    for _ in range(count):
        yield generator.permutation(draws)


@stage
def coin(name: str, *, draws: int, seed: int) -> Vector:
    """Return uniforms for one more piece of luck: one in each of ``draws`` equal parts, in an order keyed on its name.

    For luck of which nobody knows beforehand how often it is asked for, such as whether a fourth course helps again.
    """
    generator = _generator(name, seed)
    size = draws // REPLICATES
    order = np.concatenate([generator.permutation(size) for _ in range(REPLICATES)])
    return np.asarray((order + generator.random(draws)) / size)


def _generator(name: str, seed: int) -> np.random.Generator:
    key = hashlib.sha256(f"{seed}\0{name}".encode()).digest()
    return np.random.default_rng(np.frombuffer(key, dtype=np.uint32))


def sampled_all(
    name: str,
    parameters: Mapping[str, Parameter],
    market: Market,
    setting: Setting,
    pins: Mapping[str, float] = MappingProxyType({}),
) -> Mapping[str, Drawn]:
    """Sample a plan's or a patient's parameters by path, in a block of their own; ``pins`` as in :func:`sampled`."""
    block = block_of(name, tuple(parameters), (), draws=setting.draws, seed=setting.seed)
    return {path: sampled(path, each, block, setting, market, pin=pins.get(path)) for path, each in parameters.items()}


@stage
def _of_claims(
    indices: tuple[int, ...],
    claims: tuple[Claim, ...],
    values_at: Vector,
    choice_at: Vector,
    unit: Unit,
    pool: Pool | None,
    range_coverage: float,
    pin: float | None,
) -> Drawn:
    """Sample the claims that are believed together, one of them in each world."""
    values = np.full(values_at.shape, np.nan)
    chosen = np.full(values_at.shape, -1, dtype=np.int16)
    unknown = np.zeros(values_at.shape, dtype=np.bool_)
    together = (
        pool is not None and len(claims) >= FEWEST and all(isinstance(claim.reading, Estimate) for claim in claims)
    )
    joined = pooled(claims, unit) if together else None
    for place, here in split(choice_at, weights_of(dict(enumerate(claims)))):
        claim = claims[place]
        at = np.full(values_at.shape, pin) if not claim.reading.known and pin is not None else values_at
        read = joined or distribution(claim, unit, range_coverage=range_coverage)
        values[here] = read(at[here])
        chosen[here] = indices[place]
        unknown[here] = not claim.reading.known
    if unit.dimension == "money":
        values[unknown] = np.nan  # money has no range that "nobody knows" could mean
        unknown = np.zeros_like(unknown)
    return shut(values, chosen, unknown)


@stage
def _mixed(shares: tuple[tuple[Stance, float, Drawn], ...], stance_at: Vector) -> Drawn:
    """Return the draws of each world as the stance that it falls to has them; shares are (stance, weight, draws)."""
    first = shares[0][2]
    values, chosen, unknown = first.values.copy(), first.chosen.copy(), first.unknown.copy()
    by_stance = {stance: each for stance, _, each in shares}
    for stance, here in split(stance_at, {stance: weight for stance, weight, _ in shares}):
        np.copyto(values, by_stance[stance].values, where=here)
        np.copyto(chosen, by_stance[stance].chosen, where=here)
        np.copyto(unknown, by_stance[stance].unknown, where=here)
    return shut(values, chosen, unknown)


def shut(values: Vector, chosen: npt.NDArray[np.int16], unknown: Mask) -> Drawn:
    """Return draws whose arrays nobody can change."""
    for array in (values, chosen, unknown):
        array.flags.writeable = False
    return Drawn(values, chosen, unknown)


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
