"""A FHIR InsurancePlan in the profile of a Summary of Benefits (CARIN Digital Insurance Card) → a plan file.

Vocabulary: HL7/carin-digital-insurance-card, SBCInsurancePlan. A service that is not covered carries
the value 0, like one that is free: the type's words decide. No field says whether the deductible
applies to a service, so both readings are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem, did_you_mean
from .figures import Imported, Origin, left_out

__all__ = ["plan_of_fhir"]

#: codes of SBCBenefitCategoryCS, and the categories that each stands for
_CATEGORIES: Mapping[str, str] = {
    "primary-care-visit": "primary_care_visit",
    "specialist-visit": "specialist_visit",
    "urgent-care": "urgent_care",
    "emergency-room-care": "emergency_room",
    "emergency-medical-transportation": "ambulance",
    "diagnostic-test": "diagnostic_test",
    "imaging": "imaging",
    "outpatient-surgery-facility": "outpatient_procedure",
    "outpatient-surgery-physician": "outpatient_professional",
    "hospital-inpatient": "inpatient_facility",
    "hospital-inpatient-facility": "inpatient_facility",
    "hospital-inpatient-physician": "inpatient_professional",
    "skilled-nursing-care": "skilled_nursing",
    "home-health-care": "home_health",
    "rehabilitation-services": "therapy_visit",
    "mental-health-outpatient": "psychological_care",
    "generic-drugs": "generic_drugs",
    "preferred-brand-drugs": "preferred_brand_drugs",
    "non-preferred-brand-drugs": "non_preferred_brand_drugs",
    "specialty-drugs": "specialty_drugs",
    "durable-medical-equipment": "medical_equipment",
}
_GENERAL: Mapping[str, tuple[str, ...]] = {
    "individual deductible": ("deductible",),
    "family deductible": ("family", "deductible"),
    "individual out-of-pocket maximum": ("out_of_pocket_maximum",),
    "family out-of-pocket maximum": ("family", "out_of_pocket_maximum"),
}


class _Reader:
    """One resource being read: problems and what is not held, all at once."""

    def __init__(self, file: Path, origin: Origin) -> None:
        self.file, self.origin = file, origin
        self.problems: list[Problem] = []
        self.not_held: list[str] = []
        self.notes: list[str] = []

    def wrong(self, path: str, what: str, fix: str) -> None:
        self.problems.append(Problem(str(self.file), path, what, fix))

    def amount(self, given: Any, path: str) -> Decimal | None:
        value = given.get("value") if isinstance(given, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            self.wrong(path, f"{value!r} is no amount", "Write a number from 0.")
            return None
        return Decimal(str(value))


def plan_of_fhir(resource: Mapping[str, Any], file: Path, origin: Origin, year: int) -> Imported:
    """Return the plan of an InsurancePlan, alone or in a Bundle.

    Raises
    ------
    ParameterFileError
    """
    found = [resource] if resource.get("resourceType") == "InsurancePlan" else list(_in_bundle(resource))
    reader = _Reader(file, origin)
    if len(found) != 1 or len(found[0].get("plan", ())) != 1:
        reader.wrong("InsurancePlan", f"{len(found)} insurance plans", "Give a file with one, and one plan in it.")
        raise ParameterFileError(reader.problems)
    whole = found[0]
    plan = whole["plan"][0]
    starts = str(whole.get("period", {}).get("start", ""))[:4]
    if starts and starts != str(year):
        reader.wrong("InsurancePlan.period.start", f"a plan of {starts}", f"Say --year {starts}.")
    name = str(whole.get("name", "Plan"))
    data: dict[str, Any] = {"label": name, "short": name[:28].strip(), "year": year, "market": "commercial"}
    _general(plan, data, reader)
    benefits, other = _specific(plan, reader)
    for coverage in whole.get("coverage", ()):
        for benefit in coverage.get("benefit", ()):
            for words in (benefit.get("requirement"), *_limitations(benefit)):
                if words:
                    reader.not_held.append(f"{_code(benefit.get('type'))}: {words}")
    data["benefits"] = benefits
    if other and "deductible" in data:
        why = "The resource does not say whether the deductible applies to a service: read as not, and as it does."
        data["other_reading"] = {"why": why, "benefits": other}
        reader.notes.append(f"{why} Both readings are kept; ask the plan.")
    if reader.problems:
        raise ParameterFileError(reader.problems)
    left = left_out(reader.not_held)
    data["note"] = f"From a FHIR InsurancePlan, {file.name}.{left}"
    return Imported(data, tuple(reader.notes), tuple(reader.not_held))


def _in_bundle(bundle: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in bundle.get("entry", ()):
        if entry.get("resource", {}).get("resourceType") == "InsurancePlan":
            yield entry["resource"]


def _general(plan: Mapping[str, Any], data: dict[str, Any], reader: _Reader) -> None:
    """Take in deductibles and maximums."""
    for index, cost in enumerate(plan.get("generalCost", ())):
        path = f"InsurancePlan.plan.generalCost[{index}]"
        words = str(cost.get("type", {}).get("text", ""))
        place = _GENERAL.get(words.lower())
        outside = re.search(r"out[- ]of[- ]network", f"{words} {cost.get('comment', '')}".lower())
        if place is None or outside:
            reader.not_held.append(f"{words}: {cost.get('cost', {}).get('value')}")
            continue
        value = reader.amount(cost.get("cost"), f"{path}.cost")
        if value is not None:
            figure = reader.origin.figure(words, "usd", value, words, path)
            (data if len(place) == 1 else data.setdefault("family", {}))[place[-1]] = figure


def _specific(plan: Mapping[str, Any], reader: _Reader) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the benefits, and how they read where the deductible applies to each."""
    found: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for index, cost in enumerate(plan.get("specificCost", ())):
        code = _code(cost.get("category"))
        category = _CATEGORIES.get(code)
        for number, benefit in enumerate(cost.get("benefit", ())):
            path = f"InsurancePlan.plan.specificCost[{index}].benefit[{number}]"
            reader.not_held += [f"{code}: {words}" for words in _limitations(benefit) if "waived" not in words.lower()]
            if category is None:
                reader.not_held.append(f"{code} (no category)")
                continue
            places = dict(_places(benefit, path, code, reader))
            own = places.get("in-network")
            if own is None:
                reader.wrong(f"{path}.cost", "nothing is said of care in the network", "Ask for the whole resource.")
                continue
            waived = any("waived if admitted" in words.lower() for words in _limitations(benefit))
            if own.get("covered", True) and "copay" in own and waived:
                own["copay_waived_if_admitted"] = True
            if own.get("covered", True) and "out-of-network" in places:
                own["out_of_network"] = places["out-of-network"]
            found[category] = own
            if own.get("covered", True):
                other[category] = own | {"deductible": True}
    return found, other


