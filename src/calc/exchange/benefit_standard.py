"""A Benefit Plan Standard document (JSON, versions 1.1 and 1.2) → a plan file.

Vocabulary: Benefit-Plan-Standard/benefit-plan-schema, its schema and examples. A cost share says by a
flag whether the deductible applies, so there is one reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem
from .figures import Imported, Origin, left_out
from .marketplace import CATEGORIES

__all__ = ["plan_of_standard"]

_KEYS: Mapping[str, str] = {
    "primary_care": "primary_care_visit",
    "specialist": "specialist_visit",
    "urgent_care": "urgent_care",
    "emergency_room": "emergency_room",
    "emergency_room_care": "emergency_room",
    "ambulance": "ambulance",
    "diagnostic_lab": "laboratory",
    "imaging_standard": "diagnostic_test",
    "imaging_advanced": "imaging",
    "outpatient_surgery_facility": "outpatient_procedure",
    "outpatient_surgery_professional": "outpatient_professional",
    "outpatient_surgery_physician": "outpatient_professional",
    "inpatient_hospital_facility": "inpatient_facility",
    "inpatient_hospital_physician": "inpatient_professional",
    "skilled_nursing_facility": "skilled_nursing",
    "home_health_care": "home_health",
    "rehabilitation_services": "therapy_visit",
    "chiropractic_care": "chiropractic",
    "acupuncture": "acupuncture",
    "mental_health_outpatient": "psychological_care",
    "generic_drugs": "generic_drugs",
    "preferred_brand_drugs": "preferred_brand_drugs",
    "nonpreferred_brand_drugs": "non_preferred_brand_drugs",
    "specialty_drugs": "specialty_drugs",
    "durable_medical_equipment": "medical_equipment",
}
_LIMITS: Mapping[str, tuple[str, ...]] = {
    "individual_deductible": ("deductible",),
    "individual_oop_max": ("out_of_pocket_maximum",),
    "family_deductible": ("family", "deductible"),
    "family_oop_max": ("family", "out_of_pocket_maximum"),
    "oon_individual_deductible": ("out_of_network", "deductible"),
    "oon_individual_oop_max": ("out_of_network", "out_of_pocket_maximum"),
}
_PER = {"per_day": "day", "per_stay": "stay"}


class _Reader:
    """One document being read: problems and what is not held, all at once."""

    def __init__(self, file: Path, origin: Origin) -> None:
        self.file, self.origin = file, origin
        self.problems: list[Problem] = []
        self.not_held: list[str] = []

    def amount(self, part: Mapping[str, Any], key: str, path: str, most: float = 1e7) -> Decimal | None:
        value = part.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            fix = f"Write a number from 0 to {most:g}."
            self.problems.append(Problem(str(self.file), f"{path}.{key}", f"{value!r} is no figure here", fix))
            return None
        return Decimal(str(value))


def plan_of_standard(document: Mapping[str, Any], file: Path, origin: Origin, year: int) -> Imported:
    """Return the plan of a document.

    Raises
    ------
    ParameterFileError
    """
    reader = _Reader(file, origin)
    if document.get("plan_year") not in (None, year):
        said = document["plan_year"]
        reader.problems.append(Problem(str(file), "plan_year", f"a plan of {said}", f"Say --year {said}."))
    name = str(document.get("plan_name", "Plan"))
    data: dict[str, Any] = {"label": name, "short": name[:28].strip(), "year": year, "market": "commercial"}
    _accumulators(document["accumulators"], data, reader)
    benefits: dict[str, Any] = {}
    for index, benefit in enumerate(document["benefits"]):
        _benefit(benefit, f"benefits[{index}]", benefits, reader)
    if reader.problems:
        raise ParameterFileError(reader.problems)
    data["benefits"] = benefits
    left = left_out(reader.not_held)
    data["note"] = (
        f"{document.get('plan_type', 'A plan')} of {document.get('carrier', 'an insurer')}, {file.name}.{left}"
    )
    return Imported(data, (), tuple(reader.not_held))


def _accumulators(given: Mapping[str, Any], data: dict[str, Any], reader: _Reader) -> None:
    for name, part in given.items():
        if not isinstance(part, dict):
            continue
        place = _LIMITS.get(name)
        if place is None:
            reader.not_held.append(f"{name}: {part.get('amount')}")
            continue
        value = reader.amount(part, "amount", f"accumulators.{name}")
        if value is None:
            continue
        figure = reader.origin.figure(name.replace("_", " "), "usd", value, name, f"accumulators.{name}")
        into = data if len(place) == 1 else data.setdefault(place[0], {})
        into[place[-1]] = figure
        if name == "family_deductible" and part.get("embedded") is False:
            into["rule"] = "aggregate"


def _benefit(benefit: Mapping[str, Any], path: str, found: dict[str, Any], reader: _Reader) -> None:
    key, label = str(benefit.get("canonical_key", "")), str(benefit.get("service_name", ""))
    category = _KEYS.get(key) or CATEGORIES.get(label)
    if category is None or category in found:
        reader.not_held.append(
            f"{label or key} ({'no category' if category is None else f'{category} is there already'})"
        )
        return
    places = dict(_places(benefit, path, label, reader))
    if "IN" not in places:
        reader.not_held.append(f"{label} (nothing is said of care in the network)")
        return
    own = places["IN"]
    if own.get("covered", True):
        own |= {
            name: places[tier] for tier, name in (("IN2", "second_tier"), ("OUT", "out_of_network")) if tier in places
        }
        if any(share.get("applies_to_moop") is False for share in _shares(benefit, "IN")):
            own["counts_to_maximum"] = False
    found[category] = own
    for limit in benefit.get("limits", ()):
        reader.not_held.append(f"{label}, limit: {limit.get('value')} {limit.get('type')} {limit.get('period')}")
    for condition in benefit.get("conditions", ()):
        reader.not_held.append(f"{label}: {condition.get('description', condition.get('type'))}")


def _shares(benefit: Mapping[str, Any], tier: str) -> Iterator[Mapping[str, Any]]:
    for place in benefit.get("network_cost_shares", ()):
        if place.get("tier_id") == tier:
            yield from place.get("cost_shares", ())


def _places(benefit: Mapping[str, Any], path: str, label: str, reader: _Reader) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the terms of a benefit by tier; a tier that is covered and says nothing more has none of its own."""
    for number, place in enumerate(benefit.get("network_cost_shares", ())):
        where, tier = f"{path}.network_cost_shares[{number}]", str(place.get("tier_id"))
        if place.get("covered") is False:
            yield tier, {"covered": False}
        elif place.get("cost_shares"):
            yield tier, _terms(place["cost_shares"], where, f"{label}, {tier}", reader)


