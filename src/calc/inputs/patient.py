"""The patient whose card it is: how far into the plan year, what is met, and what else a treatment costs them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from .base import Day, Fault, Model, Name, Number, Text, refuse
from .parameter import Parameter
from .population import KindOfPain
from .recovery import KindOfWork

__all__ = ["Account", "Financing", "FinancingKind", "Limits", "Met", "Patient", "Tier", "Travel", "Work"]


class Tier(StrEnum):
    """Whom the coverage is for: the plan's family limits count for a family only."""

    INDIVIDUAL = "individual"
    FAMILY = "family"


class Limits(Model):
    """What has been paid towards one deductible and one maximum, USD."""

    deductible: Number = Field(default=0.0, ge=0.0)
    out_of_pocket: Number = Field(default=0.0, ge=0.0)

    @model_validator(mode="after")
    def _counted(self) -> Limits:
        if self.out_of_pocket < self.deductible:
            what = "less paid out of pocket than towards the deductible"
            fix = "What was paid towards the deductible counts as out of pocket too."
            refuse([Fault(("out_of_pocket",), what, fix)])
        return self


class Met(Limits):
    """What has been paid in the running plan year: own (medical), the whole family's, for drugs, out of network.

    ``drugs`` counts only where the plan has separate limits for drugs, ``family`` for family coverage.
    """

    family: Limits = Limits()
    drugs: Limits = Limits()
    out_of_network: Limits = Limits()


class Travel(Model):
    """One visit's way: miles there and back, what a mile costs, and other expenses a visit, USD."""

    miles: Number = Field(ge=0.0)
    per_mile: Parameter
    other: Number = Field(default=0.0, ge=0.0)


class Work(Model):
    """What unpaid time costs: pay before tax in USD an hour, hours lost, and leave that is paid, in hours."""

    wage: Number = Field(ge=0.0)
    hours_per_day: Number = Field(gt=0.0, le=24.0)
    days_per_week: Number = Field(gt=0.0, le=7.0)
    hours_per_visit: Number = Field(ge=0.0)
    paid_leave: Number = Field(default=0.0, ge=0.0)


class Account(Model):
    """Money in a health savings or flexible spending account, USD, and the tax rate it escapes."""

    available: Number = Field(ge=0.0)
    marginal_tax_rate: Number = Field(ge=0.0, lt=1.0)


class FinancingKind(StrEnum):
    """A loan paid off in equal months, or a card that forgives interest if it is cleared in time."""

    LOAN = "loan"
    DEFERRED_INTEREST = "deferred_interest"


class Financing(Model):
    """How what is not paid from ``down_payment`` is borrowed, over how many months."""

    kind: FinancingKind
    apr: Parameter
    months: int = Field(ge=1, le=360, strict=True)
    down_payment: Number = Field(default=0.0, ge=0.0)


class Patient(Model):
    """Whose card it is, the day of the decision, and what a treatment costs beside the medical bill.

    ``out_of_network`` names treatments that others than the plan's network give; ``budget`` is the
    most that the patient can pay, USD; ``written_estimates`` are USD by treatment. What is left
    out of ``travel``, ``work``, ``account`` and ``financing`` makes no line.
    """

    label: Text
    decision_date: Day
    kind_of_pain: KindOfPain = KindOfPain.NOT_SURE
    plan_year_start: str = "01-01"
    tier: Tier = Tier.INDIVIDUAL
    met: Met = Met()
    out_of_network: tuple[Name, ...] = ()
    budget: Number | None = Field(default=None, ge=0.0)
    written_estimates: dict[Name, Number] = {}
    travel: Travel | None = None
    work: Work | None = None
    kind_of_work: KindOfWork = KindOfWork.DESK
    account: Account | None = None
    financing: Financing | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Patient:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", self.plan_year_start):
            what = f"{self.plan_year_start!r} is no day of the year"
            yield Fault(("plan_year_start",), what, 'Write month and day, quoted: "01-01".')
        if self.tier is Tier.FAMILY:
            for name in ("deductible", "out_of_pocket"):
                if getattr(self.met.family, name) < getattr(self.met, name):
                    what = "the family has paid less than the patient alone"
                    yield Fault(("met", "family", name), what, "What the patient paid counts for the family too.")
        if self.travel is not None and self.travel.per_mile.unit != "usd":
            yield Fault(("travel", "per_mile", "unit"), f"a mile in {self.travel.per_mile.unit}", "Give it in usd.")
        if self.financing is not None and self.financing.apr.unit != "apr":
            fix = "Give it as apr: 0.114 for 11.4 % a year."
            yield Fault(("financing", "apr", "unit"), f"interest in {self.financing.apr.unit}", fix)

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of the patient by its dotted path inside the file."""
        found: dict[str, Parameter] = {}
        if self.travel is not None:
            found["travel.per_mile"] = self.travel.per_mile
        if self.financing is not None:
            found["financing.apr"] = self.financing.apr
        return found

    def year_starting_after(self, day: date) -> date:
        """Return the first day after ``day`` on which a plan year begins."""
        month, of = map(int, self.plan_year_start.split("-"))
        start = date(day.year, month, of)
        return start if start > day else date(day.year + 1, month, of)
