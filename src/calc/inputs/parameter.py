"""A parameter: an uncertain input with its unit and every claim made about it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field, model_validator

from ..errors import listed
from ..units import Unit
from .base import Fault, Model, Text, UnitName, refuse
from .claim import Claim
from .pooling import FEWEST
from .readings import READINGS
from .readings.reading import Estimate

__all__ = ["Category", "Parameter", "Per", "Pool", "PriceItem"]


class Per(StrEnum):
    """What a price item is billed for."""

    ONCE = "once"  # at the first visit, whatever follows
    DIAGNOSTIC = "diagnostic"  # each diagnostic step
    COURSE = "course"  # each course, at its first session
    SESSION = "session"
    MONTH = "month"  # every month from the first session to the horizon


class Category(StrEnum):
    """Benefit categories, in the words of a Summary of Benefits and Coverage."""

    PRIMARY_CARE_VISIT = "primary_care_visit"
    SPECIALIST_VISIT = "specialist_visit"
    URGENT_CARE = "urgent_care"
    EMERGENCY_ROOM = "emergency_room"
    AMBULANCE = "ambulance"
    DIAGNOSTIC_TEST = "diagnostic_test"  # x-ray; blood work too, unless the plan lists a laboratory
    LABORATORY = "laboratory"
    IMAGING = "imaging"  # CT, PET, MRI
    AMBULATORY_SURGERY_CENTER = "ambulatory_surgery_center"
    OUTPATIENT_PROCEDURE = "outpatient_procedure"
    OUTPATIENT_PROFESSIONAL = "outpatient_professional"
    INPATIENT_FACILITY = "inpatient_facility"
    INPATIENT_PROFESSIONAL = "inpatient_professional"
    SKILLED_NURSING = "skilled_nursing"
    HOME_HEALTH = "home_health"
    THERAPY_VISIT = "therapy_visit"
    CHIROPRACTIC = "chiropractic"
    ACUPUNCTURE = "acupuncture"
    PSYCHOLOGICAL_CARE = "psychological_care"
    GENERIC_DRUGS = "generic_drugs"
    PREFERRED_BRAND_DRUGS = "preferred_brand_drugs"
    NON_PREFERRED_BRAND_DRUGS = "non_preferred_brand_drugs"
    SPECIALTY_DRUGS = "specialty_drugs"
    MEDICAL_EQUIPMENT = "medical_equipment"

    @property
    def is_drug(self) -> bool:
        """Whether a plan's limits for drugs count here."""
        return self.value.endswith("_drugs")

    @property
    def is_stay(self) -> bool:
        """Whether one service is a stay of one or more days."""
        return self in (Category.INPATIENT_FACILITY, Category.SKILLED_NURSING)


class Pool(StrEnum):
    """How several claims of one stance become one distribution, where they are not drawn in turn."""

    RANDOM_EFFECTS = "random_effects"


class Parameter(Model):
    """One uncertain number. Its name is its dotted path under ``params/``.

    ``pool`` joins the estimates of one stance (see :mod:`calc.inputs.pooling`); without it one of
    them is drawn in each world.
    """

    label: Text
    unit: UnitName
    claims: tuple[Claim, ...] = Field(min_length=1)
    pool: Pool | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> Parameter:
        unit = Unit.spelled(self.unit)
        faults = [
            Fault(("claims", index, *fault.path), fault.what, fault.fix)
            for index, claim in enumerate(self.claims)
            for fault in claim.misfits(unit)
        ]
        refuse([*faults, *self._poolable(unit)])
        return self

    def _poolable(self, unit: Unit) -> Iterator[Fault]:
        if self.pool is None:
            return
        if unit.dimension not in ("share", "money", "time"):
            yield Fault(("pool",), f"{self.unit} cannot be pooled", "Pool shares, money or time.")
            return
        sourced = [(index, claim) for index, claim in enumerate(self.claims) if claim.source]
        if len(sourced) < FEWEST:
            what = f"{len(sourced)} claims of sources cannot be pooled"
            yield Fault(("pool",), what, f"A prediction needs {FEWEST} at least; leave 'pool' out.")
        for index, claim in sourced:
            if not isinstance(claim.reading, Estimate):
                known = listed(name for name, kind in READINGS.items() if issubclass(kind, Estimate))
                what = f"a reading '{claim.reading.name}' cannot be pooled"
                yield Fault(("claims", index, "reading"), what, f"Pool estimates with their error: {known}.")

    @property
    def measure(self) -> Unit:
        """The parameter's :class:`~calc.units.Unit`."""
        return Unit.spelled(self.unit)


class PriceItem(Parameter):
    """A priced component of a course: billed how often, and under which benefit.

    ``days`` is how long a stay is, for plans that charge by the day.
    """

    per: Per
    category: Category
    days: Parameter | None = None

    @model_validator(mode="after")
    def _counted(self) -> PriceItem:
        if self.days is not None and self.days.measure.dimension != "time":
            refuse([Fault(("days", "unit"), f"a stay in {self.days.unit}", "Give it in days.")])
        return self
