"""The CMS marketplace files of plans: one plan's rows → a plan file.

Two files tell of a plan: Benefits and Cost Sharing has a row a benefit, Plan Attributes a row a plan.
Vocabulary and traps: what a pair of strings means is in :mod:`calc.exchange.cost_share`; 100 % out of
network is "not covered"; deductible and maximum stand under TEHB where drugs are integrated, else under
MEHB and DEHB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import ParameterFileError, Problem, did_you_mean
from .cost_share import CostShare, Shared, readings_of
from .figures import Imported, Origin
from .plan_attributes import Found, whole_plan
from .table import Record, Table

__all__ = ["CATEGORIES", "kind_of", "listed_plans", "plan_of"]

BENEFITS = ("PlanId", "BenefitName", "CopayInnTier1", "CoinsInnTier1")
ATTRIBUTES = ("PlanId", "PlanMarketingName", "PlanType", "MetalLevel")

#: a benefit's name in the file, and the category it stands for; the first name that a plan has counts
CATEGORIES: Mapping[str, str] = {
    "Primary Care Visit to Treat an Injury or Illness": "primary_care_visit",
    "Specialist Visit": "specialist_visit",
    "Urgent Care Centers or Facilities": "urgent_care",
    "Emergency Room Services": "emergency_room",
    "Emergency Transportation/Ambulance": "ambulance",
    "X-rays and Diagnostic Imaging": "diagnostic_test",
    "Laboratory Outpatient and Professional Services": "laboratory",
    "Imaging (CT/PET Scans, MRIs)": "imaging",
    "Outpatient Facility Fee (e.g., Ambulatory Surgery Center)": "outpatient_procedure",
    "Outpatient Surgery Physician/Surgical Services": "outpatient_professional",
    "Inpatient Hospital Services (e.g., Hospital Stay)": "inpatient_facility",
    "Inpatient Physician and Surgical Services": "inpatient_professional",
    "Skilled Nursing Facility": "skilled_nursing",
    "Home Health Care Services": "home_health",
    "Rehabilitative Occupational and Rehabilitative Physical Therapy": "therapy_visit",
    "Outpatient Rehabilitation Services": "therapy_visit",
    "Chiropractic Care": "chiropractic",
    "Acupuncture": "acupuncture",
    "Mental/Behavioral Health Outpatient Services": "psychological_care",
    "Generic Drugs": "generic_drugs",
    "Preferred Brand Drugs": "preferred_brand_drugs",
    "Non-Preferred Brand Drugs": "non_preferred_brand_drugs",
    "Specialty Drugs": "specialty_drugs",
    "Durable Medical Equipment": "medical_equipment",
}

_PERIODS = {"Year": "year", "Benefit Period": "benefit_period", "6 Months": "six_months", "Lifetime": "lifetime"}
_STAYS = {"Stay": "stay", "Admission": "stay"}
_VISITS = ("Visit(s)", "Visits", "Treatment(s)", "Treatments", "Procedure(s)", "Procedures")
_TIERS = (("InnTier2", "second_tier"), ("OutofNet", "out_of_network"))


def kind_of(table: Table) -> str:
    """Return which of the two files a table is: ``benefits`` or ``attributes``.

    Raises
    ------
    ParameterFileError
    """
    for kind, columns in (("benefits", BENEFITS), ("attributes", ATTRIBUTES)):
        if set(columns) <= set(table.header):
            return kind
    missing = sorted(set(BENEFITS) - set(table.header))
    near = did_you_mean(missing[0], table.header)
    fix = f"Give the file Benefits and Cost Sharing, or Plan Attributes, as CMS has it. {near}"
    raise table.wrong(1, missing[0], "this column is missing, so it is neither of the two files of plans", fix)


def listed_plans(attributes: Table, *, state: str = "", metal: str = "", search: str = "") -> Iterator[Record]:
    """Yield the medical plans of a file that fit: state and metal level whole, a part of the name or issuer."""
    for record in attributes.records():
        names = f"{record['PlanMarketingName']} {record['IssuerMarketPlaceMarketingName']}".lower()
        dental = record["DentalOnlyPlan"] == "Yes"
        right = not state or record["StateCode"].lower() == state.lower()
        right = right and (not metal or metal.lower() in record["MetalLevel"].lower())
        if right and not dental and search.lower() in names:
            yield record


@dataclass(frozen=True)
class _Cells:
    """One benefit's row as the importer sees it."""

    table: Table
    record: Record
    category: str
    origin: Origin
    label: str

    def figure(self, what: str, unit: str, value: Decimal | float) -> dict[str, Any]:
        section = f"Benefits and Cost Sharing, {self.record['PlanId']}, {self.record['BenefitName']}"
        origin = self.origin.of(self.table.file, self.record["ImportDate"])
        return origin.figure(f"{what}, {self.label}", unit, value, section, self.record.row)


def plan_of(
    benefits: tuple[Table, Sequence[Record]], attributes: tuple[Table, Record], *, origin: Origin, year: int
) -> Imported:
    """Return one plan of the two files.

    Parameters
    ----------
    benefits, attributes
        Each file with the plan's rows in it.
    origin
        What the claims name.
    year
        The plan year asked for.

    Raises
    ------
    ParameterFileError
        for every string that the grammar does not have, every pair that CMS's table does not have,
        every row of another year, with its row.
    """
    table, rows = benefits
    about, plan = attributes
    found = Found()
    for each, records in ((table, rows), (about, [plan])):
        found.problems += [
            _of_another_year(each, record) for record in records if record["BusinessYear"] not in ("", str(year))
        ]
    seen: dict[str, str] = {}
    for record in sorted(rows, key=lambda each: _place(each["BenefitName"])):
        name = record["BenefitName"]
        category = CATEGORIES.get(name)
        if category is None or category in seen:
            why = "no category" if category is None else f"{seen[category]} counts for {category}"
            if record["IsCovered"] != "Not Covered":
                found.not_held.append(f"{name} ({why})")
            continue
        seen[category] = name
        _benefit(_Cells(table, record, category, origin, name), found)
    if found.problems:
        raise ParameterFileError(found.problems)
    return whole_plan(found, about, plan, origin, year)