def _places(benefit: Mapping[str, Any], path: str, code: str, reader: _Reader) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the terms of one service by where it is given."""
    by_place: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for index, cost in enumerate(benefit.get("cost", ())):
        place = _code(cost.get("applicability")) or "in-network"
        by_place.setdefault(place, []).append((f"{path}.cost[{index}]", cost))
    for place, costs in by_place.items():
        terms: dict[str, Any] = {"deductible": False}
        for where, cost in costs:
            words = str(cost.get("type", {}).get("text", "")).strip().lower()
            if words == "not covered":  # whatever its value: it is 0 in the profile's own example
                terms = {"covered": False}
            elif words == "deductible":
                terms["deductible"] = True
            elif words in ("copayment", "copay", "coinsurance"):
                terms |= _share(words, cost, where, code, reader)
            elif words != "no charge":
                known = ("Copayment", "Coinsurance", "No charge", "Not covered", "Deductible")
                reader.wrong(f"{where}.type.text", f"{words!r} is no kind of cost", did_you_mean(words, known))
        yield place, terms


def _share(words: str, cost: Mapping[str, Any], where: str, code: str, reader: _Reader) -> dict[str, Any]:
    value = reader.amount(cost.get("value"), f"{where}.value")
    if value is None:
        return {}
    percent = words == "coinsurance"
    unit = str(cost.get("value", {}).get("unit", "%" if percent else "USD"))
    if (unit == "%") != percent:
        reader.wrong(f"{where}.value.unit", f"a {words} in {unit}", "A copayment is in USD, a coinsurance in %.")
        return {}
    label = f"{'Coinsurance' if percent else 'Copay'}, {code.replace('-', ' ')}"
    figure = reader.origin.figure(label, "share" if percent else "usd", value / 100 if percent else value, label, where)
    return {"coinsurance" if percent else "copay": figure}


def _code(concept: Any) -> str:
    for coding in (concept or {}).get("coding", ()):
        if coding.get("code"):
            return str(coding["code"])
    return str((concept or {}).get("text", ""))


def _limitations(part: Mapping[str, Any]) -> Iterator[str]:
    for extension in part.get("extension", ()):
        if "limitation" in str(extension.get("url", "")).lower() and extension.get("valueString"):
            yield str(extension["valueString"])
