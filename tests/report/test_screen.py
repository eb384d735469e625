"""The first screen: what it says, in which groups, in how plain words, and how wide it is on a phone."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from calc.analysis.compare import Result, compare
from calc.analysis.effects import Group
from calc.report.facts import Label, Sentence, plain
from calc.report.questions import asked
from calc.report.screen import HEADS, screen
from calc.report.screen_html import as_page
from calc.report.screen_text import as_pages
from calc.report.sheet import sheet
from calc.report.show import Page
from calc.report.yours import without_yours

from .browser import CHROMIUM, opened
from .readable import grade
from .shipped import PARAMS, STUDY

#: sentences of an earlier first page, and jargon
GONE = (
    "people who choose",
    "most weeks in relief",
    "nobody can tell you",
    "Before any mixture",
    "one person's luck, and numbers together",
    "go with",
    "goes with",
    "where it comes",
    "could be believed was found",
    "You would pay least",
    "cheapest",
)


@cache
def of_kind(kind: str) -> Result:
    return compare(STUDY, params=PARAMS, settings={"study.draws": 256, "patient.kind_of_pain": kind})


def read_aloud(result: Result) -> str:
    shown = screen(result)
    told = [plain(each) for each in (*shown.opening, *shown.differences, *shown.notes)]
    return "\n".join([*told, *(f"{each.ask} {plain(each.why)}" for each in asked(result))])


@pytest.mark.parametrize("kind", ["back_alone", "nerve_root", "not_sure"])
def test_doing_nothing_comes_first_and_each_option_stands_once_in_its_group(kind: str) -> None:
    shown = screen(of_kind(kind))
    assert next(iter(shown.groups)) == Group.NOTHING
    assert sorted(row.treatment for row in shown.rows) == sorted(of_kind(kind).inputs.options)
    table = of_kind(kind).effects
    mine = table[table["view"] == "guideline"].set_index("treatment")["group"]
    for group, rows in shown.groups.items():
        assert {mine[row.treatment] for row in rows} == {group}


def test_the_kind_of_pain_decides_what_is_advised() -> None:
    group = {
        kind: {row.treatment: each for each, rows in screen(of_kind(kind)).groups.items() for row in rows}
        for kind in ("back_alone", "nerve_root")
    }
    assert group["back_alone"]["lumbar_discectomy"] == Group.NOT_RECOMMENDED
    assert group["nerve_root"]["lumbar_discectomy"] != Group.NOT_RECOMMENDED


@pytest.mark.parametrize("kind", ["back_alone", "nerve_root", "not_sure", "facet_joints"])
def test_the_answer_and_the_questions_can_be_read_after_eight_years_of_school(kind: str) -> None:
    assert grade(read_aloud(of_kind(kind))) <= 8
    shown = screen(of_kind(kind))
    for part in (shown.opening, shown.differences, shown.notes):
        assert grade(" ".join(map(without_names, part))) <= 8


def without_names(sentence: Sentence) -> str:
    """Return a sentence with one short word for each name; what a treatment is, its row says in six words."""
    return plain(tuple("this" if isinstance(each, Label) else each for each in sentence))


@pytest.mark.parametrize("kind", ["back_alone", "nerve_root"])
def test_words_of_the_earlier_page_are_gone(kind: str) -> None:
    result = of_kind(kind)
    text = read_aloud(result) + as_page(screen(result)) + sheet(result) + str(Page(result, None).reasons().data)
    for words in GONE:
        assert words not in text


def test_only_what_differs_between_two_views_has_a_line_the_widest_gap_first() -> None:
    result = of_kind("back_alone")
    lines = [plain(each) for each in screen(result).differences]
    assert lines[0].startswith(result.inputs.options["stem_cell_injection"].label)
    assert "nobody knows (Guidelines)" in lines[0]
    assert 1 <= len(lines) < len(result.inputs.options)
    alone = compare(STUDY, params=PARAMS, settings={"study.draws": 64, "study.views": ["clinic"]})
    assert not screen(alone).differences


def test_costs_that_tie_are_named_together() -> None:
    result = compare(STUDY, params=PARAMS, settings={"study.draws": 64, "study.plan": "high_deductible_2026"})
    table = result.effects
    rows = table[(table["view"] == "guideline") & (table["group"] == Group.RECOMMENDED)]
    cost = plain(screen(result).opening[1])
    for column in ("cost_if_covered", "cost_if_refused"):
        most = rows[column].max()
        for name in rows[rows[column] == most]["treatment"]:
            short = result.inputs.options[name].short
            assert short[1:] in cost


def test_your_own_quote_is_told_with_what_it_changes() -> None:
    settings: dict[str, object] = {
        "study.draws": 256,
        "stem_cell_injection.bill": "total_per_course",
        "stem_cell_injection.price.total_per_course": 8500,
    }
    result = compare(STUDY, params=PARAMS, settings=settings)
    before = without_yours(STUDY, PARAMS, settings, ())
    assert before is not None
    [*_, told] = [plain(each) for each in screen(result, before=before).opening]
    assert "stem cell injection if refused: about $8,500 now" in told
    assert without_yours(STUDY, PARAMS, {"study.draws": 256}, ()) is None


def test_a_terminal_shows_every_option_and_head_and_keeps_its_width() -> None:
    text = as_pages(screen(of_kind("back_alone")), width=150)
    assert max(map(len, text.splitlines())) <= 150
    for each in of_kind("back_alone").inputs.options.values():
        assert re.split(r"[ -]", each.short)[0] in text
    for head in HEADS.values():
        assert head.split()[0] in text


@pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None, reason="no Chromium or playwright is installed on this machine"
)
@pytest.mark.parametrize("width", [320, 400])
def test_on_a_phone_nothing_is_cut_off(tmp_path: Path, width: int) -> None:
    for name, body in (("screen", as_page(screen(of_kind("back_alone")))), ("sheet", sheet(of_kind("back_alone")))):
        file = tmp_path / f"{name}.html"
        file.write_text(f'<meta name="viewport" content="width=device-width">{body}', encoding="utf-8")
        with opened(file, width=width) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            widest = page.evaluate(
                "Math.max(...[...document.querySelectorAll('td, th, p, li')].map(e => e.getBoundingClientRect().right))"
            )
            assert widest <= width


@pytest.mark.parametrize("kind", ["back_alone", "nerve_root"])
def test_the_ten_questions_of_a_first_reader_are_answered(kind: str) -> None:
    result = of_kind(kind)
    shown = screen(result)
    row = {each.treatment: {name: plain(cell) for name, cell in each.cells.items()} for each in shown.rows}
    notes = " ".join(map(plain, shown.notes))
    assert re.match(r"No.* \(.+\d{4}\)", row["stem_cell_injection"]["advice"])
    assert re.search(
        r"\d+ \(.*\) with it.*; \d+ with a sham; \d+ with neither", row["epidural_steroid_injection"]["people"]
    )
    for cell in ("covered", "refused"):
        assert re.match(r"about \$[\d,]+ \(\$[\d,]+ to \$[\d,]+\)", row["facet_nerve_ablation"][cell])
    assert re.search(r"off desk work: about \d+ days", row["lumbar_discectomy"]["soon"])
    assert "guess" in notes
    assert any(each["covered"].endswith("*") for each in row.values())
    assert "of 100" in row["epidural_steroid_injection"]["harms"]
    assert row["trigger_point_injection"]["harms"] == "We found no count; harm may still come"
    assert row["stem_cell_injection"]["harms"] == "Harms are reported; nobody counts how often"
    assert row["physical_therapy"]["people"].count("no sham was tried") == 1
    assert "(Guidelines) or" in plain(shown.differences[0])
    assert next(each.whom for each in asked(result)) == "The insurer"


def test_without_insurance_nothing_is_said_of_a_plan_that_pays() -> None:
    made = compare("chronic_low_back_pain", params=PARAMS, settings={"study.draws": 64, "study.plan": "self_pay"})
    words = " ".join(map(plain, screen(made).opening))
    assert "Without insurance, for an advised one, you pay from " in words
    assert "plan pays" not in words
