from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from calc.report.chosen import chosen
from calc.report.figures import (
    cost_intervals,
    cost_relief,
    evidence_effects,
    evidence_ranges,
    of_100,
    relief_curves,
    relieved,
    states,
)
from calc.report.figures.gallery import FIGURES, Slide, slides
from calc.report.figures.record import Figure as Record
from calc.report.figures.record import once, strokes
from calc.report.figures.style import styled
from calc.report.format import money, records
from calc.report.formats import FORMATS
from calc.report.marks import BLUE, look
from calc.report.save import slide_bytes

from .looks import assert_apart, assert_inside, assert_legible
from .shipped import REPOSITORY, drawn, picture, shipped, stepped

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
EVERY_VIEW = ("guideline", "clinic", "balanced", "documents_only")


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_same_inputs_give_the_same_bytes_whatever_the_readers_own_style(name: str) -> None:
    with mpl.rc_context({"font.size": 31, "axes.facecolor": "red", "savefig.dpi": 50}):
        made = slides(shipped(), name)[0]
        again = [slide_bytes(made, form) for form in reversed(FORMATS)]
    assert again == [picture(name, form) for form in reversed(FORMATS)]


def test_the_readers_own_style_is_as_before_once_a_figure_is_drawn() -> None:
    """Its backend as well, which no context of matplotlib's gives back."""
    with mpl.rc_context({"font.size": 31}):
        before, backend = dict(mpl.rcParams), mpl.rcParams["backend"]
        plt.switch_backend("svg")
        try:
            with styled():
                assert mpl.rcParams["font.size"] != 31
                assert mpl.rcParams["backend"].lower() == "svg"
            assert mpl.rcParams["backend"].lower() == "svg"
        finally:
            plt.switch_backend(backend)
        assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_slide_is_1920_by_1080_with_legible_text(name: str) -> None:
    assert plt.imread(io.BytesIO(picture(name, "png"))).shape[:2] == (1080, 1920)
    for made in drawn(name):
        assert_legible(made.figure)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_nothing_is_cut_off_at_the_edge_of_a_slide(name: str) -> None:
    for made in drawn(name):
        assert_inside(made.figure)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_no_text_of_a_slide_covers_another(name: str) -> None:
    for made in drawn(name):
        assert_apart(made.figure)


def test_a_budget_is_named_where_nothing_else_stands() -> None:
    for made in slides(shipped(64, patient="with_travel_work_and_loan"), "cost_dots"):
        assert "budget $5,000" in "".join(text.get_text() for text in made.figure.axes[0].texts)
        assert_apart(made.figure)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_an_svg_is_named_described_and_asks_nobody_for_anything(name: str) -> None:
    made, text = drawn(name)[0], picture(name, "svg").decode()
    root = ET.fromstring(text)  # noqa: S314  our own file
    assert root.get("role") == "img"
    named = {each.get("id"): each.text for each in root}
    assert named[root.get("aria-labelledby")] == made.title
    assert named[root.get("aria-describedby")] == made.alt
    assert not re.findall(r'(?:href|src)="https?:', text)


@pytest.mark.parametrize("views", [EVERY_VIEW[:1], EVERY_VIEW])
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_can_show_any_views_two_a_slide(name: str, views: tuple[str, ...]) -> None:
    made = slides(shipped(64, views), name)
    assert [each.name for each in made] == [name, *(f"{name}_{place}" for place in range(2, len(made) + 1))]
    at_once = FIGURES[name].at_once or len(views)
    groups = [tuple(views[place : place + at_once]) for place in range(0, len(views), at_once)]
    assert list(dict.fromkeys(each.views for each in made)) == groups
    for each in made:
        assert_inside(each.figure)
        assert_apart(each.figure)
        assert_legible(each.figure)


@pytest.mark.parametrize(
    "name", ["cost_components", "cost_payers", "cost_by_plan", "cost_dots", "kinds", "cost_relief"]
)
def test_every_slide_of_a_figure_has_the_same_axes_whichever_views_it_shows(name: str) -> None:
    made = slides(shipped(64, EVERY_VIEW), name)
    assert len(made) > 1
    assert len({tuple(axes.get_xlim() for axes in each.figure.axes) for each in made}) == 1


