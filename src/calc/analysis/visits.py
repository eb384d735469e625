"""Lines of a bill → visits and stays: what shares one copay, what the federal rule protects, what ended in hospital."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..errors import ParameterFileError, Problem
from ..inputs.benefit import CopayPer
from ..inputs.bills import Bill
from ..inputs.parameter import Category
from ..inputs.plan import Plan

__all__ = ["Visited", "as_visits"]


@dataclass(frozen=True)
class Visited:
    """A line of a bill, and what it was taken for.

    ``charge`` is what a provider out of network may bill, None in network and where the federal
    rule on surprise bills makes the plan's terms count.
    """

    bill: Bill
    charge: float | None = None
    visit: str | None = None
    days: float | None = None
    admitted: bool = False

    @property
    def allowed(self) -> float:
        """What the plan allows: never more than is charged, USD."""
        bill = self.bill
        return bill.allowed if bill.charge is None else min(bill.allowed, bill.charge)


def as_visits(plan: Plan, listed: Sequence[Visited]) -> tuple[Sequence[Visited], list[str]]:
    """Return the lines, in date order, with what each was taken for, and what to know about that.

    Lines of one day and one benefit are one visit, and lines within a stay's days one stay, unless the
    list's columns ``visit`` or ``claim`` say otherwise. Drugs and equipment are never joined.

    Raises
    ------
    ParameterFileError
        for stays that the plan charges by the day and whose days nobody gives.
    """
    notes = list(_notes_on_charges(listed))
    found = [_protected(plan, each) for each in listed]
    if any(each.charge is None and not each.bill.in_network for each in found):
        notes.append(
            "Out of network, but protected by the federal rule on surprise bills: in-network terms, no balance bill."
        )
    found = _with_visits(found)
    found = [replace(each, admitted=_admitted(each.bill, listed)) for each in found]
    _check_days(plan, found)
    notes += _notes_on_visits(plan, found)
    return found, notes


def _protected(plan: Plan, each: Visited) -> Visited:
    bill = each.bill
    emergency = bill.category is Category.EMERGENCY_ROOM
    protected = plan.surprise_bills_banned and (emergency if bill.protected is None else bill.protected)
    if bill.in_network or protected:
        return each
    return replace(each, charge=bill.allowed if bill.charge is None else bill.charge)


def _with_visits(listed: Sequence[Visited]) -> list[Visited]:
    """Return the lines with their visits named and the days of their stays."""
    named = [replace(each, visit=label) for each, label in zip(listed, _labels(listed), strict=True)]
    longest: dict[tuple[str | None, Category], float] = {}
    for each in named:
        if each.bill.days is not None:
            key = (each.visit, each.bill.category)
            longest[key] = max(longest.get(key, 0.0), each.bill.days)
    return [
        replace(each, days=each.bill.days if each.visit is None else longest.get((each.visit, each.bill.category)))
        for each in named
    ]


def _labels(listed: Iterable[Visited]) -> Iterator[str | None]:
    """Yield which visit each line belongs to, None for one that is always alone."""
    stays: dict[Category, tuple[date, date]] = {}  # when the latest stay began and ends
    for each in listed:
        bill = each.bill
        if bill.visit:
            yield f"visit {bill.visit}"
        elif bill.category.is_drug or bill.category is Category.MEDICAL_EQUIPMENT:
            yield None
        elif bill.category.is_stay and bill.claim:
            yield f"claim {bill.claim}"
        elif bill.category.is_stay:
            begun, until = stays.get(bill.category, (bill.day, bill.day))
            if bill.day > until:
                begun, until = bill.day, bill.day
            stays[bill.category] = (begun, max(until, bill.day + timedelta(days=bill.days or 0.0)))
            yield f"stay from {begun}"
        else:
            yield f"{bill.day} {bill.claim}".strip()


def _admitted(bill: Bill, listed: Iterable[Visited]) -> bool:
    """Return whether an emergency ended in the hospital: as the list says, else where a stay begins within a day."""
    if bill.category is not Category.EMERGENCY_ROOM or bill.admitted is not None:
        return bool(bill.admitted)
    soon = bill.day + timedelta(days=1)
    return any(
        each.bill.category is Category.INPATIENT_FACILITY and bill.day <= each.bill.day <= soon for each in listed
    )


def _check_days(plan: Plan, listed: Sequence[Visited]) -> None:
    """Raise for stays that are charged or limited by the day and give no days."""
    problems = []
    for each in listed:
        own = plan.benefit_for(each.bill.category)
        benefit = plan.benefits[own] if own is not None else None
        if benefit is None or each.days is not None or not each.bill.covered or each.charge is not None:
            continue
        if benefit.copay_per is CopayPer.DAY or benefit.day_limit is not None:
            what = f"{plan.label} counts {each.bill.category} by the day"
            problems.append(Problem(f"row {each.bill.row}", "days", what, "Give the days."))
    if problems:
        raise ParameterFileError(problems)


def _notes_on_charges(listed: Sequence[Visited]) -> Iterator[str]:
    low = [each.bill for each in listed if each.bill.charge is not None and each.bill.charge < each.bill.allowed]
    if low:
        rows = ", ".join(str(each.row) for each in low)
        yield (
            f"Row {rows}: the charge is below what the plan allows, so the charge counts. "
            "If that surprises you, the two columns may be swapped."
        )


def _notes_on_visits(plan: Plan, listed: Sequence[Visited]) -> Iterator[str]:
    joined = Counter((each.visit, each.bill.category) for each in listed if each.visit and not each.bill.visit)
    for (visit, category), count in joined.items():
        rows = [str(each.bill.row) for each in listed if (each.visit, each.bill.category) == (visit, category)]
        if count > 1:
            kind = "stay" if category.is_stay else "visit"
            yield (
                f"Rows {', '.join(rows)} ({category}) were taken for one {kind}, with one copay. "
                "A column 'visit' with a name for each keeps them apart."
            )
    missing = dict.fromkeys(
        str(each.bill.category)
        for each in listed
        if each.bill.covered and plan.benefits and plan.benefit_for(each.bill.category) is None
    )
    if missing:
        yield f"{plan.label} lists no benefit for {', '.join(missing)}: taken as not covered. Check the plan's papers."
    if plan.benefit_period is not None and any(each.bill.category.is_stay and each.days is None for each in listed):
        yield "A stay without days was counted as one day in hospital; long stays cost more. Give the days."
    waived = [
        str(each.bill.row)
        for each in listed
        if each.admitted and each.bill.admitted is None and _waives(plan, each.bill.category)
    ]
    if waived:
        yield f"Row {', '.join(waived)}: a hospital stay follows, so the emergency's copay is waived."


def _waives(plan: Plan, category: Category) -> bool:
    own = plan.benefit_for(category)
    return own is not None and plan.benefits[own].copay_waived_if_admitted
