"""The fonts inside PDF files: one subset for all of them, made once a process.

Matplotlib reads, cuts down and writes the whole font anew for every figure, which takes longer than
drawing it. Here each font is cut down once to the letters that texts in Latin script use, without the tables
for laying out text, which a PDF has no use for; another letter gets its figure a subset of its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from fontTools import subset  # type: ignore[import-untyped]
from matplotlib.backends import _backend_pdf_ps as matplotlib_fonts
from matplotlib.font_manager import get_font

__all__ = ["shared_subsets"]

_LETTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) + "–—‘’“”„•…€×−≤≥≈≠←→↑↓½¼¾✓✗"
_UNUSED = ["FFTM", "GDEF", "GPOS", "GSUB", "MATH", "kern"]


class _Subset(NamedTuple):
    """What matplotlib expects of a font cut down: here ``font`` is the finished file."""

    font: bytes
    glyph_index_map: Mapping[int, int]


@contextmanager
def shared_subsets() -> Iterator[None]:
    """Let matplotlib embed the shared subsets while this lasts."""
    kept = matplotlib_fonts.get_glyphs_subset, matplotlib_fonts.font_as_file
    matplotlib_fonts.get_glyphs_subset, matplotlib_fonts.font_as_file = _given, io.BytesIO  # type: ignore[assignment]
    try:
        yield
    finally:
        matplotlib_fonts.get_glyphs_subset, matplotlib_fonts.font_as_file = kept


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
