"""The contradictions that a reader found in the documents are declared, and each side stands where it says."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.inputs.audit import audit
from calc.inputs.contradiction import BearsOn
from calc.inputs.load import Library, load_library
from calc.inputs.source import SourceKind

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SHARED = REPOSITORY.parent / "shared"
beside = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the documents and what a reader found are not beside the repository"
)


@cache
def library() -> Library:
    return load_library(REPOSITORY / "params")


def accounted() -> list[dict[str, str]]:
    with (REPOSITORY / "tests" / "cases" / "document_contradictions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_contradiction_of_the_list_is_declared_or_left_out_for_a_reason() -> None:
    known = library().contradictions
    for row in accounted():
        assert bool(row["place"]) != bool(row["reason"]), row
        assert not row["place"] or row["place"] in known, row
    numbered = {name for name in known if re.match(r"k\d\d_", name)}
    assert numbered == {row["place"] for row in accounted() if row["place"]}


@beside
def test_the_list_is_the_one_that_a_reader_made() -> None:
    with (SHARED / "research" / "contradictions.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [row["id"] for row in accounted()]


def test_what_bears_on_an_outcome_names_the_numbers_that_it_bears_on() -> None:
    no_parameter = {BearsOn.HARM, BearsOn.EVIDENCE, BearsOn.ELIGIBILITY}  # harms of stem cells have no rate anywhere
    for name, each in library().contradictions.items():
        assert each.parameters or set(each.bears_on) <= no_parameter, name


def test_a_contradiction_has_two_sides_at_least() -> None:
    assert not [name for name, each in library().contradictions.items() if len(each.sides) < 2]


def test_a_number_that_a_note_points_to_leads_to_a_contradiction() -> None:
    known = library().contradictions
    for file in sorted((REPOSITORY / "params").rglob("*.yaml")):
        if file.parent.name != "contradictions":
            for number in re.findall(r"\(K(\d\d)\)", file.read_text(encoding="utf-8")):
                assert any(name.startswith(f"k{number}_") for name in known), (file.name, number)


@beside
def test_every_side_of_a_document_stands_in_its_section() -> None:
    known = library()
    documents = {name for name, source in known.sources.items() if source.kind is SourceKind.DOCUMENT}
    sides = {
        f"{name}.sides[{index}]"
        for name, each in known.contradictions.items()
        for index, side in enumerate(each.sides)
        if side.source in documents
    }
    findings = {finding.about: finding for finding in audit(known, SHARED / "documents")}
    assert len(sides) > 60
    assert sides <= findings.keys()
    assert not [finding for about, finding in findings.items() if about in sides and finding.wrong]


@beside
def test_the_audit_of_the_documents_is_clean() -> None:
    arguments = ["audit", "--documents", str(SHARED / "documents"), "--params", str(REPOSITORY / "params")]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, "not found" in done.output) == (0, False)
