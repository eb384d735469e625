"""Treatments as one plan sees them: what its own papers cover, and what they need to know of a stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import Problem
from .plan import CopayPer, Plan
from .treatment import Treatment
from .tree import Tree

__all__ = ["stays_of_no_length", "under_plan"]


def under_plan(plan: Plan, treatments: Mapping[str, Treatment]) -> dict[str, Treatment]:
    """Return the treatments with the plan's word on coverage before what sources say of plans in general.

    The user's own word on a treatment goes before the plan's.
    """
    return {
        name: treatment.model_copy(update={"coverage": plan.coverage[name]})
        if name in plan.coverage and not any(claim.yours for claim in treatment.coverage.claims)
        else treatment
        for name, treatment in treatments.items()
    }


def stays_of_no_length(
    plan: Plan, treatments: Mapping[str, Treatment], trees: Mapping[tuple[str, str], Tree | None]
) -> Iterator[Problem]:
    """Yield price items that a plan charges by the day and that do not say how many days they take."""
    daily = {category for category, benefit in plan.benefits.items() if benefit.copay_per is CopayPer.DAY}
    for name, treatment in treatments.items():
        for item, price in treatment.price.items():
            tree = trees["treatments", name]
            if price.category in daily and price.days is None and tree is not None:
                what = f"{plan.label} charges a copay by the day, and the length of this stay is not stated"
                yield tree.problem(("price", item), what, "Add the parameter 'days'.")
