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

from calc.report.figures import cost_intervals, evidence_ranges, relief_curves, relieved, states
from calc.report.figures.gallery import FIGURES, Slide, slides
from calc.report.figures.record import Figure as Record
from calc.report.figures.style import styled
from calc.report.format import money, records
from calc.report.formats import FORMATS
from calc.report.marks import look
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


def test_the_figure_shows_the_numbers_of_its_table() -> None:
    table = shipped().comparison
    rows = [row for row in records(table[table["outcome"] == "out_of_pocket"]) if row["known"] == "stated"]
    axes = drawn("cost_intervals")[0].figure.axes[0]
    shown = sorted(float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1)
    assert shown == sorted(row["p50"] for row in rows)
    bars = sorted(tuple(map(float, line.get_xdata())) for line in axes.lines if len(line.get_xdata()) == 2)
    assert bars == sorted((row["p05"], row["p95"]) for row in rows)


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


@pytest.mark.parametrize("quantity", ["response", "price", "onset", "downtime", "coverage", "relief"])
def test_every_claim_of_the_evidence_stands_on_some_slide_at_its_middle(quantity: str) -> None:
    table = evidence_ranges.table_of(shipped(), quantity)
    shown = sorted(x for x, _ in marks(drawn(f"evidence_{quantity}")))
    assert shown == sorted(table["p50"].dropna())
    assert {axes.get_xlim() for each in drawn(f"evidence_{quantity}") for axes in each.figure.axes} == {
        drawn(f"evidence_{quantity}")[0].figure.axes[0].get_xlim()
    }


def test_cost_against_relief_stands_at_the_means_of_its_table() -> None:
    table = shipped().comparison
    stated = table[table["known"] == "stated"]
    costs, weeks = (stated[stated["outcome"] == name] for name in ("out_of_pocket", "weeks_in_relief"))
    both = costs.merge(weeks, on=["view", "treatment"])
    assert sorted(marks(drawn("cost_relief"))) == sorted(zip(both["mean_x"], both["mean_y"], strict=True))


def test_relief_curves_pass_through_every_week_of_their_table() -> None:
    shown = [
        float(share)
        for axes in drawn("relief_curves")[0].figure.axes
        for line in axes.lines
        if len(line.get_ydata()) > 2  # a curve, and not what leads to its name
        for share in line.get_ydata()
    ]
    assert sorted(shown) == pytest.approx(sorted(100 * shipped().relief_by_week["in_relief"]))


def test_a_timeline_waits_until_the_first_session_of_its_table() -> None:
    phases = shipped().phases
    rows = phases[(phases["phase"] == "first_session") & (phases["known"] == "stated")]
    bars = [
        patch.get_width()
        for axes in drawn("timeline")[0].figure.axes
        for patch in axes.patches
        if patch.get_x() == 0 and patch.get_height() == pytest.approx(0.3)
    ]
    assert sorted(bars) == pytest.approx(sorted(rows["p50"]))


def test_every_source_has_a_mark_in_its_year() -> None:
    years = shipped().sources["dated"].str[:4]
    shown = Counter(int(x) for x, _ in marks(drawn("source_ages")))
    for year, count in Counter(int(year) for year in years if year.isdigit()).items():
        assert shown[year] == count


def test_the_footer_of_a_slide_names_interval_draws_plan_horizon_and_sources() -> None:
    words = " ".join(" ".join(text.get_text().split()) for text in drawn("timeline")[0].figure.texts)
    for part in ("90 % intervals", "1,024 draws", "plan:", "24 months", "4 documents", "publications", "not a quote"):
        assert part in words


def test_money_axes_start_at_zero() -> None:
    for name in ("cost_intervals", "cost_relief", "kinds"):
        assert all(axes.get_xlim()[0] == 0 for axes in drawn(name)[0].figure.axes)
    assert all(axes.get_ylim()[0] == 0 for axes in drawn("paid_curves")[0].figure.axes)


def test_a_curve_shows_the_share_of_its_table_as_people_of_100() -> None:
    table = pd.DataFrame({"label": "A", "week": np.arange(5), "in_relief": [0.0, 0.1, 0.4, 0.3, 0.2]})
    axes = relief_curves.draw(table, Figure().add_subplot())
    assert list(axes.lines[0].get_ydata()) == [0, 10, 40, 30, 20]
    assert axes.get_ylim() == (0, 100)


def test_what_nobody_knows_is_an_open_box_and_never_a_mark() -> None:
    row = {"view_label": "V", "label": "A", "unit": "USD", "p05": np.nan, "p50": np.nan, "p95": np.nan}
    table = pd.DataFrame([{**row, "known": "not known", "low": 100.0, "high": 900.0}])
    axes = cost_intervals.draw(table, Figure().add_subplot())
    assert not [line for line in axes.lines if len(line.get_xdata())]
    assert [(patch.get_x(), patch.get_width()) for patch in axes.patches] == [(100.0, 800.0)]
    assert "not known: $100 to $900" in [text.get_text() for text in axes.texts]


def test_alternative_text_holds_the_interval_of_every_treatment() -> None:
    made = drawn("cost_intervals")[0]
    table = shipped().comparison
    for row in records(table[(table["outcome"] == "out_of_pocket") & (table["known"] == "stated")]):
        assert money(row["p50"]) in made.alt


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
    assert labels == ["23 Nov 2026", "24 May 2027", "22 Nov 2027", "22 May 2028", "20 Nov 2028"]


def test_bands_stack_to_the_shares_of_their_table() -> None:
    shares = {"in_relief": 0.4, "recovering": 0.1, "waiting": 0.2, "not_in_relief": 0.3}
    table = pd.DataFrame({"label": "A", "week": [0, 1], **{name: [share] * 2 for name, share in shares.items()}})
    axes = states.draw(table, Figure().add_subplot(), order=("A",), horizon=1.0, start=date(2026, 1, 1))
    heights = [np.ptp(band.get_paths()[0].vertices[:, 1]) for band in axes.collections if band.get_paths()]
    assert [height / 0.84 for height in heights if height > 0] == pytest.approx(list(shares.values()))


@pytest.mark.parametrize("name", ["timeline", "states", "relieved", "relief_curves", "paid_curves", "days_lost"])
def test_a_study_with_a_pathway_has_it_on_every_figure(name: str) -> None:
    made = slides(stepped(), name)[0]
    assert "Stepped care" in made.alt
    assert_inside(made.figure)


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
    axes = drawn("relief_curves")[0].figure.axes[0]
    leaders = [line for line in axes.lines if len(line.get_ydata()) == 2]
    assert leaders
    assert {(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in leaders} <= {
        (float(line.get_xdata()[-1]), float(line.get_ydata()[-1])) for line in axes.lines if len(line.get_ydata()) > 2
    }
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
