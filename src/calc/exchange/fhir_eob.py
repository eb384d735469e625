"""FHIR ExplanationOfBenefit (R4; CARIN Blue Button, Da Vinci PCT): one resource or a bundle, as JSON.

Read are days, codes and amounts of each line; whose they are and by whom is never read.
Source of the vocabularies: HL7 carin-bb 2.2.0, HL7 terminology ``adjudication``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..errors import ParameterFileError, Problem
from ..inputs.cells import AmissError, day_of, text_of, usd_of
from .codes import categories_of
from .lines import AMOUNTS, StatementLine, Statements, Status

__all__ = ["read_eob"]

#: what CARIN and FHIR call our amounts
_CODES = {
    "submitted": "billed", "eligible": "allowed", "benefit": "plan_paid", "deductible": "deductible", "copay": "copay",
    "coinsurance": "coinsurance", "noncovered": "not_covered", "memberliability": "you_owe",
}  # fmt: skip
#: parts of these that are told apart by whom they go to, or that no line is made of
_BESIDE = frozenset({
    "paidtoprovider", "paidtopatient", "paidbypatient", "paidbypatientcash", "paidbypatientother", "discount",
    "drugcost", "paidbypatienthealthaccount", "priorpayerpaid",
})  # fmt: skip
_NETWORK = {"innetwork": True, "outofnetwork": False}


def read_eob(text: str, name: str) -> Statements:
    """Read the lines of an ExplanationOfBenefit, or of all in a Bundle.

    Parameters
    ----------
    text
        JSON.
    name
        The file's name, for messages.

    Raises
    ------
    ParameterFileError
        listing everything that cannot be read.
    """
    try:
        data = json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f"{name}:{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else f"{name}:1"
        raise ParameterFileError(
            [Problem(where, "", "this is no JSON", "Save the file again from its source.")]
        ) from error
    found = [_Eob(each, f"{name}: {path}") for path, each in _resources(data)]
    problems = [problem for each in found for problem in each.problems]
    if not found:
        kind = data.get("resourceType", "no FHIR resource") if isinstance(data, dict) else "a list"
        what = f"this looks like {kind}; there is no ExplanationOfBenefit in it"
        problems = [Problem(f"{name}:1", "", what, "Ask your plan for the ExplanationOfBenefit resources.")]
    if problems:
        raise ParameterFileError(problems)
    notes = [note for each in found for note in each.notes]
    return Statements(tuple(line for each in found for line in each.lines), tuple(dict.fromkeys(notes)))


def _resources(data: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each ExplanationOfBenefit with its path in the file."""
    if isinstance(data, dict) and data.get("resourceType") == "ExplanationOfBenefit":
        yield "ExplanationOfBenefit", data
    elif isinstance(data, dict) and data.get("resourceType") == "Bundle":
        for place, entry in enumerate(_list(data.get("entry"))):
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(resource, dict) and resource.get("resourceType") == "ExplanationOfBenefit":
                yield f"entry[{place}].resource", resource


