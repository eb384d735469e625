"""Result → files: tables as CSV, figures as SVG, PDF and PNG, the same bytes for the same inputs."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..analysis.compare import Result
from ..errors import RunError
from .figures.gallery import Slide
from .figures.style import styled

__all__ = ["FORMATS", "save_costs", "save_slide", "save_table", "save_tables", "slide_bytes"]

FORMATS = ("png", "svg", "pdf")


def save_tables(result: Result, folder: Path) -> Sequence[Path]:
    """Write every table as CSV under ``folder``: UTF-8, a point for decimals, the same bytes everywhere."""
    return _saved(result.tables(), folder)


def save_costs(result: Result, folder: Path) -> Sequence[Path]:
    """Write every table of cost as CSV under ``folder``, its name after ``costs_``."""
    return _saved({f"costs_{name}": table for name, table in result.costs.tables().items()}, folder)


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


def slide_bytes(slide: Slide, form: str) -> bytes:
    """Return a figure as ``png``, ``svg`` or ``pdf``, with its title and description inside."""
    dateless = {
        "png": {"Title": slide.title, "Description": slide.alt, "Software": None},
        "svg": {"Title": slide.title, "Description": slide.alt, "Date": None, "Creator": None},
        "pdf": {"Title": slide.title, "Subject": slide.alt, "CreationDate": None, "Creator": None, "Producer": None},
    }
    buffer = io.BytesIO()
    with styled():
        slide.figure.savefig(buffer, format=form, metadata=dateless[form])
    content = buffer.getvalue()
    return _named(slide, content) if form == "svg" else content


def _named(slide: Slide, svg: bytes) -> bytes:
    """Give the SVG the role and name that screen readers look for."""
    alt = html.escape(slide.alt, quote=True)
    role = f'<svg role="img" aria-label="{html.escape(slide.title, quote=True)}" aria-description="{alt}" '
    return re.sub(rb"<svg ", lambda _: role.encode("utf-8"), svg, count=1)
