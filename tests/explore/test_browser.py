"""The explorer in a real browser, as a page and in JupyterLab."""

from __future__ import annotations

import http.client
import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import calc
from calc.report.format import interval, records

from ..report.browser import AXE, CHROMIUM
from .served import DRAWS, STUDY, Server, free_port, needs_browser, place, running, status

pytestmark = needs_browser

#: the notebooks on the page that JupyterLab opens with, beside the explorer
NAMED = {"01_evidence", "02_costs", "03_timelines", "04_comparison", "05_uncertainty"}
STEM = "stem_cell_injection"
BETWEEN = {"study.views": ["between"], "view.weights.guideline": 0.5, "view.weights.clinic": 0.5}
FIRST = ".calc-answers figure img"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return place(tmp_path_factory.mktemp("explore"))


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[tuple[str, Server]]:
    """The address of a page that is being served, and what serves it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = ["calc", "app", "--port", str(port), "--ready", "1", "--params", str(folder / "params")]
    with running(command, folder, f"{address}voila/static/voila.js") as server:
        yield address, server
        said = server.told.read_text("utf-8")
        assert said.startswith(f"The page is at {address} (stop it with Control-C)\n")
        assert not re.search("deductible|budget|belief|GET|POST", said), "what was entered is never logged"


@pytest.fixture(scope="module")
def page_at(served: tuple[str, Server]) -> str:
    return served[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = ["--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=[*root, *quiet])
        yield started
        started.close()


class Visitor:
    """Somebody at the page; requests to any other host are stopped, and remembered."""

    def __init__(self, browser: Any, *, width: int = 1920) -> None:
        self.elsewhere: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 1000}, accept_downloads=True)
        self.context.route(re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), self._stop)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)

    def _stop(self, route: Any) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()

    def open(self, address: str) -> Visitor:
        self.page.goto(address)
        self.page.wait_for_selector(FIRST)
        return self

    def enter(self, label: str, text: str) -> None:
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Enter")

    def choose(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=text)

    def more(self) -> None:
        """Show the expert's fields, if they are not."""
        button = self.page.locator(".calc-more-button")
        if button.get_attribute("aria-expanded") != "true":
            button.click()

    def row(self, treatment: str, table: str = "Comparison of treatments") -> list[str]:
        found = self.page.locator("table", has=self.page.locator("caption", has_text=re.compile(f"^{table}$")))
        row = found.locator("tr", has=self.page.get_by_role("rowheader", name=treatment, exact=True))
        return [str(each) for each in row.locator("td").all_inner_texts()]

    def pays(self, treatment: str, expected: str) -> None:
        """Wait until a treatment's cost is said to be that."""
        cell = self.page.get_by_role("region", name="Comparison of treatments").get_by_role(
            "row", name=re.compile(f"^{treatment} ")
        )
        cell.get_by_role("cell").nth(0).filter(has_text=expected).wait_for()
        assert self.row(treatment)[0] == expected

    def shows(self, treatment: str, cells: list[str]) -> None:
        """Wait until a treatment's row of the comparison is that."""
        for _ in range(100):
            if self.row(treatment) == cells:
                return
            self.page.wait_for_timeout(100)
        assert self.row(treatment) == cells


def expect(locator: Any) -> Any:
    """What is there, or will soon be (playwright is imported where it is installed)."""
    from playwright.sync_api import expect as awaits

    return awaits(locator)


@pytest.fixture(scope="module")
def somebody(browser: Any, page_at: str) -> Iterator[Visitor]:
    made = Visitor(browser).open(page_at)
    yield made
    made.context.close()


@pytest.fixture
def visitor(somebody: Visitor) -> Iterator[Visitor]:
    """Somebody at the page, everything as at first."""
    somebody.page.get_by_role("button", name="Start again").click()
    somebody.page.wait_for_url(re.compile(r"/$"))
    yield somebody
    assert somebody.elsewhere == []


def library(folder: Path, treatment: str, outcome: str = "out_of_pocket", **settings: object) -> str:
    """What the library says of a treatment, in the words of the page."""
    laid = {**BETWEEN, **{name.replace("__", "."): value for name, value in settings.items()}}
    result = calc.compare(STUDY, params=folder / "params", settings=laid)
    assert result.inputs.study.draws == DRAWS
    table = result.comparison
    [row] = records(table[(table["treatment"] == treatment) & (table["outcome"] == outcome)])
    return interval(row)


