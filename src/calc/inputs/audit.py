"""Hold the claims against the documents: do these print what those say, and where they say it.

For each claim, effect, recommendation, statement and side of a contradiction that names a document:
the document's file is there, is the very file that was read (SHA-256), has the section that is named,
and the figures stand in that section, in the claim's unit where it is money or time, both ends of a
range together. A claim with an assumption codes words that carry no figure; its section is looked up
and its figures are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from ..errors import ParameterFileError, Problem
from ..units import Unit
from .attributed import Attributed
from .claim import Claim
from .effect import Effect
from .load import Library
from .parameter import Parameter
from .passage import Figure, figures_in, section_of
from .source import SourceKind

__all__ = ["Verdict", "audit"]


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
    for name, parameter in _parameters(library):
        for index, claim in enumerate(parameter.claims):
            if claim.source == identifier:
                yield _of_claim(f"{name}[{index}]", claim, claim.unit or parameter.unit, text)
    for about, each in _attributed(library):
        if each.source == identifier:
            yield _of_words(about, each, text)
    for about, section, figures in _said(library, identifier):
        wanted = {f"figure {place}": figure for place, figure in enumerate(figures, start=1)}
        yield _held(about, identifier, section, wanted, text)


def _parameters(library: Library) -> Iterator[tuple[str, Parameter]]:
    """Yield every parameter of a treatment or a condition by its dotted path."""
    for owners in (library.treatments, library.conditions):
        for name, owner in owners.items():
            yield from ((f"{name}.{path}", parameter) for path, parameter in owner.parameters().items())


def _attributed(library: Library) -> Iterator[tuple[str, Attributed]]:
    """Yield what is said beside parameters: effects, recommendations and the like."""
    for name, treatment in library.treatments.items():
        yield from ((f"{name}.{key}[{place}]", each) for key, place, each in treatment.attributed())
    for name, condition in library.conditions.items():
        yield from ((f"{name}.sham[{place}]", each) for place, each in enumerate(condition.sham))


def _of_words(about: str, each: Attributed, text: str) -> Finding:
    """Hold an effect, a recommendation or the like against a section."""
    if each.assumption is not None:
        found = _held(about, each.source or "", each.section or "", {}, text)
        return found if found.wrong else replace(found, verdict=Verdict.CODED)
    printed = dict(_figures("", each.measure.model_dump())) if isinstance(each, Effect) else {}
    return _held(about, each.source or "", each.section or "", printed, text, Unit.SHARE)


def _figures(name: str, value: object) -> Iterator[tuple[str, float]]:
    """Yield every number of a measure by where it stands in it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _figures(f"{name} {key}".strip(), each)
    elif isinstance(value, float):
        yield name, value


def _said(library: Library, identifier: str) -> Iterator[tuple[str, str, Sequence[float]]]:
    """Yield what is said of a document beside claims: about what, its section, its figures."""
    for name, treatment in library.treatments.items():
        for index, statement in enumerate(treatment.statements):
            if statement.source == identifier:
                yield f"{name}.statements[{index}]", statement.section, statement.figures
    for index, remark in enumerate(library.sources[identifier].statements):
        yield f"{identifier}.statements[{index}]", remark.section, remark.figures
    for name, contradiction in library.contradictions.items():
        for index, side in enumerate(contradiction.sides):
            if side.source == identifier:
                yield f"{name}.sides[{index}]", side.section, side.figures


def _of_claim(about: str, claim: Claim, unit: str, text: str) -> Finding:
    wanted = {name: each for name, each in claim.reading.figures().items() if not isinstance(each, bool)}
    if claim.assumption is not None or not claim.reading.known:
        found = _held(about, claim.source or "", claim.section or "", {}, text)
        return found if found.wrong else replace(found, verdict=Verdict.CODED)
    return _held(about, claim.source or "", claim.section or "", wanted, text, Unit.spelled(unit))


def _held(
    about: str, source: str, section: str, wanted: Mapping[str, float], text: str, unit: Unit | None = None
) -> Finding:
    """Hold the figures ``wanted``, by name, against a section; with a unit, in that unit."""
    passage = section_of(text, section)
    if passage is None:
        return Finding(about, source, section, Verdict.MISSING, "no such section")
    printed = figures_in(passage)
    lines = {name: _lines(figure, printed, unit) for name, figure in wanted.items()}
    why = [f"{name} {wanted[name]:,.10g} not printed there" for name, where in lines.items() if not where]
    if not why and {"low", "high"} <= lines.keys() and not lines["low"] & lines["high"]:
        why = ["low and high not printed together"]
    if why:
        return Finding(about, source, section, Verdict.MISSING, ", ".join(why))
    return Finding(about, source, section, Verdict.VERIFIED if wanted else Verdict.WORDS)


def _lines(figure: float, printed: Iterable[Figure], unit: Unit | None) -> frozenset[int]:
    """Return the lines that print a figure, in the unit if that is money or time; shares also in per cent."""
    values = {figure, figure * 100} if unit is Unit.SHARE else {figure}
    own = unit.spelling if unit is not None and unit.dimension in ("money", "time") else None
    return frozenset(each.line for each in printed if each.value in values and own in (None, each.unit))
