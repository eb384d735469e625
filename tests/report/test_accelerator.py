"""What is drawn sooner is drawn the same: as when it is drawn alone, and as matplotlib draws it by itself."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pytest
from fontTools.ttLib import TTFont
from matplotlib import text as texts
from matplotlib.backends import _backend_pdf_ps as matplotlib_fonts
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from PIL import Image

from calc.report import accelerator
from calc.report.accelerator import accelerated
from calc.report.figures.gallery import Slide, slides
from calc.report.figures.style import styled
from calc.report.save import slide_bytes

from .shipped import drawn, picture, shipped


def by_matplotlib(figure: Figure) -> npt.NDArray[Any]:
    buffer = io.BytesIO()
    with styled():
        figure.savefig(buffer, format="png")
    buffer.seek(0)
    return plt.imread(buffer)[..., :3]


def forgotten() -> None:
    accelerator._glyphs.cache_clear()
    accelerator._sizes.clear()


@pytest.mark.parametrize("name", ["cost_intervals", "timeline", "kinds"])
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_what_was_drawn_before_changes_no_byte(name: str, form: str) -> None:
    forgotten()
    alone = slide_bytes(slides(shipped(), name)[0], form)
    for other in ("cost_dots", "relief_curves"):
        slide_bytes(drawn(other)[0], form)
    assert slide_bytes(slides(shipped(), name)[0], form) == alone


@pytest.mark.parametrize("name", ["cost_intervals", "relief_curves"])
@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_vector_pictures_are_those_of_matplotlib_alone(name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = picture(name, form)
    fonts_alone = [each for each in accelerator._replaced() if each[0] is matplotlib_fonts]
    monkeypatch.setattr(accelerator, "_replaced", lambda: fonts_alone)
    assert slide_bytes(drawn(name)[0], form) == quick


def gone(_: str) -> SimpleNamespace:
    raise ImportError


OTHERS: dict[str, tuple[object, str, object]] = {
    "newer": (mpl, "__version_info__", (3, 12, 0)),
    "a part has no such name": (accelerator, "import_module", lambda _: SimpleNamespace()),
    "a part is gone": (accelerator, "import_module", gone),
}


@pytest.mark.parametrize("how", OTHERS)
def test_another_matplotlib_draws_the_same_pictures_by_itself_and_that_is_said_once(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {form: picture("timeline", form) for form in ("png", "svg", "pdf")}
    monkeypatch.setattr(*OTHERS[how])
    accelerator._replaced.cache_clear()
    try:
        with pytest.warns(RuntimeWarning, match="at matplotlib's own speed") as said:
            plain = {form: slide_bytes(drawn("timeline")[0], form) for form in quick}
    finally:
        accelerator._replaced.cache_clear()
    assert len(said) == 1
    assert plain["svg"] == quick["svg"]
    assert plain["pdf"].startswith(b"%PDF")
    assert b"/Title" in plain["pdf"]
    with Image.open(io.BytesIO(plain["png"])) as theirs, Image.open(io.BytesIO(quick["png"])) as ours:
        assert (theirs.size, theirs.info) == (ours.size, ours.info)
        assert np.abs(np.asarray(theirs, dtype=float) - np.asarray(ours)).mean() < 0.01 * 255


@pytest.mark.parametrize("name", ["cost_intervals", "timeline", "relief_curves"])
def test_pixels_are_those_of_matplotlib_but_for_text_that_begins_at_a_whole_one(name: str) -> None:
    figure = slides(shipped(), name)[0].figure
    ours = plt.imread(io.BytesIO(picture(name, "png")))
    theirs = by_matplotlib(figure)
    for text in figure.findobj(Text):
        text.set_visible(False)
    bare = plt.imread(io.BytesIO(slide_bytes(Slide(name, "", "", figure), "png")))
    assert np.array_equal(bare, by_matplotlib(figure))
    assert np.abs(ours - theirs).mean() < 0.01
    assert abs(ours.mean() - theirs.mean()) < 0.0005


@pytest.mark.parametrize("angle", [0, 30, 90])
def test_a_text_is_drawn_where_matplotlib_draws_it_at_any_angle_and_resolution(angle: float) -> None:
    for dpi in (72.0, 120.0, 96.5):
        with styled():
            figure = Figure(figsize=(4, 3))
            figure.text(0.4, 0.3, "Relief, in weeks", rotation=angle)
            ours = accelerator.pixels(figure, dpi)
            buffer = io.BytesIO()
            figure.savefig(buffer, format="rgba", dpi=dpi)
        theirs = np.frombuffer(buffer.getvalue(), dtype=np.uint8).reshape(ours.shape)
        ink, wanted = (np.argwhere(each[..., 0] < 128) for each in (ours, theirs))
        assert np.abs(ink.mean(axis=0) - wanted.mean(axis=0)).max() <= 1.0
        assert np.abs(ink.min(axis=0) - wanted.min(axis=0)).max() <= 1
        assert np.abs(ink.max(axis=0) - wanted.max(axis=0)).max() <= 1


def test_a_text_is_measured_for_its_own_font_resolution_and_format() -> None:
    forgotten()

    def measured() -> list[tuple[float, float, float]]:
        return [
            texts._get_text_metrics_with_cache(renderer, "Relief, 12 weeks", FontProperties(size=size), False, dpi)
            for size in (10, 21)
            for dpi in (72.0, 144.0)
            for renderer in (RendererAgg(100, 100, dpi), RendererSVG(100, 100, io.StringIO(), image_dpi=dpi))
        ]

    with accelerated():
        ours = measured()
    assert ours == measured()
    assert len(set(ours)) > 4


def test_a_resolution_that_gives_no_whole_number_of_pixels_is_rounded_down() -> None:
    made = drawn("cost_intervals")[0]
    assert plt.imread(io.BytesIO(slide_bytes(made, "png", dpi=33.3))).shape[:2] == (299, 532)


def test_the_figure_keeps_its_resolution_and_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accelerator, "_MOST", 2)
    forgotten()
    figure = Figure(dpi=50)
    figure.text(0.1, 0.5, "one\ntwo\nthree\nfour")
    with accelerated():
        assert accelerator.pixels(figure, 100).shape == (480, 640, 4)
    assert figure.dpi == 50
    assert 0 < len(accelerator._sizes) <= 2


@pytest.mark.parametrize("text", ["Weeks in relief: $1,200 – “never”", "Ωμέγα", "Ж and a"])
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_subset_draws_each_wanted_letter_as_the_whole_font_does(text: str, weight: str) -> None:
    file = findfont(FontProperties(family="DejaVu Sans", weight=weight))
    whole = TTFont(file)
    glyphs = {letter: get_font(file).get_char_index(ord(letter)) for letter in text}
    with accelerated(), matplotlib_fonts.get_glyphs_subset(file, set(glyphs.values())) as cut:
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
        with accelerated():
            figure.savefig(target, format="pdf", metadata={"CreationDate": None})
        return target.getvalue()

    kept = matplotlib_fonts.get_glyphs_subset
    assert saved() == saved()
    assert len(saved()) < 40_000
    assert matplotlib_fonts.get_glyphs_subset is kept