def test_plan_and_quotes_change_the_figures_to_those_of_the_library(visitor: Visitor, folder: Path) -> None:
    visitor.pays("Epidural steroid injection", library(folder, "epidural_steroid_injection"))
    visitor.choose("Plan", "Self-pay, no insurance")
    visitor.pays("Stem cell injection", library(folder, STEM, study__plan="self_pay"))
    visitor.choose("A quote for", "Stem cell injection")
    visitor.choose("Price", "Injection procedure (per session)")
    visitor.enter("You were quoted, $", "$11,000 for two injections")
    quoted = {f"{STEM}__price__injection": 5500, "study__plan": "self_pay"}
    visitor.pays("Stem cell injection", library(folder, STEM, **quoted))
    visitor.choose("Plan", "High-deductible plan 2026")
    visitor.enter("Deductible, $", "2500")
    visitor.more()
    visitor.enter("Belief in the clinic, %", "100")
    visitor.page.get_by_text("As if the clinic were right.").wait_for()
    high = {"study__plan": "high_deductible_2026", "plan__deductible": 2500, f"{STEM}__price__injection": 5500}
    high |= {"view__weights__guideline": 0, "view__weights__clinic": 1}
    visitor.pays("Physical therapy", library(folder, "physical_therapy", **high))
    assert visitor.row("Stem cell injection")[-2] == library(folder, STEM, "weeks_in_relief", **high)


def test_the_one_question_and_the_insurers_answer_come_first_and_are_answered_at_once(visitor: Visitor) -> None:
    page = visitor.page
    assert page.locator(".calc-entries h2").first.inner_text() == "Your pain"
    page.get_by_label("Yes, below the knee, or with numbness or weakness.").check()
    page.get_by_text("Pain from a nerve root, into the leg.").wait_for()
    visitor.choose("Treatment asked about", "Lumbar fusion")
    visitor.choose("Is it covered?", "No, it was refused")
    page.get_by_text("Lumbar fusion: No, it was refused").wait_for()
    fusion = page.get_by_role("row").filter(has_text="Lumbar fusion").filter(has_text="Your plan does not cover it")
    fusion.first.wait_for()
    page.wait_for_url(re.compile(r"\?kind=nerve_root&coverage=lumbar_fusion%3Dexcluded$"))


def test_an_address_that_is_shared_shows_the_same_and_leaving_ends_the_kernel(
    visitor: Visitor, browser: Any, folder: Path, served: tuple[str, Server]
) -> None:
    visitor.enter("Deductible, $", "900")
    visitor.enter("Budget, $", "3000")
    visitor.pays("Lumbar discectomy", library(folder, "lumbar_discectomy", plan__deductible=900))
    visitor.page.wait_for_url(re.compile(r"\?deductible=900&budget=3000$"))
    shown = visitor.row("Lumbar discectomy")
    other = Visitor(browser).open(visitor.page.url)
    other.shows("Lumbar discectomy", shown)
    expect(other.page.get_by_label("Deductible, $", exact=True)).to_have_value("900")
    link = other.page.get_by_role("link", name="Address of this state")
    expect(link).to_have_attribute("href", "?deductible=900&budget=3000")
    before = served[1].kernels()
    other.page.goto("about:blank")
    if before:  # as far as this system tells
        for _ in range(300):
            if before - served[1].kernels():
                break
            other.page.wait_for_timeout(100)
        assert len(before - served[1].kernels()) == 1
    other.context.close()


def test_a_wrong_entry_is_told_beside_its_field_and_the_page_goes_on(visitor: Visitor, folder: Path) -> None:
    before = visitor.row("Physical therapy")
    visitor.more()
    for label, text, told in (
        ("Deductible, $", "a lot", "“a lot” is no number. Write digits, such as 1500."),
        ("Coinsurance, %", "200", "A percentage lies between 0 and 100."),
        ("In relief on", "next spring", "“next spring” is no date. Write June 12, 2027 or 6/12/2027."),
        ("Other numbers", "stem_cel_injection.relief=3", "there is nothing at 'stem_cel_injection'."),
    ):
        box = visitor.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Tab")
        alert = visitor.page.get_by_role("alert").filter(has_text=told)
        alert.wait_for()
        assert visitor.page.locator(".calc-field", has=alert).get_by_label(label, exact=True).input_value() == text
        expect(box).to_have_attribute("aria-invalid", "true")  # the page sets it once it has seen the alert
        expect(box).to_have_attribute("aria-describedby", str(alert.get_attribute("id")))
    assert visitor.row("Physical therapy") == before
    visitor.enter("Deductible, $", "0")
    visitor.pays("Physical therapy", library(folder, "physical_therapy", plan__deductible=0))
    expect(visitor.page.get_by_role("alert")).to_have_count(3)  # a complaint goes once all is drawn


