"""A study → the outcomes of everything that it compares, under each of its views."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import replace
from types import MappingProxyType

from ..inputs.load import StudyInputs
from .outcomes import Outcomes, simulate
from .pathway import simulate_pathways

__all__ = ["simulate_views"]


def simulate_views(inputs: StudyInputs, executor: Executor | None = None) -> Mapping[str, Outcomes]:
    """Return the outcomes under each of the study's views, treatments first and then pathways."""
    found = {}
    for view in inputs.views:
        outcomes = simulate(inputs, view, executor)
        options = {**outcomes.treatments, **simulate_pathways(inputs, view)}
        found[view] = replace(outcomes, treatments=MappingProxyType(options))
    return MappingProxyType(found)
