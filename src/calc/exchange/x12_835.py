"""X12 835, the payer's remittance: claims, service lines, and who bears what was not paid.

pyx12 (extra ``edi``) takes the file apart and counts its envelopes; here its claims become lines.
Names (``NM1``, ``N1``) are never read. The patient's part of a line is the sum of its adjustments
under group PR; a line whose charge less its adjustments is not what was paid is refused, as the
standard asks (005010X221, balancing).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import ParameterFileError, Problem, RunError
from ..inputs.cells import AmissError, day_of, usd_of
from .codes import categories_of
from .lines import AMOUNTS, StatementLine, Statements, Status

if TYPE_CHECKING:
    from pyx12.segment import Segment

__all__ = ["read_835"]

_STATUSES = {"4": Status.DENIED, "22": Status.REVERSED}
#: reasons of group PR that have a column of their own; any other is what the plan does not cover
_PATIENT = {"1": "deductible", "2": "coinsurance", "3": "copay"}
_DAYS = ("472", "150", "232")  # of a service, its first day, a claim's first day


def read_835(text: str, name: str) -> Statements:
    """Read the lines of a remittance.

    Parameters
    ----------
    text
        The file's text.
    name
        Its name, for messages.

    Raises
    ------
    ParameterFileError
        listing each envelope, claim and line that is wrong.
    RunError
        without the extra ``edi``.
    """
    reader = _Reader(name)
    for number, segment in _segments(text, name, reader.problems):
        reader.take(number, segment)
    reader.close()
    if not reader.problems and not reader.lines:
        reader.problems.append(Problem(f"{name}:1", "", "there is no claim (CLP) in it", "Give an 835 remittance."))
    if reader.problems:
        raise ParameterFileError(reader.problems)
    return Statements(tuple(reader.lines), tuple(dict.fromkeys(reader.notes)))


def _segments(text: str, name: str, problems: list[Problem]) -> Iterator[tuple[int, Segment]]:
    """Yield each segment with its number; note what is wrong with the envelopes."""
    try:
        from pyx12.errors import X12Error
        from pyx12.x12file import X12Reader
    except ImportError as error:
        raise RunError("An X12 file needs the extra 'edi': pip install treatment-calc[edi]") from error
    fix = "Save the file again from its source."
    try:
        reader = X12Reader(io.StringIO(text))
        yield from enumerate(reader, start=1)
        reader.cleanup()
    except (X12Error, IndexError):  # its own words would print who sent the file
        problems.append(Problem(f"{name}:1", "", "this is no whole X12 interchange (ISA to IEA)", fix))
        return
    for kind, _, what, _, at in reader.pop_errors():
        told = what if kind != "seg" else f"segment {at} cannot be read"
        problems.append(Problem(f"{name}:1", "", told.rstrip("."), fix))


def _value(segment: Segment, at: str) -> str:
    return (segment.get_value(f"{segment.get_seg_id()}{at}") or "").strip()


@dataclass
class _Line:
    """A claim or a service line while its segments come in."""

    number: int
    billed: str
    paid: str
    code: str = ""
    line: str = ""
    allowed: str = ""
    days: dict[str, str] = field(default_factory=dict)
    adjusted: list[tuple[str, str, str]] = field(default_factory=list)

    def take(self, kind: str, segment: Segment) -> None:
        """Take a segment that says more of this line."""
        if kind == "DTM":
            self.days[_value(segment, "01")] = _value(segment, "02")
        elif kind == "AMT" and _value(segment, "01") == "B6":
            self.allowed = _value(segment, "02")
        elif kind == "REF" and _value(segment, "01") == "6R":
            self.line = _value(segment, "02")
        elif kind == "CAS":
            for at in range(2, 20, 3):
                if reason := _value(segment, f"{at:02d}"):
                    self.adjusted.append((_value(segment, "01"), reason, _value(segment, f"{at + 1:02d}")))


class _Reader:
    """Takes segments in turn and keeps the lines they make."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.lines: list[StatementLine] = []
        self.claim, self.status, self.place = "", "", ""
        self.whole: _Line | None = None
        self.services: list[_Line] = []

    def take(self, number: int, segment: Segment) -> None:
        """Take the next segment."""
        kind = segment.get_seg_id() or ""
        if kind == "ST" and (form := _value(segment, "01")) != "835":
            what = f"this looks like X12 {form}; calc reads the 835 alone"
            self.problems.append(Problem(f"{self.name}:{number}", "", what, "Ask for the remittance (835)."))
        elif kind == "CLP":
            self.close()
            self.claim, self.status, self.place = (_value(segment, at) for at in ("01", "02", "08"))
            self.whole = _Line(number, _value(segment, "03"), _value(segment, "04"))
        elif kind == "SVC" and self.whole is not None:
            code = _value(segment, "01-2") or _value(segment, "01")
            self.services.append(_Line(number, _value(segment, "02"), _value(segment, "03"), code))
        elif self.whole is not None:
            (self.services[-1] if self.services else self.whole).take(kind, segment)

    def close(self) -> None:
        """Make lines of the claim that is open."""
        whole = self.whole
        for place, each in enumerate(self.services or ([] if whole is None else [whole]), start=1):
            try:
                self.lines.append(self._made(each, place))
            except AmissError as amiss:
                self.problems.append(Problem(f"{self.name}:{each.number}", "", amiss.what, amiss.fix))
        self.whole, self.services = None, []

    def _made(self, each: _Line, place: int) -> StatementLine:
        if self.status in ("2", "3"):
            self.notes.append(f"Claim {self.claim} was paid after another insurer's part.")
        amounts: dict[str, float | None] = dict.fromkeys(AMOUNTS)
        billed, paid = usd_of(each.billed), usd_of(each.paid)
        patient = {"deductible": 0.0, "copay": 0.0, "coinsurance": 0.0, "not_covered": 0.0}
        others = 0.0
        for group, reason, text in each.adjusted:
            dollars = usd_of(text)
            if group == "PR":
                column = _PATIENT.get(reason, "not_covered")
                patient[column] = round(patient[column] + dollars, 2)
            else:
                others += dollars
        owed = round(sum(patient.values()), 2)
        if abs(billed - others - owed - paid) >= 0.005:
            what = f"the charge of {billed:.2f} less what is adjusted is not the {paid:.2f} paid"
            raise AmissError(what, "Ask the payer for a remittance that balances.")
        shared = sum(patient[name] for name in ("deductible", "copay", "coinsurance"))
        allowed = usd_of(each.allowed) if each.allowed else round(paid + shared, 2)
        amounts |= {"billed": billed, "allowed": allowed, "plan_paid": paid, **patient, "you_owe": owed}
        days = {**({} if self.whole is None else self.whole.days), **each.days}
        text = next((days[name] for name in _DAYS if name in days), "")
        day = day_of(f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 else text)
        return StatementLine(
            where=f"{self.name}:segment {each.number}",
            claim=self.claim,
            line=each.line or str(place),
            day=day,
            code=each.code,
            categories=categories_of(each.code, place=self.place),
            amounts=amounts,
            status=_STATUSES.get(self.status, Status.PROCESSED),
            estimate=self.claim,
        )