def test_a_pinned_state_stands_beside_the_present_one(visitor: Visitor, folder: Path) -> None:
    visitor.page.get_by_role("button", name="Pin this state").click()
    visitor.page.get_by_text("Both states are the same.").wait_for()
    visitor.choose("Plan", "Self-pay, no insurance")
    visitor.page.get_by_role("region", name="Entered otherwise").wait_for()
    assert visitor.row("Plan", "Entered otherwise") == ["as in the file", "self_pay"]
    pinned, now = visitor.row("Lumbar fusion", "Pinned and now")[:2]
    assert pinned == library(folder, "lumbar_fusion")
    assert now == library(folder, "lumbar_fusion", study__plan="self_pay")
    visitor.page.get_by_role("button", name="Unpin").click()
    visitor.page.get_by_role("region", name="Pinned and now").wait_for(state="detached")


def test_what_was_entered_is_kept_in_files_that_the_page_and_the_command_line_load(
    visitor: Visitor, folder: Path, tmp_path: Path
) -> None:
    visitor.enter("Most you pay in a year, $", "4000")
    visitor.enter("Months to look ahead", "12")
    visitor.page.get_by_label("Lumbar fusion").uncheck()
    visitor.page.wait_for_url(re.compile(r"\?treatments=.*&months=12"))  # the address comes last of all
    shown = visitor.row("Epidural steroid injection")
    kept = []
    for link in ("What you entered", "The study"):
        with visitor.page.expect_download() as caught:
            visitor.page.get_by_role("link", name=link).click()
        kept.append(tmp_path / caught.value.suggested_filename)
        caught.value.save_as(kept[-1])
    visitor.page.get_by_role("button", name="Start again").click()
    visitor.page.wait_for_url(re.compile(r"/$"))
    assert visitor.row("Epidural steroid injection") != shown
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_role("button", name=re.compile("Load such files")).click()
    chooser.value.set_files([str(each) for each in kept])
    visitor.pays("Epidural steroid injection", shown[0])
    visitor.shows("Epidural steroid injection", shown)
    assert not visitor.page.get_by_label("Lumbar fusion").is_checked()
    mine = folder / "params" / "studies" / "mine.yaml"
    mine.write_bytes(kept[1].read_bytes())
    result = calc.compare("mine", params=folder / "params", overlays=[kept[0]])
    mine.unlink()
    table = result.comparison
    rows = table[(table["treatment"] == "epidural_steroid_injection") & (table["outcome"] == "out_of_pocket")]
    assert interval(records(rows)[0]) == shown[0]


def test_a_number_can_be_opened_down_to_its_claims_and_their_stance(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_label("Treatment", exact=True).select_option(label="Stem cell injection into the spine")
    page.get_by_label("Number", exact=True).select_option(label="Injection procedure")
    table = page.get_by_role("region", name="Who says what")
    table.wait_for()
    assert {"document 003", "clinic"} <= set(re.findall(r"document 003|clinic", table.inner_text()))
    assert page.get_by_role("region", name="Which claim each view believes").is_visible()
    page.get_by_label("Number", exact=True).select_option(
        label="In relief with neither treatment nor sham, 30 % less pain"
    )
    page.get_by_text("natural.share: ").wait_for()


def tabbed(page: Any) -> Iterator[str]:
    """Press Tab again and again; yield what each thing that is reached is called."""
    for _ in range(120):
        page.keyboard.press("Tab")
        yield str(
            page.evaluate(
                "() => { const e = document.activeElement; const l = e.labels && e.labels[0];"
                " return e.getAttribute('aria-label') || (l && l.textContent) || e.textContent.slice(0, 40) }"
            )
        ).strip()


def violations(page: Any, inside: str = "html") -> list[tuple[str, list[str]]]:
    """Return what axe-core finds against a part of the page: the rule, and where."""
    assert AXE is not None
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("inside => axe.run(inside, {resultTypes: ['violations']})", inside)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:4]) for each in found["violations"]]


