"""The dark theme: a finished figure turned over, so that every contrast in it stays as it was.

The contrast of two colours is the ratio of their luminances, each raised by 0.05 (WCAG 2.2). The
raised luminance is replaced by a constant over itself: white becomes the dark ground, each stroke
keeps its hue, and any two colours keep their contrast. So whatever can be told apart in the light
theme can be in the dark one, and no figure names a colour twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from numpy.typing import ArrayLike, NDArray

__all__ = ["darkened", "luminance", "turned"]

_GROUND = 0.011  # luminance of the dark ground
_LIGHTEST = 0.93
_FLARE = 0.05
_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])


def luminance(rgb: ArrayLike) -> NDArray[np.float64]:
    """Return the relative luminance of sRGB colours in 0 to 1, shape (..., 3), as WCAG 2.2 defines it."""
    found: NDArray[np.float64] = _linear(np.asarray(rgb, dtype=np.float64)) @ _WEIGHTS
    return found


def turned(colour: Any) -> tuple[float, float, float, float]:
    """Return a colour for the dark theme, RGBA in 0 to 1; its opacity stays."""
    red, green, blue, opacity = map(float, _turned(np.asarray(to_rgba(colour))))
    return red, green, blue, opacity


def _turned(rgba: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return colours of the shape (..., 4) for the dark theme."""
    linear = _linear(rgba[..., :3])
    light = (linear @ _WEIGHTS)[..., np.newaxis]
    wanted = (1 + _FLARE) * (_GROUND + _FLARE) / (light + _FLARE) - _FLARE
    wanted = np.minimum(wanted, _LIGHTEST)
    scaled = np.where(light > 0, linear * (wanted / np.where(light > 0, light, 1)), wanted)
    most = scaled.max(axis=-1, keepdims=True)
    # what is brighter than the screen is mixed with the grey of the luminance that is wanted
    mixed = np.where(most > 1, (1 - wanted) / np.where(most > wanted, most - wanted, 1), 1.0)
    found = np.clip(wanted + mixed * (scaled - wanted), 0, 1)
    return np.concatenate([_gamma(found), rgba[..., 3:]], axis=-1)


def darkened(figure: Figure) -> Figure:
    """Return the same figure with every colour turned; ticks are laid out first, so that they take part."""
    FigureCanvasAgg(figure).draw()
    for artist in list(_artists(figure)):
        _turn(artist)
    return figure


def _artists(figure: Figure) -> Iterator[Artist]:
    seen: set[int] = set()
    for artist in figure.findobj():
        arrow = artist.arrow_patch if isinstance(artist, Annotation) else None
        box = artist.get_bbox_patch() if isinstance(artist, Text) else None
        for part in (artist, arrow, box):
            if part is not None and id(part) not in seen:
                seen.add(id(part))
                yield part


def _turn(artist: Artist) -> None:
    match artist:
        case Text():
            artist.set_color(turned(artist.get_color()))
        case Line2D():
            inner, edge = artist.get_markerfacecolor(), artist.get_markeredgecolor()
            artist.set_color(turned(artist.get_color()))
            artist.set_markerfacecolor(turned(inner))
            artist.set_markeredgecolor(turned(edge))
        case Patch():
            _turn_patch(artist)
        case Collection():
            faces, edges = np.asarray(artist.get_facecolor()), np.asarray(artist.get_edgecolor())
            if artist.get_array() is None:
                artist.set_facecolor([turned(each) for each in faces])
            artist.set_edgecolor([turned(each) for each in edges])
        case AxesImage():
            pixels = np.asarray(artist.get_array())
            if pixels.ndim == 3:
                artist.set_data(_turned(pixels.astype(np.float64)))
        case Axis():  # ticks that are still to come
            artist.set_tick_params(which="both", **_tick_colours(artist))


def _turn_patch(patch: Patch) -> None:
    face, edge, hatch = patch.get_facecolor(), patch.get_edgecolor(), patch.get_hatchcolor()
    if to_rgba(face)[3]:  # none stays none
        patch.set_facecolor(turned(face))
    if to_rgba(edge)[3]:
        patch.set_edgecolor(turned(edge))
    patch.set_hatchcolor(turned(hatch))


def _tick_colours(axis: Axis) -> dict[str, Any]:
    known = axis.get_tick_params()
    names = ("color", "labelcolor", "grid_color")
    return {name: turned(known[name]) for name in names if name in known}


def _linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return found


def _gamma(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.where(rgb <= 0.0031308, rgb * 12.92, 1.055 * rgb ** (1 / 2.4) - 0.055)
    return found
