"""A plan's benefit design in the words of a Summary of Benefits and Coverage, each figure with its source."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum

from pydantic import Field

from ..errors import listed
from .base import Fault, Flag, Name, Short, Text
from .benefit import Benefit, Part
from .claim import Market
from .coverage import CoverageStatus
from .parameter import Category, Parameter

__all__ = ["FamilyRule", "Plan"]

#: where a plan's papers have one line for two categories, the other one's benefit counts
_ONE_LINE = {
    Category.LABORATORY: Category.DIAGNOSTIC_TEST,
    Category.AMBULATORY_SURGERY_CENTER: Category.OUTPATIENT_PROCEDURE,
    Category.OUTPATIENT_PROCEDURE: Category.AMBULATORY_SURGERY_CENTER,
}


class FamilyRule(StrEnum):
    """Whether one member's own limits count inside the family's, or the family's alone."""

    EMBEDDED = "embedded"
    AGGREGATE = "aggregate"


class Family(Part):
    """What the whole family owes a plan year, and what one of its members does.

    ``deductible`` and ``out_of_pocket_maximum`` are the group's. One member's own are
    ``person_deductible`` and ``person_out_of_pocket_maximum``, where they are not the plan's. Under
    an aggregate rule no member has a deductible of their own; a maximum of their own each always has.
    """

    rule: FamilyRule = FamilyRule.EMBEDDED
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None
    person_deductible: Parameter | None = None
    person_out_of_pocket_maximum: Parameter | None = None

    def _faults(self) -> Iterator[Fault]:
        if self.rule is FamilyRule.AGGREGATE and self.person_deductible is not None:
            what = "one member's deductible under a rule that knows only the family's"
            yield Fault(("person_deductible",), what, "Write 'rule: embedded', or leave it out.")


class Drugs(Part):
    """Limits of their own for drugs; one that is left out is shared with medical care."""

    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class SecondTier(Part):
    """Limits of their own in the second tier of the network; one that is left out is shared with the first."""

    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class OutOfNetwork(Part):
    """Care by others than the plan's; what its part of the allowed amount leaves of the bill is the patient's.

    ``coinsurance`` counts for each benefit that says nothing else; without one only those benefits
    that have an ``out_of_network`` of their own are covered. Without a ``deductible`` of its own the
    plan's applies; without a maximum there is none.
    """

    coinsurance: Parameter | None = None
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class BenefitPeriod(Part):
    """Medicare Part A: a deductible for each benefit period, which ends after ``days`` without inpatient care.

    After ``full_days`` in hospital each of the next ``daily_days`` costs ``daily_copay``, then each of a
    lifetime's ``reserve_days`` costs ``reserve_copay``; later days are not covered.
    """

    deductible: Parameter
    days: Parameter
    full_days: Parameter | None = None
    daily_copay: Parameter | None = None
    daily_days: Parameter | None = None
    reserve_copay: Parameter | None = None
    reserve_days: Parameter | None = None

    def _faults(self) -> Iterator[Fault]:
        names = ("full_days", "daily_copay", "daily_days", "reserve_copay", "reserve_days")
        missing = [name for name in names if getattr(self, name) is None]
        if missing and len(missing) < len(names):
            yield Fault((), f"long stays are told in part: {listed(missing)} missing", "Give all five, or none.")


class OtherReading(Part):
    """What the plan's papers may mean as well: the benefits that then differ, and why."""

    why: Text
    benefits: dict[Category, Benefit] = Field(min_length=1)


