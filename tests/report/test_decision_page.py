"""The decision page: every state is what the same run shows elsewhere, in one file that asks nothing of anybody."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from calc.analysis.compare import compare
from calc.cli import main
from calc.errors import SettingError
from calc.inputs.population import KindOfPain
from calc.report.decision_axes import Asked, axes_of, combinations
from calc.report.decision_page import decision_page
from calc.report.decision_states import prepared, without_inline
from calc.report.facts import marked
from calc.report.questions import five
from calc.report.screen import screen
from calc.report.screen_html import table

from .browser import AXE, CHROMIUM
from .shipped import PARAMS, STUDY

PLANS = ("employer_ppo_2026", "self_pay")
KINDS = ("back_alone", "nerve_root")
DRAWS = {"study.draws": 64}
MOST_BYTES = 1_500_000
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None or AXE is None, reason="no Chromium, playwright or axe-core"
)


@cache
def page() -> str:
    asked = Asked(STUDY, PARAMS, DRAWS, plans=PLANS, kinds=KINDS)
    axes = axes_of(asked)
    return decision_page(axes, prepared(asked, axes))


def held(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="calc-prepared">(.*?)</script>', text, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def chosen(text: str) -> list[tuple[str, ...]]:
    """Return the choices of each state, in order."""
    names = [[name for name, _ in axis["choices"]] for axis in held(text)["axes"]]
    found: list[tuple[str, ...]] = [()]
    for axis in names:
        found = [(*each, name) for each in found for name in axis]
    return found


def asked_alone(choice: tuple[str, ...], **more: object) -> Any:
    plan, kind, ahead, _ = choice
    settings = {"study.plan": plan, "patient.kind_of_pain": kind, "study.horizon": ahead, **DRAWS, **more}
    return compare(STUDY, params=PARAMS, settings=settings)


def test_each_state_is_what_a_run_of_the_same_settings_shows() -> None:
    told = held(page())
    texts, rows = told["texts"], told["rows"]
    every = list(enumerate(chosen(page())))
    assert len(every) == len(told["states"]) == 2 * 2 * 2 * 2
    for number, choice in random.Random(7).sample(every, 6):  # noqa: S311 - which states are tried is no secret
        result = asked_alone(choice)
        shown = screen(result, choice[-1])
        opening, groups, differences, notes, questions = told["states"][number]
        bodies = "".join(
            f'<tbody><tr class="calc-group">{texts[head]}</tr>'
            + "".join(f"<tr>{''.join(texts[each] for each in rows[row][1:])}</tr>" for row in members)
            + "</tbody>"
            for head, members in groups
        )
        assert without_inline(table(shown)).partition("</thead>")[2] == f"{bodies}</table>"
        for places, sentences in ((opening, shown.opening), (differences, shown.differences), (notes, shown.notes)):
            assert [texts[each] for each in places] == [marked(each) for each in sentences]
        assert [html.unescape(texts[each]) for each in questions] == [f"{q.whom}: {q.ask}" for q in five(result)]
        assert [texts[rows[row][0]] for _, members in groups for row in members] == [r.treatment for r in shown.rows]


def test_states_of_different_choices_differ() -> None:
    """Of a table that ignored an axis some states would be the same."""
    told = held(page())
    assert len({json.dumps(state) for state in told["states"]}) == len(told["states"])


def test_a_study_has_sixty_states_at_least_unless_asked_for_fewer() -> None:
    axes = axes_of(Asked(STUDY, PARAMS))
    assert len(list(combinations(axes))) >= 60
    assert list(axes[1].choices) == list(KindOfPain)
    assert [axis.first for axis in axes] == ["employer_ppo_2026", "not_sure", "24 months", "guideline"]


def test_sixty_states_fit_into_a_megabyte_and_a_half() -> None:
    """As many as all states would need if none shared a text with another beyond what these share."""
    states = len(held(page())["states"])
    every = len(list(combinations(axes_of(Asked(STUDY, PARAMS)))))
    assert len(page().encode()) / states * every < MOST_BYTES


def test_a_quote_of_ones_own_is_in_every_state_and_said() -> None:
    price = {"stem_cell_injection.price.injection": 8500}
    asked = Asked(STUDY, PARAMS, {**DRAWS, **price}, plans=["self_pay"], kinds=["back_alone"], horizons=["12 months"])
    axes = axes_of(asked)
    states = prepared(asked, axes)
    assert len(states.states) == 2
    for opening, *_ in states.states:
        assert "Your own numbers are in this" in " ".join(states.texts[each] for each in opening)  # type: ignore[attr-defined]


def test_every_name_that_there_is_not_is_told_at_once() -> None:
    asked = Asked(STUDY, PARAMS, plans=["employer_ppo"], views=["clinics"], horizons=["soon"], kinds=["leg"])
    with pytest.raises(SettingError) as caught:
        axes_of(asked)
    told = str(caught.value)
    assert len(caught.value.problems) == 4
    for words in ("'employer_ppo_2026'", "'clinic'", "--horizons soon", "'nerve_root'"):
        assert words in told


def test_a_setting_that_a_plan_has_no_place_for_names_the_plan() -> None:
    asked = Asked(STUDY, PARAMS, {"plan.deductible": 3000}, plans=[*PLANS])
    with pytest.raises(SettingError, match=r"^plan self_pay: setting plan\.deductible: .*Leave out that plan"):
        axes_of(asked)


def test_only_what_the_page_holds_may_run_or_style_it() -> None:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page())
    assert found
    policy = dict(each.strip().split(" ", 1) for each in found[1].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert "unsafe" not in found[1]
    for element, directive in (("script", "script-src"), ("style", "style-src")):
        (content,) = re.findall(rf"<{element}>(.*?)</{element}>", page(), re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"
    assert not re.search(r'\s(?:style|src|href|on\w+)="', page())


def test_the_foot_names_the_inputs_and_says_what_it_is_not() -> None:
    foot = page().partition("<footer>")[2].partition("</footer>")[0]
    assert re.search(rf"treatment-calc \S+, study {STUDY}, inputs [0-9a-f]{{12}}, \d{{4}}-\d\d-\d\d, 64 draws", foot)
    assert "Not medical advice" in foot
    assert "Left out" in foot


def test_the_command_writes_the_file_and_a_wrong_name_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "new" / "decision.html"
    given = ["page", STUDY, "--params", str(PARAMS), "--draws", "64", "--plans", "self_pay", "--horizons", "12 months"]
    wrong = CliRunner().invoke(main, [*given, "--kinds-of-pain", "leg", "--to", str(file)])
    assert wrong.exit_code == 2
    assert "there is no kind of pain named 'leg'" in wrong.output
    assert not file.parent.exists()
    done = CliRunner().invoke(main, [*given, "--kinds-of-pain", "back_alone,nerve_root", "--to", str(file)])
    assert done.exit_code == 0, done.output
    assert "holds 4 answers" in done.output
    assert len(held(file.read_text("utf-8"))["states"]) == 4


@contextmanager
def opened(folder: Path, at: str = "", **how: Any) -> Iterator[Any]:
    """Open the page in a browser; whatever it asks for, and whatever goes wrong in it, fails the test."""
    from playwright.sync_api import sync_playwright

    file = folder / "decision.html"
    file.write_text(page(), encoding="utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab: Any = browser.new_page(**how)
        told: list[str] = []
        tab.on("request", lambda request: told.append(request.url.partition("#")[0]))
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.goto(file.as_uri() + at)
        yield tab
        assert told == [file.as_uri()]
        browser.close()


def seen(tab: Any) -> list[list[str]]:
    """Return the text of each row of options that the page shows."""
    found: list[list[str]] = tab.evaluate(
        "[...document.querySelectorAll('#calc-table tbody tr:not(.calc-group)')]"
        ".map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


def expected(choice: tuple[str, ...]) -> list[list[str]]:
    """Return the text of each row of options that a run of its own shows."""
    body = table(screen(asked_alone(choice), choice[-1])).partition("</thead>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", body)
    cells = [re.findall(r"<t[hd][ >].*?</t[hd]>", row) for row in rows]
    return [[html.unescape(re.sub(r"<.*?>", "", cell)) for cell in row] for row in cells]


@needs_browser
def test_turning_the_page_shows_the_rows_of_that_state_and_asks_nothing_of_anybody(tmp_path: Path) -> None:
    with opened(tmp_path) as tab:
        assert seen(tab) == expected(("employer_ppo_2026", "back_alone", "24 months", "guideline"))
        tab.select_option("#calc-plan", "self_pay")
        tab.select_option("#calc-pain", "nerve_root")
        tab.select_option("#calc-view", "clinic")
        choice = ("self_pay", "nerve_root", "24 months", "clinic")
        assert seen(tab) == expected(choice)
        assert tab.url.endswith("#plan=self_pay&pain=nerve_root&ahead=24+months&view=clinic")
        assert "Self-pay" in tab.text_content("[role=status]")


@needs_browser
def test_the_address_brings_a_state_back_and_a_strange_one_the_first(tmp_path: Path) -> None:
    with opened(tmp_path, "#plan=self_pay&ahead=12+months&options=lumbar_fusion") as tab:
        names = ["No procedure", "Lumbar fusion"]
        wanted = expected(("self_pay", "back_alone", "12 months", "guideline"))
        assert seen(tab) == [row for row in wanted if row[0].startswith(tuple(names))]
        assert len(seen(tab)) == 2
    with opened(tmp_path, "#plan=%3Cb%3E&pain=x&options=y,z") as tab:
        assert seen(tab) == expected(("employer_ppo_2026", "back_alone", "24 months", "guideline"))


@needs_browser
def test_the_keyboard_turns_the_page_and_three_options_are_the_most(tmp_path: Path) -> None:
    with opened(tmp_path) as tab:
        tab.focus("#calc-plan")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.id") == "calc-pain"
        tab.keyboard.press("ArrowDown")
        assert seen(tab) == expected(("employer_ppo_2026", "nerve_root", "24 months", "guideline"))
        tab.click("summary")
        boxes = tab.locator("#calc-options input")
        for number in range(3):
            boxes.nth(number).check()
        assert len(seen(tab)) == 4
        assert boxes.nth(3).is_disabled()
        tab.click("#calc-all")
        assert len(seen(tab)) == boxes.count() + 1


@needs_browser
def test_with_scripts_off_the_first_state_is_there_whole(tmp_path: Path) -> None:
    first = expected(("employer_ppo_2026", "back_alone", "24 months", "guideline"))
    with opened(tmp_path, java_script_enabled=False) as tab:
        texts = [
            row.locator("th, td").all_text_contents()
            for row in tab.locator("#calc-table tbody tr:not(.calc-group)").all()
        ]
        assert texts == first
        assert not tab.is_visible("#calc-controls")
        assert "Scripts are off" in tab.text_content("body")


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1920])
def test_axe_core_finds_nothing(tmp_path: Path, width: int, scheme: str) -> None:
    assert AXE is not None
    with opened(tmp_path, viewport={"width": width, "height": 900}, color_scheme=scheme) as tab:
        tab.click("summary")
        tab.evaluate(AXE.read_text("utf-8"))
        found = tab.evaluate(
            "axe.run(document).then(told => [told.passes.length, told.violations.map(each => each.id)])"
        )
        assert found[0] > 15
        assert found[1] == []


@needs_browser
def test_what_is_chosen_is_written_out_whole(tmp_path: Path) -> None:
    with opened(tmp_path, viewport={"width": 320, "height": 700}) as tab:
        tab.select_option("#calc-pain", "nerve_root")
        line = tab.locator("#calc-status")
        assert line.is_visible()
        for axis in held(page())["axes"]:
            field = tab.locator(f"#calc-{axis['name']}")
            assert dict(axis["choices"])[field.input_value()] in line.inner_text()


@needs_browser
def test_a_narrow_phone_scrolls_one_way(tmp_path: Path) -> None:
    with opened(tmp_path, viewport={"width": 320, "height": 700}) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        tab.check("#calc-larger")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@needs_browser
@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_three_options_and_my_notes_print_on_one_page(tmp_path: Path, paper: str) -> None:
    with opened(tmp_path, "#options=physical_therapy,epidural_steroid_injection,lumbar_fusion") as tab:
        tab.fill("#calc-my-notes", "Ask about June.\n" * 6)
        printed = tab.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        tab.emulate_media(media="print")
        assert tab.is_visible("#calc-my-notes")
        assert not tab.is_visible("#calc-controls")
