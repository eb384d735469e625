"""Figures are found as printed, with their unit, and sections end where the next heading stands."""

from __future__ import annotations

import pytest

from calc.inputs.passage import figures_in, section_of

PAGE = """A page about shots

Course
Protocols take one to 3 shots.

Effect
- It helps for 2-6 weeks: more than you think.
"""


@pytest.mark.parametrize(
    ("passage", "figures"),
    [
        ("$3,000 – $10,000+", {(3000, "usd"), (10000, "usd")}),
        ("between $200 to $500 or more", {(200, "usd"), (500, "usd")}),
        ("about 40 dollars", {(40, "usd")}),
        ("relief (<6 weeks), then >6 months", {(6, "weeks"), (6, "months")}),
        ("3-6 months, Days 1-3", {(3, "months"), (6, "months"), (1, "days"), (3, "days")}),
        ("a 12-month study, five years", {(12, "months"), (5, "years")}),
        ("4.5 out of 10", {(4.5, None), (10, None)}),
        ("10 to 20 % of 85% do", {(10, "%"), (20, "%"), (85, "%")}),
        ("the double technique, one case, NO role", {(2, None), (1, None), (0, None)}),
        ("more than 400,000", {(400000, None)}),
        ("| Day | Use |\n| 1-3 | 2 |", {(1, "days"), (3, "days"), (2, None)}),
        ("| 1-3 | Soreness |", {(1, None), (3, None)}),
        ("nothing at all, nonetheless", set()),
    ],
)
def test_figures_are_read_in_digits_ranges_words_and_tables(
    passage: str, figures: set[tuple[float, str | None]]
) -> None:
    assert {(figure.value, figure.unit) for figure in figures_in(passage)} == figures


def test_a_figure_knows_its_line() -> None:
    assert [(figure.value, figure.line) for figure in figures_in("no figure\n2 weeks\n\nor 6")][-2:] == [(2, 1), (6, 3)]


def test_a_section_ends_at_the_next_heading_and_a_list_is_none() -> None:
    assert section_of(PAGE, "Course") == "Protocols take one to 3 shots.\n"
    assert "It helps" in (section_of(PAGE, "effect") or "")
    assert section_of(PAGE, "Harms") is None
    assert section_of("x" * 90 + "\n\n" + "y" * 90, "Paragraph 2") == "y" * 90
