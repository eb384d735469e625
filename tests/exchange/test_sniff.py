"""A stranger's file is named for what it seems to be, with the command that reads it."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.cli import main
from calc.exchange.sniff import sniff

from .made import EPIDURAL, FILES, PARAMS, hospital

CONTENTS = {
    "a.pdf": (b"%PDF-1.7 ...", "a PDF", "new plan"),
    "b.xls": (b"\xd0\xcf\x11\xe0....", "an old Excel or Word file", "save the sheet as CSV"),
    "c.csv": ("a,b\n1,2\n".encode("utf-16"), "text in UTF-16", "save it as UTF-8"),
    "d.csv": (b"code;price;place\n1;2;3\n", "a table with semicolons between its cells", "with commas"),
    "e.csv": (b"hospital_name;last_updated_on;version\nA;2026-04-01,;3\n", "a table with semicolons", "with commas"),
    "f.csv": (b"code\tprice\tplace\n1\t2\t3\n", "a table with tabs between its cells", "with commas"),
    "g.json": (b'{"resourceType": "InsurancePlan"}', "a FHIR InsurancePlan", "calc import plan"),
    "h.json": (b'{"resourceType": "ExplanationOfBenefit"}', "a FHIR explanation of benefits", "date, category"),
    "i.json": (b'{"reporting_structure": []}', "a payer's table of contents", "the files that hold the prices"),
    "j.json": (b'{"a": 1}', "JSON of a kind that is not known here", "no command reads it"),
    "k.csv": (b"BusinessYear,StateCode,BenefitName,CopayInnTier1\n", "CMS's table of benefits", "calc import plan"),
    "l.csv": (b"StandardComponentId,PlanId,MetalLevel\n", "CMS's table of plan attributes", "calc import plan"),
    "m.csv": (b"date,category,allowed\n", "a list of dated bills", "calc patient-share"),
    "n.csv": (b"code,price\n", "a table of codes and prices", "calc import prices"),
    "o.txt": (b"ISA*00*          *00*", "an X12 message", "date, category and allowed"),
    "p.html": (b"<!DOCTYPE html><html>", "a web page", "download the file itself"),
    "q.bin": (bytes(range(256)), "a file of bytes", "no command reads it"),
    "r.txt": (b"", "an empty file", "download it again"),
    "s.csv": (b"version https://git-lfs.github.com/spec/v1\n", "a pointer to a file in Git LFS", "fetch the file"),
    "t.yaml": (b"label: Quote\nplan:\n  deductible: 500\n", "a file of your own values", "--with"),
    "u.txt": (b"Dear patient,\n", "text of no known kind", "no command reads it"),
    "v.ipynb": (b'{"nbformat": 4}', "a notebook", "calc report"),
    "w.gz": (b"\x1f\x8b\x08\x00", "a damaged archive", "download it again"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_is_named_for_what_is_in_it(tmp_path: Path, name: str) -> None:
    content, kind, advice = CONTENTS[name]
    file = tmp_path / name
    file.write_bytes(content)
    seen = sniff(file)
    assert seen.kind.startswith(kind)
    assert advice.lower() in seen.advice.lower()
    renamed = file.rename(tmp_path / f"renamed{'.yaml' if name.endswith('yaml') else ''}")
    assert sniff(renamed).kind == seen.kind


@pytest.mark.parametrize("file", sorted(FILES.glob("hpt*.csv")), ids=lambda file: file.name)
def test_samples_of_hospitals_are_known_also_as_archives(tmp_path: Path, file: Path) -> None:
    kind = "a hospital's price file in CSV"
    packed = tmp_path / "x"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert sniff(file).kind == sniff(packed).kind == kind
    with zipfile.ZipFile(packed, "w") as folder:
        folder.write(file, "inside.csv")
    assert sniff(packed).kind == kind


@pytest.mark.parametrize("folder", ["treatments", "plans", "patients", "views", "studies"])
def test_parameter_files_are_known(folder: str) -> None:
    words = {"studies": "study"}.get(folder, folder.removesuffix("s"))
    for file in (PARAMS / folder).glob("*.yaml"):
        seen = sniff(file)
        assert words in seen.kind
        assert seen.ours


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_it_never_fails_for_what_is_in_a_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any"
    file.write_bytes(content)
    assert str(sniff(file)).startswith("any looks like ")


def told(*arguments: object) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 2
    return done.output


def test_commands_that_fail_say_what_they_were_given(tmp_path: Path) -> None:
    prices = hospital(tmp_path, EPIDURAL)
    hint = "h.csv looks like a hospital's price file in CSV. `calc import prices"
    assert hint in told("check", prices)
    assert hint in told("patient-share", "--services", prices, "--plan", "self_pay", "--params", PARAMS)
    assert hint in told("decide", "--cost", prices, "--effect", prices, "--out", tmp_path / "out")
    assert hint in told("compare", "chronic_low_back_pain", "--plan", prices, "--params", PARAMS)


def test_a_command_that_reads_such_files_does_not_recommend_itself(tmp_path: Path) -> None:
    wrong = hospital(tmp_path, EPIDURAL | {"median_amount": "x"})
    said = told("import", "prices", wrong, "--treatment", "epidural_steroid_injection", "--params", PARAMS)
    assert "looks like" not in said
