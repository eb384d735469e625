"""What a patient has met, held against the plan: figures that cannot be, and what counts where nothing can be met."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from .base import Fault
from .parameter import Parameter
from .patient import LeftOf, Limits, Patient, Tier
from .plan import FamilyRule, Plan

__all__ = ["met_misfits"]

_FIGURES: Mapping[str, str] = {"deductible": "deductible", "out_of_pocket": "out_of_pocket_maximum"}


def met_misfits(plan: Plan, patient: Patient) -> Iterator[Fault]:
    """Yield what is met or left beyond the plan's limit, or of a limit that the plan does not have.

    Paths are those inside the patient's file. A limit that nobody states bounds nothing.
    """
    for path, met, left in patient.limits():
        for name, field in _FIGURES.items():
            limit = _limit(plan, patient, path, field)
            yield from _beyond(plan, path, name, met, left, limit)
    period = patient.met.benefit_period
    if plan.benefit_period is None and period.model_fields_set:
        what = f"{plan.label} has no benefit period"
        yield Fault(("met", "benefit_period"), what, "Leave it out: it belongs to Medicare.")
    elif plan.benefit_period is not None and period.deductible > _most(plan.benefit_period.deductible):
        what = f"{period.deductible:,.2f} is more than the deductible of a benefit period"
        yield Fault(("met", "benefit_period", "deductible"), what, "Check the figure.")


def _beyond(
    plan: Plan, path: tuple[str, ...], name: str, met: Limits, left: LeftOf, limit: float | None
) -> Iterator[Fault]:
    for where, amount in (("met", getattr(met, name)), ("remaining", getattr(left, name))):
        place = (where, *path, name)
        said = "met" if where == "met" else "left"
        which = " ".join((*path, name.replace("_", " "))).replace("_", " ")
        if amount is None or (where == "met" and not amount):
            continue
        if limit is None and path:
            fix = "Leave it out: what is paid there counts towards the plan's own limits."
            yield Fault(place, f"{amount:,.2f} {said}, and {plan.label} has no limit of its own here ({which})", fix)
        elif limit is None and (where == "remaining" or name == "deductible"):
            yield Fault(place, f"{amount:,.2f} {said}, and {plan.label} has no such limit", "Leave it out.")
        elif limit is not None and amount > limit + 0.005:
            what = f"{amount:,.2f} {said} of a limit of {limit:,.2f} ({plan.label})"
            yield Fault(place, what, "Check both figures: no more can be met, or left, than the limit.")


def _limit(plan: Plan, patient: Patient, path: tuple[str, ...], field: str) -> float | None:
    """Return the most that one limit can be, USD; None where the plan has none."""
    if path:
        holder = getattr(plan, path[0])
        given = getattr(holder, field) if holder is not None else None
        return None if given is None else _most(given)
    family = plan.family if patient.tier is Tier.FAMILY else None
    own: Parameter | None = getattr(plan, field)
    if family is None:
        return None if own is None else _most(own)
    aggregate = family.rule is FamilyRule.AGGREGATE and field == "deductible"
    person = None if aggregate else getattr(family, f"person_{field}") or own
    candidates = [_most(each) for each in (person, getattr(family, field)) if each is not None]
    return min(candidates) if candidates else None


def _most(parameter: Parameter) -> float:
    """Return the most that a parameter's claims say, infinite where one of them has no end."""
    ends = []
    for claim in parameter.claims:
        figures = dict(claim.reading.figures())
        given = figures.get("value", figures.get("high"))
        ends.append(float(given) if isinstance(given, int | float) else math.inf)
    return max(ends)