def _terms(shares: list[Mapping[str, Any]], where: str, label: str, reader: _Reader) -> dict[str, Any]:
    terms: dict[str, Any] = {"deductible": any(share.get("applies_to_deductible") for share in shares)}
    for index, share in enumerate(sorted(shares, key=lambda each: each.get("sequence", 0))):
        path, kind = f"{where}.cost_shares[{index}]", share.get("type")
        if kind == "deductible":
            terms["deductible"] = True
            terms["copay_first"] = "copay" in terms
        elif kind == "copay":
            value = reader.amount(share, "amount", path)
            if value:
                terms["copay"] = reader.origin.figure(f"Copay, {label}", "usd", value, label, path)
                if share.get("basis") in _PER:
                    terms["copay_per"] = _PER[str(share["basis"])]
        elif kind == "coinsurance":
            value = reader.amount(share, "rate", path, most=1.0)
            if value:
                terms["coinsurance"] = reader.origin.figure(f"Coinsurance, {label}", "share", value, label, path)
        else:
            fix = "It should be 'copay', 'coinsurance' or 'deductible'."
            reader.problems.append(Problem(str(reader.file), f"{path}.type", f"{kind!r} is no kind of cost share", fix))
    if not terms.get("copay_first") or not terms["deductible"]:
        terms.pop("copay_first", None)
    return terms
