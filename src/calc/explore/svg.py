"""Small pieces of SVG, made fast: text, lines, boxes, and the picture around them with its alternative text."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable

from ..report.marks import INK, ORANGE, SHADES

__all__ = ["box", "line", "picture", "svg", "text"]

_FONT = "font-family=\"'DejaVu Sans',Verdana,sans-serif\""
_HATCH = (
    '<defs><pattern id="h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0V7" stroke="{SHADES[54]}" stroke-width="2.4"/></pattern>'
    '<pattern id="x" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="5" height="5" fill="{ORANGE}"/><path d="M0 0V5M0 0H5" stroke="white" stroke-width="1.6"/></pattern>'
    "</defs>"
)


def text(
    x: float, y: float, words: str, *, size: float = 14, anchor: str = "start", fill: str = INK, bold: bool = False
) -> str:
    """Return a line of text, its baseline at ``y``; a white edge keeps it readable on whatever is below."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{fill}"{weight} '
        f'stroke="white" stroke-width="3" paint-order="stroke">{html.escape(words)}</text>'
    )


def line(
    points: Iterable[tuple[float, float]], *, stroke: str = INK, width: float = 1, dash: str = "", opacity: float = 1
) -> str:
    """Return a line through points."""
    at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    seen = f' opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<polyline points="{at}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dashed}{seen}/>'


def box(x: float, y: float, width: float, height: float, *, fill: str, opacity: float = 1) -> str:
    """Return a filled rectangle; ``url(#h)`` and ``url(#x)`` are hatched."""
    seen = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect shape-rendering="crispEdges" {place} fill="{fill}"{seen}/>'


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """Return a whole SVG on white."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" {_FONT}>{_HATCH}<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def picture(wide: str, narrow: str, *, title: str, alt: str) -> str:
    """Return HTML that shows the wide SVG, or on a narrow screen the narrow one."""
    return (
        f"<figure><figcaption>{html.escape(title)}</figcaption><picture>"
        f'<source media="(max-width: 640px)" srcset="{_data(narrow)}">'
        f'<img src="{_data(wide)}" alt="{html.escape(alt, quote=True)}"></picture></figure>'
    )


def _data(image: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(image.encode("utf-8")).decode("ascii")
