"""Every claim of the five documents has its place under params/, and nothing there is ascribed to them without one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from calc.inputs.claim import Reported
from calc.inputs.effect import ClaimedShare, Effect
from calc.inputs.load import Library, load_library
from calc.inputs.source import SourceKind
from calc.inputs.treatment import Treatment

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SHARED = REPOSITORY.parent / "shared"
FIGURES = ("value", "low", "high", "mode", "mean", "sd", "events", "total")
beside = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the documents and the list of claims are not beside the repository"
)


def listed(*kinds: str) -> list[dict[str, str]]:
    with (REPOSITORY / "tests" / "cases" / "document_claims.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in kinds]


@cache
def library() -> Library:
    return load_library(REPOSITORY / "params")


def figures(claim: Reported) -> tuple[float, ...]:
    return tuple(figure for name in FIGURES if (figure := getattr(claim.reading, name, None)) is not None)


Ascribed = tuple[str, str, str, str, str, tuple[float, ...]]


def ascribed(known: Library) -> Iterator[Ascribed]:
    """Yield kind, place, document, section, topic and figures of all that is ascribed to a document."""
    pages = {name for name, source in known.sources.items() if source.kind is SourceKind.DOCUMENT}
    for page in pages:
        for remark in known.sources[page].statements:
            yield "statement", f"{page}.statements", page, remark.section, remark.topic, remark.figures
    for name, treatment in known.treatments.items():
        yield from (each for each in of_treatment(name, treatment) if each[2] in pages)


def of_treatment(name: str, treatment: Treatment) -> Iterator[Ascribed]:
    for each in treatment.statements:
        yield "statement", f"{name}.statements", each.source, each.section, each.topic, each.figures
    for path, parameter in treatment.parameters().items():
        for claim in parameter.claims:
            yield "claim", f"{name}.{path}", claim.source or "", claim.section or "", "", figures(claim)
    for key, _, said in treatment.attributed():
        share = said.measure if isinstance(said, Effect) else None
        found = figures(share) if isinstance(share, ClaimedShare) else ()
        yield "guidance", f"{name}.{key}", said.source or "", said.section or "", "", found


def test_claims_and_statements_of_the_documents_are_those_of_the_list_with_section_and_figures() -> None:
    wanted = {
        (*(row[name] for name in ("kind", "place", "document", "section", "topic")), numbers(row["figures"]))
        for row in listed("claim", "statement", "guidance")
    }
    there = set(ascribed(library()))
    assert there - wanted == set(), "ascribed to a document, but not in tests/cases/document_claims.csv"
    assert wanted - there == set(), "in tests/cases/document_claims.csv, but nowhere under params/"


def numbers(text: str) -> tuple[float, ...]:
    return tuple(float(each) for each in text.split(";") if each)


def test_two_statements_about_one_treatment_from_one_section_differ_in_topic() -> None:
    places = [found[:5] for found in ascribed(library()) if found[0] == "statement"]
    assert len(places) == len(set(places))


def test_dates_reviews_and_follow_ups_stand_in_the_source_s_own_fields() -> None:
    known = library()
    for row in listed("source"):
        name, _, field = row["place"].partition(".")
        value = getattr(known.sources[name], field)
        if field == "review":
            assert value, row
        else:
            assert str(value or "") == row["figures"], row


def test_the_page_without_a_date_has_none() -> None:
    undated = library().sources["004_f97cd62c122f8386"]
    assert (undated.published, undated.updated, undated.dated) == (None, None, None)


@beside
def test_every_claim_that_a_reader_listed_has_a_place_under_its_document() -> None:
    places = {(row["id"], row["document"]) for row in listed("claim", "statement", "source", "guidance")}
    with (SHARED / "research" / "claims.csv").open(encoding="utf-8", newline="") as file:
        research = list(csv.DictReader(file))
    assert len(research) > 100
    missing = [
        row["claim_id"] for row in research if (row["claim_id"], row["document"].removesuffix(".txt")) not in places
    ]
    assert not missing


@beside
def test_prices_and_times_that_are_bound_carry_the_figures_that_the_reader_listed() -> None:
    with (SHARED / "research" / "claims.csv").open(encoding="utf-8", newline="") as file:
        research = {row["claim_id"]: row for row in csv.DictReader(file)}
    compared = 0
    coded = {
        (f"{name}.{path}", claim.source, claim.section)
        for name, treatment in library().treatments.items()
        for path, parameter in treatment.parameters().items()
        for claim in parameter.claims
        if claim.assumption is not None
    }
    for row in listed("claim"):
        bound, read = set(numbers(row["figures"])), research[row["id"]]
        if (row["place"], row["document"], row["section"]) in coded or not bound:
            continue
        assert bound <= {float(read[end]) for end in ("low", "high") if read[end]}, row
        compared += 1
    assert compared >= 11


@beside
def test_every_section_is_printed_in_its_document() -> None:
    for row in listed("claim", "statement", "source", "guidance"):
        page = (SHARED / "documents" / f"{row['document']}.txt").read_text(encoding="utf-8")
        if not row["section"].startswith("Paragraph "):
            assert plain(row["section"]) in plain(page), row


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).lower()