class _Eob:
    """One resource: its lines, what is wrong with it, and what to know."""

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self.data, self.where = data, where
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.lines: list[StatementLine] = []
        self.claim = self._claim()
        if data.get("status") in ("cancelled", "entered-in-error"):
            self.notes.append(f"Claim {self.claim} is {data['status']}; none of its lines counts.")
            return
        items = [each for each in _list(data.get("item")) if isinstance(each, dict)]
        kind = _first_code(data.get("subType")) if _first_code(data.get("type")) == "institutional" else ""
        self.institution = kind if kind in ("inpatient", "outpatient") else "outpatient" if kind else ""
        by_item = any(self._amounts(item.get("adjudication"), "") for item in items)
        if by_item:
            for place, item in enumerate(items):
                self._line(item, f"item[{place}]")
            self._held_against_totals()
        else:
            total = {"sequence": "", "productOrService": items[0].get("productOrService") if items else None}
            span = data.get("billablePeriod")
            amounts = [*_list(data.get("total")), *_list(data.get("adjudication"))]
            self._line({**total, "servicedPeriod": span, "adjudication": amounts}, "total")
            self.notes.append(f"Claim {self.claim} has no amounts by line; its total is taken as one line.")

    def _claim(self) -> str:
        """Return the payer's own number of the claim, or the resource's."""
        for each in _list(self.data.get("identifier")):
            if isinstance(each, dict) and _first_code(each.get("type")) in ("uc", "payerid"):
                return str(each.get("value", ""))
        return str(self.data.get("id", ""))

    def _wrong(self, path: str, what: str, fix: str) -> None:
        self.problems.append(Problem(f"{self.where}.{path}", "", what, fix))

    def _line(self, item: Mapping[str, Any], path: str) -> None:
        adjudication = _list(item.get("adjudication"))
        amounts = dict.fromkeys(AMOUNTS) | self._amounts(adjudication, path)
        if amounts["billed"] is None and amounts["allowed"] is None:
            self._wrong(path, "neither 'submitted' nor 'eligible' is given", "Ask for the amounts of this line.")
        period = item.get("servicedPeriod") or self.data.get("billablePeriod")
        period = period if isinstance(period, dict) else {}
        begins, ends = item.get("servicedDate") or period.get("start"), period.get("end")
        try:
            day = day_of(text_of(begins)[:10])
            days = max((day_of(text_of(ends)[:10]) - day).days, 1) if ends else None
        except AmissError as amiss:
            self._wrong(f"{path}.servicedDate", amiss.what, amiss.fix)
            return
        code = _first_code(item.get("productOrService"))
        place = _first_code(item.get("locationCodeableConcept"))
        related = (each for each in _list(self.data.get("related")) if isinstance(each, dict))
        corrects = any(_first_code(each.get("relationship")) in ("prior", "replaces") for each in related)
        self.lines.append(
            StatementLine(
                where=f"{self.where}.{path}",
                claim=self.claim,
                line=str(item.get("sequence", "")),
                day=day,
                code=code,
                categories=categories_of(code, place=place, institution=self.institution),
                amounts=amounts,
                status=Status.CORRECTED if corrects else Status.PROCESSED,
                in_network=self._in_network(adjudication),
                days=days if self.institution == "inpatient" else None,
                estimate=self.claim,
            )
        )

    def _amounts(self, adjudication: Any, path: str) -> dict[str, float | None]:
        """Return the amounts of a line by our names; ``path`` is empty where nothing is to be told."""
        found: dict[str, float | None] = {}
        for each in (each for each in _list(adjudication) if isinstance(each, dict) and each.get("amount")):
            codes = _codes(each.get("category"))
            name = next((_CODES[code] for code in codes if code in _CODES), None)
            amount = each["amount"] if isinstance(each["amount"], dict) else {}
            if name is None:
                if path and not _BESIDE & set(codes) and amount.get("value"):
                    self.notes.append(f"An amount called {', '.join(codes) or 'nothing'} is not read.")
                continue
            try:
                if amount.get("currency", "USD") != "USD":
                    raise AmissError(f"{amount['currency']} is another currency", "Give US dollars throughout.")
                found[name] = usd_of(text_of(amount.get("value")))
            except AmissError as amiss:
                if path:
                    self._wrong(f"{path}.{name}", amiss.what, amiss.fix)
        return found

    def _in_network(self, adjudication: Sequence[Any]) -> bool:
        """Return whether a line, or else its claim, is said to be in network; said to be taken so where neither is."""
        for each in (*adjudication, *_list(self.data.get("adjudication"))):
            reason = _first_code(each.get("reason")) if isinstance(each, dict) else ""
            if reason in _NETWORK:
                return _NETWORK[reason]
        self.notes.append(f"Claim {self.claim} does not say whether it is in network; it is taken to be.")
        return True

    def _held_against_totals(self) -> None:
        """Note where the totals are not the sums of the lines, reversals with their signs."""
        for name, printed in self._amounts(self.data.get("total"), "").items():
            mine = [line.amounts[name] for line in self.lines]
            if printed is None or None in mine:
                continue
            summed = round(sum(each for each in mine if each is not None), 2)
            if abs(summed - printed) >= 0.005:
                words = name.replace("_", " ")
                self.notes.append(f"Claim {self.claim}: the total {words} is {printed:,.2f}, its lines' {summed:,.2f}.")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _codes(concept: Any) -> list[str]:
    """Return the codes of a CodeableConcept."""
    coding = _list(concept.get("coding")) if isinstance(concept, dict) else []
    return [str(each.get("code", "")) for each in coding if isinstance(each, dict)]


def _first_code(concept: Any) -> str:
    return next(iter(_codes(concept)), "")
