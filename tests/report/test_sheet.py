"""The sheet: one page, up to six options, five questions with room, the plan's figures, the date, the long report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.errors import SettingError, UnknownNameError
from calc.report.pdf import find_chromium
from calc.report.questions import five
from calc.report.sheet import MOST_OPTIONS, chosen, sheet

from .readable import grade
from .shipped import PARAMS, STUDY, shipped, stepped


def test_a_sheet_names_six_options_at_most_and_the_nearest_of_a_wrong_one() -> None:
    assert chosen(shipped(), ["stem_cell_injection"]) == ("stem_cell_injection",)
    assert len(chosen(shipped(), ())) == MOST_OPTIONS - 1
    with pytest.raises(UnknownNameError, match="stem_cell_injection"):
        chosen(shipped(), ["stem_cel_injection"])
    with pytest.raises(SettingError, match="holds 6"):
        chosen(shipped(), list(shipped().inputs.options)[:7])


@pytest.mark.parametrize("plan", ["", "self_pay"])
def test_a_sheet_asks_five_questions_with_room_for_the_answers(plan: str) -> None:
    result = shipped(64, ("guideline",), plan=plan)
    page = sheet(result)
    assert len(five(result)) == 5
    assert page.count('class="calc-room"') == 5
    assert ("The insurer" in page) == (plan == "")


def test_a_sheet_says_plan_date_and_where_the_long_report_is() -> None:
    text = re.sub(r"<.*?>", "", sheet(shipped(), ["epidural_steroid_injection"], report="outputs/report.html"))
    for words in ("Employer PPO 2026", "$1,886", "$4,000", "Nov 23, 2026", "24 months", "outputs/report.html"):
        assert words in text


def test_icon_arrays_fill_as_many_dots_as_the_number_beside_them_says() -> None:
    page = sheet(shipped(), ["facet_joint_injection", "epidural_steroid_injection"])
    arrays = re.findall(r"<svg.*?</svg><data[^>]*>(\d+)</data>", page)
    drawn = re.findall(r"<svg(.*?)</svg>", page)
    assert len(arrays) == len(drawn) == 6
    for number, dots in zip(arrays, drawn, strict=True):
        assert dots.count('class="on"') == int(number)
        assert dots.count("<circle") == 100


def test_a_pathway_has_its_sheet() -> None:
    assert "Stepped care" in sheet(stepped())


def test_the_sheet_can_be_read_after_eight_years_of_school() -> None:
    assert grade(" ".join(each.ask for each in five(shipped()))) <= 8


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_command_writes_one_page(tmp_path: Path, paper: str) -> None:
    try:
        find_chromium()
    except SettingError:
        pytest.skip("no Chromium is installed")
    given = ["sheet", STUDY, "--params", str(PARAMS), "--draws", "64", "--paper", paper, "--out", str(tmp_path)]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "sheet.pdf").read_bytes())) == 1
    assert (tmp_path / "sheet.html").is_file()


def test_a_wrong_format_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "sheet"
    given = ["sheet", STUDY, "--params", str(PARAMS), "--draws", "64", "--format", "docx", "--out", str(out)]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 2
    assert "Choose among" in done.output
    assert not out.exists()
