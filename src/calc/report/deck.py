"""A study as slides: one message a slide, its picture or native chart, its sources in the notes."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from matplotlib.colors import to_hex

from ..analysis.compare import Result
from .charts import CHARTS, Bars, bars
from .facts import plain
from .figures.gallery import FIGURES, slides
from .figures.record import Slide
from .figures.theme import darkened, turned
from .format import records, source_name
from .manifest import identity
from .marks import BLUE, FAINT, INK, PALE, PAPER, SHADES
from .office import dateless
from .save import cropped_png
from .screen import HEADS, Screen, screen
from .screen_words import GROUPS
from .words import frame, limits

__all__ = ["SIZES", "deck", "usable"]

#: width and height in inches; figures are drawn 16 inches wide, so their 14 points stay 14 points
SIZES = {"16:9": (16.0, 9.0), "4:3": (16.0, 12.0)}
_MARGIN = 0.4
#: English metric units an inch
_EMU = 914_400
#: the place of the layout with a title alone
_TITLE_ONLY = 5
#: of the first screen's columns, those that fit on a slide, and how wide each is
_COLUMNS = ("advice", "people", "covered", "refused")
_HEAD = ("Option", *(HEADS[each] for each in _COLUMNS))
_WIDTHS = (2.4, 4.4, 4.4, 2.3, 2.5)
#: options on one slide
_MOST_ROWS = 8
#: of differences between views, the widest first, on one slide
_MOST_LINES = 6


class _Deck:
    """The presentation under construction, and how its parts look."""

    def __init__(self, result: Result, *, size: tuple[float, float], dark: bool, template: bytes | None) -> None:
        from pptx import Presentation

        self.result = result
        self.dark = dark
        self.styled = template is None
        self.file: Any = Presentation(io.BytesIO(template) if template is not None else None)
        if template is None:
            self.file.slide_width, self.file.slide_height = self._inches(size[0]), self._inches(size[1])
        else:
            _emptied(self.file)
        self.width, self.height = ((each or 0) / _EMU for each in (self.file.slide_width, self.file.slide_height))
        self.scale = self.width / SIZES["16:9"][0]
        day = datetime.combine(result.inputs.patient.decision_date, time())
        about = self.file.core_properties
        about.title, about.author, about.last_modified_by = result.inputs.study.label, "treatment-calc", ""
        about.comments = identity(result.inputs)
        about.created = about.modified = day

    @staticmethod
    def _inches(value: float) -> Any:
        from pptx.util import Inches

        return Inches(value)

    def colour(self, name: str) -> Any:
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(to_hex(turned(name) if self.dark else name)[1:].upper())

    def slide(self, layout: int, title: str, *, points: float, notes: str) -> Any:
        """Add a slide with its title at the top and its notes; return it."""
        made = self.file.slides.add_slide(_layout(self.file, layout))
        if self.styled:
            made.background.fill.solid()
            made.background.fill.fore_color.rgb = self.colour(PAPER)
        self.place(made.shapes.title, 0.15, 0.95)
        self.write(made.shapes.title, [title], points, bold=True)
        made.notes_slide.notes_text_frame.text = notes
        return made

    def place(self, shape: Any, top: float, height: float) -> None:
        """Put a shape over the slide's width; inches as on a slide 16 inches wide."""
        margin = _MARGIN * self.scale
        shape.left, shape.width = self._inches(margin), self._inches(self.width - 2 * margin)
        shape.top, shape.height = self._inches(top * self.scale), self._inches(height * self.scale)

    @property
    def depth(self) -> float:
        """The height of a slide where it is 16 inches wide."""
        return self.height / self.scale

    def write(self, shape: Any, paragraphs: Sequence[str], points: float, *, bold: bool = False) -> None:
        from pptx.enum.lang import MSO_LANGUAGE_ID
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        text = shape.text_frame
        text.word_wrap = True
        text.vertical_anchor = MSO_ANCHOR.MIDDLE if bold else MSO_ANCHOR.TOP
        for place, words in enumerate(paragraphs):
            paragraph = text.paragraphs[0] if place == 0 else text.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.space_after = Pt(8)
            run = paragraph.add_run()
            run.text = words
            run.font.size, run.font.bold = Pt(points * self.scale), bold
            if self.styled:
                run.font.color.rgb = self.colour(INK)
            run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_US

    def text_slide(self, layout: int, title: str, paragraphs: Sequence[str], *, points: float, notes: str) -> None:
        made = self.slide(layout, title, points=40 if layout == 0 else 30, notes=notes)
        top = 1.3
        if layout == 0:
            top = self.depth * 0.45
            self.place(made.shapes.title, self.depth * 0.25, 1.2)
        body = made.placeholders[1]
        self.place(body, top, self.depth - top - 0.3)
        self.write(body, paragraphs, points)

    def picture(self, title: str, png: bytes, share: float, alt: str, notes: str) -> None:
        """Add a picture as wide as fits below the title; ``share`` is its height against its width."""
        made = self.slide(_TITLE_ONLY, title, points=22, notes=notes)
        width = min(self.width, (self.height - 1.1 * self.scale) / share)
        top = 1.1 * self.scale + (self.height - 1.1 * self.scale - width * share) / 2
        left = self._inches((self.width - width) / 2)
        shape = made.shapes.add_picture(io.BytesIO(png), left, self._inches(top), width=self._inches(width))
        shape._element.nvPicPr.cNvPr.set("descr", alt)

    def table(self, title: str, rows: Sequence[Sequence[str]], widths: Sequence[float], notes: str) -> None:
        """Add a native table; the first row is its head, and ``widths`` are parts of the slide's width."""
        from pptx.util import Pt

        made = self.slide(_TITLE_ONLY, title, points=22, notes=notes)
        shape = made.shapes.add_table(len(rows), len(widths), 0, 0, 0, 0)
        self.place(shape, 1.15, 0.4 * len(rows))
        grid, whole = shape.table, shape.width
        for column, part in zip(grid.columns, widths, strict=True):
            column.width = int(whole * part / sum(widths))
        for line, cells in enumerate(rows):
            for place, words in enumerate(cells):
                cell = grid.cell(line, place)
                cell.margin_top = cell.margin_bottom = Pt(3 * self.scale)
                self.write(cell, [words], 14, bold=line == 0 or place == 0)
                if self.styled:
                    cell.fill.solid()
                    cell.fill.fore_color.rgb = self.colour(PALE if line == 0 else PAPER)

    def chart(self, title: str, bars_: Bars, notes: str) -> None:
        """Add a native chart with its key in words below."""
        made = self.slide(_TITLE_ONLY, title, points=22, notes=notes)
        box = (_MARGIN, 1.15, 16.0 - 2 * _MARGIN, self.depth - 1.75)
        shape = self._chart(made, bars_, [self._inches(value * self.scale) for value in box])
        shape._element.nvGraphicFramePr.cNvPr.set("descr", bars_.alt)
        key = made.shapes.add_textbox(0, 0, 0, 0)
        self.place(key, self.depth - 0.55, 0.45)
        self.write(key, [bars_.key], 14)

    def _chart(self, made: Any, each: Bars, box: Sequence[Any]) -> Any:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.oxml.ns import qn
        from pptx.util import Pt

        data = CategoryChartData(number_format=_number_format(each))
        data.categories = each.categories
        for series in each.series:
            data.add_series(series.name, [None if math.isnan(value) else value for value in series.values])
        shape = made.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
        chart = shape.chart
        chart.font.size, chart.font.color.rgb = Pt(14 * self.scale), self.colour(INK)
        chart.has_title = True
        chart.chart_title.text_frame.text = each.name
        heading = chart.chart_title.text_frame.paragraphs[0].runs[0].font
        heading.size, heading.bold, heading.color.rgb = Pt(16 * self.scale), True, self.colour(INK)
        chart.has_legend = False  # a key in words stands below
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale = 0, _end(each.most)
        axis.major_unit = axis.maximum_scale / 4
        axis.tick_labels.number_format_is_linked = False
        axis.tick_labels.number_format = _number_format(each)
        skip = chart.category_axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
        chart.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)  # name every bar
        axis.major_gridlines.format.line.color.rgb = self.colour(FAINT)
        for line in (axis.format.line, chart.category_axis.format.line):
            line.color.rgb = self.colour(SHADES[47])
        chart.plots[0].gap_width, chart.plots[0].overlap = 45, 0
        for drawn, series in zip(chart.plots[0].series, each.series, strict=True):
            self._fill(drawn.format, series.look)
            labels = drawn.data_labels
            labels.show_value, labels.number_format_is_linked = True, False
            labels.number_format = _number_format(each)
            labels.font.size, labels.font.color.rgb = Pt(14 * self.scale), self.colour(INK)
        return shape

    def _fill(self, form: Any, look: str) -> None:
        form.fill.solid()
        form.fill.fore_color.rgb = self.colour(BLUE if look == "full" else PALE)
        form.line.color.rgb = self.colour(BLUE)


