"""What is billed, what it meets, and where the money went: services, a plan's terms, a ledger."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..inputs.benefit import LimitPer
from ..inputs.distribution import Vector
from ..inputs.parameter import Category

__all__ = ["COLUMNS", "PATIENT", "CostSharing", "Ledger", "Limit", "Line", "LongStays", "Service", "Terms"]

COLUMNS = ("deductible", "copay", "coinsurance", "not_covered", "balance_bill", "plan_paid")
PATIENT = COLUMNS[:-1]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Service:
    """One billed line over all draws, arrays of shape (n,).

    ``week`` from the decision; ``allowed`` what the plan allows, ``cash`` the self-pay price, USD;
    ``happens`` says in which draws there is such a service at all, ``covered`` where the plan pays.
    ``charge`` is what a provider out of network bills, None in network; ``days`` how long a stay is.
    Lines that bear the same ``visit``, category and tier are one visit: one copay, one count. ``tier`` is
    the provider's tier in network; ``admitted`` says that this emergency ended in the hospital.
    """

    item: str
    category: Category
    week: Vector
    allowed: Vector
    cash: Vector
    happens: Mask
    covered: Mask
    charge: Vector | None = None
    days: Vector | None = None
    visit: str | None = None
    tier: int = 1
    admitted: bool = False


@dataclass(frozen=True)
class Limit:
    """A deductible or a maximum, shape (n,) in USD: in full, and what is left of it at the decision.

    ``gap`` is None where it begins again with the plan year; else the weeks without such care
    after which it begins again, ``last`` weeks from the decision at which such care ended before it.
    """

    full: Vector
    left: Vector
    gap: Vector | None = None
    last: float = math.inf


@dataclass(frozen=True)
class LongStays:
    """What days in hospital cost in a benefit period, shape (n,): days, and USD a day.

    The first ``full`` days are free of it, each of the next ``daily_days`` costs ``daily``, then
    each day of a lifetime's ``reserve_days`` costs ``reserve``; later days are not covered. ``used``
    and ``reserve_used`` are days already spent at the decision.
    """

    full: Vector
    daily: Vector
    daily_days: Vector
    reserve: Vector
    reserve_days: Vector
    used: float = 0.0
    reserve_used: float = 0.0


@dataclass(frozen=True)
class CostSharing:
    """A benefit drawn: shares, USD and counts of shape (n,), the flags as in the plan's file.

    ``deductible`` and ``maximum`` name the limits that apply, None where there is none. The limits
    on visits, days (of stays) and dollars (that the plan pays) count within ``limit_per``.
    """

    copay: Vector
    coinsurance: Vector
    deductible: str | None = None
    maximum: str | None = None
    copay_first: bool = False
    per_day: bool = False
    copay_days: Vector | None = None
    coinsurance_most: Vector | None = None
    admission_deductible: Vector | None = None
    waived_if_admitted: bool = False
    visits_before_deductible: Vector | None = None
    visit_limit: Vector | None = None
    day_limit: Vector | None = None
    dollar_limit: Vector | None = None
    limit_per: LimitPer = LimitPer.YEAR
    reference_price: Vector | None = None

    @property
    def counted(self) -> bool:
        """Whether it matters how much of this there was before."""
        limits = (self.visits_before_deductible, self.visit_limit, self.day_limit, self.dollar_limit)
        return any(each is not None for each in limits)

    @property
    def bounded(self) -> bool:
        """Whether the plan pays for a part only of what it covers."""
        limits = (self.visit_limit, self.day_limit, self.dollar_limit, self.reference_price)
        return any(each is not None for each in limits)


@dataclass(frozen=True)
class Terms:
    """A plan drawn for ``size`` worlds; out of network a service meets ``out_of_network`` instead of ``sharing``.

    ``year_turns`` are the weeks from the decision at which plan years begin; what is left of the
    limits is left in the plan year number ``met_in``. ``denied`` is the chance that prior
    authorization is refused, ``delay`` the weeks that asking takes, by category.
    """

    size: int
    limits: Mapping[str, Limit]
    sharing: Mapping[Category, CostSharing]
    out_of_network: Mapping[Category, CostSharing]
    year_turns: tuple[float, ...]
    denied: Mapping[Category, Vector]
    delay: Mapping[Category, Vector]
    second_tier: Mapping[Category, CostSharing] = field(default_factory=dict)
    long_stays: LongStays | None = None
    met_in: int = 0

    def sharing_of(self, service: Service) -> CostSharing | None:
        """Return the cost sharing that a service meets, None where the plan has no benefit for it."""
        place = None if service.tier == 1 else "second_tier"
        return self.sharing_at(service.category, "out_of_network" if service.charge is not None else place)

    def sharing_at(self, category: Category, place: str | None) -> CostSharing | None:
        """Return the cost sharing of a category in ``second_tier``, ``out_of_network`` or (None) the first tier."""
        if place == "out_of_network":
            return self.out_of_network.get(category)
        first = self.sharing.get(category)
        return first if place is None else self.second_tier.get(category, first)


@dataclass(frozen=True)
class Line:
    """One service adjudicated, USD of shape (n,): by column, and what is left of each limit afterwards."""

    service: Service
    columns: Mapping[str, Vector]
    left: Mapping[str, Vector]


@dataclass(frozen=True)
class Ledger:
    """Where the money went, USD of shape (n,): by column, the patient's part by item, and line by line if asked."""

    columns: Mapping[str, Vector]
    by_item: Mapping[str, Vector]
    lines: tuple[Line, ...] = ()

    @property
    def out_of_pocket(self) -> Vector:
        """Everything that the patient pays.

        Rounded far below a cent, so that two treatments which both reach the maximum tie exactly
        and not up to the last bits of two sums.
        """
        return np.round(sum((self.columns[name] for name in PATIENT[1:]), start=self.columns[PATIENT[0]]), 6)
