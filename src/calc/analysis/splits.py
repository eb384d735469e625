"""Printed lines → visits, and what a plan's terms make of one visit from any state of its limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from ..exchange.lines import AMOUNTS, StatementLine, Status
from ..inputs.parameter import Category
from ..inputs.patient import Patient
from ..model.benefits import adjudicate
from ..model.ledger import COLUMNS, CostSharing, Service, Terms
from ..units import DAYS_PER_WEEK

__all__ = ["Card", "Left", "Split", "Visit", "agrees", "differing", "moved", "splits_of", "visits_of"]

#: what is left of each limit, USD by its name
Left = Mapping[str, float]

_SHARED = ("deductible", "copay", "coinsurance")


@dataclass(frozen=True)
class Visit:
    """Lines that a plan sees as one: of one claim, day and benefit; ``printed`` sums them, None where not printed.

    ``allowed`` is None where a refused line does not print what the plan would allow.
    """

    lines: tuple[StatementLine, ...]
    category: Category
    printed: Mapping[str, float | None]
    refused: bool

    @property
    def day(self) -> date:
        """The day of the service."""
        return self.lines[0].day

    @property
    def in_network(self) -> bool:
        """Whether the provider has a contract with the plan."""
        return self.lines[0].in_network

    @property
    def allowed(self) -> float | None:
        """What the plan allows, USD."""
        allowed, billed = self.printed["allowed"], self.printed["billed"]
        if self.refused and not allowed:
            return None
        if allowed is not None:
            return allowed
        parts = [self.printed[name] for name in ("plan_paid", *_SHARED)]
        known = [each for each in parts if each is not None]
        return round(sum(known), 2) if len(known) == len(parts) else billed

    @property
    def above(self) -> float:
        """What is billed above what is allowed, USD; 0 where one of them is not printed."""
        billed = self.printed["billed"]
        return 0.0 if billed is None or self.allowed is None else max(round(billed - self.allowed, 2), 0.0)

    @property
    def asked(self) -> float | None:
        """What a statement asks of the patient, USD: what it says is owed, else the sum of its parts."""
        if (owed := self.printed["you_owe"]) is not None:
            return owed
        known = [each for name in (*_SHARED, "not_covered") if (each := self.printed[name]) is not None]
        return round(sum(known), 2) if known else None

    @property
    def tolerance(self) -> float:
        """Cents that rounding each line by itself may make, USD."""
        return 0.0101 * len(self.lines)


@dataclass(frozen=True)
class Split:
    """A visit as the terms give it: USD by column of the ledger, and what is left of each limit afterwards."""

    columns: Mapping[str, float]
    left: Left

    @property
    def owed(self) -> float:
        """What the patient pays, without what a provider out of network charges above the allowed amount."""
        return round(sum(self.columns[name] for name in (*_SHARED, "not_covered")), 2)


def visits_of(lines: Sequence[StatementLine]) -> tuple[Visit, ...]:
    """Return the lines as visits in date order, those of one day as printed.

    A line that is refused as a whole stands by itself; so does one without a claim.
    """
    groups: dict[tuple[object, ...], list[StatementLine]] = {}
    for each in lines:
        key = (each.estimate, each.claim or each.where, each.day, each.categories, each.in_network, _refused(each))
        groups.setdefault(key, []).append(each)
    visits = (
        Visit(tuple(group), group[0].categories[0], {name: _total(group, name) for name in AMOUNTS}, _refused(group[0]))
        for group in groups.values()
    )
    return tuple(sorted(visits, key=lambda visit: visit.day))


def _refused(line: StatementLine) -> bool:
    paid = [line.amounts[name] for name in ("plan_paid", *_SHARED)]
    return line.status is Status.DENIED or (bool(line.amounts["not_covered"]) and not any(paid))


def _total(lines: Iterable[StatementLine], name: str) -> float | None:
    found = [line.amounts[name] for line in lines]
    known = [each for each in found if each is not None]
    return round(sum(known), 2) if len(known) == len(found) else None


@dataclass(frozen=True)
class Card:
    """A plan's terms for one person, and when their plan years begin."""

    terms: Terms
    patient: Patient
    begins: date  # from which the terms count weeks

    @property
    def fresh(self) -> Left:
        """What is left of each limit when nothing is met."""
        return {name: float(limit.full[0]) for name, limit in self.terms.limits.items()}

    @property
    def first(self) -> Left:
        """What is left of each limit before the first visit."""
        return {name: float(limit.left[0]) for name, limit in self.terms.limits.items()}

    @property
    def by_period(self) -> bool:
        """Whether some limit begins again with a benefit period, whatever the year."""
        return any(limit.gap is not None for limit in self.terms.limits.values())

    def year(self, day: date) -> date:
        """Return the day on which the plan year that holds ``day`` is over."""
        return self.patient.year_starting_after(day)

    def begun(self, left: Left) -> Left:
        """Return what is left on the first day of a plan year; a benefit period goes on."""
        ends = {name for name, limit in self.terms.limits.items() if limit.gap is None}
        return {name: self.fresh[name] if name in ends else each for name, each in left.items()}

    def sharing(self, visit: Visit) -> CostSharing | None:
        """Return the cost sharing that a visit meets, None where the plan has no benefit for it."""
        return self.terms.sharing_of(_service(visit, visit.day, priced=False))

    def _in_period(self, stays: Sequence[Visit]) -> list[Visit]:
        """Return the stays of the latest benefit period; all of them where the plan has none."""
        gaps = [float(limit.gap[0]) * DAYS_PER_WEEK for limit in self.terms.limits.values() if limit.gap is not None]
        found: list[Visit] = []
        for each in reversed(stays):
            ends = each.day + timedelta(each.lines[0].days or 0.0)
            if found and gaps and (found[-1].day - ends).days >= min(gaps):
                break
            found.append(each)
        return found[::-1]

    def split(self, visit: Visit, left: Left, before: Sequence[Visit]) -> Split:
        """Return what the terms make of a visit.

        Parameters
        ----------
        visit
            The one to split; what it allows is known.
        left
            What is left of each limit before it.
        before
            The visits that were counted so far in the plan year, for limits of visits, and before it
            where a benefit period goes on.
        """
        alike = [each for each in before if each.category is visit.category]
        if visit.category is Category.INPATIENT_FACILITY:
            alike = self._in_period(alike)
        services = [_service(each, visit.day, priced=False) for each in alike]
        services.append(_service(visit, visit.day, priced=True))
        # what ended before the terms began matters to the first stay alone; later ones follow those that are counted
        since = (visit.day - self.begins).days / DAYS_PER_WEEK
        limits = {
            name: replace(
                limit, left=np.array([left[name]], dtype=np.float64), last=math.inf if alike else limit.last - since
            )
            for name, limit in self.terms.limits.items()
        }
        ledger = adjudicate(services, replace(self.terms, limits=limits, year_turns=()), lines=True, cents=True)
        line = ledger.lines[-1]
        columns = {name: round(float(line.columns[name][0]), 2) for name in COLUMNS}
        return Split(columns, {name: float(each[0]) for name, each in line.left.items()})


