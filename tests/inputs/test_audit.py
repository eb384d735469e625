"""An audit finds what is printed, and a planted wrong figure, a moved section and a swapped document."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.errors import ParameterFileError
from calc.inputs.audit import Verdict, audit
from calc.inputs.load import load_library

from .mini import FILES, spoil

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = REPOSITORY.parent / "shared" / "documents"

PAGE = """A page about shots

Prices
On average between $1,000 – $3,000+ a shot.

Course
Protocols take one to 3 shots.

Effect
- It helps for 1-6 weeks: more than you think.
Most feel it after 2 weeks.
Nobody has said how long it lasts.
"""


@pytest.fixture
def documents(tmp_path: Path, params: Path) -> Path:
    """A folder with the mini library's one document, whose hash the library knows."""
    folder = tmp_path / "documents"
    folder.mkdir()
    put(folder, params, PAGE)
    return folder


def put(folder: Path, params: Path, text: str) -> None:
    (folder / "page.txt").write_text(text, encoding="utf-8")
    known = FILES["sources/documents"].replace("a" * 64, hashlib.sha256(text.encode()).hexdigest())
    (params / "sources" / "documents.yaml").write_text(known, encoding="utf-8")


def wrong(params: Path, documents: Path) -> dict[str, str]:
    return {each.about: each.why for each in audit(load_library(params), documents) if each.wrong}


def test_what_is_printed_is_verified_and_what_is_coded_is_said_to_be(params: Path, documents: Path) -> None:
    found = {each.about: each.verdict for each in audit(load_library(params), documents)}
    assert not wrong(params, documents)
    assert found["shot.price.needle[0]"] is Verdict.VERIFIED
    assert found["shot.sessions[0]"] is Verdict.VERIFIED
    assert found["shot.relief[0]"] is Verdict.CODED


def test_a_planted_wrong_figure_is_caught(params: Path, documents: Path) -> None:
    spoil(params, "treatments/shot", "high: 3000", "high: 3500")
    assert wrong(params, documents) == {"shot.price.needle[0]": "high 3,500 not printed there"}


def test_a_moved_section_is_caught(params: Path, documents: Path) -> None:
    put(documents, params, PAGE.replace("Prices\n", "What it costs\n"))
    assert wrong(params, documents) == {"shot.price.needle[0]": "no such section"}


def test_a_figure_in_another_section_does_not_count(params: Path, documents: Path) -> None:
    put(documents, params, PAGE.replace(" – $3,000+", " or more").replace("3 shots", "$3,000 or 3 shots"))
    assert wrong(params, documents) == {"shot.price.needle[0]": "high 3,000 not printed there"}


def test_a_swapped_document_is_caught(params: Path, documents: Path) -> None:
    (documents / "page.txt").write_text(PAGE.replace("$3,000", "$3,001"), encoding="utf-8")
    found = wrong(params, documents)
    assert "SHA-256 is another" in found["the document itself"]
    assert found["shot.price.needle[0]"] == "high 3,000 not printed there"


def test_a_document_that_is_not_there_is_told(params: Path, documents: Path) -> None:
    (documents / "page.txt").unlink()
    assert "there is no page.txt" in wrong(params, documents)["the document itself"]
    with pytest.raises(ParameterFileError, match="no such folder"):
        audit(load_library(params), documents / "none")


def test_a_figure_in_another_unit_does_not_count(params: Path, documents: Path) -> None:
    put(documents, params, PAGE.replace("1-6 weeks", "1-6 months"))
    assert wrong(params, documents) == {"shot.onset[0]": "low 1 not printed there, high 6 not printed there"}


def test_two_ends_from_two_lines_are_no_range(params: Path, documents: Path) -> None:
    put(documents, params, PAGE.replace("1-6 weeks", "1 week\nor 6 weeks"))
    assert wrong(params, documents) == {"shot.onset[0]": "low and high not printed together"}


def test_the_command_says_what_it_verified_and_exits_with_1_on_a_mismatch(params: Path, documents: Path) -> None:
    arguments = ["audit", "--documents", str(documents), "--params", str(params)]
    right = CliRunner().invoke(main, arguments)
    assert right.exit_code == 0
    assert "verified: shot.price.needle[0] (page, Prices)" in right.output
    (documents / "page.txt").write_text("gone", encoding="utf-8")
    assert CliRunner().invoke(main, arguments).exit_code == 1


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the five documents are not beside the repository")
def test_every_claim_about_the_five_documents_stands_in_them() -> None:
    findings = audit(load_library(REPOSITORY / "params"), DOCUMENTS)
    assert not [each for each in findings if each.wrong]
    assert sum(each.verdict is Verdict.VERIFIED for each in findings) >= 12


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the five documents are not beside the repository")
def test_a_changed_price_in_the_clinic_s_page_moves_what_rests_on_it_only(tmp_path: Path) -> None:
    shutil.copytree(DOCUMENTS, tmp_path / "documents")
    page = tmp_path / "documents" / "003_2ae1ae0a30734b8a.txt"
    page.chmod(0o644)
    page.write_text(page.read_text("utf-8").replace("$2,000 – $7,000", "$2,500 – $7,500"), encoding="utf-8")
    found = [each.about for each in audit(load_library(REPOSITORY / "params"), tmp_path / "documents") if each.wrong]
    moved = ["the document itself", "stem_cell_injection.price.injection[0]", "k01_components_and_total.sides[0]"]
    assert found == moved
