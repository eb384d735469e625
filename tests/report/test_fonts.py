"""The subsets that PDF files share hold every letter that is wanted, and nothing of matplotlib stays changed."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends import _backend_pdf_ps as matplotlib_fonts
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from calc.report.fonts import shared_subsets


@pytest.mark.parametrize("text", ["Weeks in relief: $1,200 – “never”", "Ωμέγα", "Ж and a"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_subset_draws_each_wanted_letter_as_the_whole_font_does(text: str, weight: str) -> None:
    file = findfont(FontProperties(family="DejaVu Sans", weight=weight))
    whole = TTFont(file)
    glyphs = {letter: get_font(file).get_char_index(ord(letter)) for letter in text}
    with shared_subsets(), matplotlib_fonts.get_glyphs_subset(file, set(glyphs.values())) as cut:
        font, where = TTFont(matplotlib_fonts.font_as_file(cut.font)), cut.glyph_index_map
    for glyph in glyphs.values():
        name, there = whole.getGlyphOrder()[glyph], font.getGlyphOrder()[where[glyph]]
        assert font["hmtx"][there] == whole["hmtx"][name]
        theirs, ours = (
            each["glyf"][which].getCoordinates(each["glyf"]) for each, which in ((whole, name), (font, there))
        )
        assert list(theirs[0]) == list(ours[0])


def test_a_pdf_is_the_same_bytes_again_and_small() -> None:
    def saved() -> bytes:
        figure, target = Figure(), io.BytesIO()
        figure.text(0.5, 0.5, "Relief")
        with shared_subsets():
            figure.savefig(target, format="pdf", metadata={"CreationDate": None})
        return target.getvalue()

    kept = matplotlib_fonts.get_glyphs_subset
    assert saved() == saved()
    assert len(saved()) < 40_000
    assert matplotlib_fonts.get_glyphs_subset is kept
