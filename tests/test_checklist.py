"""The page that says what outputs are held to names tests and files that there are, and hides nothing."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = (REPOSITORY / "docs" / "checklist.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
_VOWELS = re.compile(r"[aeiouy]+")


def test_every_item_has_its_row_with_a_place_a_check_and_a_state() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 30))
    for number, item, where, how, state in ROWS:
        assert item, number
        assert where, number
        assert "`test_" in how or how in ("reviewed picture", "read"), number
        assert re.match(r"(met|in part: .+|not met: .+)$", state), number


def test_every_test_that_the_checklist_names_is_there() -> None:
    files = (REPOSITORY / "tests").rglob("test_*.py")
    there = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named <= there, named - there


def test_every_file_that_the_checklist_names_is_there() -> None:
    for name in re.findall(r"`((?:params|report|model|inputs)/[\w./]+)`", PAGE):
        assert (REPOSITORY / name).exists() or (REPOSITORY / "src" / "calc" / name).exists(), name


def test_the_plain_page_can_be_read_after_eight_years_of_school() -> None:
    text = (REPOSITORY / "docs" / "plain.md").read_text("utf-8")
    assert grade("The cat sat. The dog ran.") < 1
    assert grade("Probabilistic sensitivity analyses characterise considerable parametric uncertainty.") > 20
    assert grade(re.sub(r"\]\(.*?\)|[#*\[]", "", text)) <= 8


def grade(text: str) -> float:
    """Return the reading grade of Flesch and Kincaid (1975), syllables counted as runs of vowels, a last e left out."""
    sentences = [part for part in re.split(r"[.!?](?:\s|$)", text) if part.strip()]
    words = re.findall(r"[A-Za-z]+", text)
    syllables = sum(max(1, len(_VOWELS.findall(re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
