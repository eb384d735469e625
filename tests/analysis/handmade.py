"""A study whose outcomes are written in by hand, so that every table has an answer known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from calc.inputs.load import StudyInputs
from calc.inputs.treatment import Treatment
from calc.model.outcomes import Estimate, Known
from calc.model.simulate import Outcomes, simulate

from ..model.small import inputs, treatment

DRAWS = 256


def study(
    values: Mapping[str, object],
    outcome: str = "out_of_pocket",
    *,
    reference: str | None = None,
    treatments: Mapping[str, Treatment] | None = None,
) -> tuple[StudyInputs, Mapping[str, Outcomes]]:
    """Return a study of one view, with one outcome of each treatment as given; None is not stated."""
    made = inputs(treatments or {name: treatment() for name in values}, reference=reference, draws=DRAWS)
    simulated = simulate(made, "ours")
    changed = {}
    for name, each in simulated.treatments.items():
        outcomes = dict(each.outcomes)
        outcomes[outcome] = _written(outcomes[outcome], values[name])
        changed[name] = replace(each, outcomes=MappingProxyType(outcomes))
    return made, {"ours": replace(simulated, treatments=MappingProxyType(changed))}


def _written(outcome: Estimate, values: object) -> Estimate:
    if values is None:
        return replace(outcome, values=np.full(DRAWS, np.nan), known=Known.NOT_STATED, rests_on=("price.needle",))
    return replace(outcome, values=np.broadcast_to(np.asarray(values, dtype=float), (DRAWS,)).copy())


def shares(*parts: tuple[float, float]) -> np.ndarray:
    """Return draws of which each share has its value."""
    return np.concatenate([np.full(round(share * DRAWS), value) for share, value in parts])
