"""A study → the outcomes of everything that it compares, under each of its views."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import replace
from types import MappingProxyType

from ..inputs.load import StudyInputs
from .benefits import adjudicate
from .job import services_for
from .ledger import Ledger
from .memory import Memory
from .outcomes import Outcomes, Simulated, simulate
from .pathway import legs_alone, services_along, simulate_pathways

__all__ = ["itemised", "simulate_views"]


def simulate_views(
    inputs: StudyInputs, executor: Executor | None = None, *, memory: Memory | None = None
) -> Mapping[str, Outcomes]:
    """Return the outcomes under each of the study's views, treatments first and then pathways."""
    found = {}
    for view in inputs.views:
        outcomes = simulate(inputs, view, executor, memory=memory)
        options = {**outcomes.treatments, **simulate_pathways(inputs, view, memory)}
        found[view] = replace(outcomes, treatments=MappingProxyType(options))
    return MappingProxyType(found)


def itemised(inputs: StudyInputs, view: str, name: str, simulated: Simulated) -> Ledger:
    """Return a simulated option's ledger again, with every service as a line of its own."""
    legs = legs_alone(inputs, view, name)
    if name in inputs.pathways:
        services = services_along(legs)
    else:
        services = services_for(legs[0].job, simulated.drawn, simulated.events, legs[0].block)
    return adjudicate(services, legs[0].job.terms, lines=True)
