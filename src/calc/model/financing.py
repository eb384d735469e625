"""What borrowing costs: a loan paid off in equal months, and a card that forgives interest if it is cleared in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..inputs.distribution import Vector

__all__ = ["deferred_interest", "loan"]


@dataclass(frozen=True)
class Repayment:
    """What is paid each month, and the interest over all of them, USD of shape (n,).

    ``late`` is the interest where the last payment comes a day too late; the same for a loan, which has no cliff.
    """

    monthly: Vector
    interest: Vector
    late: Vector


def loan(principal: Vector, apr: Vector, months: int) -> Repayment:
    """Return an amortized loan: equal payments at the end of each month, interest by the month on what is owed."""
    rate = apr / 12.0
    with np.errstate(invalid="ignore", divide="ignore"):
        monthly = np.where(rate > 0, principal * rate / -np.expm1(-months * np.log1p(rate)), principal / months)
    interest = monthly * months - principal
    return Repayment(monthly, interest, interest)


def deferred_interest(principal: Vector, apr: Vector, months: int) -> Repayment:
    """Return a card with deferred interest, cleared in equal payments over its promotion of ``months``.

    Cleared in time it costs nothing. Otherwise all interest since the day of purchase falls due:
    what would have been added month by month to the balance as it was paid down.
    """
    monthly = principal / months
    growth = 1.0 + apr / 12.0
    owed = principal
    for _ in range(months - 1):
        owed = owed * growth - monthly
    owed = owed * growth  # the last payment is the one that is late
    return Repayment(monthly, np.zeros_like(principal), owed - monthly)
