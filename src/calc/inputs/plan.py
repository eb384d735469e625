"""A plan's benefit design in the words of a Summary of Benefits and Coverage, each figure with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field, model_validator

from .base import Fault, Flag, Model, Name, Short, Text, refuse
from .claim import Market
from .coverage import CoverageStatus
from .parameter import Category, Parameter

__all__ = [
    "Benefit",
    "BenefitPeriod",
    "CopayPer",
    "Drugs",
    "Family",
    "FamilyRule",
    "OutOfNetwork",
    "Plan",
    "PriorAuthorization",
]

_UNITS = {
    "deductible": "money",
    "out_of_pocket_maximum": "money",
    "copay": "money",
    "coinsurance": "share",
    "coinsurance_most": "money",
    "copay_days": "time",
    "visits_before_deductible": "count",
    "visit_limit": "count",
    "reference_price": "money",
    "denied": "share",
    "delay": "time",
    "days": "time",
    "coverage": "share",
}
_USUAL = {"money": "usd", "share": "share: 0.2 for 20 %", "time": "days or weeks", "count": "sessions"}


class CopayPer(StrEnum):
    """What one copay is charged for; a stay is one service, however many days it has."""

    VISIT = "visit"
    DAY = "day"
    STAY = "stay"


class FamilyRule(StrEnum):
    """Whether one member's own limits count inside the family's, or the family's alone."""

    EMBEDDED = "embedded"
    AGGREGATE = "aggregate"


class _Part(Model):
    """A part of a plan that holds parameters, plain or in parts of its own."""

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of this part by its dotted path inside it."""
        found: dict[str, Parameter] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Parameter):
                found[name] = value
            elif isinstance(value, _Part):
                found |= {f"{name}.{path}": each for path, each in value.parameters().items()}
            elif isinstance(value, dict):
                for key, each in value.items():
                    inner = {"": each} if isinstance(each, Parameter) else each.parameters()
                    found |= {f"{name}.{key}.{path}".rstrip("."): one for path, one in inner.items()}
        return found

    @model_validator(mode="after")
    def _sound(self) -> _Part:
        refuse([*self._misfits(), *self._faults()])
        return self

    def _misfits(self) -> Iterator[Fault]:
        """Yield own parameters whose unit is of another dimension."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Parameter) and value.measure.dimension != _UNITS[name]:
                what = f"the {name.replace('_', ' ')} is given in {value.unit}"
                yield Fault((name, "unit"), what, f"Give it in {_USUAL[_UNITS[name]]}.")

    def _faults(self) -> Iterator[Fault]:
        """Yield what does not fit together."""
        yield from ()


class PriorAuthorization(_Part):
    """What asking first comes to: the chance of a no, and how long the answer delays the first session."""

    denied: Parameter
    delay: Parameter


class Benefit(_Part):
    """Cost sharing in one category; neither copay nor coinsurance means no charge.

    ``deductible`` says whether the deductible applies here, ``copay_first`` whether the copay is
    paid before the deductible instead of after it. A daily copay is charged for ``copay_days`` at
    most; the coinsurance of one service stops at ``coinsurance_most``. Visits are counted by plan
    year: the first ``visits_before_deductible`` are free of the deductible, those beyond
    ``visit_limit`` are not covered. Above ``reference_price`` the plan pays nothing.
    """

    deductible: Flag
    copay: Parameter | None = None
    copay_first: Flag = False
    copay_per: CopayPer = CopayPer.VISIT
    copay_days: Parameter | None = None
    coinsurance: Parameter | None = None
    coinsurance_most: Parameter | None = None
    visits_before_deductible: Parameter | None = None
    visit_limit: Parameter | None = None
    reference_price: Parameter | None = None
    prior_authorization: PriorAuthorization | None = None

    def _faults(self) -> Iterator[Fault]:
        if self.copay_first and (self.copay is None or not self.deductible):
            fix = "It needs a copay and a deductible that applies."
            yield Fault(("copay_first",), "there is nothing to put the copay before", fix)
        if self.copay_per is CopayPer.DAY and self.copay is None:
            yield Fault(("copay_per",), "there is no copay to charge by the day", "Add the copay.")
        if self.copay_days is not None and self.copay_per is not CopayPer.DAY:
            fix = "Write 'copay_per: day'."
            yield Fault(("copay_days",), "days are counted, but no copay is charged by the day", fix)
        if self.coinsurance_most is not None and self.coinsurance is None:
            fix = "Add the coinsurance, or leave 'coinsurance_most' out."
            yield Fault(("coinsurance_most",), "there is no coinsurance to stop", fix)
        if self.visits_before_deductible is not None and not self.deductible:
            fix = "Write 'deductible: true': it applies to the visits after these."
            yield Fault(("visits_before_deductible",), "no deductible applies here", fix)


class Family(_Part):
    """What the whole family owes a plan year, and whether each member's own limits stand inside it."""

    rule: FamilyRule = FamilyRule.EMBEDDED
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class Drugs(_Part):
    """Limits of their own for drugs; one that is left out is shared with medical care."""

    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class OutOfNetwork(_Part):
    """Care by others than the plan's: its coinsurance on the allowed amount; the rest of the bill is the patient's.

    Without a ``deductible`` of its own the plan's applies; without a maximum there is none.
    """

    coinsurance: Parameter
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None


class BenefitPeriod(_Part):
    """Medicare Part A: a deductible for each benefit period, which ends after ``days`` without inpatient care."""

    deductible: Parameter
    days: Parameter


class Plan(_Part):
    """An insurance benefit design for one plan year.

    ``market`` says which prices apply: a commercial plan's allowed amounts, Medicare's, or cash.
    A category without a benefit is not covered at all: the patient pays the cash price.
    ``deductible`` and ``out_of_pocket_maximum`` are one person's, in network, for medical care and
    drugs together unless ``drugs`` says otherwise. ``coverage`` is how this plan treats a treatment,
    where its own papers say so. ``benefit_period`` takes
    the deductible's place for inpatient facilities.
    """

    label: Text
    short: Short
    year: int = Field(ge=2020, le=2040, strict=True)
    market: Market
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None
    family: Family | None = None
    drugs: Drugs | None = None
    out_of_network: OutOfNetwork | None = None
    benefit_period: BenefitPeriod | None = None
    benefits: dict[Category, Benefit] = {}
    coverage: dict[Name, CoverageStatus] = {}
    note: Text | None = None

    def _faults(self) -> Iterator[Fault]:
        if self.market is Market.CASH and self.benefits:
            yield Fault(("benefits",), "a plan that pays has the cash market", "Use 'commercial' or 'medicare'.")
        if self.market is not Market.CASH and not self.benefits:
            yield Fault(("market",), "a plan without benefits", "List 'benefits', or use 'market: cash'.")
        if self.benefit_period is not None and not self._by_period():
            fix = "Give inpatient_facility a benefit with 'deductible: true'."
            yield Fault(("benefit_period",), "no benefit has the deductible of a benefit period", fix)

    def _by_period(self) -> bool:
        inpatient = self.benefits.get(Category.INPATIENT_FACILITY)
        return inpatient is not None and inpatient.deductible
