"""What is billed, what it meets, and where the money went: services, a plan's terms, a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..inputs.distribution import Vector
from ..inputs.parameter import Category

__all__ = ["COLUMNS", "PATIENT", "CostSharing", "Ledger", "Limit", "Line", "Service", "Terms"]

COLUMNS = ("deductible", "copay", "coinsurance", "not_covered", "balance_bill", "plan_paid")
PATIENT = COLUMNS[:-1]

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Service:
    """One billed line over all draws, arrays of shape (n,).

    ``week`` from the decision; ``allowed`` what the plan allows, ``cash`` the self-pay price, USD;
    ``happens`` says in which draws there is such a service at all, ``covered`` where the plan pays.
    ``charge`` is what a provider out of network bills, None in network; ``days`` how long a stay is.
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


@dataclass(frozen=True)
class Limit:
    """A deductible or a maximum, shape (n,) in USD: in full, and what is left of it at the decision.

    ``gap`` is None where it begins again with the plan year; else the weeks without such care
    after which it begins again.
    """

    full: Vector
    left: Vector
    gap: Vector | None = None


@dataclass(frozen=True)
class CostSharing:
    """A benefit drawn: shares, USD and counts of shape (n,), the flags as in the plan's file.

    ``deductible`` and ``maximum`` name the limits that apply, None where there is none.
    """

    copay: Vector
    coinsurance: Vector
    deductible: str | None = None
    maximum: str | None = None
    copay_first: bool = False
    per_day: bool = False
    copay_days: Vector | None = None
    coinsurance_most: Vector | None = None
    visits_before_deductible: Vector | None = None
    visit_limit: Vector | None = None
    reference_price: Vector | None = None


@dataclass(frozen=True)
class Terms:
    """A plan drawn for ``size`` worlds; out of network a service meets ``out_of_network`` instead of ``sharing``.

    ``year_turns`` are the weeks from the decision at which plan years begin. ``denied`` is the
    chance that prior authorization is refused, ``delay`` the weeks that asking takes, by category.
    """

    size: int
    limits: Mapping[str, Limit]
    sharing: Mapping[Category, CostSharing]
    out_of_network: Mapping[Category, CostSharing]
    year_turns: tuple[float, ...]
    denied: Mapping[Category, Vector]
    delay: Mapping[Category, Vector]

    def sharing_of(self, service: Service) -> CostSharing | None:
        """Return the cost sharing that a service meets, None where the plan has no benefit for it."""
        return (self.sharing if service.charge is None else self.out_of_network).get(service.category)


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
