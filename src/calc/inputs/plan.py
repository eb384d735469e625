"""A plan's benefit design, and the patient who has it: each figure a parameter with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field, model_validator

from .base import Day, Fault, Flag, Model, Number, Short, Text, refuse
from .claim import Market
from .parameter import Category, Parameter
from .recovery import Work

__all__ = ["Benefit", "Met", "Patient", "Plan"]


class Benefit(Model):
    """Cost sharing in one category; neither copay nor coinsurance means no charge.

    ``deductible`` says whether the deductible applies here, ``copay_first`` whether the copay is
    paid before the deductible instead of after it.
    """

    deductible: Flag
    copay: Parameter | None = None
    coinsurance: Parameter | None = None
    copay_first: Flag = False

    @model_validator(mode="after")
    def _units(self) -> Benefit:
        faults = []
        if self.copay is not None and self.copay.unit != "usd":
            faults.append(Fault(("copay", "unit"), f"a copay in {self.copay.unit}", "Give it in usd."))
        if self.coinsurance is not None and self.coinsurance.unit != "share":
            fix = "Give it as a share: 0.2 for 20 %."
            faults.append(Fault(("coinsurance", "unit"), f"coinsurance in {self.coinsurance.unit}", fix))
        if self.copay_first and (self.copay is None or not self.deductible):
            fix = "It needs a copay and a deductible that applies."
            faults.append(Fault(("copay_first",), "there is nothing to put the copay before", fix))
        refuse(faults)
        return self


class Plan(Model):
    """An insurance benefit design for one plan year, individual coverage, in-network care.

    ``market`` says which prices apply: a commercial plan's allowed amounts, Medicare's, or cash.
    A category without a benefit is not covered at all: the patient pays the cash price.
    """

    label: Text
    short: Short
    year: int = Field(ge=2020, le=2040, strict=True)
    market: Market
    deductible: Parameter | None = None
    out_of_pocket_maximum: Parameter | None = None
    benefits: dict[Category, Benefit] = {}
    note: Text | None = None

    @model_validator(mode="after")
    def _money(self) -> Plan:
        faults = [
            Fault((name, "unit"), f"the {name} is given in {parameter.unit}", "Give it in usd.")
            for name in ("deductible", "out_of_pocket_maximum")
            if (parameter := getattr(self, name)) is not None and parameter.unit != "usd"
        ]
        if self.market is Market.CASH and self.benefits:
            faults.append(
                Fault(("benefits",), "a plan that pays has the cash market", "Use 'commercial' or 'medicare'.")
            )
        if self.market is not Market.CASH and not self.benefits:
            faults.append(Fault(("market",), "a plan without benefits", "List 'benefits', or use 'market: cash'."))
        refuse(faults)
        return self

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of the plan by its dotted path inside the file."""
        found: dict[str, Parameter] = {}
        for name in ("deductible", "out_of_pocket_maximum"):
            if (parameter := getattr(self, name)) is not None:
                found[name] = parameter
        for category, benefit in self.benefits.items():
            for name in ("copay", "coinsurance"):
                if (parameter := getattr(benefit, name)) is not None:
                    found[f"benefits.{category}.{name}"] = parameter
        return found


class Met(Model):
    """What the patient has already paid in the running plan year, USD."""

    deductible: Number = Field(default=0.0, ge=0.0)
    out_of_pocket: Number = Field(default=0.0, ge=0.0)


class Patient(Model):
    """Whose card it is: the day of the decision and how far into the plan year that is."""

    label: Text
    decision_date: Day
    plan_year_start: str = "01-01"
    met: Met = Met()
    work: Work = Work.DESK
    note: Text | None = None

    @model_validator(mode="after")
    def _calendar(self) -> Patient:
        faults = []
        if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", self.plan_year_start):
            what = f"{self.plan_year_start!r} is no day of the year"
            faults.append(Fault(("plan_year_start",), what, 'Write month and day, quoted: "01-01".'))
        if self.met.out_of_pocket < self.met.deductible:
            what = "less paid out of pocket than towards the deductible"
            fix = "What was paid towards the deductible counts as out of pocket too."
            faults.append(Fault(("met", "out_of_pocket"), what, fix))
        refuse(faults)
        return self
