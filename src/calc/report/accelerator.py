"""Figures sooner than by matplotlib's own ``savefig``, through parts of matplotlib that are not its interface.

The only module that reaches beneath that interface, and nobody needs it: it knows one series of matplotlib's releases,
and with any other figures are saved as matplotlib does it, which is said once.

Text is most of what drawing a figure takes, and the figures of a study say mostly the same. So a text is measured, and
set in pixels, once a process; what is kept follows from the text, its font, size and angle in the house style, so that
each figure comes out as it would alone. And matplotlib reads, cuts down and writes the whole font anew for every PDF,
which takes longer than drawing it: here each font is cut down once to the letters that texts in Latin script use,
without the tables for laying out text, which a PDF has no use for; another letter gets its figure a subset of its own.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from fontTools import subset  # type: ignore[import-untyped]
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font

__all__ = ["accelerated", "pixels"]

#: the series of releases whose inner parts are as they are used here
_SERIES = (3, 11)
#: texts of which each cache keeps what it knows
_MOST = 1 << 12
_LETTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) + "–—‘’“”„•…€×−≤≥≈≠←→↑↓½¼¾✓✗"
_UNUSED = ["FFTM", "GDEF", "GPOS", "GSUB", "MATH", "kern"]


@contextmanager
def accelerated() -> Iterator[bool]:
    """Let matplotlib write figures sooner while this lasts; False where it is another inside than is known here."""
    replaced = _replaced()
    theirs = [(module, name, getattr(module, name)) for module, name, _ in replaced]
    try:
        for module, name, ours in replaced:
            setattr(module, name, ours)
        yield bool(replaced)
    finally:
        for module, name, kept in theirs:
            setattr(module, name, kept)


@cache
def _replaced() -> Sequence[tuple[Any, str, Any]]:
    """Return what takes the place of what in matplotlib; nothing, said once, where it has other parts."""
    wanted = [
        ("matplotlib.text", "_get_text_metrics_with_cache", _size),
        ("matplotlib._text_helpers", "layout", _laid_out),
        ("matplotlib.backends._backend_pdf_ps", "get_glyphs_subset", _given),
        ("matplotlib.backends._backend_pdf_ps", "font_as_file", io.BytesIO),
    ]
    try:
        found = [(import_module(module), name, ours) for module, name, ours in wanted]
        if mpl.__version_info__[:2] == _SERIES and all(hasattr(module, name) for module, name, _ in found):
            return found
    except ImportError:
        pass
    series = ".".join(map(str, _SERIES))
    warnings.warn(
        f"Figures are saved at matplotlib's own speed: {mpl.__version__} is another inside than {series}.",
        RuntimeWarning,
        stacklevel=2,
    )
    return []


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
    """Return a figure as red, green, blue and opacity, shape (height, width, 4), with remembered text."""
    kept = figure.dpi
    figure.dpi = dpi
    try:
        width, height = figure.bbox.size
        renderer = _Renderer(int(width), int(height), dpi)
        figure.draw(renderer)
    finally:
        figure.dpi = kept
    return np.asarray(renderer.buffer_rgba())


def _laid_out(string: str, font: Any, *, features: Any = None, language: Any = None) -> Iterator[Any]:
    """Yield where each glyph stands, as matplotlib's own does, which loads each glyph besides; a PDF needs none."""
    from matplotlib.ft2font import LoadFlags

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


class _Subset(NamedTuple):
    """What matplotlib expects of a font cut down: here ``font`` is the finished file."""

    font: bytes
    glyph_index_map: Mapping[int, int]


@contextmanager
def _given(file: Any, glyphs: Iterable[int]) -> Iterator[_Subset]:
    usual, wanted = _usual(file), frozenset(glyphs)
    yield _cut(file, usual if wanted <= usual else wanted)


@lru_cache
def _usual(file: Any) -> frozenset[int]:
    font = get_font(file)
    return frozenset(font.get_char_index(ord(letter)) for letter in _LETTERS)


@lru_cache(maxsize=32)
def _cut(file: Any, glyphs: frozenset[int]) -> _Subset:
    options = subset.Options(glyph_names=True, recommended_glyphs=True, hinting=False, layout_features=[])
    options.drop_tables += _UNUSED
    options.font_number = file.face_index
    with subset.load_font(file, options) as font:
        cutter = subset.Subsetter(options=options)
        cutter.populate(gids=glyphs)
        cutter.subset(font)
        target = io.BytesIO()
        font.save(target, reorderTables=False)
    return _Subset(target.getvalue(), dict(cutter.glyph_index_map))
