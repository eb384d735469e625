"""Text that is remembered comes out as text that is set anew, and as matplotlib sets it."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib import text as texts
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from calc.report import lettering, save
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
    lettering._glyphs.cache_clear()
    lettering._sizes.clear()


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
    monkeypatch.setattr(save, "quick_text", nullcontext)
    assert slide_bytes(drawn(name)[0], form) == picture(name, form)


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
            ours = lettering.pixels(figure, dpi)
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

    with lettering.quick_text():
        ours = measured()
    assert ours == measured()
    assert len(set(ours)) > 4


def test_a_resolution_that_gives_no_whole_number_of_pixels_is_rounded_down() -> None:
    made = drawn("cost_intervals")[0]
    assert plt.imread(io.BytesIO(slide_bytes(made, "png", dpi=33.3))).shape[:2] == (299, 532)


def test_the_figure_keeps_its_resolution_and_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_MOST", 2)
    forgotten()
    figure = Figure(dpi=50)
    figure.text(0.1, 0.5, "one\ntwo\nthree\nfour")
    with lettering.quick_text():
        assert lettering.pixels(figure, 100).shape == (480, 640, 4)
    assert figure.dpi == 50
    assert 0 < len(lettering._sizes) <= 2
