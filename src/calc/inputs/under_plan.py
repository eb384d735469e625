"""Treatments as one plan sees them: what its own papers cover, and what they need to know of a stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ..errors import ParameterFileError
from .benefit import CopayPer
from .plan import Plan
from .treatment import Treatment
from .tree import Tree

__all__ = ["check_stays", "plans_that_fit", "under_plan"]

Trees = Mapping[tuple[str, str], Tree | None]


def under_plan(plan: Plan, treatments: Mapping[str, Treatment]) -> Mapping[str, Treatment]:
    """Return the treatments with the plan's word on coverage before what sources say of plans in general.

    The user's own word on a treatment goes before the plan's.
    """
    found = dict(treatments)
    for name, coverage in plan.coverage.items():
        if name in found and not any(claim.yours for claim in found[name].coverage.claims):
            found[name] = found[name].model_copy(update={"coverage": coverage})
    return MappingProxyType(found)


def check_stays(plan: Plan, treatments: Mapping[str, Treatment], trees: Trees) -> None:
    """Check that a plan which charges by the day meets no stay of unknown length.

    Raises
    ------
    ParameterFileError
    """
    problems = []
    for name, item in _stays_of_no_length(plan, treatments):
        tree = trees["treatments", name]
        if tree is not None:
            what = f"{plan.label} charges a copay by the day, and the length of this stay is not stated"
            problems.append(tree.problem(("price", item), what, "Add the parameter 'days'."))
    if problems:
        raise ParameterFileError(problems)


def plans_that_fit(plans: Mapping[str, Plan], treatments: Mapping[str, Treatment]) -> dict[str, Plan]:
    """Return the plans under which each of the treatments can be priced."""
    return {name: plan for name, plan in plans.items() if not any(_stays_of_no_length(plan, treatments))}


def _stays_of_no_length(plan: Plan, treatments: Mapping[str, Treatment]) -> Iterator[tuple[str, str]]:
    """Yield the treatment and price item of each stay that is charged by the day and says no days."""
    daily = {category for category, benefit in plan.benefits.items() if benefit.copay_per is CopayPer.DAY}
    for name, treatment in treatments.items():
        for item, price in treatment.price.items():
            if price.category in daily and price.days is None:
                yield name, item
