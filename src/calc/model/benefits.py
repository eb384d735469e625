"""Services in date order → what the patient pays, under a plan's deductible, cost sharing, maximum.

For each draw, service by service:

1. not covered (excluded, beyond a limit, no benefit): the patient pays the cash price, and nothing counts;
2. above a reference price, or above the allowed amount out of network: the patient pays, and nothing counts;
   a charge below the allowed amount is what is allowed;
3. covered: what an admission costs, copay first where the plan says so, then what is left of the deductible, then copay
   and coinsurance on the rest; a service that straddles the deductible is split exactly;
4. the patient stops paying at what is left of the out-of-pocket maximum;
5. lines of one visit share one copay, and count once;
6. things happen on whole days, same days in the order given; deductibles and maximums begin again
   with each plan year, or with each benefit period.

Every dollar lands in exactly one column, and for each service the columns add up to its charge:
what the plan allows, out of network the provider's charge, the cash price of what is not covered.
Draws go through in blocks that fit a processor's cache; no two draws know of each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..inputs.parameter import Category
from ..units import DAYS_PER_WEEK
from .calendar import turns_of, whole_days
from .ledger import COLUMNS, CostSharing, Ledger, Line, Service, Terms
from .used import Alone, Taken, Used, Visit

__all__ = ["adjudicate"]

#: draws that go through at once, so that a service's arrays stay in the processor's cache
_BLOCK = 16_384

_ALONE = Alone()

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
        days, happens = [whole_days(each.week[here]) for each in services], [each.happens[here] for each in services]
        for index, mask in turns_of(days, happens):
            service = services[index]
            part.turn_years(days[index], mask)
            paid = part.charge(service, days[index], mask)
            mine = by_item[service.item][here]
            for name, dollars in paid.items():
                totals[name][here] += dollars
                if name != "plan_paid":
                    mine += dollars
                if lines:
                    kept[index].columns[name][here] += dollars
            if lines:
                for name, left in part.left.items():
                    np.copyto(kept[index].left[name][here], left, where=mask)
    return Ledger(totals, by_item, tuple(kept))


class _Pass:
    """One block of draws on its way through the plan: what is left of each limit, and what was used so far."""

    def __init__(self, terms: Terms, here: slice, cents: bool) -> None:
        self.terms, self.here, self.cents = terms, here, cents
        self.left = {
            name: (limit.left if terms.met_in == 0 or limit.gap is not None else limit.full)[here].copy()
            for name, limit in terms.limits.items()
        }
        self.count = here.stop - here.start
        self.used = Used(terms, here)
        self.visits: dict[tuple[str, Category, int], Visit] = {}
        self.cared = {
            name: np.full(self.count, np.rint(limit.last * DAYS_PER_WEEK))
            for name, limit in terms.limits.items()
            if limit.gap is not None
        }
        self.not_zero: dict[int, bool] = {}
        # plan years that some draw has yet to begin: when, which draws have, and the year's number
        days = (round(week * DAYS_PER_WEEK) for week in terms.year_turns)
        self.turns = [(day, np.zeros(self.count, dtype=np.bool_), year) for year, day in enumerate(days, start=1)]

    def turn_years(self, day: Vector, mask: Mask) -> None:
        """Begin the plan year of each draw's next service."""
        if not self.turns or float(day.max()) < self.turns[0][0]:
            return
        for turn, begun, year in self.turns:
            new = mask & (day >= turn) & ~begun
            if new.any():
                begun |= new
                self._begin_year(new, year)
        self.turns = [each for each in self.turns if not each[1].all()]

    def _begin_year(self, new: Mask, year: int) -> None:
        for name, limit in self.terms.limits.items():
            if limit.gap is None:
                begins = limit.left if year == self.terms.met_in else limit.full
                self.left[name] = np.where(new, begins[self.here], self.left[name])
        self.used.begin_year(new)

    def charge(self, service: Service, day: Vector, mask: Mask) -> dict[str, Vector]:
        """Return one service's dollars by column, those that are not 0 everywhere, and take them from what is left."""
        here, paid = self.here, {}
        sharing = self.terms.sharing_of(service)
        covered = mask & service.covered[here] if sharing is not None else np.zeros_like(mask)
        visit = self._visit(service)
        taken = Taken()
        if sharing is not None and covered.any():
            self._period(sharing, service, day, covered)
            taken = self.used.take(service, sharing, day, covered, visit)
        part = taken.part
        if part is not None:
            covered = covered & (part > 0.0)
        refused = mask & ~covered
        if refused.any():
            paid["not_covered"] = np.where(refused, service.cash[here], 0.0)
        if sharing is None or not covered.any():
            return paid
        allowed = np.where(covered, service.allowed[here], 0.0)
        if service.charge is not None:
            charge = np.where(covered, service.charge[here], 0.0)
            paid["balance_bill"] = np.maximum(charge - allowed, 0.0)
            allowed = np.minimum(allowed, charge)
        if part is not None and (part[covered] < 1.0).any():
            allowed = self._rounded(allowed * part)
            if "balance_bill" in paid:  # of the days that count; the others are billed at the cash price
                paid["balance_bill"] = self._rounded(paid["balance_bill"] * part)
            beyond = np.where(covered & (part < 1.0), self._rounded(service.cash[here] * (1.0 - part)), 0.0)
            paid["not_covered"] = paid.get("not_covered", 0.0) + beyond
        if sharing.reference_price is not None:
            above = np.maximum(allowed - sharing.reference_price[here], 0.0)
            paid["balance_bill"] = paid.get("balance_bill", 0.0) + above
            allowed = allowed - above
        shared = self._shared(service, sharing, allowed, taken, visit)
        if sharing.dollar_limit is not None:
            over = self.used.spend(service.category, sharing.dollar_limit[here], shared["plan_paid"])
            shared["plan_paid"] = shared["plan_paid"] - over
            paid["not_covered"] = paid.get("not_covered", 0.0) + over
        return paid | shared

    def _visit(self, service: Service) -> Alone:
        """Return the visit that a line belongs to."""
        if service.visit is None:
            return _ALONE
        key = (service.visit, service.category, 0 if service.charge is not None else service.tier)
        if key not in self.visits:
            self.visits[key] = Visit(self.count)
        return self.visits[key]

    def _shared(
        self, service: Service, sharing: CostSharing, allowed: Vector, taken: Taken, visit: Alone
    ) -> dict[str, Vector]:
        """Split the allowed amount, 0 where nothing is covered, between patient and plan."""
        here, paid = self.here, dict[str, Vector]()
        rest = allowed
        room = self.left[sharing.maximum] if sharing.maximum is not None else None

        def pay(column: str, due: Vector) -> Vector:
            """Charge the patient what is due, as far as the maximum leaves room."""
            mine = due if room is None else np.minimum(due, room)
            if self.cents:
                mine = np.floor(mine * 100.0 + 0.5 + 1e-6) / 100.0
            if room is not None:
                self._less(room, mine)
            paid[column] = paid[column] + mine if column in paid else mine
            return mine

        def once(what: str, column: str, whole: Vector | None) -> Vector:
            """Charge what a visit pays once, as far as there is anything left to pay; return what then is."""
            if whole is None:
                return rest
            due = np.minimum(visit.once(what, whole), rest)
            visit.paid(what, due)
            pay(column, due)
            return rest - due

        admission = sharing.admission_deductible
        rest = once("admission", "deductible", None if admission is None else admission[here])
        copay = self._copay(service, sharing, taken)
        rest = once("copay", "copay", copay if sharing.copay_first else None)
        if sharing.deductible is not None:
            left = self.left[sharing.deductible]
            due = np.minimum(left if taken.free is None else np.where(taken.free, 0.0, left), rest)
            mine = pay("deductible", due)
            # a benefit period's deductible is met by what is due, also where a maximum pays it
            self._less(left, mine if self.terms.limits[sharing.deductible].gap is None else due)
            rest = rest - due
        rest = once("copay", "copay", None if sharing.copay_first else copay)
        if self._any(sharing.coinsurance):
            due = sharing.coinsurance[here] * rest
            if (ceiling := sharing.coinsurance_most) is not None:
                due = np.minimum(due, visit.once("coinsurance", ceiling[here]))
                visit.paid("coinsurance", due)
            pay("coinsurance", due)
        plan = allowed
        for mine in paid.values():
            plan = plan - mine
        paid["plan_paid"] = np.round(plan, 2) if self.cents else plan
        return paid

    def _copay(self, service: Service, sharing: CostSharing, taken: Taken) -> Vector | None:
        """Return what a visit's copay comes to, None where there is none."""
        days = taken.daily
        if not self._any(sharing.copay) or (service.admitted and sharing.waived_if_admitted):
            return days
        copay = sharing.copay[self.here]
        if sharing.per_day:
            stay = np.full(copay.shape, np.nan) if service.days is None else service.days[self.here]
            copay = copay * (stay if sharing.copay_days is None else np.minimum(stay, sharing.copay_days[self.here]))
        return copay if days is None else copay + days

    def _period(self, sharing: CostSharing, service: Service, day: Vector, covered: Mask) -> None:
        """Begin a benefit period anew where the one before is over, and note when this care ends."""
        name = sharing.deductible
        limit = self.terms.limits[name] if name is not None else None
        if name is None or limit is None or limit.gap is None:
            return
        last, left = self.cared[name], self.left[name]
        new = covered & (day - last >= whole_days(limit.gap[self.here]))
        np.copyto(left, limit.full[self.here], where=new)
        self.used.begin_period(new)
        stay = 0.0 if service.days is None else service.days[self.here]
        ends = day + stay
        np.copyto(last, np.where(np.isfinite(last), np.maximum(last, ends), ends), where=covered)

    def _any(self, amounts: Vector) -> bool:
        """Return whether a benefit's amounts are not all 0; asked for each service, looked up once."""
        known = self.not_zero.get(id(amounts))
        if known is None:
            known = self.not_zero[id(amounts)] = bool(amounts[self.here].any())
        return known

    def _rounded(self, dollars: Vector) -> Vector:
        return np.round(dollars, 2) if self.cents else dollars

    def _less(self, left: Vector, taken: Vector) -> None:
        """Take from what is left, to the cent where bills are."""
        np.subtract(left, taken, out=left)
        if self.cents:
            np.round(left, 2, out=left)
