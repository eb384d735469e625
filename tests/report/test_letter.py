"""A letter and words for the phone: what differs, what the plan says, what would be right; no blame, no name."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.analysis.statements import BillCheck, check_bill
from calc.cli import main
from calc.report.check import checked
from calc.report.letter import letter_page, letter_text

REPOSITORY = Path(__file__).resolve().parents[2]
PARAMS = REPOSITORY / "params"
CASES = REPOSITORY / "tests" / "cases" / "statements"


@pytest.fixture(scope="module")
def ppo() -> BillCheck:
    return check_bill([CASES / "ppo_2026.csv"], plan="employer_ppo_2026", params=PARAMS)


@pytest.fixture(scope="module")
def hdhp() -> BillCheck:
    return check_bill([CASES / "hdhp_2026.csv"], plan="high_deductible_2026", params=PARAMS)


def words(text: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL).split())


def test_the_letter_says_which_line_what_the_plan_says_what_would_be_right_and_whom_to_ask(ppo: BillCheck) -> None:
    for text in (words(letter_page(ppo)), words(letter_text(ppo))):
        for said in (
            "Claim C4, line 1, of March 10, 2026",
            "This line differs from what the plan&#x27;s terms give; please explain.",
            "Deductible: $1,886.00 (General annual deductible, single coverage)",
            "You would owe $688.80. The statement asks for $811.20 more.",
            "the insurer and the provider&#x27;s billing office",
        ):
            assert said.replace("&#x27;", "'") in text.replace("&#x27;", "'"), said


def test_later_lines_stand_with_the_first_they_follow_from(hdhp: BillCheck) -> None:
    text = words(letter_text(hdhp))
    assert "Claim C7, line 1, of November 16, 2026: owed by the statement $4,412.00, by the terms $5,200.00." in text
    assert text.count("Say: ") == 1


@pytest.mark.parametrize("form", [letter_page, letter_text])
def test_nobody_is_blamed(ppo: BillCheck, form: object) -> None:
    text = words(form(ppo)).lower()  # type: ignore[operator]
    for blame in ("error", "mistake", "wrong", "fraud", "overcharg", "violat", "illegal", "must", "demand", "fault"):
        assert blame not in text


def test_a_name_stands_there_only_when_asked(ppo: BillCheck) -> None:
    assert "A. Patient" in letter_page(ppo, name="A. Patient")
    assert letter_text(ppo, name="A. Patient").endswith("\n\nA. Patient\n")
    assert letter_text(ppo).endswith("what was said.\n")


def test_statements_that_are_right_leave_nothing_to_ask(tmp_path: Path) -> None:
    rows = (CASES / "ppo_2026.csv").read_text("utf-8").splitlines()[:5]
    (tmp_path / "s.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    done = check_bill([tmp_path / "s.csv"], plan="employer_ppo_2026", params=PARAMS)
    assert "There is nothing to ask." in letter_text(done)
    assert "all 3 visits are split as the plan's terms give" in checked(done)


class Page(HTMLParser):
    """What a page asks for from elsewhere, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asks: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asks += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing_from_anywhere(ppo: BillCheck) -> None:
    page = Page(letter_page(ppo, name="<b>&"))
    assert (page.asks, page.open) == ([], [])
    assert "url(" not in letter_page(ppo)


def test_what_a_statement_holds_is_text_and_no_markup(tmp_path: Path) -> None:
    text = (CASES / "ppo_2026.csv").read_text("utf-8").replace("C6", "<script>alert(1)</script>")
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    page = letter_page(check_bill([tmp_path / "s.csv"], plan="employer_ppo_2026", params=PARAMS))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_command_writes_page_text_and_table_and_prints_every_line(tmp_path: Path) -> None:
    out = [tmp_path / each for each in ("letter.html", "letter.txt", "lines.csv")]
    arguments = ["check-bill", str(CASES / "hdhp_2026.csv"), "--plan", "high_deductible_2026", "--params", str(PARAMS)]
    done = CliRunner().invoke(
        main,
        [*arguments, "--letter", str(out[0]), "--letter", str(out[1]), "--out", str(out[2])],
        env={"COLUMNS": "180"},
    )
    assert done.exit_code == 0, done.output
    assert all(each.is_file() for each in out)
    said = " ".join(done.output.split())
    for part in ("1 of 8 visits differs", "2 later ones follow", "deductible taken again", "follows from",
                 "you would owe $700.00, not $2,060.00", "What is left by the terms:", "2026-12-03 C8 $0.00 $560.00"):  # fmt: skip
        assert part in said
    assert out[2].read_text("utf-8").count("\n") == 9


def test_a_letter_of_no_form_that_there_is_stops_before_anything_is_written(tmp_path: Path) -> None:
    arguments = ["check-bill", str(CASES / "ppo_2026.csv"), "--plan", "employer_ppo_2026", "--params", str(PARAMS)]
    letters = [
        "--letter",
        str(tmp_path / "a.html"),
        "--letter",
        str(tmp_path / "b.docx"),
        "--out",
        str(tmp_path / "c.csv"),
    ]
    done = CliRunner().invoke(main, [*arguments, *letters])
    assert done.exit_code == 2
    assert "there is no letter of the form '.docx'" in done.stderr
    assert list(tmp_path.iterdir()) == []
