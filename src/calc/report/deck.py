"""A study as slides: one message a slide, its picture or native chart, its sources in the notes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any

from matplotlib.colors import to_hex

from ..analysis.compare import Result
from .charts import CHARTS, Bars, bars
from .facts import plain
from .figures.gallery import FIGURES, slides
from .figures.theme import darkened, turned
from .format import records, source_name
from .manifest import identity
from .marks import BLUE, FAINT, INK, PALE, PAPER, SHADES
from .office import dateless
from .save import cropped_png
from .screen import screen
from .words import caption, frame, limits

__all__ = ["SIZES", "deck"]

#: width and height in inches; figures are drawn 16 inches wide, so their 14 points stay 14 points
SIZES = {"16:9": (16.0, 9.0), "4:3": (16.0, 12.0)}
_MARGIN = 0.4
#: of differences between views, the widest first, on one slide
_MOST_LINES = 6


class _Deck:
    """The presentation under construction, and how its parts look."""

    def __init__(self, result: Result, *, size: tuple[float, float], dark: bool) -> None:
        from pptx import Presentation

        self.result = result
        self.dark = dark
        self.width, self.height = size
        self.file: Any = Presentation()
        self.file.slide_width, self.file.slide_height = self._inches(self.width), self._inches(self.height)
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
        made = self.file.slides.add_slide(self.file.slide_layouts[layout])
        made.background.fill.solid()
        made.background.fill.fore_color.rgb = self.colour(PAPER)
        self.place(made.shapes.title, 0.15, 0.95)
        self.write(made.shapes.title, [title], points, bold=True)
        made.notes_slide.notes_text_frame.text = notes
        return made

    def place(self, shape: Any, top: float, height: float) -> None:
        shape.left, shape.width = self._inches(_MARGIN), self._inches(self.width - 2 * _MARGIN)
        shape.top, shape.height = self._inches(top), self._inches(height)

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
            run.font.size, run.font.bold = Pt(points), bold
            run.font.color.rgb = self.colour(INK)
            run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_US

    def text_slide(self, layout: int, title: str, paragraphs: Sequence[str], *, points: float, notes: str) -> None:
        made = self.slide(layout, title, points=40 if layout == 0 else 30, notes=notes)
        top = 1.3
        if layout == 0:
            top = self.height * 0.45
            self.place(made.shapes.title, self.height * 0.25, 1.2)
        body = made.placeholders[1]
        self.place(body, top, self.height - top - 0.3)
        self.write(body, paragraphs, points)

    def picture(self, title: str, png: bytes, share: float, alt: str, notes: str) -> None:
        """Add a picture as wide as the slide; ``share`` is its height against its width."""
        made = self.slide(5, title, points=22, notes=notes)
        height = self.width * share
        top = min(1.1, self.height - height) + max(0.0, self.height - 1.1 - height) / 2
        shape = made.shapes.add_picture(io.BytesIO(png), 0, self._inches(top), width=self._inches(self.width))
        shape._element.nvPicPr.cNvPr.set("descr", alt)

    def chart(self, title: str, bars_: Bars, notes: str) -> None:
        """Add a native chart with its key in words below."""
        made = self.slide(5, title, points=22, notes=notes)
        box = (_MARGIN, 1.15, self.width - 2 * _MARGIN, self.height - 1.75)
        shape = self._chart(made, bars_, [self._inches(value) for value in box])
        shape._element.nvGraphicFramePr.cNvPr.set("descr", bars_.alt)
        key = made.shapes.add_textbox(0, 0, 0, 0)
        self.place(key, self.height - 0.55, 0.45)
        self.write(key, [bars_.key], 14)

    def _chart(self, made: Any, each: Bars, box: Sequence[Any]) -> Any:
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.oxml.ns import qn
        from pptx.util import Pt

        data = CategoryChartData(number_format=_number_format(each))
        data.categories = each.categories
        for series in each.series:
            data.add_series(series.name, series.values)
        shape = made.shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box, data)
        chart = shape.chart
        chart.font.size, chart.font.color.rgb = Pt(14), self.colour(INK)
        chart.has_title = True
        chart.chart_title.text_frame.text = each.name
        heading = chart.chart_title.text_frame.paragraphs[0].runs[0].font
        heading.size, heading.bold, heading.color.rgb = Pt(16), True, self.colour(INK)
        chart.has_legend = False  # a key in words stands below, with what the hidden part is
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
        chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
        for drawn, series in zip(chart.plots[0].series, each.series, strict=True):
            self._fill(drawn.format, series.look)
        return shape

    def _fill(self, form: Any, look: str) -> None:
        from pptx.enum.dml import MSO_PATTERN

        if look == "hidden":
            form.fill.background()
            form.line.fill.background()
            return
        if look == "open":
            form.fill.patterned()
            form.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
            form.fill.fore_color.rgb, form.fill.back_color.rgb = self.colour(BLUE), self.colour(PAPER)
        else:
            form.fill.solid()
            form.fill.fore_color.rgb = self.colour(BLUE if look == "full" else PALE)
        form.line.color.rgb = self.colour(BLUE)


def deck(
    result: Result,
    figures: Sequence[str],
    *,
    dark: bool = False,
    size: str = "16:9",
    step: Callable[[str], object] = lambda _: None,
) -> bytes:
    """Return the presentation: title, answer, native charts, one slide a picture, limits.

    Parameters
    ----------
    figures
        Names of :data:`calc.report.figures.gallery.FIGURES`.
    size
        One of :data:`SIZES`.
    step
        Called with the name of each slide that begins.

    Raises
    ------
    ModuleNotFoundError
        without the extra ``slides``.
    """
    made = _Deck(result, size=SIZES[size], dark=dark)
    study, method = result.inputs.study, f"Method: {frame(result)}"
    made.text_slide(0, study.label, [study.question, _byline(result)], points=24, notes=method)
    notes = f"{method}\n\n{_sources(result, ())}"
    shown = screen(result)
    made.text_slide(1, "The answer", [plain(each) for each in shown.opening], points=20, notes=notes)
    if shown.differences:
        differ = [plain(each) for each in shown.differences[:_MOST_LINES]]
        made.text_slide(1, "Where the sides differ", differ, points=20, notes=notes)
    for chart in CHARTS:
        step(chart.title)
        notes = f"A native chart: right-click, Edit Data. {caption(result)}\n\n{_sources(result, (chart.outcome,))}"
        for view in result.inputs.views:
            made.chart(chart.message(result, [view]), bars(result, chart, view), notes)
    for name in figures:
        step(name)
        for each in slides(result, name):
            if dark:
                darkened(each.figure)
            png, share = cropped_png(each)
            notes = f"{each.title}. {each.alt}\n\n{caption(result)}\n\n{_sources(result, ())}"
            made.picture(FIGURES[name].message(result, each.views), png, share, each.alt, notes)
    limited = [*_sentences(limits()), f"Made by {identity(result.inputs)}."]
    made.text_slide(1, "What these slides leave out, and are not", limited, points=20, notes=method)
    buffer = io.BytesIO()
    made.file.save(buffer)
    return dateless(buffer.getvalue(), result.inputs.patient.decision_date)


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


def _sources(result: Result, outcomes: Sequence[str]) -> str:
    """Return the sources whose claims some outcomes rest on; of all outcomes where none is named."""
    resting = result.resting
    if outcomes:
        resting = resting[resting["outcome"].isin(outcomes)]
    keys = set(zip(resting["parameter"], resting["claim"], strict=True))
    claims = result.claims
    used = {
        row.source
        for row in claims[["parameter", "claim", "source"]].itertuples(index=False)
        if row.source and (row.parameter, row.claim) in keys
    }
    table = result.sources
    lines = [
        f"{source_name(row['source'])}: {row['title']}, {row['publisher']}, {row['dated']}"
        for row in records(table[table["source"].isin(used)])
    ]
    return "Sources:\n" + "\n".join(lines)