def test_covered_and_refused_are_two_marks_at_the_middles_of_their_table() -> None:
    row = {"coverage": "on conditions", "cost_if_covered": 100.0, "cost_if_refused": 900.0}
    row |= {"cost_if_covered_p05": 50.0, "cost_if_covered_p95": 150.0}
    row |= {"cost_if_refused_p05": 600.0, "cost_if_refused_p95": 5_000.0}
    axes = cost_intervals.draw([("A", BLUE, row)], Figure().add_subplot(), reach=1_000.0)
    points = {(line.get_marker(), float(line.get_xdata()[0])) for line in axes.lines if len(line.get_xdata()) == 1}
    assert points == {("o", 100.0), ("s", 900.0), (">", 1_000.0)}
    bars = sorted(tuple(map(float, line.get_xdata())) for line in axes.lines if len(line.get_xdata()) == 2)
    assert bars == [(50.0, 150.0), (600.0, 1_000.0)]
    assert "$900 ($600 to $5,000)" in [text.get_text() for text in axes.texts]


def test_the_axis_of_cost_holds_what_is_paid_if_covered_and_three_of_four_refused() -> None:
    table = shipped().effects
    reach = cost_intervals.reach_of(records(table))
    assert reach > table["cost_if_covered_p95"].max()
    assert (table["cost_if_refused"] <= reach).mean() >= 0.75
    assert reach < table["cost_if_refused"].max()


