"""A plan's row of the marketplace file Plan Attributes → its limits, around the benefits already found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import Problem
from .figures import Imported, Origin, left_out
from .table import Record, Table

__all__ = ["Found", "money_in", "whole_plan"]


class Found:
    """What comes of a plan's rows, and everything that is told about them."""

    def __init__(self) -> None:
        self.benefits: dict[str, dict[str, Any]] = {}
        self.other: dict[str, dict[str, Any]] = {}
        self.why: list[str] = []
        self.notes: list[str] = []
        self.not_held: list[str] = []
        self.problems: list[Problem] = []


def money_in(text: str) -> Decimal | None:
    """Return the amount of a cell such as ``$12000 per group``, None where none applies.

    Raises
    ------
    ValueError
        for any other text.
    """
    found = re.fullmatch(r"\$(\d{1,3}(?:,\d{3})+|\d+)(\.\d\d)?(?: per (?:person|group))?", text)
    if found is not None:
        return Decimal(found[1].replace(",", "") + (found[2] or ""))
    if text in ("", "Not Applicable", "per person not applicable", "per group not applicable"):
        return None
    raise ValueError(text)


@dataclass(frozen=True)
class _Attributes:
    """A plan's row of attributes, read figure by figure."""

    table: Table
    record: Record
    origin: Origin

    def money(self, column: str, label: str, *, needed: bool = False) -> dict[str, Any] | None:
        """Return a figure; where it is needed and the file has none, one that nobody knows."""
        text = self.record[column]
        try:
            value = money_in(text)
        except ValueError as error:
            fix = "It should read $1,500, or Not Applicable."
            raise self.table.wrong(self.record.row, column, f"{text!r} is no amount", fix) from error
        if value is None and not needed:
            return None
        section = f"Plan Attributes, {self.record['PlanId']}, {column}"
        return self.origin.figure(label, "usd", value, section, self.record.row)

    def limits(self, family: str, place: str, who: str) -> dict[str, Any]:
        """Return deductible and maximum of one tier, as far as the file has them."""
        labels = {
            "deductible": (f"{family}Ded{place}{who}", "Deductible"),
            "out_of_pocket_maximum": (f"{family}{place}{who}MOOP", "Out-of-pocket maximum"),
        }
        found = {}
        for name, (column, label) in labels.items():
            if (figure := self.money(column, f"{label}{_WHOSE[who]}")) is not None:
                found[name] = figure
        return found


_WHOSE = {
    "Individual": ", one person",
    "FamilyPerPerson": ", one member of a family",
    "FamilyPerGroup": ", the whole family",
}


def whole_plan(found: Found, table: Table, record: Record, origin: Origin, year: int) -> Imported:
    """Return the plan with its limits around its benefits."""
    row = _Attributes(table, record, origin.of(table.file, record["ImportDate"]))
    together = record["MedicalDrugDeductiblesIntegrated"] != "No"
    both = record["MedicalDrugMaximumOutofPocketIntegrated"] != "No"
    names = {"deductible": "TEHB" if together else "MEHB", "out_of_pocket_maximum": "TEHB" if both else "MEHB"}

    def limits(place: str, who: str) -> dict[str, Any]:
        found = {name: row.limits(family, place, who).get(name) for name, family in names.items()}
        return {name: each for name, each in found.items() if each is not None}

    own = limits("InnTier1", "Individual")
    data: dict[str, Any] = {
        "label": f"{record['PlanMarketingName']} ({record['PlanId']})",
        "short": record["PlanMarketingName"][:28].strip(),
        "year": year,
        "market": "commercial",
        "note": _note(record, found),
        **own,
    }
    if "deductible" not in own and any(each.get("deductible") for each in found.benefits.values()):
        data["deductible"] = row.money(f"{names['deductible']}DedInnTier1Individual", "Deductible", needed=True)
        found.notes.append("Some benefits have a deductible, and the file gives its amount nowhere: it is not known.")
    family = limits("InnTier1", "FamilyPerGroup")
    persons = limits("InnTier1", "FamilyPerPerson")
    if family or persons:
        rule = "embedded" if "deductible" in persons or "deductible" not in family else "aggregate"
        data["family"] = {"rule": rule, **family, **{f"person_{name}": each for name, each in persons.items()}}
    drugs = row.limits("DEHB", "InnTier1", "Individual")
    drugs = {name: each for name, each in drugs.items() if not (together if name == "deductible" else both)}
    parts = {"drugs": drugs, "second_tier": limits("InnTier2", "Individual")}
    data |= {key: part for key, part in parts.items() if part}
    if outside := limits("OutOfNet", "Individual"):
        data["out_of_network"] = outside
    elif any(each.get("out_of_network", {}).get("deductible") for each in found.benefits.values()):
        found.notes.append("No deductible of its own is given out of network: that of the network counts there.")
    _odd_attributes(record, found, row)
    data["benefits"] = found.benefits
    if found.other:
        why = f"CMS's rule for a pair of cells does not follow from their words: {'; '.join(found.why)}."
        data["other_reading"] = {"why": why, "benefits": found.other}
        found.notes.append(f"{why} Both readings are kept.")
    if not outside and not any("out_of_network" in each for each in found.benefits.values()):
        found.notes.append(_NOTHING_OUTSIDE)
        data["note"] += f" {_NOTHING_OUTSIDE}"
    return Imported(data, tuple(dict.fromkeys(found.notes)), tuple(found.not_held))


_NOTHING_OUTSIDE = "The files at hand say nothing of care out of network; it is taken as not covered."


def _odd_attributes(record: Record, found: Found, row: _Attributes) -> None:
    """Take in what few plans have, and name what the model does not hold."""
    days = record["InpatientCopaymentMaximumDays"]
    stay = found.benefits.get("inpatient_facility", {})
    section = f"Plan Attributes, {record['PlanId']}, InpatientCopaymentMaximumDays"
    if days not in ("", "0") and stay.get("copay_per") == "day":
        label = "Days that the copay of a stay is charged for"
        stay["copay_days"] = row.origin.figure(label, "days", float(days), section, record.row)
    drug = found.benefits.get("specialty_drugs", {})
    if "coinsurance" in drug and (most := row.money("SpecialtyDrugMaximumCoinsurance", "Most coinsurance, one drug")):
        drug["coinsurance_most"] = most
    for column in (
        "BeginPrimaryCareCostSharingAfterNumberOfVisits",
        "BeginPrimaryCareDeductibleCoinsuranceAfterNumberOfCopays",
        "HSAOrHRAEmployerContributionAmount",
    ):
        if record[column] not in ("", "0", "Not Applicable", "$0"):
            found.not_held.append(f"{column}: {record[column]}")
    combined = [name for name, text in record.cells.items() if "CombInnOon" in name and text.startswith("$")]
    found.not_held += [f"{name}: {record[name]} (in and out of network together)" for name in combined]
    if record["IsReferralRequiredForSpecialist"] == "Yes":
        found.not_held.append("A specialist needs a referral.")


def _note(record: Record, found: Found) -> str:
    hsa = " Fit for a health savings account." if record["IsHSAEligible"] == "Yes" else ""
    left = left_out(found.not_held)
    kind = " ".join(each for each in (record["MetalLevel"], record["PlanType"]) if each)
    who = record["IssuerMarketPlaceMarketingName"]
    return f"{kind} of {who}, {record['StateCode']}, {record['CSRVariationType']}.{hsa}{left}"
