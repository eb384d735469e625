"""One parameter drawn by way of a memory: the parts that a view mixes are drawn once and kept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..inputs.claim import Market
from ..inputs.parameter import Parameter
from ..inputs.source import Source, Stance
from ..inputs.study import View
from .draws import Block, Drawn, believed, draw, split
from .memory import Memory

__all__ = ["recalled"]


def recalled(
    memory: Memory,
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
    """Return what :func:`calc.model.draws.draw` draws, to the last bit.

    Each set of claims that some stance of the view believes is drawn for all worlds and kept; a
    world takes the part of its stance. So other weights, or another plan, draw nothing anew.
    """
    pin = (pins or {}).get(name)

    def alone(stance: Stance) -> Drawn:
        given = (stance, view.fallback_of(stance), view.bases, market)
        indices = memory.of("believed", lambda: believed(parameter, view, stance, market, sources), parameter, *given)
        only = view.model_copy(update={"weights": {stance: 1.0}})
        return memory.of(
            "drawn",
            lambda: draw(
                name,
                parameter,
                block,
                view=only,
                market=market,
                sources=sources,
                range_coverage=range_coverage,
                pins=pins,
            ),
            *(name, parameter, block, range_coverage, pin, indices),
        )

    weights = {stance: weight for stance, weight in view.weights.items() if weight > 0}
    parts = {stance: alone(stance) for stance in weights}
    first, *others = parts.values()
    if all(each is first for each in others):
        return first
    return memory.of("mixed", lambda: _mixed(parts, weights, block), block, *weights.values(), *parts.values())


def _mixed(parts: Mapping[Stance, Drawn], weights: Mapping[Stance, float], block: Block) -> Drawn:
    """Return the draws of each world as the stance that it falls to has them."""
    first = next(iter(parts.values()))
    values, chosen, unknown = first.values.copy(), first.chosen.copy(), first.unknown.copy()
    for stance, here in split(block["stance"], weights):
        np.copyto(values, parts[stance].values, where=here)
        np.copyto(chosen, parts[stance].chosen, where=here)
        np.copyto(unknown, parts[stance].unknown, where=here)
    for array in (values, chosen, unknown):
        array.flags.writeable = False
    return Drawn(values, chosen, unknown)