def marks(made: Sequence[Slide]) -> list[tuple[float, float]]:
    """Return where the marks of all slides stand, in the figures' own units."""
    return [
        (float(x), float(y))
        for each in made
        for axes in each.figure.axes
        for line in axes.lines
        if line.get_marker() not in ("", "None", None)
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


@pytest.mark.parametrize("quantity", ["price", "onset", "downtime", "coverage", "relief"])
def test_every_claim_of_the_evidence_stands_on_some_slide_at_its_middle(quantity: str) -> None:
    table = evidence_ranges.table_of(shipped(), quantity)
    shown = sorted(x for x, _ in marks(drawn(f"evidence_{quantity}")))
    assert shown == sorted(table["p50"].dropna())
    assert {axes.get_xlim() for each in drawn(f"evidence_{quantity}") for axes in each.figure.axes} == {
        drawn(f"evidence_{quantity}")[0].figure.axes[0].get_xlim()
    }


def test_every_effect_that_compares_two_groups_stands_on_some_slide_and_no_other() -> None:
    table = evidence_effects.table_of(shipped())
    assert sorted(x for x, _ in marks(drawn("evidence_effect"))) == sorted(table["p50"].dropna())
    alone = [len(each.effects) for each in shipped().inputs.treatments.values()]
    assert len(table) == sum(alone)
    assert table[table["label"].str.contains("nobody")]["p50"].isna().all()


def test_cost_against_relief_stands_at_the_means_of_its_table() -> None:
    table = shipped().effects
    cost = table["cost_if_covered_mean"].fillna(table["cost_if_refused_mean"])
    known = set(zip(cost, table["gained_weeks"], strict=True))
    shown = marks(drawn("cost_relief"))
    assert set(shown) <= known
    assert len(shown) >= table.dropna(subset=["gained_weeks"])["treatment"].nunique()


def test_relief_curves_pass_through_every_week_of_their_table_and_the_natural_course_is_in_every_panel() -> None:
    table = shipped().relief_by_week
    neither = 100 * table[(table["treatment"] == "no_procedure") & (table["view"] == "guideline")]["in_relief"]
    panels = [axes for each in drawn("relief_curves") for axes in each.figure.axes]
    assert all(list(axes.lines[0].get_ydata()) == list(neither) for axes in panels)
    names = {option.short: name for name, option in shipped().inputs.options.items()}
    for axes in panels:
        own = table[table["treatment"] == names[axes.get_title(loc="left")]]
        curves = {view: tuple(100 * rows["in_relief"]) for view, rows in own.groupby("view")}
        assert {tuple(map(float, line.get_ydata())) for line in axes.lines[1:]} <= set(curves.values())
        assert len(axes.lines) > 1 or not curves


def test_an_option_has_its_color_on_every_figure_whatever_else_is_shown() -> None:
    alone = chosen(shipped(), ["lumbar_fusion"])
    assert strokes(alone)["lumbar_fusion"] == strokes(shipped())["lumbar_fusion"]
    assert len(set(strokes(shipped()).values())) == len(strokes(shipped()))


def test_an_option_is_shown_again_only_where_a_view_tells_it_otherwise() -> None:
    shown = once(shipped(), EVERY_VIEW[:2], lambda view, name: view if name == "duloxetine" else "")
    assert [label for _, name, label in shown if name == "duloxetine"] == [
        "Duloxetine (guidelines)",
        "Duloxetine (clinic)",
    ]
    assert len(shown) == len(shipped().inputs.options) + 1


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_an_alternative_text_has_at_most_a_hundred_and_twenty_words(name: str) -> None:
    assert all(len(each.alt.split()) <= 120 for each in drawn(name))


def test_of_100_people_the_icons_of_each_arm_are_those_of_the_table() -> None:
    row = {"with_treatment": 0.46, "with_treatment_p05": 0.3, "with_treatment_p95": 0.6}
    axes = of_100.draw(row, "with_treatment", Figure().add_subplot(), colour=BLUE)
    assert [len(line.get_xdata()) for line in axes.lines] == [46, 54]
    assert [text.get_text() for text in axes.texts] == ["46", "30 to 60"]
    unknown = of_100.draw(row | {"with_treatment": np.nan}, "with_treatment", Figure().add_subplot(), colour=BLUE)
    assert [len(line.get_xdata()) for line in unknown.lines] == [0, 100]


def test_harms_stand_beside_benefits_with_the_shares_of_their_tables() -> None:
    table = shipped().harms
    bars = [patch.get_width() for each in drawn("harms") for patch in each.figure.axes[1].patches]
    met = set(100 * table[table["known"] == "stated"]["met"])
    assert set(bars) <= met
    assert len(bars) >= len(table[(table["view"] == "guideline") & (table["known"] == "stated")])


def test_a_timeline_waits_until_the_first_session_of_its_table() -> None:
    phases = shipped().phases
    rows = phases[(phases["phase"] == "first_session") & (phases["known"] == "stated")]
    bars = {
        round(float(patch.get_width()), 9)
        for patch in drawn("timeline")[0].figure.axes[0].patches
        if patch.get_x() == 0 and patch.get_height() == pytest.approx(0.3)
    }
    assert bars == {round(float(each), 9) for each in rows["p50"]}


def test_every_source_has_a_mark_in_its_year() -> None:
    years = shipped().sources["dated"].str[:4]
    shown = Counter(int(x) for x, _ in marks(drawn("source_ages")))
    for year, count in Counter(int(year) for year in years if year.isdigit()).items():
        assert shown[year] == count


def test_the_footer_of_a_slide_names_interval_plan_horizon_and_what_it_is_not() -> None:
    words = " ".join(" ".join(text.get_text().split()) for text in drawn("timeline")[0].figure.texts)
    for part in ("90 % intervals", "plan:", "24 months", "not medical advice", "not a quote"):
        assert part in words


def test_money_axes_start_at_zero() -> None:
    for name in ("cost_intervals", "kinds"):
        assert all(axes.get_xlim()[0] == 0 for axes in drawn(name)[0].figure.axes)
    assert all(axes.get_ylim()[0] == 0 for axes in drawn("paid_curves")[0].figure.axes)


def test_a_curve_shows_shares_as_people_of_100_over_the_natural_course() -> None:
    with_it, neither = np.array([0.0, 0.1, 0.4]), np.array([0.0, 0.1, 0.2])
    axes = relief_curves.draw([(BLUE, "-", with_it)], Figure().add_subplot(), neither=neither)
    assert [list(line.get_ydata()) for line in axes.lines] == [[0, 10, 20], [0, 10, 40]]
    assert axes.get_ylim() == (0, 100)


def test_what_nobody_knows_has_no_mark_and_stands_in_the_band() -> None:
    row = {"gained_weeks": np.nan, "cost_if_covered_mean": 500.0, "cost_if_refused_mean": 900.0}
    axes = cost_relief.draw([("A", BLUE, row)], Figure().add_subplot(), reach=1_000.0, top=10.0)
    assert not axes.lines
    assert ["A" in text.get_text() and "$500" in text.get_text() for text in axes.texts] == [True]


def test_an_alternative_text_begins_with_the_figures_of_the_table() -> None:
    row = next(row for row in records(shipped().effects) if row["treatment"] == "exercise_therapy")
    assert f"{money(row['cost_if_covered'])} if covered" in drawn("cost_intervals")[0].alt


def test_views_differ_in_shape_and_not_in_colour_alone() -> None:
    assert len({look(place).marker for place in range(4)}) == 4


def test_of_100_icons_each_is_one_person_and_the_words_count_the_same() -> None:
    table = pd.DataFrame(
        {"label": "A", "by": ["3 months", "6 months"], "relieved": [0.204, 0.5], "relieved_known": "stated"}
    )
    axes = relieved.draw(table, Figure().add_subplot(), order=("A",))
    icons = [len(line.get_xdata()) for line in axes.lines if len(line.get_xdata())]
    assert icons == [20, 30, 50]
    assert "20 by 3 months, 30 more by 6 months, 50 never" in relieved.describe(table)


def test_icons_of_what_is_not_known_are_left_out() -> None:
    table = pd.DataFrame({"label": "A", "by": ["3 months"], "relieved": [np.nan], "relieved_known": "not known"})
    axes = relieved.draw(table, Figure().add_subplot(), order=("A",))
    assert not [line for line in axes.lines if len(line.get_xdata())]


def test_the_axis_of_dates_begins_on_the_day_of_the_decision() -> None:
    axes = drawn("timeline")[0].figure.axes[0]
    labels = [label.get_text().replace("\n", " ") for label in axes.get_xticklabels()]
    assert labels == ["Nov 23 2026", "Nov 22 2027", "Nov 20 2028"]


def test_bands_stack_to_the_shares_of_their_table() -> None:
    shares = {"in_relief": 0.4, "recovering": 0.1, "waiting": 0.2, "not_in_relief": 0.3}
    table = pd.DataFrame({"label": "A", "week": [0, 1], **{name: [share] * 2 for name, share in shares.items()}})
    axes = states.draw(table, Figure().add_subplot(), order=("A",), horizon=1.0, start=date(2026, 1, 1))
    heights = [np.ptp(band.get_paths()[0].vertices[:, 1]) for band in axes.collections if band.get_paths()]
    assert [height / 0.84 for height in heights if height > 0] == pytest.approx(list(shares.values()))


@pytest.mark.parametrize("name", ["timeline", "states", "relieved", "relief_curves", "paid_curves", "days_lost"])
def test_a_study_with_a_pathway_has_it_on_every_figure(name: str) -> None:
    made = slides(stepped(), name)
    drawn = " ".join(text.get_text() for each in made for text in each.figure.findobj(Text))
    assert "Stepped care" in drawn
    assert "Stepped care" in made[-1].alt or made[-1].alt.endswith("The rest is in the table.")
    for each in made:
        assert_inside(each.figure)


@pytest.mark.parametrize("place", range(4))
def test_strokes_stand_out_three_to_one_on_white(place: int) -> None:
    channels = [int(look(place).colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
    assert 1.05 / (luminance + 0.05) >= 3


def test_pictures_can_be_opened(tmp_path: Path) -> None:
    content = picture("timeline", "pdf")
    assert content.startswith(b"%PDF")
    (tmp_path / "t.pdf").write_bytes(content)


def test_the_pictures_in_the_readme_are_the_current_ones() -> None:
    for name in ("cost_intervals", "timeline"):
        shown = (REPOSITORY / "docs" / f"{name}.png").read_bytes()
        assert shown == slide_bytes(slides(shipped(16_384), name)[0], "png"), "run make pictures"


def test_each_curve_s_name_is_led_to_from_its_end() -> None:
    axes = drawn("paid_curves")[0].figure.axes[0]
    leaders = [line for line in axes.lines if len(line.get_ydata()) == 2]
    assert leaders
    ends = {float(line.get_ydata()[-1]) for line in axes.lines if len(line.get_ydata()) > 2}
    assert {float(line.get_ydata()[0]) for line in leaders} <= ends
    names = {text.get_position()[1] for text in axes.texts}
    assert {float(line.get_ydata()[1]) for line in leaders} <= names


def test_the_words_of_curves_end_with_the_last_week() -> None:
    told = relief_curves.describe({"Shot": np.array([0.0, 0.5, 0.25])})
    assert "Shot: most at week 1 with 50 in 100, 25 in 100 at week 2" in told


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_a_figure_is_shown_by_the_notebooks_that_it_names(figure: Record) -> None:
    showing = {file.stem for file in NOTEBOOKS if f'page.figure(\\"{figure.name}\\")' in file.read_text("utf-8")}
    assert showing == set(figure.notebooks)


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_a_figure_names_the_tables_that_are_saved_beside_it(figure: Record) -> None:
    result = shipped()
    saved = {*result.tables()}
    saved |= {f"costs_{name}" for name in result.costs.tables()}
    saved |= {f"decision_{name}" for name in result.decisions.tables()}
    assert set(figure.tables) <= saved
    assert figure.tables


def test_colors_are_named_in_the_palette_alone() -> None:
    source = REPOSITORY / "src" / "calc"
    named = [
        file.relative_to(source).as_posix()
        for folder in ("report", "explore")
        for file in (source / folder).rglob("*.py")
        if re.search(r"#[0-9a-fA-F]{6}\b", file.read_text("utf-8"))
    ]
    assert named == ["report/marks.py"]
    palette = (source / "report" / "marks.py").read_text("utf-8")
    sheet = (source / "report" / "calc.mplstyle").read_text("utf-8")
    assert all(f'"#{each}"' in palette for each in re.findall(r": ([0-9a-f]{6})$", sheet, re.MULTILINE))
