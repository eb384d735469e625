"""Services in date order → what the patient pays, under a plan's deductible, cost sharing, maximum.

For each draw, service by service:

1. not covered: the patient pays the cash price, and nothing counts towards anything;
2. covered: copay first where the plan says so, then what is left of the deductible, then copay
   and coinsurance on the rest; a service that straddles the deductible is split exactly;
3. the patient stops paying at what is left of the out-of-pocket maximum;
4. deductible and maximum begin again with each plan year.

Every dollar lands in exactly one column, and for each service the columns add up to its charge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..inputs.parameter import Category

__all__ = ["COLUMNS", "CostSharing", "Ledger", "Service", "Terms", "adjudicate"]

COLUMNS = ("deductible", "copay", "coinsurance", "not_covered", "plan_paid")
PATIENT = COLUMNS[:-1]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Service:
    """One billed line over all draws, arrays of shape (n,).

    ``week`` from the decision; ``allowed`` what the plan allows, ``cash`` the self-pay price, USD;
    ``happens`` says in which draws there is such a service at all, ``covered`` where the plan pays.
    """

    item: str
    category: Category
    week: Vector
    allowed: Vector
    cash: Vector
    happens: Mask
    covered: Mask


@dataclass(frozen=True)
class CostSharing:
    """A benefit drawn: shares and USD of shape (n,); the flags as in the plan's file."""

    copay: Vector
    coinsurance: Vector
    deductible: bool
    copay_first: bool


@dataclass(frozen=True)
class Terms:
    """A plan drawn, shape (n,) in USD; ``inf`` where the plan has no maximum.

    ``year_turns`` are the weeks from the decision at which plan years begin; the two ``met`` are
    what counts already in the running year.
    """

    deductible: Vector
    maximum: Vector
    sharing: Mapping[Category, CostSharing]
    year_turns: tuple[float, ...]
    deductible_met: float = 0.0
    maximum_met: float = 0.0


@dataclass(frozen=True)
class Ledger:
    """Where the money went, USD of shape (n,): by column, and the patient's part by item."""

    columns: Mapping[str, Vector]
    by_item: Mapping[str, Vector]

    @property
    def out_of_pocket(self) -> Vector:
        """Everything that the patient pays.

        Rounded far below a cent, so that two treatments which both reach the maximum tie exactly
        and not up to the last bits of two sums.
        """
        return np.round(sum((self.columns[name] for name in PATIENT[1:]), start=self.columns[PATIENT[0]]), 6)


def adjudicate(services: Sequence[Service], terms: Terms) -> Ledger:
    """Run services through a plan.

    Parameters
    ----------
    services
        In any order; within a draw they are taken by date, same days in the order given.
    terms
        The plan's terms, drawn for the same draws.

    Returns
    -------
    Ledger
        NaN in draws where the price of a service that happens is not stated.
    """
    size = terms.deductible.size
    totals = {name: np.zeros(size) for name in COLUMNS}
    by_item = {service.item: np.zeros(size) for service in services}
    left = _Left(terms, size)
    for turn in _in_date_order(services):
        for service, mask in turn:
            paid = _one(service, mask, terms, left)
            for name in COLUMNS:
                totals[name] += paid[name]
            by_item[service.item] += sum((paid[name] for name in PATIENT[1:]), start=paid[PATIENT[0]])
    return Ledger(totals, by_item)


class _Left:
    """What is left of the deductible and the maximum, draw by draw, in the running plan year."""

    def __init__(self, terms: Terms, size: int) -> None:
        self.terms = terms
        self.deductible = np.maximum(terms.deductible - terms.deductible_met, 0.0)
        self.maximum = np.maximum(terms.maximum - terms.maximum_met, 0.0)
        self.year = np.zeros(size, dtype=np.int64)

    def turn_years(self, week: Vector, mask: Mask) -> None:
        """Begin the plan year of each draw's next service."""
        year = np.searchsorted(np.asarray(self.terms.year_turns), week, side="right")
        new = mask & (year > self.year)
        self.deductible = np.where(new, self.terms.deductible, self.deductible)
        self.maximum = np.where(new, self.terms.maximum, self.maximum)
        self.year = np.where(new, year, self.year)


def _one(service: Service, mask: Mask, terms: Terms, left: _Left) -> dict[str, Vector]:
    """Return one service's dollars by column and take them from what is left."""
    left.turn_years(service.week, mask)
    sharing = terms.sharing.get(service.category)
    covered = mask & service.covered if sharing is not None else np.zeros_like(mask)
    paid = {name: np.zeros(mask.shape) for name in COLUMNS}
    paid["not_covered"] = np.where(mask & ~covered, service.cash, 0.0)
    if sharing is None:
        return paid
    allowed = np.where(covered, service.allowed, 0.0)
    rest, room = allowed, left.maximum

    def take(wanted: Vector) -> Vector:
        """Charge the patient ``wanted`` of the rest, as far as the maximum leaves room."""
        nonlocal rest, room
        due = np.minimum(wanted, rest)
        mine = np.minimum(due, room)
        rest, room = rest - due, room - mine
        return mine

    before = take(sharing.copay) if sharing.copay_first else np.zeros_like(allowed)
    if sharing.deductible:
        paid["deductible"] = take(left.deductible)
    paid["copay"] = before if sharing.copay_first else take(sharing.copay)
    paid["coinsurance"] = take(sharing.coinsurance * rest)
    paid["plan_paid"] = allowed - paid["deductible"] - paid["copay"] - paid["coinsurance"]
    left.deductible = np.where(covered, left.deductible - paid["deductible"], left.deductible)
    left.maximum = np.where(covered, room, left.maximum)
    return paid


def _in_date_order(services: Sequence[Service]) -> Sequence[Sequence[tuple[Service, Mask]]]:
    """Return the services in turns, so that each draw meets its own in the order of their dates.

    Mostly one order serves every draw. Where draws differ, a turn holds the k-th service of each
    draw: every service that is some draw's k-th, with the draws it is that for.
    """
    if not services:
        return []
    week = np.array([np.where(service.happens, service.week, np.inf) for service in services])
    order = np.argsort(week, axis=0, kind="stable")
    turns = []
    for row in order:
        used = np.flatnonzero(np.bincount(row, minlength=len(services)))
        here = [(services[int(index)], (row == index) & services[int(index)].happens) for index in used]
        turns.append([(service, mask) for service, mask in here if mask.any()])
    return turns
