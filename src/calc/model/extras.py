"""What a treatment costs beside the medical bill: travel, unpaid time, and the tax that an account saves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.distribution import Vector
from ..inputs.patient import Account, Travel, Work
from ..units import DAYS_PER_WEEK
from .ledger import Service

__all__ = ["tax_saved", "travel", "unpaid_time", "visits"]


def visits(services: Sequence[Service]) -> Vector:
    """Return on how many days each draw has a service that it goes somewhere for: any but a drug."""
    going = [service for service in services if not service.category.is_drug]
    if not going:
        return np.zeros(services[0].week.shape if services else 1)
    weeks = np.sort(np.where([each.happens for each in going], [each.week for each in going], np.inf), axis=0)
    new = np.isfinite(weeks)
    new[1:] &= weeks[1:] > weeks[:-1]
    return np.asarray(new.sum(axis=0), dtype=np.float64)


def travel(count: Vector, way: Travel, per_mile: Vector) -> Vector:
    """Return what ``count`` visits cost on the road, USD."""
    return count * (way.miles * per_mile + way.other)


def unpaid_time(count: Vector, downtime_days: Vector, work: Work) -> Vector:
    """Return the pay lost to ``count`` visits and to days of recovery, beyond paid leave, USD before tax.

    Recovery days fall on working days as often as the week has them. They are days on which
    recovery is felt; whoever can work through some of them loses less.
    """
    working = downtime_days * work.days_per_week / DAYS_PER_WEEK
    hours = working * work.hours_per_day + count * work.hours_per_visit
    return np.maximum(hours - work.paid_leave, 0.0) * work.wage


def tax_saved(out_of_pocket: Vector, account: Account) -> Vector:
    """Return the tax that paying from the account saves, as far as its money goes, USD."""
    return np.minimum(out_of_pocket, account.available) * account.marginal_tax_rate
