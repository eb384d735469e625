"""Treatments as one plan sees them: what its own papers cover, and what they need to know of a stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ..errors import ParameterFileError
from .benefit import CopayPer
from .claim import Market
from .parameter import Category
from .plan import Plan
from .treatment import Treatment
from .tree import Tree

__all__ = ["benefits_idle", "benefits_missing", "check_stays", "plans_that_fit", "under_plan"]

Trees = Mapping[tuple[str, str], Tree | None]


def under_plan(plan: Plan, treatments: Mapping[str, Treatment]) -> Mapping[str, Treatment]:
    """Return the treatments with the plan's word on coverage before what sources say of plans in general.

    The user's own word on a treatment goes before the plan's.
    """
    found = dict(treatments)
    for name, coverage in plan.coverage.items():
        if name in found and not any(each.yours for each in found[name].coverage):
            found[name] = found[name].model_copy(update={"coverage": (coverage,)})
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
    """Return the plans under which each of the treatments can be priced.

    A plan whose papers can be read in two ways stands twice, the second time as ``NAME.otherwise``.
    """
    found: dict[str, Plan] = {}
    for name, plan in plans.items():
        other = plan.as_otherwise_read()
        found |= {name: plan} if other is None else {name: plan, f"{name}.otherwise": other}
    return {name: plan for name, plan in found.items() if not any(_stays_of_no_length(plan, treatments))}


def benefits_missing(plan: Plan, treatments: Mapping[str, Treatment]) -> str:
    """Return, in words, what treatments bill that a plan lists no benefit for; nothing where all is listed."""
    missing = [str(each) for each in _billed(treatments) if plan.benefit_for(each) is None]
    if not missing or plan.market is Market.CASH:
        return ""
    return (
        f"{plan.label} lists no benefit for {', '.join(missing)}, which is billed here: taken as not covered. "
        "List it with its terms, or with 'covered: false' if that is so."
    )


def benefits_idle(plan: Plan, treatments: Mapping[str, Treatment]) -> str:
    """Return, in words, which benefits of a plan nothing is billed under; nothing where all are used."""
    fed = {plan.benefit_for(each) for each in _billed(treatments)}
    idle = [str(each) for each in plan.benefits if each not in fed]
    return f"What {plan.label} says of {', '.join(idle)} changes nothing: it is not billed here." if idle else ""


def _billed(treatments: Mapping[str, Treatment]) -> Mapping[Category, None]:
    """Return the categories that are billed, in order."""
    return dict.fromkeys(item.category for each in treatments.values() for item in each.price.values())


def _stays_of_no_length(plan: Plan, treatments: Mapping[str, Treatment]) -> Iterator[tuple[str, str]]:
    """Yield the treatment and price item of each stay that is charged by the day and says no days."""
    daily = {each for each, benefit in plan.benefits.items() if benefit.copay_per is CopayPer.DAY or benefit.day_limit}
    for name, treatment in treatments.items():
        for item, price in treatment.price.items():
            if plan.benefit_for(price.category) in daily and price.days is None:
                yield name, item