class Plan(Part):
    """An insurance benefit design for one plan year.

    ``market`` says which prices apply: a commercial plan's allowed amounts, Medicare's, or cash.
    A category without a benefit is not covered at all: the patient pays the cash price.
    ``deductible`` and ``out_of_pocket_maximum`` are one person's, in network, for medical care and
    drugs together unless ``drugs`` says otherwise. ``coverage`` is how this plan treats a treatment,
    where its own papers say so. ``benefit_period`` takes
    the deductible's place for inpatient facilities. ``surprise_bills_banned`` is false for a plan
    that is exempt from the federal rule on emergencies and hidden providers out of network.
    """

    label: Text
    short: Short
    year: int = Field(ge=2020, le=2040, strict=True)
    market: Market
    premium: Parameter | None = None
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None
    family: Family | None = None
    drugs: Drugs | None = None
    second_tier: SecondTier | None = None
    out_of_network: OutOfNetwork | None = None
    surprise_bills_banned: Flag = True
    benefit_period: BenefitPeriod | None = None
    benefits: dict[Category, Benefit] = {}
    other_reading: OtherReading | None = None
    coverage: dict[Name, CoverageStatus] = {}
    note: Text | None = None

    def benefit_for(self, category: Category) -> Category | None:
        """Return under which category's benefit a service falls, None where the plan lists none.

        One line of a plan's papers may stand for two categories (an ambulatory surgery center and a
        hospital's outpatient department, an x-ray and blood work): the listed one feeds the other.
        """
        if category in self.benefits:
            return category
        other = _ONE_LINE.get(category)
        return other if other in self.benefits else None

    def figures_for(
        self, categories: Collection[Category], *, family: bool, places: Collection[str] = ()
    ) -> Iterator[str]:
        """Yield the paths of the parameters that decide what services of these categories cost.

        ``family`` says whether the family's limits count; ``places`` which of ``second_tier`` and
        ``out_of_network`` are met beside the network's first tier.
        """
        listed = {self.benefit_for(each) for each in categories}
        counts = {
            "deductible": True,
            "out_of_pocket_maximum": True,
            "family": family,
            "drugs": any(each.is_drug for each in categories),
            "second_tier": "second_tier" in places,
            "out_of_network": "out_of_network" in places,
            "benefit_period": Category.INPATIENT_FACILITY in categories,
        }
        for path in self.parameters():
            head, *inner = path.split(".")
            if head != "benefits":
                if counts.get(head, False):
                    yield path
            elif inner[0] in listed and (len(inner) == 2 or inner[1] in places):
                yield path

    def as_otherwise_read(self) -> Plan | None:
        """Return the plan under the other reading of its papers, None where there is but one."""
        if self.other_reading is None:
            return None
        label = f"{self.label}, read the other way"
        changed = {"benefits": {**self.benefits, **self.other_reading.benefits}, "other_reading": None}
        return self.model_copy(update={**changed, "label": label, "short": f"{self.short[:19].strip()} (2nd way)"})

    def _faults(self) -> Iterator[Fault]:
        if self.market is Market.CASH and self.benefits:
            yield Fault(("benefits",), "a plan that pays has the cash market", "Use 'commercial' or 'medicare'.")
        if self.market is not Market.CASH and not self.benefits:
            yield Fault(("market",), "a plan without benefits", "List 'benefits', or use 'market: cash'.")
        if self.benefit_period is not None and not self._by_period():
            fix = "Give inpatient_facility a benefit with 'deductible: true'."
            yield Fault(("benefit_period",), "no benefit has the deductible of a benefit period", fix)
        if without := sorted(map(str, self._without_deductible())):
            what = f"the deductible applies to {listed(without)}, and its amount stands nowhere"
            fix = "Add 'deductible' with one person's amount: 0 if there is none, 'reading: unknown' if nobody says."
            yield Fault(("benefits", without[0], "deductible"), what, fix)

    def _without_deductible(self) -> Iterator[Category]:
        """Yield the categories whose deductible has no amount."""
        if self.deductible is not None:
            return
        for category, benefit in self.benefits.items():
            drugs = category.is_drug and self.drugs is not None and self.drugs.deductible is not None
            stays = category is Category.INPATIENT_FACILITY and self.benefit_period is not None
            if benefit.deductible and not drugs and not stays:
                yield category

    def _by_period(self) -> bool:
        inpatient = self.benefits.get(Category.INPATIENT_FACILITY)
        return inpatient is not None and bool(inpatient.deductible)
