"""What every picture is held to, wherever it is made."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from calc.report.figures.style import styled


def assert_inside(figure: Figure) -> None:
    """No text reaches over the edge of the picture."""
    canvas = FigureCanvasAgg(figure)
    with styled():
        canvas.draw()
    width, height = canvas.get_width_height()
    renderer = canvas.get_renderer()
    for artist in _shown(figure):
        box = artist.get_window_extent(renderer)
        assert box.x0 >= -1, artist
        assert box.x1 <= width + 1, artist
        assert box.y0 >= -1, artist
        assert box.y1 <= height + 1, artist


def _shown(figure: Figure) -> list[Text]:
    """Return the texts that are drawn; ticks past the end of an axis, which matplotlib keeps, are not."""
    beyond = {
        id(tick.label1)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    texts = figure.findobj(Text)
    return [each for each in texts if each.get_visible() and each.get_text().strip() and id(each) not in beyond]


def assert_legible(figure: Figure) -> None:
    """Every text can be read from the back of a room."""
    for text in _shown(figure):
        assert text.get_fontsize() >= 14, text


def assert_apart(figure: Figure) -> None:
    """No text covers another."""
    canvas = FigureCanvasAgg(figure)
    with styled():
        canvas.draw()
    boxes = []
    for artist in _shown(figure):
        if artist.get_rotation() % 90 == 0:
            box = Text.get_window_extent(artist, canvas.get_renderer())  # of a note, without its arrow
            boxes.append((box.x0 + 2, box.x1 - 2, box.y0 + 0.12 * box.height, box.y1 - 0.12 * box.height, artist))
    for place, (left, right, low, high, artist) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = other[0] >= right or other[1] <= left or other[2] >= high or other[3] <= low
            assert apart, (artist.get_text(), other[4].get_text())