def _of_another_year(table: Table, record: Record) -> Problem:
    said = record["BusinessYear"]
    return Problem(f"{table.file}:{record.row}", "BusinessYear", f"a row of {said}", f"Say --year {said}.")


def _place(name: str) -> int:
    names = list(CATEGORIES)
    return names.index(name) if name in names else len(names)


def _benefit(cells: _Cells, found: Found) -> None:
    """Take one row in."""
    record, category = cells.record, cells.category
    if record["IsCovered"] == "Not Covered":
        found.benefits[category] = {"covered": False}
        return
    readings = _pair(cells, "InnTier1", found)
    if not readings:
        return
    first = _sharing(cells, readings[0])
    if record["IsExclFromInnMOOP"] == "Yes":
        first["counts_to_maximum"] = False
    first |= _limit(cells, found)
    for suffix, key in _TIERS:
        if f"Copay{suffix}" in record.cells and (part := _elsewhere(cells, suffix, found)) is not None:
            first[key] = part
    found.benefits[category] = first
    if len(readings) > 1:
        other = {name: each for name, each in first.items() if name not in _SHARED}
        found.other[category] = _sharing(cells, readings[1]) | other
        found.why.append(f"{record['CopayInnTier1']!r} with {record['CoinsInnTier1']!r} ({cells.label})")
    for column in ("Exclusions", "Explanation"):
        if text := record[column]:
            found.not_held.append(f"{cells.label}, {column.lower()}: {text}")


_SHARED = ("deductible", "copay", "copay_per", "copay_first", "coinsurance")


def _pair(cells: _Cells, suffix: str, found: Found) -> tuple[Shared, ...]:
    """Return what a pair of cells means; a problem is noted where it means nothing."""
    where = f"{cells.table.file}:{cells.record.row}"
    parsed = []
    for column in (f"Copay{suffix}", f"Coins{suffix}"):
        text = cells.record[column]
        share = CostShare.parse(text)
        if share is None:
            fix = "No such wording is known, so it is not guessed at; report it, or correct the row."
            found.problems.append(Problem(where, column, f"{text!r} is no cost share", fix))
        else:
            parsed.append(share)
            if share.deductible == "with":
                found.notes.append(f"{text!r} ({cells.label}): 'with deductible' is read as 'after deductible'.")
    if len(parsed) < 2:
        return ()
    readings = readings_of(*parsed)
    if not readings:
        what = f"{str(parsed[0])!r} with {str(parsed[1])!r} is no pair that CMS's rules know"
        found.problems.append(
            Problem(where, f"Copay{suffix}", what, "Ask the plan what is meant, and correct the row.")
        )
    return readings


def _sharing(cells: _Cells, shared: Shared) -> dict[str, Any]:
    """Return cost sharing as it stands in a plan's file."""
    part: dict[str, Any] = {"deductible": shared.deductible}
    if shared.copay is not None:
        part["copay"] = cells.figure("Copay", "usd", shared.copay)
        if shared.copay_first:
            part["copay_first"] = True
        if shared.copay_per != "visit":
            part["copay_per"] = shared.copay_per
    if shared.coinsurance is not None:
        part["coinsurance"] = cells.figure("Coinsurance", "share", shared.coinsurance)
    return part


def _elsewhere(cells: _Cells, suffix: str, found: Found) -> dict[str, Any] | None:
    """Return the terms of the second tier or out of network, None where the file has none."""
    copay, coins = cells.record[f"Copay{suffix}"], cells.record[f"Coins{suffix}"]
    empty = {"", "Not Applicable"}
    if copay in empty and coins in empty:
        return None if suffix == "InnTier2" else {"covered": False}
    if suffix == "OutofNet" and copay in empty and coins.startswith("100"):
        return {"covered": False}
    readings = _pair(cells, suffix, found)
    if len(readings) > 1:
        found.notes.append(f"{cells.label}, {suffix}: {copay!r} with {coins!r} is read by CMS's rule alone.")
    return _sharing(cells, readings[0]) if readings else None


def _limit(cells: _Cells, found: Found) -> dict[str, Any]:
    """Return the limit of a row, as far as the model holds such a one."""
    record = cells.record
    if record["QuantLimitOnSvc"] != "Yes" or not record["LimitQty"]:
        return {}
    thing, _, period = record["LimitUnit"].partition(" per ")
    told = f"{cells.label}, limit: {record['LimitQty']} {record['LimitUnit']}"
    try:
        quantity = Decimal(record["LimitQty"].replace(",", ""))
    except ArithmeticError:
        found.not_held.append(told)
        return {}
    if thing in _VISITS and period in _PERIODS:
        return {"visit_limit": cells.figure("Most visits", "sessions", quantity), "limit_per": _PERIODS[period]}
    if thing == "Days" and period in _PERIODS | _STAYS and cells.category in ("inpatient_facility", "skilled_nursing"):
        per = (_PERIODS | _STAYS)[period]
        return {"day_limit": cells.figure("Most days", "days", quantity), "limit_per": per}
    if thing.startswith("Dollar") and period in _PERIODS:
        return {"dollar_limit": cells.figure("Most that is paid", "usd", quantity), "limit_per": _PERIODS[period]}
    found.not_held.append(told)
    return {}
