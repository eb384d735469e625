"""The report page in a real browser: accessible, asking nobody, printed with tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from calc.errors import RunError, SettingError
from calc.report import pdf
from calc.report.figures.gallery import FIGURES
from calc.report.html import report_page
from calc.report.pdf import print_pdf
from calc.report.questions import COLUMNS, questions
from calc.report.reasons import reasons
from calc.report.run import run_report

from .browser import AXE, CHROMIUM, violations
from .shipped import PARAMS, REPOSITORY, STUDY, shipped

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed on this machine")
needs_axe = pytest.mark.skipif(AXE is None, reason="the package axe-core-python is not installed")
NOTEBOOKS = sorted(file.stem for file in (REPOSITORY / "notebooks").glob("*.ipynb"))
DAY = shipped(256).inputs.patient.decision_date


@pytest.fixture
def pages(ran: Callable[[str], Path]) -> Pages:
    return Pages(ran)


class Pages:
    """The report page of each notebook, made when first asked for."""

    def __init__(self, ran: Callable[[str], Path]) -> None:
        self.ran = ran

    def __getitem__(self, name: str) -> Path:
        return self.ran(name) / "report.html"


def test_a_picture_without_alternative_text_says_so_and_others_keep_theirs() -> None:
    notebook = nbformat.v4.new_notebook()
    shown = '<img src="data:,"><img src="data:," alt="Costs"><imgs>'
    output = nbformat.v4.new_output("display_data", {"text/html": shown})
    notebook.cells = [nbformat.v4.new_code_cell("1", outputs=[output])]
    page = report_page(notebook, title="", footer="")
    bare = '<img alt="No description has been provided for this image" src="data:,">'
    assert f'{bare}<img src="data:," alt="Costs"><imgs>' in page


@needs_chromium
@needs_axe
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_axe_core_finds_nothing_against_the_page_of_any_notebook(name: str, pages: Pages, tmp_path: Path) -> None:
    found = violations(pages[name].read_text("utf-8"), tmp_path)
    assert found["violations"] == []
    assert found["passes"] > 20


@needs_chromium
@needs_axe
def test_axe_core_sees_a_missing_alternative_text_and_a_grey_on_grey(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html lang='en'><head><title>t</title></head><body><main><h1>h</h1><img src='data:,'>"
        "<p style='color:#bbb'>pale</p></main></body></html>"
    )
    assert {each["id"] for each in violations(page, tmp_path)["violations"]} >= {"image-alt", "color-contrast"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_has_one_of_each_landmark_and_a_link_to_every_section(name: str, pages: Pages) -> None:
    text = pages[name].read_text("utf-8")
    for landmark in ("<header>", '<nav aria-label="Contents">', '<main id="main">', "<footer>", "<h1"):
        assert text.count(landmark) == 1, landmark
    places = re.findall(r'<h2 id="([^"]+)"', text)
    assert places
    assert re.findall(r'<li><a href="#([^"]+)"', text) == places
    assert len(set(places)) == len(places)


def test_the_page_answers_first_and_gives_reasons_unknowns_questions_and_sources_after(
    pages: Pages,
) -> None:
    text = pages["04_comparison"].read_text("utf-8")
    wanted = ["The answer", "Questions to ask", "What you pay", "Why it comes out so", "What is not known", "come from"]
    places = [re.search(rf"<h2[^>]*>[^<]*{words}", text) for words in wanted]
    starts = [found.start() for found in places if found]
    assert len(starts) == len(wanted)
    assert starts == sorted(starts)
    assert "Doing nothing" in text[starts[0] : starts[1]]


def test_the_language_of_the_page_is_named() -> None:
    page = report_page(nbformat.v4.new_notebook(), title="T & Co", footer="f", lang="en-GB")
    assert '<html lang="en-GB">' in page
    assert "<title>T &amp; Co</title>" in page


@needs_chromium
def test_the_pdf_is_tagged_titled_described_and_bears_the_day_of_the_decision(pages: Pages, tmp_path: Path) -> None:
    content = print_pdf(pages["04_comparison"], tmp_path / "r.pdf", day=DAY).read_bytes()
    for part in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/Outlines", b"/Title (Treatments for chronic"):
        assert part in content
    pictures = [figure.name for figure in FIGURES.values() if "04_comparison" in figure.notebooks]
    assert content.count(b"/Alt ") == pages["04_comparison"].read_text("utf-8").count("<figcaption>") >= len(pictures)
    assert set(re.findall(rb"Date \(D:(\d{8})", content)) == {f"{DAY:%Y%m%d}".encode()}


def test_without_a_chromium_a_pdf_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    with pytest.raises(SettingError, match=r"none of chromium.*print it from any browser"):
        run_report(STUDY, notebook="04_comparison", out=tmp_path / "o", params=PARAMS, formats=["html", "pdf"])
    assert not (tmp_path / "o").exists()


def test_an_unknown_format_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"there is no 'pfd'\. Did you mean 'pdf'"):
        run_report(STUDY, notebook="04_comparison", out=tmp_path, params=PARAMS, formats=["pfd"])


def test_a_browser_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho out of luck >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(pdf, "find_chromium", lambda: str(broken))
    with pytest.raises(RunError, match="out of luck"):
        print_pdf(tmp_path / "p.html", tmp_path / "p.pdf", day=DAY)


def test_the_insurer_is_asked_about_coverage_and_what_is_met_and_the_clinic_about_the_unknown() -> None:
    table = questions(shipped())
    assert list(table.columns) == list(COLUMNS)
    insurer, clinic = (table[table["Whom to ask"] == who] for who in ("The insurer", "The clinic"))
    table = shipped().effects
    first = table[table["view"] == "guideline"]
    unsure = first["coverage"].str.contains("on conditions").sum()
    assert f"{unsure} options" in insurer["Why it matters here"].iloc[0]
    assert "deductible" in insurer["Question"].iloc[1]
    relief = clinic[clinic["Question"].str.startswith("How long does the relief last")]
    missing = set(shipped().unknowns.query("parameter.str.endswith('.relief')")["treatment"])
    for name in missing:
        assert shipped().inputs.treatments[name].short[1:] in relief["Why it matters here"].iloc[0]


def test_nobody_asks_an_insurer_who_pays_cash_or_a_clinic_whose_price_is_settled() -> None:
    cash = questions(shipped(64, ("guideline",), plan="self_pay"))
    assert set(cash["Whom to ask"]) == {"The clinic"}
    priced = set(shipped().bills["treatment"])
    assert sum("for one visit or for all of them" in each for each in cash["Question"]) == len(priced)


def test_a_reason_is_the_parameter_that_the_trace_puts_first() -> None:
    told = reasons(shipped(), "guideline").set_index("Treatment")
    trace = shipped().trace("stem_cell_injection", "out_of_pocket")
    first = trace[trace["view"] == "guideline"].iloc[0]
    cell = told.loc["Stem cell injection into the spine", "Your cost hangs on"]
    assert first["label"].lower() in cell
    assert f"{100 * first['carries']:.0f} %" in cell
    assert "not known" in told.loc["Stem cell injection into the spine", "Weeks in relief hang on"]


def test_a_bar_of_progress_is_one_line_of_the_page_and_what_is_printed_stays_in_its_place() -> None:
    def printed(text: str, name: str = "stderr") -> nbformat.NotebookNode:
        return nbformat.v4.new_output("stream", name=name, text=text)

    bar = [printed(f"\r{done / 30:.0f}%|{'█' * (done // 300)}| {done}/3000") for done in range(3001)]
    outputs = [printed("before\n", "stdout"), *bar, printed("\nafter\n"), printed("last\n", "stdout")]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
    page = report_page(notebook, title="", footer="")
    assert "3000/3000" in page
    assert "2999/3000" not in page
    told = re.findall(r"before|3000/3000|after|last", page[page.index("<main") :])
    assert told == ["before", "3000/3000", "after", "last"]
    assert len(notebook.cells[0].outputs) == len(outputs)


@pytest.mark.parametrize("text", ["working\rdone\n", "10 %\r20 %\r30 %\n", "\r  0%|\r100%|\n"])
def test_a_line_that_is_written_over_shows_what_was_written_last(text: str) -> None:
    output = nbformat.v4.new_output("stream", name="stdout", text=text)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])])
    shown = re.search(r"<pre>(.*?)</pre>", report_page(notebook, title="", footer=""), re.DOTALL)
    assert shown is not None
    assert shown[1].strip() == text.rsplit("\r", 1)[1].strip()
