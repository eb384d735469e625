"""CARIN's own examples to the cent, alone and in a bundle.

``samples/`` holds the amounts of ``EOBProfessional2`` and ``EOBOutpatient2`` of HL7 carin-bb 2.2.0 (d23e3b7, CC0-1.0),
written out as the JSON that its FSH stands for.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from calc.analysis.statement_inputs import settled
from calc.errors import ParameterFileError
from calc.exchange.fhir_eob import read_eob
from calc.exchange.lines import Status
from calc.inputs.parameter import Category

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "samples"
PROFESSIONAL = (SAMPLES / "eob_professional_2.json").read_text("utf-8")


def sample() -> dict[str, Any]:
    return copy.deepcopy(json.loads(PROFESSIONAL))


def told(data: object) -> list[str]:
    with pytest.raises(ParameterFileError) as raised:
        read_eob(json.dumps(data), "eob.json")
    return [str(each) for each in raised.value.problems]


def test_the_reversals_of_the_professional_example_leave_258_91() -> None:
    read = read_eob(PROFESSIONAL, "eob.json")
    assert len(read.lines) == 6
    lines, notes = settled(read.lines)
    assert [(each.code, each.amounts["allowed"], each.amounts["plan_paid"]) for each in lines] == [
        ("75710", 34.8, 34.8), ("37228", 224.11, 224.11),
    ]  # fmt: skip
    assert round(sum(each.amounts["allowed"] or 0.0 for each in lines), 2) == 258.91
    assert len(notes) == 2  # each of the two that are taken back is told
    assert {each.categories for each in lines} == {(Category.INPATIENT_PROFESSIONAL,)}


def test_the_totals_that_are_printed_are_the_sums_of_all_lines_with_their_signs() -> None:
    assert read_eob(PROFESSIONAL, "eob.json").notes == ()
    spoiled = sample()
    spoiled["total"][1]["amount"]["value"] = 300
    assert "the total allowed is 300.00, its lines' 258.91" in read_eob(json.dumps(spoiled), "eob.json").notes[0]


def test_the_outpatient_example_takes_its_network_from_the_claim() -> None:
    read = read_eob((SAMPLES / "eob_outpatient_2.json").read_text("utf-8"), "eob.json")
    assert [each.amounts["allowed"] for each in read.lines] == [56.52, 0.0]
    assert all(each.in_network for each in read.lines)
    assert read.notes == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published samples are not beside the repository")
@pytest.mark.parametrize("name", ["professional_2", "outpatient_2"])
def test_the_samples_hold_the_amounts_that_were_published(name: str) -> None:
    published = (SHARED / f"carin_EOB{name.title().replace('_', '')}.fsh").read_text("utf-8")
    figures = [float(each) for each in re.findall(r"^[^/\n]*amount\.value = (\S+)", published, re.MULTILINE)]
    data = json.loads((SAMPLES / f"eob_{name}.json").read_text("utf-8"))
    held = [each["amount"]["value"] for item in data["item"] for each in item["adjudication"] if "amount" in each]
    assert held + [each["amount"]["value"] for each in data["total"]] == figures


def test_a_bundle_is_all_of_its_explanations_and_nothing_else() -> None:
    other = sample()
    other["identifier"][0]["value"] = "another"
    entries = [{"resource": sample()}, {"resource": {"resourceType": "Patient"}}, {"resource": other}]
    read = read_eob(json.dumps({"resourceType": "Bundle", "entry": entries}), "bundle.json")
    assert [each.claim for each in read.lines] == ["ProfessionalEOBExample1"] * 6 + ["another"] * 6


def test_a_claim_that_is_cancelled_counts_for_nothing_and_says_so() -> None:
    read = read_eob(json.dumps({**sample(), "status": "cancelled"}), "eob.json")
    assert read.lines == ()
    assert "cancelled; none of its lines counts" in read.notes[0]


def test_a_claim_that_replaces_another_is_a_correction() -> None:
    related = [{"relationship": {"coding": [{"code": "prior"}]}}]
    read = read_eob(json.dumps({**sample(), "related": related}), "eob.json")
    assert {each.status for each in read.lines} == {Status.CORRECTED}


def test_a_claim_without_amounts_by_line_is_one_line_of_its_totals() -> None:
    data = sample()
    for item in data["item"]:
        item["adjudication"] = []
    read = read_eob(json.dumps(data), "eob.json")
    assert [each.amounts["allowed"] for each in read.lines] == [258.91]
    assert "no amounts by line" in read.notes[0]


def test_what_nobody_says_of_the_network_is_said_to_be_assumed() -> None:
    data = sample()
    del data["adjudication"]
    for item in data["item"]:
        item["adjudication"].pop()
    assert "does not say whether it is in network" in read_eob(json.dumps(data), "eob.json").notes[0]


def test_amounts_that_have_no_name_here_are_told() -> None:
    data = sample()
    amount = {"category": {"coding": [{"code": "tax"}]}, "amount": {"value": 3}}
    data["item"][0]["adjudication"].append(amount)
    assert read_eob(json.dumps(data), "eob.json").notes == ("An amount called tax is not read.",)


def test_everything_wrong_is_told_at_once() -> None:
    data = sample()
    data["item"][0]["adjudication"][0]["amount"]["currency"] = "EUR"
    data["item"][1]["servicedDate"] = "August"
    data["item"][2]["adjudication"] = [each for each in data["item"][2]["adjudication"] if "amount" not in each]
    problems = told(data)
    assert [words in each for words, each in zip(("another currency", "is no date", "neither"), problems, strict=True)] == [
        True, True, True,
    ]  # fmt: skip


def test_whose_it_is_never_enters() -> None:
    data = {
        **sample(),
        "patient": {"reference": "Patient/MARKER", "display": "MARKER"},
        "provider": {"display": "MARKER"},
    }
    assert "MARKER" not in repr(read_eob(json.dumps(data), "eob.json"))
