from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from PIL import Image

from calc.report.figures.gallery import FIGURES, Slide, slides
from calc.report.figures.theme import darkened, luminance, turned
from calc.report.save import slide_bytes

from .shipped import shipped

COLOURS = st.tuples(*[st.floats(0, 1)] * 3)


def contrast(one: object, other: object) -> float:
    high, low = sorted((float(luminance(to_rgb(each))) for each in (one, other)), reverse=True)  # type: ignore[arg-type]
    return (high + 0.05) / (low + 0.05)


def test_luminance_and_contrast_are_those_of_the_guideline() -> None:
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.005)


@given(COLOURS, COLOURS)
def test_any_two_colours_keep_their_contrast_unless_one_is_nearly_black(one: object, other: object) -> None:
    if min(float(luminance(one)), float(luminance(other))) > 0.0154:  # type: ignore[arg-type]
        kept = contrast(turned(one)[:3], turned(other)[:3])
        assert kept == pytest.approx(contrast(one, other), rel=1e-6)


@given(COLOURS, st.floats(0, 1))
def test_a_turned_colour_can_be_shown_and_keeps_its_opacity(colour: tuple[float, float, float], alpha: float) -> None:
    found = turned((*colour, alpha))
    assert found[3] == alpha
    assert 0 <= min(found) <= max(found) <= 1


def test_white_becomes_the_dark_ground_and_ink_becomes_light() -> None:
    assert float(luminance(turned("white")[:3])) < 0.02
    assert contrast(turned("white")[:3], turned("#222222")[:3]) > 14


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_text_of_a_dark_figure_stands_out_from_its_ground(name: str) -> None:
    figure = darkened(slides(shipped(), name)[0].figure)
    FigureCanvasAgg(figure).draw()
    ground = figure.get_facecolor()[:3]
    for axes in figure.axes:
        assert to_rgba(axes.get_facecolor())[:3] == pytest.approx(ground)
        for text in [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels(), axes.title, axes.xaxis.label]:
            if text.get_text():
                assert contrast(text.get_color(), ground) >= 3, text


def test_a_dark_picture_is_dark_and_the_same_each_time() -> None:
    one, other = (slide_bytes(_dark("timeline"), "png") for _ in range(2))
    assert one == other
    with Image.open(io.BytesIO(one)) as picture:
        assert np.median(np.asarray(picture.convert("L"))) < 40


def _dark(name: str) -> Slide:
    made = slides(shipped(), name)[0]
    darkened(made.figure)
    return made
