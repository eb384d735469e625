"""Result → files: tables as CSV, figures as SVG, PDF and PNG, the same bytes for the same inputs."""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from ..analysis.compare import Result
from ..errors import RunError
from . import accelerator
from .figures.record import Slide
from .figures.style import styled
from .formats import FORMATS
from .png import png

__all__ = [
    "cropped_png",
    "save_costs",
    "save_decisions",
    "save_slide",
    "save_table",
    "save_tables",
    "slide_bytes",
]


def save_tables(result: Result, folder: Path) -> Sequence[Path]:
    """Write every table as CSV under ``folder``: UTF-8, a point for decimals, the same bytes everywhere."""
    return _saved(result.tables(), folder)


def save_costs(result: Result, folder: Path) -> Sequence[Path]:
    """Write every table of cost as CSV under ``folder``, its name after ``costs_``."""
    return _saved({f"costs_{name}": table for name, table in result.costs.tables().items()}, folder)


def save_decisions(result: Result, folder: Path) -> Sequence[Path]:
    """Write every table of decision analysis as CSV under ``folder``, its name after ``decision_``."""
    return _saved({f"decision_{name}": table for name, table in result.decisions.tables().items()}, folder)


def _saved(tables: Mapping[str, pd.DataFrame], folder: Path) -> Sequence[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        file = folder / f"{name}.csv"
        file.write_bytes(_csv(table).encode("utf-8"))
        written.append(file)
    return written


def save_table(table: pd.DataFrame, file: Path) -> None:
    """Write one table as CSV.

    Raises
    ------
    RunError
        if the file cannot be written.
    """
    try:
        file.write_bytes(_csv(table).encode("utf-8"))
    except OSError as error:
        raise RunError(f"{file} could not be written: {error.strerror}. Check the folder and its rights.") from error


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False, lineterminator="\n", float_format="%.10g")


def save_slide(slide: Slide, folder: Path, formats: Sequence[str] = FORMATS) -> dict[str, bytes]:
    """Write a figure in each format under ``folder``; return the bytes by format."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {each: slide_bytes(slide, each) for each in formats}
    for each, content in found.items():
        (folder / f"{slide.name}.{each}").write_bytes(content)
    return found


def slide_bytes(slide: Slide, form: str, *, dpi: float | None = None) -> bytes:
    """Return a figure as ``png``, ``svg`` or ``pdf``, with its title and description inside.

    ``dpi`` is the house style's by default, at which a PNG has 1920 × 1080 pixels.
    """
    figure = slide.figure
    dots = dpi or figure.dpi
    buffer = io.BytesIO()
    with styled(), accelerator.accelerated() as quick:
        if form == "png":
            texts = {"Title": slide.title, "Description": slide.alt}
            pixels = accelerator.pixels(figure, dots) if quick else _pixels(figure, dots)
            return png(pixels[..., :3], dpi=dots, texts=texts)
        figure.savefig(buffer, format=form, metadata=_dateless(slide, form), dpi=dots)
    content = buffer.getvalue()
    return _named(slide, content) if form == "svg" else content


def _pixels(figure: Figure, dpi: float) -> npt.NDArray[np.uint8]:
    """Return a figure as red, green, blue and opacity, shape (height, width, 4), as matplotlib saves it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba", dpi=dpi)
    width, height = (int(inches * dpi) for inches in figure.get_size_inches())
    return np.frombuffer(buffer.getvalue(), dtype=np.uint8).reshape(height, width, 4)


def _dateless(slide: Slide, form: str) -> dict[str, str | None]:
    if form == "svg":
        return {"Title": slide.title, "Description": slide.alt, "Date": None, "Creator": None}
    return {"Title": slide.title, "Subject": slide.alt, "CreationDate": None, "Creator": None, "Producer": None}


def cropped_png(slide: Slide) -> tuple[bytes, float]:
    """Return the picture without its title and the room above, and its height as a share of its width.

    For a slide of a deck that has a title of its own; nothing is scaled, so text keeps its size.
    """
    figure = slide.figure
    title = next(text for text in figure.texts if " ".join(text.get_text().split()) == slide.title)
    title.set_visible(False)
    width, height = figure.get_size_inches()
    buffer = io.BytesIO()
    with styled():
        top = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer()).y1
        top = min(height, math.ceil((top + 0.05) * figure.dpi) / figure.dpi)
        figure.savefig(buffer, format="png", bbox_inches=Bbox([[0, 0], [width, top]]), metadata={"Software": None})
    title.set_visible(True)
    return buffer.getvalue(), top / width


def _named(slide: Slide, svg: bytes) -> bytes:
    """Give the SVG the role, title and description that screen readers look for."""
    title, alt = html.escape(slide.title, quote=True), html.escape(slide.alt, quote=True)
    text = svg.decode("utf-8")
    named = f'aria-labelledby="{slide.name}-title" aria-describedby="{slide.name}-desc"'
    text = text.replace("<svg ", f'<svg role="img" {named} ', 1)
    head = f'<title id="{slide.name}-title">{title}</title>\n <desc id="{slide.name}-desc">{alt}</desc>'
    return re.sub(r"<title>.*?</title>", lambda _: head, text, count=1, flags=re.DOTALL).encode("utf-8")