def splits_of(card: Card, visits: Sequence[Visit]) -> tuple[Split, ...]:
    """Return what the terms make of visits in date order, each with what the ones before it left."""
    found: list[Split] = []
    left, counted = card.first, list[Visit]()
    for before, visit in zip((None, *visits), visits, strict=False):
        if before is not None and card.year(before.day) != card.year(visit.day):
            left, counted = card.begun(left), counted if card.by_period else []
        found.append(card.split(visit, left, counted))
        left = found[-1].left
        counted.append(visit)
    return tuple(found)


def _service(visit: Visit, today: date, *, priced: bool) -> Service:
    """Return a visit as the ledger takes it; one without a price is there to be counted."""
    allowed = (visit.allowed or 0.0) if priced else 0.0
    billed = max(visit.printed["billed"] or 0.0, allowed) if priced else 0.0
    printed = visit.printed["not_covered"]
    # what a service costs that the plan refuses: as printed, if that is between what is allowed and what is billed
    cash = printed if printed and allowed <= printed <= billed + 0.005 else allowed
    days = visit.lines[0].days
    return Service(
        item="",
        category=visit.category,
        week=np.array([(visit.day - today).days / DAYS_PER_WEEK]),
        allowed=np.array([allowed]),
        cash=np.array([cash]),
        happens=np.array([True]),
        covered=np.array([True]),
        charge=None if visit.in_network else np.array([billed]),
        days=None if days is None else np.array([days]),
    )


def agrees(visit: Visit, split: Split) -> bool:
    """Return whether everything that is printed of a visit is what a split says, but for the cents of rounding."""
    return not differing(visit, split)


def differing(visit: Visit, split: Split) -> tuple[str, ...]:
    """Return the printed amounts that are not what a split says.

    What a provider out of network charges above the allowed amount may be printed as not covered,
    as owed, or not at all.
    """
    columns = split.columns
    balance = columns["balance_bill"]
    right = {
        **{name: {columns[name]} for name in (*_SHARED, "plan_paid")},
        "not_covered": {columns["not_covered"], round(columns["not_covered"] + balance, 2)},
        "you_owe": {split.owed, round(split.owed + balance, 2)},
    }
    return tuple(
        name
        for name, options in right.items()
        if (printed := visit.printed[name]) is not None
        and all(abs(printed - each) > visit.tolerance for each in options)
    )


def moved(card: Card, visit: Visit, split: Split) -> Left:
    """Return what is left of each limit if the printed amounts count instead of those of ``split``."""
    sharing = card.sharing(visit)
    if sharing is None:
        return split.left
    extra = {
        name: 0.0 if (printed := visit.printed[name]) is None else printed - split.columns[name] for name in _SHARED
    }
    found = dict(split.left)
    for name, more in ((sharing.deductible, extra["deductible"]), (sharing.maximum, sum(extra.values()))):
        if name is not None:
            found[name] = min(max(round(found[name] - more, 2), 0.0), card.fresh[name])
    return found
