"""A PNG holds the very pixels and texts that it was made of."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from calc.report.png import png


@settings(max_examples=20)
@given(
    pixels=arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3))),
    texts=st.dictionaries(
        st.sampled_from(["Title", "Description"]), st.text(st.characters(codec="utf-8", exclude_characters="\0"))
    ),
)
def test_every_pixel_and_text_is_read_back_by_others(pixels: np.ndarray, texts: dict[str, str]) -> None:
    with Image.open(io.BytesIO(png(pixels, dpi=120, texts=texts))) as image:
        image.load()
        assert np.array_equal(np.asarray(image), pixels)
        assert image.info["dpi"] == (120.0, 120.0) or round(image.info["dpi"][0]) == 120
        assert {key: str(image.text[key]) for key in texts} == texts
