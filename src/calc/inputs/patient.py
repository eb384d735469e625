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

__all__ = ["Account", "FinancingKind", "LeftOf", "Limits", "Met", "Patient", "Remaining", "Tier", "Travel", "Work"]


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


class HospitalPeriod(Model):
    """Medicare Part A's benefit period: its deductible paid, USD, and days in hospital so far.

    ``ended`` is the last day in hospital, the day of the decision where it is left out;
    ``reserve_days`` of the lifetime's are used up for good.
    """

    deductible: Number = Field(default=0.0, ge=0.0)
    days: Number = Field(default=0.0, ge=0.0)
    ended: Day | None = None
    reserve_days: Number = Field(default=0.0, ge=0.0)


class Met(Limits):
    """What has been paid in the running plan year: own (medical), the whole family's, for drugs, out of network.

    Each counts where the plan has such a limit: ``family`` for family coverage, ``drugs`` where
    drugs have limits of their own, ``second_tier`` and ``out_of_network`` likewise.
    """

    family: Limits = Limits()
    drugs: Limits = Limits()
    second_tier: Limits = Limits()
    out_of_network: Limits = Limits()
    benefit_period: HospitalPeriod = HospitalPeriod()


class LeftOf(Model):
    """What is left of one deductible and one maximum, USD, where the insurer tells that and not what is met."""

    deductible: Number | None = Field(default=None, ge=0.0)
    out_of_pocket: Number | None = Field(default=None, ge=0.0)


class Remaining(LeftOf):
    """What is left in the running plan year, of the same limits as :class:`Met`; it goes before what is met."""

    family: LeftOf = LeftOf()
    drugs: LeftOf = LeftOf()
    second_tier: LeftOf = LeftOf()
    out_of_network: LeftOf = LeftOf()


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

    ``met`` or ``remaining`` say what of the plan's limits is used up, in whichever of the two ways
    the insurer tells it. ``out_of_network`` names treatments that others than the plan's network
    give, ``second_tier`` those given in its second tier. ``budget`` is the most that the patient
    can pay, USD; ``written_estimates`` are USD by treatment. What is left out of ``travel``,
    ``work``, ``account`` and ``financing`` makes no line.
    """

    label: Text
    decision_date: Day
    kind_of_pain: KindOfPain = KindOfPain.NOT_SURE
    plan_year_start: str = "01-01"
    tier: Tier = Tier.INDIVIDUAL
    met: Met = Met()
    remaining: Remaining = Remaining()
    out_of_network: tuple[Name, ...] = ()
    second_tier: tuple[Name, ...] = ()
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
        yield from self._told_twice()
        if self.tier is Tier.INDIVIDUAL and (self.met.family != Limits() or self.remaining.family != LeftOf()):
            where = "met" if self.met.family != Limits() else "remaining"
            what = "a family's figures for somebody alone on the card"
            yield Fault((where, "family"), what, "Write 'tier: family', or leave it out.")
        if self.tier is Tier.FAMILY and self.remaining.family == LeftOf():
            for name in ("deductible", "out_of_pocket"):
                if getattr(self.met.family, name) < getattr(self.met, name):
                    what = "the family has paid less than the patient alone"
                    yield Fault(("met", "family", name), what, "What the patient paid counts for the family too.")
        if self.travel is not None and self.travel.per_mile.unit != "usd":
            yield Fault(("travel", "per_mile", "unit"), f"a mile in {self.travel.per_mile.unit}", "Give it in usd.")
        if self.financing is not None and self.financing.apr.unit != "apr":
            fix = "Give it as apr: 0.114 for 11.4 % a year."
            yield Fault(("financing", "apr", "unit"), f"interest in {self.financing.apr.unit}", fix)

    def _told_twice(self) -> Iterator[Fault]:
        for path, met, left in self.limits():
            for name in ("deductible", "out_of_pocket"):
                if getattr(met, name) > 0.0 and getattr(left, name) is not None:
                    what = "this is told as met and as what is left"
                    yield Fault(("remaining", *path, name), what, "Give one of the two.")

    def limits(self) -> Iterator[tuple[tuple[str, ...], Limits, LeftOf]]:
        """Yield what is met and what is left by the path inside ``met`` and ``remaining``: () is one's own."""
        yield (), self.met, self.remaining
        for part in ("family", "drugs", "second_tier", "out_of_network"):
            yield (part,), getattr(self.met, part), getattr(self.remaining, part)

    @property
    def card(self) -> Patient:
        """The patient as their insurance card and its letters know them: nothing that no plan asks for."""
        return Patient(
            label="card",
            decision_date=self.decision_date,
            plan_year_start=self.plan_year_start,
            tier=self.tier,
            met=self.met,
            remaining=self.remaining,
        )

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of the patient by its dotted path inside the file."""
        found: dict[str, Parameter] = {}
        if self.travel is not None:
            found["travel.per_mile"] = self.travel.per_mile
        if self.financing is not None:
            found["financing.apr"] = self.financing.apr
        return found

    def waiting_until(self, day: date) -> Patient:
        """Return this patient deciding on a day of a later plan year, in which nothing is met yet.

        A benefit period knows no calendar: what is met of it stays, and its end stays where it was.
        """
        period = self.met.benefit_period
        ended = period.ended or self.decision_date
        met = Met(benefit_period=period.model_copy(update={"ended": ended}))
        return self.model_copy(update={"decision_date": day, "met": met, "remaining": Remaining()})

    def year_starting_after(self, day: date) -> date:
        """Return the first day after ``day`` on which a plan year begins."""
        month, of = map(int, self.plan_year_start.split("-"))
        start = date(day.year, month, of)
        return start if start > day else date(day.year + 1, month, of)