def test_everything_can_be_reached_and_done_by_keyboard(visitor: Visitor, folder: Path) -> None:
    page = visitor.page
    page.evaluate("() => { const top = document.querySelector('h1'); top.tabIndex = -1; top.focus() }")
    reached: list[str] = []
    for name in tabbed(page):
        reached.append(name)
        if name.startswith("More: "):
            page.keyboard.press("Enter")
            page.locator(".calc-more-button[aria-expanded=true]").wait_for()
        elif name == "Belief in the clinic, %, slider":
            page.keyboard.press("End")
            visitor.pays(
                "Epidural steroid injection",
                library(folder, "epidural_steroid_injection", view__weights__guideline=0, view__weights__clinic=1),
            )
        elif name == "Budget, $":
            page.keyboard.type("2000")
        elif name == "Address of this state":
            break
    wanted = {"Plan", "Deductible, $", "Price", "In relief on", "Lumbar fusion", "Other numbers", "Pin this state"}
    wanted |= {"To the answer", "Treatment", "Number", "What you entered", "Make the report", "Address of this state"}
    assert wanted <= set(reached)
    page.wait_for_url(re.compile(r"\?budget=2000&belief=100$"))
    page.get_by_text("$2,000 is enough").wait_for()


def test_on_a_narrow_page_the_answer_comes_first_and_a_link_leads_to_what_is_entered_and_back(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 400, "height": 800})
    try:
        answer, pain = (page.get_by_role("heading", name=name, exact=True) for name in ("The answer", "Your pain"))
        there, back = (page.get_by_role("link", name=name) for name in ("To the answer", "To what you enter"))
        page.get_by_role("heading", level=1).scroll_into_view_if_needed()
        expect(answer).to_be_in_viewport()
        expect(pain).not_to_be_in_viewport()
        at = back.bounding_box()
        back.click()
        expect(pain).to_be_in_viewport()
        expect(answer).not_to_be_in_viewport()
        assert back.bounding_box() == at
        there.click()
        expect(answer).to_be_in_viewport()
        assert page.url.endswith("/")
    finally:
        page.set_viewport_size({"width": 1920, "height": 1000})
    hidden = page.get_by_role("link", name="To the answer").bounding_box()
    assert hidden["width"] <= 1
    page.get_by_role("link", name="To the answer").focus()
    assert page.get_by_role("link", name="To the answer").bounding_box()["width"] > 50


@pytest.mark.parametrize("width", [320, 400])
def test_nothing_is_cut_off_on_a_phone(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 700})
    try:
        visitor.more()
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        visitor.page.set_viewport_size({"width": 1920, "height": 1000})


def test_what_is_printed_is_the_whole_page_and_not_one_screen_of_it(visitor: Visitor) -> None:
    page = visitor.page
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf())) > 5
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Pin this state").is_visible()
    page.emulate_media(media="screen")


