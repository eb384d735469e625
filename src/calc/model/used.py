"""What was used so far of a plan's limits on visits, days and dollars, and what lines share a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..inputs.benefit import LimitPer
from ..inputs.distribution import Vector
from ..inputs.parameter import Category
from .ledger import CostSharing, LongStays, Service, Terms

__all__ = ["Alone", "Taken", "Used", "Visit"]

Mask = npt.NDArray[np.bool_]

#: six months, in days
_HALF_YEAR = 183.0


@dataclass(frozen=True)
class Taken:
    """How a line was counted, shape (draws,); None where no limit of the plan asks.

    ``part`` of it is covered; ``free`` says where no deductible applies; ``daily`` is what the days
    of a long stay cost, USD.
    """

    part: Vector | None = None
    free: Mask | None = None
    daily: Vector | None = None


class Alone:
    """A line that is a visit of its own: nothing is shared with others."""

    counted: Mask = np.zeros((), dtype=np.bool_)

    def once(self, what: str, whole: Vector) -> Vector:  # noqa: ARG002  lines of a visit ask for what
        """Return what is left to pay of something that a visit pays once."""
        return whole

    def paid(self, what: str, dollars: Vector) -> None:
        """Note what this line pays of it."""

    def count(self, new: Mask, taken: Taken) -> Taken:  # noqa: ARG002  every line is new
        """Note how the visit was counted where it is new, and return how it was everywhere."""
        return taken


class Visit(Alone):
    """Lines that are one visit or one stay, over the draws of a block: what of it is paid, and how it was counted."""

    def __init__(self, count: int) -> None:
        self.counted = np.zeros(count, dtype=np.bool_)
        self.taken = Taken()
        self._paid: dict[str, Vector] = {}

    def once(self, what: str, whole: Vector) -> Vector:  # noqa: D102  as above
        return np.maximum(whole - self._paid[what], 0.0) if what in self._paid else whole

    def paid(self, what: str, dollars: Vector) -> None:  # noqa: D102  as above
        self._paid[what] = self._paid[what] + dollars if what in self._paid else dollars

    def count(self, new: Mask, taken: Taken) -> Taken:  # noqa: D102  as above

        def both(now: Any, before: Any) -> Any:
            return now if now is None or before is None else np.where(new, now, before)

        before = self.taken
        self.taken = Taken(
            both(taken.part, before.part), both(taken.free, before.free), both(taken.daily, before.daily)
        )
        self.counted |= new
        return self.taken


class _Count:
    """How much of one category was used within its limit's period, arrays of shape (draws,)."""

    def __init__(self, per: LimitPer, count: int) -> None:
        self.per = per
        self.visits, self.this_year, self.days, self.dollars = (np.zeros(count) for _ in range(4))
        self.since = np.full(count, -np.inf)

    def begin(self, new: Mask) -> None:
        """Count anew in some draws."""
        for each in (self.visits, self.days, self.dollars):
            each[new] = 0.0


class Used:
    """The counts of one block of draws on its way through a plan."""

    def __init__(self, terms: Terms, here: slice) -> None:
        self.here, self.long = here, terms.long_stays
        count = here.stop - here.start
        self._counts = {
            category: _Count(each.limit_per, count)
            for sharing in (terms.sharing, terms.second_tier, terms.out_of_network)
            for category, each in sharing.items()
            if each.counted
        }
        self._period = any(limit.gap is not None for limit in terms.limits.values())
        started = (self.long.used, self.long.reserve_used) if self.long is not None else (0.0, 0.0)
        self._in_period, self._reserve = (np.full(count, each) for each in started)

    def begin_year(self, new: Mask) -> None:
        """Begin a plan year in some draws."""
        for each in self._counts.values():
            each.this_year[new] = 0.0
            if each.per is LimitPer.YEAR or (each.per is LimitPer.BENEFIT_PERIOD and not self._period):
                each.begin(new)

    def begin_period(self, new: Mask) -> None:
        """Begin a benefit period in some draws."""
        self._in_period[new] = 0.0
        for each in self._counts.values():
            if each.per is LimitPer.BENEFIT_PERIOD:
                each.begin(new)

    def take(self, service: Service, sharing: CostSharing, day: Vector, covered: Mask, visit: Alone) -> Taken:
        """Count a line where its visit was not counted yet, and return how."""
        long = self.long if sharing.deductible == "benefit_period.deductible" else None
        count = self._counts.get(service.category)
        if count is None and long is None:
            return Taken()
        new = covered & ~visit.counted
        stay = np.ones(covered.shape) if service.days is None else service.days[self.here]
        taken = Taken() if count is None else self._counted(count, sharing, day, stay, new)
        if long is not None:
            part, daily = self._long_stay(long, stay, new)
            taken = Taken(part if taken.part is None else np.minimum(part, taken.part), taken.free, daily)
        return visit.count(new, taken)

    def _counted(self, count: _Count, sharing: CostSharing, day: Vector, stay: Vector, new: Mask) -> Taken:
        """Return the part that the limits leave, and where a visit is free of the deductible; count it."""
        if count.per is LimitPer.SIX_MONTHS:
            again = new & (day - count.since >= _HALF_YEAR)
            count.begin(again)
            np.copyto(count.since, day, where=again)
        part = np.ones(new.shape)
        first = sharing.visits_before_deductible
        free = count.this_year < first[self.here] if first is not None else None
        if sharing.visit_limit is not None:
            part = np.where(count.visits < sharing.visit_limit[self.here], part, 0.0)
        if sharing.day_limit is not None:
            before = 0.0 if count.per is LimitPer.STAY else count.days
            left = np.maximum(sharing.day_limit[self.here] - before, 0.0)
            part = np.minimum(part, np.minimum(left / stay, 1.0))
        if sharing.dollar_limit is not None:
            part = np.where(count.dollars < sharing.dollar_limit[self.here], part, 0.0)
        done = new & (part > 0.0)
        count.visits += done
        count.this_year += done
        count.days += np.where(done, part * stay, 0.0)
        return Taken(part, free)

    def _long_stay(self, long: LongStays, stay: Vector, new: Mask) -> tuple[Vector, Vector]:
        """Return the part of a stay within a benefit period's days and the reserve, and what its days cost."""
        here, used = self.here, self._in_period
        whole = used + stay

        def between(low: Vector, high: Vector) -> Vector:
            return np.asarray(np.maximum(np.minimum(whole, high) - np.maximum(used, low), 0.0))

        full, then = long.full[here], long.full[here] + long.daily_days[here]
        daily = between(full, then)
        beyond = between(then, np.full(whole.shape, np.inf))
        reserve = np.minimum(beyond, np.maximum(long.reserve_days[here] - self._reserve, 0.0))
        self._in_period = np.where(new, whole, used)
        self._reserve = np.where(new, self._reserve + reserve, self._reserve)
        return 1.0 - (beyond - reserve) / stay, daily * long.daily[here] + reserve * long.reserve[here]

    def spend(self, category: Category, limit: Vector, plan_paid: Vector) -> Vector:
        """Count what the plan pays towards its limit; return what lies beyond it."""
        count = self._counts[category]
        over: Vector = np.maximum(plan_paid - np.maximum(limit - count.dollars, 0.0), 0.0)
        count.dollars += plan_paid - over
        return over
