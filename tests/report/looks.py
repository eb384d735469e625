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
    beyond = {  # ticks past the end of an axis, which matplotlib keeps and never draws
        id(label)
        for axes in figure.axes
        for label, place in zip(axes.get_xticklabels(), axes.get_xticks(), strict=True)
        if not axes.get_xlim()[0] <= place <= axes.get_xlim()[1]
    }
    for artist in figure.findobj(Text):
        if artist.get_visible() and artist.get_text().strip() and id(artist) not in beyond:
            box = artist.get_window_extent(renderer)
            assert box.x0 >= -1, artist
            assert box.x1 <= width + 1, artist
            assert box.y0 >= -1, artist
            assert box.y1 <= height + 1, artist


def assert_legible(figure: Figure) -> None:
    """Every text can be read from the back of a room."""
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            assert text.get_fontsize() >= 14, text
