"""A contact sheet: every slide of a deck, small, on one picture, drawn from the deck itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from .marks import BLUE, FAINT, INK, PALE, PAPER

__all__ = ["contact_sheet"]

#: pixels across a slide, slides in a row, pixels between slides
_ACROSS, _COLUMNS, _GAP = 640, 3, 16


#: of a cell's text from its sides, in English metric units
_INSET = 91_440


def contact_sheet(deck: bytes) -> bytes:
    """Return a PNG of all slides: texts, pictures and charts where they stand; fonts are those of this program."""
    from pptx import Presentation

    file: Any = Presentation(io.BytesIO(deck))
    scale = _ACROSS / file.slide_width
    size = (_ACROSS, round(file.slide_height * scale))
    made = [_slide(slide, size, scale) for slide in file.slides]
    rows = -(-len(made) // _COLUMNS)
    whole = (_COLUMNS * (size[0] + _GAP) + _GAP, rows * (size[1] + _GAP) + _GAP)
    sheet = Image.new("RGB", whole, "gray")
    for place, each in enumerate(made):
        row, column = divmod(place, _COLUMNS)
        sheet.paste(each, (_GAP + column * (size[0] + _GAP), _GAP + row * (size[1] + _GAP)))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()


def _slide(slide: Any, size: tuple[int, int], scale: float) -> Image.Image:
    made = Image.new("RGB", size, _ground(slide))
    draw = ImageDraw.Draw(made)
    for shape in slide.shapes:
        box = tuple(round(value * scale) for value in (shape.left, shape.top, shape.width, shape.height))
        if getattr(shape, "image", None) is not None:
            picture = Image.open(io.BytesIO(shape.image.blob)).convert("RGB").resize(box[2:], Image.Resampling.LANCZOS)
            made.paste(picture, box[:2])
        elif shape.has_chart:
            _chart(draw, shape.chart, box, scale)
        elif shape.has_table:
            _table(draw, shape.table, box, scale)
        elif shape.has_text_frame:
            _text(draw, shape.text_frame, box, scale)
    return made


def _ground(slide: Any) -> str:
    fill = slide.background.fill
    return f"#{fill.fore_color.rgb}" if fill.type == 1 else PAPER


def _font(points: float, scale: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    return ImageFont.truetype(name, max(6, round(points * 12_700 * scale)))


def _table(draw: ImageDraw.ImageDraw, table: Any, box: tuple[int, ...], scale: float) -> None:
    left, y, width, _ = box
    inset = round(_INSET * scale)
    for row in table.rows:
        x, ends = left, [y]
        for column, cell in zip(table.columns, row.cells, strict=True):
            wide = round(column.width * scale)
            ends.append(_text(draw, cell.text_frame, (x + inset, y, wide - 2 * inset, 0), scale))
            x += wide
        y = max(ends)
        draw.line((left, y, left + width, y), fill=FAINT)


def _text(draw: ImageDraw.ImageDraw, frame: Any, box: tuple[int, ...], scale: float) -> int:
    """Draw a text from the top of a box down; return where it ends."""
    left, y, width, _ = box
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            font = _font(run.font.size.pt, scale, bold=bool(run.font.bold))
            colour = f"#{run.font.color.rgb}" if run.font.color.type is not None else INK
            for line in _lines(run.text, font, width):
                draw.text((left, y), line, font=font, fill=colour)
                y += round(font.size * 1.25)
        y += round(8 * 12_700 * scale)
    return y


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Return a text in lines that fit a width in pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if font.getlength(longer) <= width or not lines[-1] else [*lines, word]
    return lines


def _chart(draw: ImageDraw.ImageDraw, chart: Any, box: tuple[int, ...], scale: float) -> None:
    left, top, width, height = box
    plot, axis = chart.plots[0], chart.value_axis.maximum_scale
    font, lane = _font(14, scale), height / max(1, len(plot.categories))
    begin, room = left + 0.3 * width, 0.6 * width
    for place, label in enumerate(reversed(list(plot.categories))):
        y = top + place * lane
        draw.text((begin - 6, y + lane / 2), str(label), font=font, fill=_ink(chart), anchor="rm")
        for (low, high), value, fill in _lanes(plot, len(plot.categories) - 1 - place, y, lane):
            draw.rectangle((begin, low, begin + room * value / axis, high), fill=fill)
            draw.text((begin + room * value / axis + 4, (low + high) / 2), f"{value:,.0f}", font=font,
                      fill=_ink(chart), anchor="lm")  # fmt: skip


def _ink(chart: Any) -> str:
    return f"#{chart.font.color.rgb}"


def _lanes(plot: Any, place: int, y: float, lane: float) -> Iterator[tuple[tuple[float, float], float, str]]:
    """Yield the bars of one category: from where to where down the slide, how long, and their color."""
    part = 0.8 * lane / len(plot.series)
    for number, series in enumerate(plot.series):
        value = series.values[place]
        if value is not None:
            low = y + 0.1 * lane + number * part
            yield (low, low + part), float(value), (BLUE, PALE)[number]
