"""Text in figures: measured, and set in pixels, once a process for all figures that say the same.

Text is most of what drawing a figure takes, and the figures of a study say mostly the same. What is kept
follows from the text, its font, size and angle in the house style, so each figure comes out as it would alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import _text_helpers, text
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags

__all__ = ["pixels", "quick_text"]

#: texts of which each cache keeps what it knows
_MOST = 1 << 12


class _Renderer(RendererAgg):
    """Copies a text's glyphs, set from a whole pixel on, to wherever that text stands."""

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        special = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if ismath or special or not gc.get_antialiased():
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        for bitmap, right, down in _glyphs(s, prop.copy(), angle, self.dpi):
            self._renderer.draw_text_image(bitmap, right + round(x), down + round(y), 0, gc)


class _Notes:
    """Takes the place of what draws glyphs, and notes each bitmap and where it would stand."""

    def __init__(self) -> None:
        self.glyphs: list[tuple[Any, int, int]] = []

    def draw_text_image(self, bitmap: Any, x: int, y: int, _angle: float, _gc: Any) -> None:
        self.glyphs.append((bitmap, x, y))


@lru_cache(_MOST)
def _glyphs(words: str, prop: FontProperties, angle: float, dpi: float) -> Sequence[tuple[Any, int, int]]:
    renderer = RendererAgg(1, 1, dpi)
    notes = renderer._renderer = _Notes()
    renderer.draw_text(renderer.new_gc(), 0, 0, words, prop, angle)
    return tuple(notes.glyphs)


def pixels(figure: Figure, dpi: float) -> npt.NDArray[np.uint8]:
    """Return a figure as red, green, blue and opacity, shape (height, width, 4)."""
    kept = figure.dpi
    figure.dpi = dpi
    try:
        width, height = figure.bbox.size
        renderer = _Renderer(int(width), int(height), dpi)
        figure.draw(renderer)
    finally:
        figure.dpi = kept
    return np.asarray(renderer.buffer_rgba())


@contextmanager
def quick_text() -> Iterator[None]:
    """Let matplotlib measure each text once for all figures in a format, and load no glyph for nothing."""
    measuring: Any = text
    kept = measuring._get_text_metrics_with_cache, _text_helpers.layout
    measuring._get_text_metrics_with_cache, _text_helpers.layout = _size, _laid_out
    try:
        yield
    finally:
        measuring._get_text_metrics_with_cache, _text_helpers.layout = kept


def _laid_out(string: str, font: Any, *, features: Any = None, language: Any = None) -> Iterator[Any]:
    """Yield where each glyph stands, as matplotlib's own does, which loads each glyph besides; a PDF needs none."""
    return iter(font._layout(string, LoadFlags.NO_HINTING, features=features, language=language))


_sizes: dict[tuple[Any, ...], tuple[float, float, float]] = {}


def _size(renderer: Any, words: str, prop: FontProperties, ismath: Any, dpi: float) -> tuple[float, float, float]:
    """Return a text's width, height and descent; all that draw one format measure alike."""
    key = (type(getattr(renderer, "_renderer", renderer)), words, prop.copy(), ismath, dpi)
    if key not in _sizes:
        if len(_sizes) == _MOST:
            _sizes.clear()
        _sizes[key] = renderer.get_text_width_height_descent(words, prop, ismath)
    return _sizes[key]