@pytest.mark.skipif(AXE is None, reason="the package axe-core-python is not installed")
@pytest.mark.parametrize("width", [400, 1920])
def test_axe_core_finds_nothing_against_the_page_at_any_width(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    for label, text in (("Budget, $", "3000"), ("In relief on", "2027-03-01"), ("Deductible, $", "x")):
        visitor.enter(label, text)
    visitor.page.get_by_role("alert").wait_for()
    visitor.page.get_by_role("button", name="Pin this state").click()
    visitor.page.get_by_text("Both states are the same.").wait_for()
    assert violations(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
    alts = visitor.page.eval_on_selector_all(FIRST, "all => all.map(each => each.alt)")
    assert [each.split(".")[0] for each in alts][:3] == [
        "Quantile dot plot", "Timeline of each option", "Lines of the number of people in relief by week",
    ]  # fmt: skip
    visitor.page.set_viewport_size({"width": 1920, "height": 1000})


def test_nothing_outside_the_page_is_served_and_no_address_names_a_file(page_at: str, browser: Any) -> None:
    for path in (
        "voila/files/04_comparison.ipynb",
        "voila/files/../params/studies/x.yaml",
        "api/contents",
        "voila/tree",
    ):
        assert status(page_at + path) in (302, 403, 404), path
    assert status(page_at + "voila/files/06_explore.ipynb") in (403, 404)
    visitor = Visitor(browser).open(f"{page_at}?study=../../etc/passwd&plan=/etc/passwd")
    visitor.page.get_by_text("There is no plan '/etc/passwd'.").wait_for()
    visitor.page.get_by_text("The page has no field 'study'.").wait_for()
    visitor.context.close()


def asked_as(address: str, host: str, path: str = "/") -> int:
    """Return the status with which a server on this machine answers somebody who knows it under a name."""
    port = int(address.rstrip("/").rpartition(":")[2])
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        line.request("GET", path, headers={"Host": host})
        with line.getresponse() as answer:
            return int(answer.status)


def test_only_the_names_that_the_page_is_served_under_are_answered(page_at: str) -> None:
    port = page_at.rstrip("/").rpartition(":")[2]
    for path in ("/", "/voila/static/voila.js", "/api/kernels", "/nothing"):
        for host in ("evil.example", f"evil.example:{port}", "10.0.0.1", f"localhost.evil.example:{port}"):
            assert asked_as(page_at, host, path) == 403, (host, path)
    for host in ("127.0.0.1", f"localhost:{port}", f"[::1]:{port}"):
        assert asked_as(page_at, host, "/voila/static/voila.js") == 200, host


def test_with_a_token_nobody_enters_without_it(folder: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [
        "calc",
        "app",
        "--port",
        str(port),
        "--ready",
        "0",
        "--token",
        "a-long-word",
        "--params",
        str(folder / "params"),
    ]
    with running(command, folder, f"{address}voila/static/voila.js"):
        assert status(address) in (302, 403)
        assert status(f"{address}?token=another-word") in (302, 403)


def test_the_notebook_does_the_same_in_jupyterlab(browser: Any, folder: Path) -> None:
    port = free_port()
    command = [
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--allow-root",
        "--IdentityProvider.token=word",
    ]
    command += [f"--ServerApp.root_dir={folder / 'notebooks'}", "--LabApp.default_url=/lab/tree/README.md"]
    address = f"http://127.0.0.1:{port}/"
    with running(command, folder, f"{address}api"):
        visitor = Visitor(browser)
        page = visitor.page
        page.goto(f"{address}?token=word")
        page.get_by_role("heading", name="Which question do you have?").wait_for()
        assert set(re.findall(r"\d\d_\w+", page.locator("table").inner_text())) == {*NAMED, "06_explore"}
        # on a busy machine JupyterLab asks which kernel to take, though there is but one, and may ask twice
        asking = page.locator("dialog.jp-Dialog").last
        page.add_locator_handler(asking, lambda it: it.locator(".jp-mod-accept").click(), no_wait_after=True)
        page.goto(f"{address}lab/tree/06_explore.ipynb?reset")
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(state="attached")
        begun = page.locator(".jp-CodeCell .jp-InputPrompt").first.filter(has_text=re.compile(r"[*\d]"))
        for _ in range(20):  # what is asked of the kernel too soon is lost
            page.locator(".jp-Notebook .jp-Cell").first.click()
            for keys in ("Escape", "Control+a", "Control+Enter"):
                page.keyboard.press(keys)
            page.wait_for_timeout(1_000)
            if begun.count():
                break
        page.wait_for_selector(FIRST)
        visitor.choose("Plan", "Self-pay, no insurance")
        visitor.pays("Stem cell injection", library(folder, STEM, study__plan="self_pay"))
        by_keyboard_in_the_notebook(page)
        assert page.locator("mjx-container").count() == 0, "dollars are typeset as mathematics"
        if AXE is not None:  # of the explorer alone: what is around it is JupyterLab's own
            assert violations(page, ".calc-desk") == []
        assert visitor.elsewhere == []
        visitor.context.close()


def by_keyboard_in_the_notebook(page: Any) -> None:
    """Go from the plan to a budget, a quote's price and the buttons with the keyboard alone."""
    page.get_by_label("Plan", exact=True).focus()
    reached = []
    for name in tabbed(page):
        reached.append(name)
        if name == "Budget, $":
            page.keyboard.type("2000")
        elif name == "Pin this state":
            page.keyboard.press("Space")
            break
    assert {"Deductible, $", "Price", "In relief on"} <= set(reached)
    page.get_by_text("$2,000 is enough").wait_for()
    page.get_by_text("Both states are the same.").wait_for()
