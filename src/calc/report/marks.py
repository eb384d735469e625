"""The palette: colors and shapes, the same in matplotlib, in the explorer's SVG, and on slides.

Nothing is told by color alone: shapes, dashes and hatching go with it. Strokes have a contrast of 3:1 or more on
white; hues are those of the Okabe-Ito set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "BAND",
    "BLACK",
    "BLUE",
    "BLUES",
    "BROWN",
    "FAINT",
    "GREEN",
    "GREY",
    "INK",
    "NAVY",
    "ORANGE",
    "PALE",
    "PAPER",
    "PURPLE",
    "SHADES",
    "SLATE",
    "STANCES",
    "STROKES",
    "TINT",
    "Look",
    "look",
]

BLUE, ORANGE, GREEN, PURPLE, BLACK = "#0072B2", "#D55E00", "#007a59", "#8a4b78", "#000000"
#: shades of blue, from dark to light
BLUES = ("#003f6b", "#56a5d8", "#cfe6f5")
NAVY, SLATE, BROWN = "#005a8c", "#56789a", "#a0522d"
#: text and paper; text that stands back; lines behind marks
INK, PAPER, GREY, FAINT = "#222222", "#ffffff", "#6b6b6b", "#dddddd"
#: fills: beside blue, behind an answer that has turned, of a band in which nothing happens
PALE, TINT, BAND = "#9ecae8", "#fbe6d8", "#f1ece4"
#: greys by how dark they are, from near black
SHADES = {
    20: "#333333",
    27: "#444444",
    33: "#555555",
    35: "#5a5a5a",
    47: "#777777",
    48: "#7a7a7a",
    54: "#8a8a8a",
    60: "#999999",
    61: "#9a9a9a",
    71: "#b5b5b5",
    73: "#bbbbbb",
    89: "#e3e3e3",
}


@dataclass(frozen=True)
class Look:
    """How one thing is told from another: by color and by shape, never by color alone."""

    colour: str
    marker: str


_LOOKS = (Look(BLUE, "o"), Look(ORANGE, "s"), Look(GREEN, "D"), Look(PURPLE, "^"))

#: by stance of a source, and of what a view uses
STANCES = {
    "guideline": _LOOKS[0],
    "clinic": _LOOKS[1],
    "public_data": _LOOKS[2],
    "editorial": _LOOKS[3],
    "news": Look(BLACK, "v"),
    "used": Look(BLACK, "P"),
    "": Look(GREY, "x"),
}

_HUES = (BLUE, ORANGE, GREEN, PURPLE, BLACK)
#: a line's color and dash by the treatment's place in the study, told apart by its name at the line too
STROKES: tuple[tuple[str, Any], ...] = (
    *((hue, "-") for hue in _HUES),
    *((hue, (0, (5, 2))) for hue in _HUES),
    *((hue, (0, (1, 1))) for hue in _HUES),
    *((hue, (0, (5, 1, 1, 1))) for hue in _HUES),
)


def look(position: int) -> Look:
    """Return the look of the study's view at ``position``."""
    return _LOOKS[position % len(_LOOKS)]
