"""What is handed to others: decks, workbooks and figures, opened with other people's readers."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from calc.errors import RunError, SettingError
from calc.report import export as exporting
from calc.report.charts import CHARTS, Chart, bars
from calc.report.chosen import chosen, labels_of
from calc.report.contact import contact_sheet
from calc.report.deck import SIZES, deck
from calc.report.export import checked_choices, export
from calc.report.facts import plain
from calc.report.figures.gallery import FIGURES
from calc.report.figures.record import Figure
from calc.report.format import money
from calc.report.office import workbook
from calc.report.progress import Loudness, Progress
from calc.report.save import cropped_png
from calc.report.screen import HEADS, screen
from calc.report.whole import write_whole

from .shipped import drawn, shipped

SOME = ("cost_intervals", "relief_curves")
#: the charts of how many are helped, and of how long
PEOPLE, WEEKS = CHARTS[0], CHARTS[2]
EMU = 914_400
SILENT = Progress(io.StringIO(), Loudness.QUIET)


@cache
def content(size: str = "16:9", dark: bool = False) -> bytes:
    return deck(shipped(), SOME, size=size, dark=dark)


def opened(size: str = "16:9", dark: bool = False) -> Any:
    return Presentation(io.BytesIO(content(size, dark)))


def test_a_deck_begins_with_its_title_and_ends_with_its_limits() -> None:
    made = list(opened().slides)
    assert made[0].shapes.title.text == shipped().inputs.study.label
    last = " ".join(shape.text_frame.text for shape in made[-1].placeholders)
    assert "Not medical advice" in last
    assert re.search(r"inputs [0-9a-f]{12}", last)


def test_every_slide_has_a_sentence_as_its_title_and_notes_to_speak() -> None:
    made = list(opened().slides)
    for each in made:
        assert each.shapes.title.text.strip()
        assert len(each.notes_slide.notes_text_frame.text) > 60
    for each in made:
        if any(shape.has_chart or shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in each.shapes):
            assert each.shapes.title.text.endswith(".")
    assert "Sources:\n" in made[-1].notes_slide.notes_text_frame.text


def test_every_picture_and_chart_of_a_deck_has_alternative_text() -> None:
    seen = 0
    for each in opened().slides:
        for shape in each.shapes:
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE or shape.has_chart:
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr").split()) > 12
                seen += 1
    assert seen == len(CHARTS) + sum(len(drawn(name)) for name in SOME)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_on_a_slide_reaches_over_its_edge(size: str, dark: bool) -> None:
    made = opened(size, dark)
    assert (made.slide_width / EMU, made.slide_height / EMU) == SIZES[size]
    for each in made.slides:
        for shape in each.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= made.slide_width + 1
            assert shape.top + shape.height <= made.slide_height + EMU // 50


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_no_picture_of_a_deck_reaches_into_the_title_of_its_slide(name: str) -> None:
    for each in drawn(name):
        _, share = cropped_png(each)
        assert SIZES["16:9"][0] * share <= SIZES["16:9"][1] - 1.05


def test_no_text_of_a_deck_is_smaller_than_fourteen_points() -> None:
    for each in opened().slides:
        for shape in each.shapes:
            if shape.has_text_frame:
                sizes = [run.font.size.pt for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
                assert min(sizes) >= 14
            if shape.has_chart:
                assert shape.chart.font.size.pt >= 14


def test_a_native_chart_holds_the_numbers_of_the_effects() -> None:
    found = [shape.chart for each in opened().slides for shape in each.shapes if shape.has_chart]
    names = {option.short: name for name, option in shipped().inputs.options.items()}
    table = shipped().effects.set_index(["view", "treatment"])
    paid = dict(zip(found[1].plots[0].categories, found[1].plots[0].series[0].values, strict=True))
    alike = [label for label in paid if label in names]
    assert alike
    for label in alike:
        stated = table.loc[("guideline", names[label]), "cost_if_covered"]
        assert (paid[label] is None) == pd.isna(stated)
        assert paid[label] is None or paid[label] == pytest.approx(stated)
    assert found[0].value_axis.minimum_scale == 0
    embedded = found[0].part.chart_workbook.xlsx_part.blob
    sheet = openpyxl.load_workbook(io.BytesIO(embedded)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(found[0].plots[0].categories)


def test_bars_of_what_is_not_known_are_missing_and_not_zero() -> None:
    made = bars(shipped(), PEOPLE, ["guideline"])
    treated = dict(zip(made.categories, made.series[0].values, strict=True))
    assert np.isnan(treated["Stem cell injection"])
    assert "stem cell injection: with it not known" in made.alt.lower()


def test_a_deck_has_at_most_a_dozen_slides_unless_its_figures_are_named(tmp_path: Path) -> None:
    usual = checked_choices(tmp_path / "d.pptx")
    made = Presentation(io.BytesIO(deck(shipped(), usual.figures, most=usual.most)))
    assert len(made.slides) <= 12
    assert checked_choices(tmp_path / "d.pptx", figures="all").most is None


def test_a_deck_of_some_options_holds_no_other_and_calls_them_as_wished() -> None:
    some = chosen(shipped(), ["lumbar_fusion"], {"lumbar_fusion": "Joining two bones"})
    made = Presentation(io.BytesIO(deck(some, ("of_100",))))
    words = " ".join(
        f"{each.shapes.title.text} {each.notes_slide.notes_text_frame.text}" for each in list(made.slides)[:-1]
    )
    assert "oining two bones" in words
    assert not [each.short for each in shipped().inputs.options.values() if each.short == "Duloxetine" in words]


def test_an_option_or_a_label_that_fits_nothing_is_named_with_what_would_be_right() -> None:
    with pytest.raises(SettingError) as caught:
        chosen(shipped(), ["lumbar_fuson"], {"duloxetin": "Pill"})
    assert "'lumbar_fusion'" in str(caught.value)
    assert "'duloxetine'" in str(caught.value)
    with pytest.raises(SettingError, match="OPTION=NAME"):
        labels_of(["duloxetine"])
    assert labels_of(["duloxetine=A pill"]) == {"duloxetine": "A pill"}


def test_a_deck_takes_the_master_and_size_of_a_template_and_none_of_its_slides() -> None:
    house = Presentation()
    house.slides.add_slide(house.slide_layouts[0]).shapes.title.text = "OURS"
    house.slide_width, house.slide_height = 12 * EMU, 9 * EMU
    buffer = io.BytesIO()
    house.save(buffer)
    made = Presentation(io.BytesIO(deck(shipped(), (), template=buffer.getvalue())))
    assert (made.slide_width, made.slide_height) == (12 * EMU, 9 * EMU)
    assert "OURS" not in [each.shapes.title.text for each in made.slides]
    for each in made.slides:
        assert all(shape.left + shape.width <= made.slide_width + 1 for shape in each.shapes)


def test_a_file_that_is_no_presentation_is_no_template(tmp_path: Path) -> None:
    (tmp_path / "house.pptx").write_text("no", encoding="utf-8")
    with pytest.raises(SettingError, match="no presentation to build on"):
        checked_choices(tmp_path / "d.pptx", template=tmp_path / "house.pptx")
    with pytest.raises(SettingError, match=r"ends in \.png"):
        checked_choices(tmp_path / "d.pptx", sheet=tmp_path / "sheet.jpg")
    with pytest.raises(SettingError, match="only a deck has it"):
        checked_choices(tmp_path / "d", sheet=tmp_path / "sheet.png")


def test_a_contact_sheet_shows_every_slide_of_its_deck() -> None:
    with Image.open(io.BytesIO(contact_sheet(content()))) as sheet:
        shown = len(opened().slides)
        rows = -(-shown // 3)
        assert sheet.size == (3 * 656 + 16, rows * 376 + 16)
        assert len(set(sheet.crop((16, 16, 656, 376)).get_flattened_data())) > 20


@pytest.mark.parametrize("plan", ["", "self_pay"])
@pytest.mark.parametrize("shown", [*FIGURES.values(), *CHARTS], ids=lambda shown: shown.title)
def test_every_figure_has_a_message_that_fits_two_lines_of_a_slide(shown: Figure | Chart, plan: str) -> None:
    result = shipped(64, ("guideline", "clinic", "balanced", "documents_only"), plan=plan)
    singly = isinstance(shown, Figure) and shown.at_once == 1
    for views in (("guideline",), ("clinic",), ("guideline", "clinic"), ("balanced", "documents_only")):
        said = [shown.message(result, group) for group in ([[view] for view in views] if singly else [views])]
        assert all(0 < len(each) <= 165 and "nan" not in each for each in said), said


def test_a_message_about_cost_says_what_its_table_holds() -> None:
    dots = shipped().costs.dots
    most = dots[dots["view"] == "clinic"]
    highest = most.loc[most["usd"].idxmax()]
    said = FIGURES["cost_dots"].message(shipped(), ["clinic"])
    assert shipped().inputs.treatments[highest["treatment"]].short in said
    assert money(highest["usd"]) in said
    unmet = FIGURES["limits_met"].message(shipped(64, ("guideline",), plan="self_pay"), ["guideline"])
    assert "no limit that is met" in unmet


def test_a_message_names_the_option_and_the_interval_that_the_table_holds() -> None:
    table = shipped().effects
    rows = table[(table["view"] == "clinic")].dropna(subset=["gained_weeks"])
    best = rows.loc[rows["gained_weeks"].idxmax()]
    said = WEEKS.message(shipped(), ["clinic"])
    assert shipped().inputs.treatments[best["treatment"]].short in said
    assert f"({best['gained_weeks_p05']:.0f} to {best['gained_weeks_p95']:.0f})" in said


def test_the_same_inputs_give_the_same_deck_and_workbook() -> None:
    again = deck(shipped(), SOME)
    assert again == content()
    assert workbook(shipped()) == workbook(shipped())


def test_a_workbook_has_one_sheet_a_table_with_its_numbers_and_their_basis(tmp_path: Path) -> None:
    [file] = export(shipped(), checked_choices(tmp_path / "t.xlsx"), SILENT)
    book = pd.read_excel(file, sheet_name=None)
    tables = shipped().tables()
    assert list(book) == ["about", *tables]
    for name, table in tables.items():
        assert list(book[name].columns) == list(table.columns)
        assert "basis" in book[name]
        assert len(book[name]) == len(table)
    costs = book["comparison"]
    stated = costs["known"] == "stated"
    assert costs["p50"][stated].astype(float).to_numpy() == pytest.approx(
        tables["comparison"]["p50"][stated].to_numpy(), rel=1e-15
    )


def test_figures_are_written_in_the_formats_and_dots_wanted_with_their_texts(tmp_path: Path) -> None:
    choices = checked_choices(tmp_path / "f", figures="cost_intervals", formats="png,svg", dpi=60)
    written = export(shipped(), choices, SILENT)
    assert {file.name for file in written} == {"cost_intervals.png", "cost_intervals.svg", "figures.json"}
    with Image.open(tmp_path / "f" / "cost_intervals.png") as picture:
        assert picture.size == (960, 540)
    about = json.loads((tmp_path / "f" / "figures.json").read_text("utf-8"))
    assert about["figures"]["cost_intervals"]["alt"] == drawn("cost_intervals")[0].alt


def test_a_deck_shows_a_talks_worth_of_figures_unless_more_are_asked_for(tmp_path: Path) -> None:
    usual = checked_choices(tmp_path / "d.pptx").figures
    assert {"cost_intervals", "timeline"} <= set(usual) < set(FIGURES)
    assert len(usual) <= 10
    assert set(checked_choices(tmp_path / "d.pptx", figures="all").figures) == set(FIGURES)
    assert set(checked_choices(tmp_path / "d").figures) == set(FIGURES)


def test_every_wrong_choice_is_named_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as caught:
        checked_choices(tmp_path / "d.doc", figures="cost_interval", theme="drk", size="16:10", formats="gif", dpi=5)
    told = str(caught.value)
    assert len(caught.value.problems) == 6
    for words in (".pptx or .xlsx", "'cost_intervals'", "'dark'", "'16:9'", "'svg'", "20 to 1200"):
        assert words in told


def test_a_missing_package_is_named_with_the_extra_that_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "find_spec", lambda _: None)
    with pytest.raises(SettingError, match=r"needs the package pptx.*treatment-calc\[slides\]"):
        checked_choices(tmp_path / "d.pptx")
    assert checked_choices(tmp_path / "d").figures


def test_a_file_that_cannot_be_written_leaves_the_earlier_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_whole(tmp_path / "a.bin", b"earlier")

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunError, match="No space left"):
        write_whole(file, b"later")
    assert file.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [file]


def test_the_deck_has_every_option_of_the_first_screen_with_its_own_cells() -> None:
    file = Presentation(io.BytesIO(deck(shipped(), [])))
    found = {}
    for table in (shape.table for slide in file.slides for shape in slide.shapes if shape.has_table):
        head, *rows = ([cell.text for cell in row.cells] for row in table.rows)
        found |= {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
    columns = ("advice", "people", "covered", "refused")
    assert found == {
        str(row.name): {HEADS[each]: plain(row.cells[each]) for each in columns} for row in screen(shipped()).rows
    }
