"""A Summary of Benefits and Coverage typed in: its questions in its own order, and what an answer means.

The page's layout is federal (45 CFR 147.200). A cell that is silent on the deductible depends on the
issuer's habit, so both readings are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .figures import Imported, left_out

__all__ = ["QUESTIONS", "Question", "amounts_in", "plan_of_answers", "terms_in"]

_MONEY = r"\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d\d)?"


@dataclass(frozen=True)
class Question:
    """One cell of the page: its name, its words, where it stands, and what reads the answer."""

    name: str
    words: str
    where: str
    reads: Callable[[str], object]


@dataclass(frozen=True)
class _Terms:
    """What a cell says: None where it does not say it."""

    covered: bool = True
    copay: Decimal | None = None
    per: str = "visit"
    coinsurance: Decimal | None = None
    deductible: bool | None = None


_WORDS: tuple[tuple[str, str], ...] = (
    (
        "no_deductible",
        r"(?:the\s+)?(?:overall\s+)?deductible\s+(?:does\s+not|doesn't)\s+apply"
        r"|no\s+deductible|before\s+(?:the\s+)?deductible",
    ),
    ("deductible", r"(?:after|subject\s+to|with)\s+(?:the\s+)?deductible|deductible\s+applies"),
    ("not_covered", r"not\s+covered"),
    ("free", r"no\s+charge|free|nothing"),
    ("rate", r"(?P<rate>\d+(?:\.\d+)?)\s*%(?:\s*co-?insurance)?"),
    (
        "usd",
        rf"(?:{_MONEY})(?:\s*co-?pay(?:ment)?)?"
        r"(?:\s*(?:/|per|a)\s*(?P<per>visit|day|stay|admission|prescription|fill|test|trip))?",
    ),
    ("link", r"then|plus|and|[,;.+]"),
)  # fmt: skip


def terms_in(text: str) -> _Terms:
    """Return what a cell such as ``$40 copay/visit, deductible does not apply`` says.

    Raises
    ------
    ValueError
        naming what is not understood.
    """
    rest, found = text.strip().lower(), dict[str, re.Match[str]]()
    while rest:
        for name, pattern in _WORDS:  # noqa: B007  used once the loop has found it
            match = re.match(rf"(?:{pattern})\s*", rest)
            if match is not None:
                break
        else:
            raise ValueError(
                f"{rest!r} is not understood; write $40, 20 %, no charge or not covered, and the deductible"
            )
        if name in found and name != "link":
            raise ValueError(f"{match[0].strip()!r} is a second figure of its kind; give one")
        found[name] = match
        rest = rest[match.end() :]
    if not {"not_covered", "free", "rate", "usd"} & set(found):
        raise ValueError("nothing is said of what you pay; write $40, 20 %, no charge or not covered")
    if {"deductible", "no_deductible"} <= set(found):
        raise ValueError("the deductible cannot both apply and not apply")
    rate = Decimal(found["rate"]["rate"]) / 100 if "rate" in found else None
    if rate is not None and rate > 1:
        raise ValueError(f"{rate * 100} % is more than the whole")
    usd = found.get("usd")
    per = {"day": "day", "stay": "stay", "admission": "stay"}.get((usd["per"] or "") if usd else "", "visit")
    said = True if "deductible" in found else False if "no_deductible" in found else None
    copay = Decimal(usd[1].replace(",", "") + (usd[2] or "")) if usd else None
    return _Terms("not_covered" not in found, copay, per, rate, said)


def amounts_in(text: str) -> tuple[Decimal, Decimal | None]:
    """Return one person's amount and the family's, of an answer such as ``$1,500 / $3,000``.

    Raises
    ------
    ValueError
    """
    match = re.fullmatch(rf"\s*{_MONEY}\s*(?:(?:/|,?\s+)\s*{_MONEY}\s*)?", text)
    if match is None:
        raise ValueError("write one person's amount, or one person's / the family's: $1,500 / $3,000")
    first, second = ((match[at] or "").replace(",", "") + (match[at + 1] or "") for at in (1, 3))
    return Decimal(first), Decimal(second) if second else None


_TOP = "first page, Important Questions"


def _event(name: str, words: str, event: str) -> Question:
    return Question(name, words, f"second page on, Common Medical Event: If you {event}", terms_in)


QUESTIONS: tuple[Question, ...] = (
    Question("deductible", "What is the overall deductible? (one person / family; 0 if none)", _TOP, amounts_in),
    Question("drugs", "Are there other deductibles for specific services? (for drugs, if any)", _TOP, amounts_in),
    Question(
        "out_of_pocket_maximum",
        "What is the out-of-pocket limit for this plan? (one person / family)",
        _TOP,
        amounts_in,
    ),
    Question(
        "out_of_network",
        "Will you pay less if you use a network provider? (your usual share out of network)",
        f"{_TOP}; the share stands in the column Out-of-Network Provider",
        terms_in,
    ),
    _event("primary_care_visit", "Primary care visit to treat an injury or illness", "visit a provider's office"),
    _event("specialist_visit", "Specialist visit", "visit a provider's office"),
    _event("diagnostic_test", "Diagnostic test (x-ray, blood work)", "have a test"),
    _event("imaging", "Imaging (CT/PET scans, MRIs)", "have a test"),
    _event("generic_drugs", "Generic drugs", "need drugs"),
    _event("outpatient_procedure", "Facility fee (e.g., ambulatory surgery center)", "have outpatient surgery"),
    _event("outpatient_professional", "Physician/surgeon fees", "have outpatient surgery"),
    _event("emergency_room", "Emergency room care", "need immediate medical attention"),
    _event("inpatient_facility", "Facility fee (e.g., hospital room)", "have a hospital stay"),
    _event("inpatient_professional", "Physician/surgeon fees", "have a hospital stay"),
    _event("therapy_visit", "Rehabilitation services", "need help recovering"),
)
_PLAN_WIDE = ("deductible", "drugs", "out_of_pocket_maximum", "out_of_network")


def plan_of_answers(answers: Mapping[str, str], *, label: str, year: int) -> Imported:
    """Return the plan that the answers tell of; what was left open is told.

    Parameters
    ----------
    answers
        By a question's name, the page's own words; nothing where the question was passed over.
    """
    given = {each.name: each for each in QUESTIONS if answers.get(each.name, "").strip()}
    data: dict[str, Any] = {"label": label, "short": label[:28].strip(), "year": year, "market": "commercial"}
    read = {name: question.reads(answers[name]) for name, question in given.items()}
    data |= _limits(read)
    terms = {name: each for name, each in read.items() if name not in _PLAN_WIDE and isinstance(each, _Terms)}
    none = "deductible" in read and not read["deductible"][0]  # type: ignore[index]
    data["benefits"] = {name: _benefit(name, each, silent=False) for name, each in terms.items()}
    silent = [name for name, each in terms.items() if each.covered and each.deductible is None and not none]
    notes = []
    if silent:
        why = f"The page does not say whether the deductible applies to {', '.join(silent)}."
        data["other_reading"] = {
            "why": f"{why} Read as not, and as it does.",
            "benefits": {name: _benefit(name, terms[name], silent=True) for name in silent},
        }
        notes.append(f"{why} Both readings are kept, and every comparison of plans shows both; ask the insurer.")
    if "deductible" not in data and _any_deductible(data):
        data["deductible"] = _figure("Deductible, one person", "usd", None, "Deductible")
        notes.append("A deductible applies, and its amount was left open: it is not known.")
    left = [f"{each.words} ({each.name})" for each in QUESTIONS if each.name not in given]
    data["note"] = f"Typed in from a Summary of Benefits and Coverage.{left_out(left)}"
    return Imported(data, tuple(notes), tuple(left))


def _any_deductible(data: Mapping[str, Any]) -> bool:
    benefits = [*data["benefits"].values(), *data.get("other_reading", {}).get("benefits", {}).values()]
    return any(each.get("deductible") for each in benefits)


def _limits(read: Mapping[str, object]) -> dict[str, Any]:
    """Return the limits of the plan, and its share out of network."""
    found: dict[str, Any] = {}
    for name, label in (("deductible", "Deductible"), ("out_of_pocket_maximum", "Out-of-pocket limit")):
        if isinstance(amounts := read.get(name), tuple):
            found[name] = _figure(f"{label}, one person", "usd", amounts[0], label)
            if amounts[1] is not None:
                found.setdefault("family", {})[name] = _figure(f"{label}, family", "usd", amounts[1], label)
    if isinstance(amounts := read.get("drugs"), tuple):
        found["drugs"] = {"deductible": _figure("Deductible for drugs", "usd", amounts[0], "Other deductibles")}
    outside = read.get("out_of_network")
    if isinstance(outside, _Terms) and outside.covered and outside.coinsurance is not None:
        share = _figure("Coinsurance out of network", "share", outside.coinsurance, "Out-of-Network Provider")
        found["out_of_network"] = {"coinsurance": share}
    return found


def _benefit(name: str, terms: _Terms, *, silent: bool) -> dict[str, Any]:
    """Return a benefit as it stands in a plan's file; ``silent`` is what counts where the page does not say."""
    if not terms.covered:
        return {"covered": False}
    part: dict[str, Any] = {"deductible": silent if terms.deductible is None else terms.deductible}
    words = name.replace("_", " ")
    if terms.copay:
        part["copay"] = _figure(f"Copay, {words}", "usd", terms.copay, words)
        if terms.per != "visit":
            part["copay_per"] = terms.per
    if terms.coinsurance:
        part["coinsurance"] = _figure(f"Coinsurance, {words}", "share", terms.coinsurance, words)
    return part


def _figure(label: str, unit: str, value: Decimal | None, cell: str) -> dict[str, Any]:
    if value is None:
        return {"label": label, "unit": unit, "claims": [{"reading": "unknown", "note": "It was left open."}]}
    number = float(value)
    plain = int(number) if number.is_integer() else number
    said = f"My Summary of Benefits and Coverage, {cell}"
    return {"label": label, "unit": unit, "claims": [{"yours": said, "reading": "exact", "value": plain}]}