def deck(
    result: Result,
    figures: Sequence[str],
    *,
    dark: bool = False,
    size: str = "16:9",
    most: int | None = None,
    template: bytes | None = None,
    step: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return the presentation: title, answer, native charts, one slide a picture, limits and sources.

    Parameters
    ----------
    figures
        Names of :data:`calc.report.figures.gallery.FIGURES`.
    size
        One of :data:`SIZES`; a template has its own.
    most
        How many slides there are at most: a figure whose slides no longer fit is left out whole.
    template
        A presentation whose master, fonts and size are used; its own slides are not.
    step
        Called with the name of each slide that begins.

    Raises
    ------
    ModuleNotFoundError
        without the extra ``slides``.
    """
    made = _Deck(result, size=SIZES[size], dark=dark, template=template)
    study, views = result.inputs.study, tuple(result.inputs.views)
    made.text_slide(0, study.label, [study.question, _byline(result)], points=24, notes=_opening(result))
    shown = screen(result)
    for title, sentences in _answers(shown):
        made.text_slide(1, title, sentences, points=20, notes=" ".join(sentences))
    for title, rows in _tables(shown):
        step(title)
        notes = " ".join([f"{title}.", *map(plain, shown.notes)])
        made.table(title, rows, _WIDTHS, notes)
    for chart in CHARTS:
        step(chart.title)
        says, each = chart.message(result, views), bars(result, chart, views)
        made.chart(says, each, f"{says} {each.alt} The chart is native: right-click and choose Edit Data.")
    for name in figures:
        step(name)
        pages = slides(result, name, size=(16.0, 16.0 * made.height / made.width))
        if most is None or len(made.file.slides) + len(pages) < most:
            _pictured(made, result, name, pages)
    limited = [*_sentences(limits()), f"Made by {identity(result.inputs)}."]
    notes = f"{frame(result)}\n\n{_sources(result)}"
    made.text_slide(1, "These slides leave something out, and are no medical advice", limited, points=20, notes=notes)
    buffer = io.BytesIO()
    made.file.save(buffer)
    return dateless(buffer.getvalue(), result.inputs.patient.decision_date)


def _pictured(made: _Deck, result: Result, name: str, pages: Sequence[Slide]) -> None:
    for place, each in enumerate(pages, start=1):
        if made.dark:
            darkened(each.figure)
        png, share = cropped_png(each)
        says = FIGURES[name].message(result, each.views or tuple(result.inputs.views))
        title = says if len(pages) == 1 else f"{says.rstrip('.')} ({place} of {len(pages)})."
        made.picture(title, png, share, each.alt, f"{says} {each.alt}")


def _tables(shown: Screen) -> Iterator[tuple[str, Sequence[Sequence[str]]]]:
    """Yield a title and a table a group of options, groups that fit on one slide together, head first."""
    names: list[str] = []
    lines: list[list[str]] = []
    for group, options in shown.groups.items():
        rows = [[str(row.name), *(plain(row.cells[each]) for each in _COLUMNS)] for row in options]
        for place in range(0, len(rows), _MOST_ROWS):
            part = rows[place : place + _MOST_ROWS]
            if lines and len(lines) + len(part) > _MOST_ROWS:
                yield _joined(names), [_HEAD, *lines]
                names, lines = [], []
            names.append(GROUPS[group])
            lines += part
    if lines:
        yield _joined(names), [_HEAD, *lines]


def _joined(names: Sequence[str]) -> str:
    return "; ".join([names[0], *(name[0].lower() + name[1:] for name in names[1:])])


def _answers(shown: Screen) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the answer's title and sentences, then where the views differ most."""
    yield "The answer, in three sentences", [plain(each) for each in shown.opening]
    if shown.differences:
        yield "Where the sides differ most", [plain(each) for each in shown.differences[:_MOST_LINES]]


def _opening(result: Result) -> str:
    study = result.inputs.study
    return f"This talk is about one question. {study.question} We look at {study.horizon} from the day of the decision."


def usable(template: Path) -> bool:
    """Return whether a file is a presentation with a layout of a title and a body."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    try:
        file: Any = Presentation(str(template))
    except (PackageNotFoundError, ValueError, KeyError):
        return False
    return any(_holds(layout, body=True) for layout in file.slide_layouts)


def _emptied(file: Any) -> None:
    """Drop the slides of a template, its master and layouts stay."""
    listed = file.slides._sldIdLst
    for each in list(listed):
        file.part.drop_rel(each.rId)
        listed.remove(each)


def _layout(file: Any, usual: int) -> Any:
    """Return a layout by its place in PowerPoint's own order, or the nearest of a template that has fewer.

    A title slide and a slide of text need a body beside the title; a picture needs a title alone.
    """
    layouts = list(file.slide_layouts)
    body = usual != _TITLE_ONLY
    if usual < len(layouts) and _holds(layouts[usual], body=body):
        return layouts[usual]
    return next(layout for layout in layouts if _holds(layout, body=body))


def _holds(layout: Any, *, body: bool) -> bool:
    """Return whether a layout has a title, and a body if one is needed."""
    holders = {each.placeholder_format.idx for each in layout.placeholders}
    return 0 in holders and (not body or 1 in holders)


def _number_format(each: Bars) -> str:
    return '"$"#,##0' if each.unit == "USD" else "0"


def _end(most: float) -> float:
    """Return a round end for an axis that holds ``most``, a multiple of four steps."""
    step = 10.0 ** (len(str(int(most))) - 1)
    for factor in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10):
        if factor * step >= most:
            return factor * step
    return most


def _byline(result: Result) -> str:
    inputs = result.inputs
    return (
        f"Out of pocket under the plan “{inputs.plan.label}”, {inputs.study.horizon} from "
        f"{inputs.patient.decision_date.isoformat()}, US dollars of {inputs.study.price_year}. "
        "Not medical advice, and not a quote."
    )


def _sentences(text: str) -> list[str]:
    return [f"{part.strip().rstrip('.')}." for part in text.split(". ") if part.strip()]


def _sources(result: Result) -> str:
    """Return the sources whose claims the results rest on."""
    resting, claims, table = result.resting, result.claims, result.sources
    keys = set(zip(resting["parameter"], resting["claim"], strict=True))
    used = {row["source"] for row in records(claims) if row["source"] and (row["parameter"], row["claim"]) in keys}
    lines = [
        f"{source_name(row['source'])}: {row['title']}, {row['publisher']}, {row['dated']}"
        for row in records(table[table["source"].isin(used)])
    ]
    return "Sources:\n" + "\n".join(lines)
