"""Hold the claims against the documents: do these print what those say, and where they say it.

For each claim, statement and side of a contradiction that names a document: the document's file is there, is the very file that
was read (SHA-256), has the section that is named, and the figures stand in that section: digits
with commas, signs and units, numbers in words, ranges with any dash. A claim with an assumption
codes words that carry no figure; its section is looked up and its figures are not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from ..errors import ParameterFileError, Problem
from .claim import Claim, Reading
from .load import Library
from .source import SourceKind

__all__ = ["Finding", "Verdict", "audit", "figures_in", "section_of"]


class Verdict(StrEnum):
    """What an audit found of one claim."""

    VERIFIED = "verified"
    CODED = "section found, figures coded from words"
    WORDS = "section found, no figures claimed"
    MISSING = "not found"
    CHANGED = "document changed"


@dataclass(frozen=True)
class Finding:
    """One claim or statement, what was found, and what is wrong if anything is."""

    about: str
    source: str
    section: str
    verdict: Verdict
    why: str = ""

    @property
    def wrong(self) -> bool:
        """Whether somebody must look."""
        return self.verdict in (Verdict.MISSING, Verdict.CHANGED)


_WORDS = {
    "no": 0, "none": 0, "lack": 0, "one": 1, "single": 1, "two": 2, "double": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half": 0.5,
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def audit(library: Library, folder: Path) -> tuple[Finding, ...]:
    """Hold every claim about a document against the files in ``folder``.

    Raises
    ------
    ParameterFileError
        if ``folder`` is none.
    """
    if not folder.is_dir():
        raise ParameterFileError([Problem(f"{folder}:1:1", "", "there is no such folder", "Name one with documents.")])
    findings = []
    for identifier, source in library.sources.items():
        if source.kind is not SourceKind.DOCUMENT:
            continue
        file = folder / f"{identifier}.txt"
        raw = file.read_bytes() if file.is_file() else None
        if raw is None:
            why = f"there is no {file.name} in {folder}"
            findings.append(Finding("the document itself", identifier, "", Verdict.MISSING, why))
            continue
        if hashlib.sha256(raw).hexdigest() != source.sha256:
            why = "its SHA-256 is another: read it again, and mend what moved"
            findings.append(Finding("the document itself", identifier, "", Verdict.CHANGED, why))
        findings += _of_document(library, identifier, raw.decode("utf-8", errors="replace"))
    return tuple(findings)


def _of_document(library: Library, identifier: str, text: str) -> Iterator[Finding]:
    for name, treatment in library.treatments.items():
        for path, parameter in treatment.parameters().items():
            for index, claim in enumerate(parameter.claims):
                if claim.source == identifier:
                    yield _of_claim(f"{name}.{path}[{index}]", claim, text)
        for index, statement in enumerate(treatment.statements):
            if statement.source == identifier:
                about = f"{name}.statements[{index}]"
                yield _held(about, identifier, statement.section, _named(statement.figures), text)
    for index, remark in enumerate(library.sources[identifier].statements):
        yield _held(f"{identifier}.statements[{index}]", identifier, remark.section, _named(remark.figures), text)
    for name, contradiction in library.contradictions.items():
        for index, side in enumerate(contradiction.sides):
            if side.source == identifier:
                yield _held(f"{name}.sides[{index}]", identifier, side.section, _named(side.figures), text)


def _of_claim(about: str, claim: Claim, text: str) -> Finding:
    names = ("value", "low", "high", "mode", "mean", "sd", "events", "total")
    wanted = {name: figure for name in names if (figure := getattr(claim, name)) is not None}
    coded = claim.assumption is not None or claim.reading is Reading.UNKNOWN
    found = _held(about, claim.source or "", claim.section or "", {} if coded else wanted, text)
    return replace(found, verdict=Verdict.CODED) if coded and not found.wrong else found


def _named(figures: Iterable[float]) -> dict[str, float]:
    return {f"figure {place}": figure for place, figure in enumerate(figures, start=1)}


def _held(about: str, source: str, section: str, wanted: Mapping[str, float], text: str) -> Finding:
    """Hold the figures ``wanted``, by name, against a section."""
    passage = section_of(text, section)
    if passage is None:
        return Finding(about, source, section, Verdict.MISSING, "no such section")
    printed = figures_in(passage)
    absent = [f"{name} {figure:,.10g}" for name, figure in wanted.items() if not {figure, figure * 100} & printed]
    if absent:
        return Finding(about, source, section, Verdict.MISSING, f"{', '.join(absent)} not printed there")
    return Finding(about, source, section, Verdict.VERIFIED if wanted else Verdict.WORDS)


def figures_in(passage: str) -> frozenset[float]:
    """Return every number that a passage prints, in digits or in words.

    >>> sorted(figures_in("between $3,000 – $10,000+ for one to 1.5 weeks"))
    [1, 1.5, 3000.0, 10000.0]
    """
    digits = {float(found.replace(",", "")) for found in _NUMBER.findall(passage)}
    words = {_WORDS[word] for word in re.findall(r"[a-z]+", passage.lower()) if word in _WORDS}
    return frozenset(digits | words)


def section_of(text: str, section: str) -> str | None:
    """Return the text below a heading up to the next one, or None if there is no such heading.

    ``section`` is the heading or how it begins; ``Paragraph N`` counts paragraphs instead, for
    pages without headings.
    """
    lines = [line.strip() for line in text.splitlines()]
    if counted := re.fullmatch(r"Paragraph (\d+)", section):
        paragraphs = [line for line in lines if len(line) > 80]
        place = int(counted[1]) - 1
        return paragraphs[place] if place < len(paragraphs) else None
    begins = [
        place for place, line in enumerate(lines) if _is_heading(line) and _plain(line).startswith(_plain(section))
    ]
    if not begins:
        return None
    parts = []
    for begin in begins:
        ends = (place for place in range(begin + 1, len(lines)) if _is_heading(lines[place]))
        parts.append("\n".join(lines[begin + 1 : next(ends, len(lines))]))
    return "\n".join(parts)


def _plain(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().lower()


def _is_heading(line: str) -> bool:
    """Say whether a line stands like a heading: short, no item of a list or table, no sentence's end."""
    return bool(line) and len(line.split()) <= 14 and line[0] not in '|•-“"[' and line[-1] not in ".:,;"
