"""A billing bundle: the codes that one price item of a treatment is billed under, by place and by part."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from ..errors import did_you_mean
from ..units import Unit
from .base import Fault, Model, Name, Number, Text, refuse
from .claim import Claim

__all__ = ["BilledLine", "Bundle", "Need", "Part", "Place"]


class Place(StrEnum):
    """Where a service is given, which decides who bills for it."""

    OFFICE = "office"
    SURGERY_CENTER = "surgery_center"
    HOSPITAL = "hospital"


class Part(StrEnum):
    """Whose bill a line is: the physician's or therapist's, the facility's, or one bill for both."""

    PROFESSIONAL = "professional"
    FACILITY = "facility"
    BOTH = "both"


class Need(StrEnum):
    """Whether a line is on every such bill, or on some."""

    REQUIRED = "required"
    POSSIBLE = "possible"


#: a code with the list it is of; CPT stands for level I of HCPCS
BillingCode = Annotated[str, StringConstraints(pattern=r"^(CPT [0-9]{4}[0-9A-Z]|HCPCS [A-Z][0-9]{4}|MS-DRG [0-9]{3})$")]
Modifier = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]


class BilledLine(Model):
    """One line of the bill.

    ``codes`` are alternatives, of which one is billed; so are ``units``, each as likely as the others.
    ``claims`` price this line alone, USD for one unit, where a price file lacks it. ``source`` with its
    ``section`` says that it is billed so; without one, ``assumption`` gives the reason.
    """

    label: Text
    codes: tuple[BillingCode, ...] = Field(min_length=1)
    part: Part
    places: tuple[Place, ...] = Field(min_length=1)
    need: Need = Need.REQUIRED
    units: tuple[Annotated[Number, Field(gt=0.0, le=100.0)], ...] = Field(default=(1.0,), min_length=1)
    modifiers: frozenset[Modifier] = frozenset()
    claims: tuple[Claim, ...] = ()
    source: Text | None = None
    section: Text | None = None
    assumption: Text | None = None

    @model_validator(mode="after")
    def _grounded(self, info: ValidationInfo) -> BilledLine:
        refuse(self._faults((info.context or {}).get("sources")))
        return self

    def _faults(self, known: frozenset[str] | None) -> Iterator[Fault]:
        if self.source is None and self.assumption is None:
            fix = "Name a 'source' with its 'section', or give the reason under 'assumption'."
            yield Fault((), "nobody is named who bills it so", fix)
        if self.source is not None and self.section is None:
            yield Fault(("source",), "a source without its section", "Add 'section': where on the page it stands.")
        if self.source is not None and known is not None and self.source not in known:
            what = f"there is no source {self.source!r} under params/sources"
            yield Fault(("source",), what, did_you_mean(self.source, known))
        for index, claim in enumerate(self.claims):
            if claim.model_dump()["reading"] == "unknown":
                yield Fault(("claims", index), "an unknown price of a line", "Leave the claim out.")
            for fault in claim.misfits(Unit.USD):
                yield Fault(("claims", index, *fault.path), fault.what, fault.fix)


#: the lines of each price item
Bundle = dict[Name, tuple[BilledLine, ...]]
