"""When a complication or another operation comes, for those whom it meets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..inputs.distribution import Vector
from .option import Leg
from .sample import block_of
from .timeline import Timeline

__all__ = ["harm_times"]


def harm_times(leg: Leg, events: Timeline) -> Mapping[str, Vector]:
    """Return the week of each harm, shape (n,); ``inf`` where it does not come before the horizon.

    It meets its share of those who have a first session: at that session, or spread evenly over the
    time that its source counts. Harms are drawn independently of each other and of all else.
    """
    drawn, names = leg.drawn, list(leg.treatment.harms)
    luck = tuple(f"{name}.{each}" for name in names for each in ("meets", "when"))
    block = block_of(f"harms.{leg.name}", (), luck, draws=leg.setting.draws, seed=leg.setting.seed)
    first, found = events.courses[0].start, {}
    for name in names:
        within = drawn.get(f"harms.{name}.within")
        after = within.values * block[f"luck.{name}.when"] if within is not None else 0.0
        meets = block[f"luck.{name}.meets"] < drawn[f"harms.{name}"].values
        week = np.where(meets, first + after, np.inf)
        found[name] = np.where(week < events.horizon, week, np.inf)
    return found
