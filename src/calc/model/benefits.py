"""Services in date order → what the patient pays, under a plan's deductible, cost sharing, maximum.

For each draw, service by service:

1. not covered (excluded, beyond a visit limit, no benefit): the patient pays the cash price, and nothing counts;
2. above a reference price, or above the allowed amount out of network: the patient pays, and nothing counts;
3. covered: copay first where the plan says so, then what is left of the deductible, then copay
   and coinsurance on the rest; a service that straddles the deductible is split exactly;
4. the patient stops paying at what is left of the out-of-pocket maximum;
5. deductibles and maximums begin again with each plan year, or with each benefit period.

Every dollar lands in exactly one column, and for each service the columns add up to its charge:
what the plan allows, out of network the provider's charge, the cash price where nothing is covered.
Draws go through in blocks that fit a processor's cache; no two draws know of each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..inputs.parameter import Category
from ..units import DAYS_PER_WEEK
from .calendar import turns_of
from .ledger import COLUMNS, CostSharing, Ledger, Line, Service, Terms

__all__ = ["adjudicate"]

#: draws that go through at once, so that a service's arrays stay in the processor's cache
_BLOCK = 16_384

_DAY = 1.0 / DAYS_PER_WEEK

Mask = npt.NDArray[np.bool_]


def adjudicate(services: Sequence[Service], terms: Terms, *, lines: bool = False, cents: bool = False) -> Ledger:
    """Run services through a plan.

    Parameters
    ----------
    services
        In any order; within a draw they are taken by date, same days in the order given.
    terms
        The plan's terms, drawn for the same draws.
    lines
        Keep every service's split as well, which takes memory for each service.
    cents
        Round each coinsurance to the cent, half up, as on a bill.

    Returns
    -------
    Ledger
        NaN in draws where the price of a service that happens is not stated.
    """
    size = terms.size
    totals = {name: np.zeros(size) for name in COLUMNS}
    by_item = {service.item: np.zeros(size) for service in services}
    kept = [
        Line(each, {name: np.zeros(size) for name in COLUMNS}, {name: np.zeros(size) for name in terms.limits})
        for each in services
        if lines
    ]
    for start in range(0, size if services else 0, _BLOCK):
        here = slice(start, min(start + _BLOCK, size))
        part = _Pass(terms, here, cents)
        weeks, happens = [each.week[here] for each in services], [each.happens[here] for each in services]
        for index, mask in turns_of(weeks, happens):
            service = services[index]
            part.turn_years(weeks[index], mask)
            paid = part.charge(service, mask)
            mine = by_item[service.item][here]
            for name, dollars in paid.items():
                total = totals[name][here]
                total += dollars
                if name != "plan_paid":
                    mine += dollars
                if lines:
                    kept[index].columns[name][here] += dollars
            if lines:
                for name, left in part.left.items():
                    np.copyto(kept[index].left[name][here], left, where=mask)
    return Ledger(totals, by_item, tuple(kept))


class _Pass:
    """One block of draws on its way through the plan: what is left of each limit, and visits so far."""

    def __init__(self, terms: Terms, here: slice, cents: bool) -> None:
        self.terms, self.here, self.cents = terms, here, cents
        self.left = {name: limit.left[here].copy() for name, limit in terms.limits.items()}
        count = here.stop - here.start
        self.visits = {category: np.zeros(count) for category in _counted(terms)}
        self.cared: dict[str, Vector] = {}
        self.not_zero: dict[int, bool] = {}
        # plan years that some draw has yet to begin: when, and which draws have
        self.turns = [(week, np.zeros(count, dtype=np.bool_)) for week in terms.year_turns]

    def turn_years(self, week: Vector, mask: Mask) -> None:
        """Begin the plan year of each draw's next service."""
        if not self.turns or float(week.max()) < self.turns[0][0]:
            return
        for turn, begun in self.turns:
            new = mask & (week >= turn) & ~begun
            if new.any():
                begun |= new
                self._begin_year(new)
        self.turns = [each for each in self.turns if not each[1].all()]

    def _begin_year(self, new: Mask) -> None:
        for name, limit in self.terms.limits.items():
            if limit.gap is None:
                self.left[name] = np.where(new, limit.full[self.here], self.left[name])
        for category, visits in self.visits.items():
            self.visits[category] = np.where(new, 0.0, visits)

    def charge(self, service: Service, mask: Mask) -> dict[str, Vector]:
        """Return one service's dollars by column, those that are not 0 everywhere, and take them from what is left."""
        here, paid = self.here, {}
        sharing = self.terms.sharing_of(service)
        covered = mask & service.covered[here] if sharing is not None else np.zeros_like(mask)
        seen = self.visits.get(service.category)
        if seen is not None and sharing is not None and sharing.visit_limit is not None:
            covered &= seen < sharing.visit_limit[here]
        refused = mask & ~covered
        if refused.any():
            price = service.cash if service.charge is None else service.charge
            paid["not_covered"] = np.where(refused, price[here], 0.0)
        if sharing is None or not covered.any():
            return paid
        allowed = np.where(covered, service.allowed[here], 0.0)
        if service.charge is not None:
            paid["balance_bill"] = np.where(covered, np.maximum(service.charge[here] - service.allowed[here], 0.0), 0.0)
        if sharing.reference_price is not None:
            above = np.maximum(allowed - sharing.reference_price[here], 0.0)
            paid["balance_bill"] = paid.get("balance_bill", 0.0) + above
            allowed = allowed - above
        paid |= self._shared(service, sharing, allowed, covered, seen)
        if seen is not None:
            seen += covered
        return paid

    def _shared(
        self, service: Service, sharing: CostSharing, allowed: Vector, covered: Mask, seen: Vector | None
    ) -> dict[str, Vector]:
        """Split the allowed amount, 0 where nothing is covered, between patient and plan."""
        here, paid = self.here, {}
        rest = allowed
        room = self.left[sharing.maximum] if sharing.maximum is not None else None

        def pay(column: str, due: Vector) -> Vector:
            """Charge the patient what is due, as far as the maximum leaves room."""
            mine = due if room is None else np.minimum(due, room)
            if self.cents:
                mine = np.floor(mine * 100.0 + 0.5 + 1e-6) / 100.0
            if room is not None:
                self._less(room, mine)
            paid[column] = mine
            return mine

        copay = self._copay(service, sharing)
        if copay is not None and sharing.copay_first:
            due = np.minimum(copay, rest)
            pay("copay", due)
            rest = rest - due
        if sharing.deductible is not None:
            left = self._deductible(sharing.deductible, service, covered)
            free = sharing.visits_before_deductible
            before = left if free is None or seen is None else np.where(seen < free[here], 0.0, left)
            due = np.minimum(before, rest)
            self._less(left, pay("deductible", due))
            rest = rest - due
        if copay is not None and not sharing.copay_first:
            due = np.minimum(copay, rest)
            pay("copay", due)
            rest = rest - due
        if self._any(sharing.coinsurance):
            due = sharing.coinsurance[here] * rest
            pay(
                "coinsurance",
                due if sharing.coinsurance_most is None else np.minimum(due, sharing.coinsurance_most[here]),
            )
        plan = allowed
        for mine in paid.values():
            plan = plan - mine
        paid["plan_paid"] = np.round(plan, 2) if self.cents else plan
        return paid

    def _copay(self, service: Service, sharing: CostSharing) -> Vector | None:
        """Return what a copay comes to, None where there is none."""
        if not self._any(sharing.copay):
            return None
        copay = sharing.copay[self.here]
        if not sharing.per_day:
            return copay
        days = np.full(copay.shape, np.nan) if service.days is None else service.days[self.here]
        return copay * (days if sharing.copay_days is None else np.minimum(days, sharing.copay_days[self.here]))

    def _deductible(self, name: str, service: Service, covered: Mask) -> Vector:
        """Return what is left of a deductible, begun again where a benefit period is over."""
        limit, left, week = self.terms.limits[name], self.left[name], service.week[self.here]
        if limit.gap is not None:
            last = self.cared.setdefault(name, np.full(week.shape, np.inf))
            np.copyto(left, limit.full[self.here], where=covered & (week - last >= limit.gap[self.here] - 1e-9))
            stay = 0.0 if service.days is None else service.days[self.here] * _DAY
            np.copyto(last, week + stay, where=covered)
        return left

    def _any(self, amounts: Vector) -> bool:
        """Return whether a benefit's amounts are not all 0; asked for each service, looked up once."""
        known = self.not_zero.get(id(amounts))
        if known is None:
            known = self.not_zero[id(amounts)] = bool(amounts[self.here].any())
        return known

    def _less(self, left: Vector, taken: Vector) -> None:
        """Take from what is left, to the cent where bills are."""
        np.subtract(left, taken, out=left)
        if self.cents:
            np.round(left, 2, out=left)


def _counted(terms: Terms) -> set[Category]:
    """Return the categories in which it matters how many visits there were."""
    return {
        category
        for sharing in (terms.sharing, terms.out_of_network)
        for category, each in sharing.items()
        if each.visit_limit is not None or each.visits_before_deductible is not None
    }
