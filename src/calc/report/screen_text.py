"""The first screen in a terminal."""

from __future__ import annotations

from textwrap import fill

import pandas as pd

from .facts import plain
from .screen import HEADS, Row, Screen
from .screen_words import GROUPS
from .tables import as_text

__all__ = ["as_pages"]


def as_pages(shown: Screen, *, width: int) -> str:
    """Return the sentences, one table a group, and the differences, wrapped into ``width`` columns."""
    parts = [fill(plain(each), width) for each in shown.opening]
    for group, rows in shown.groups.items():
        table = pd.DataFrame([_cells(row) for row in rows])
        parts.append(f"── {GROUPS[group]} ──\n{as_text(table, width=width)}")
    if shown.differences:
        lines = "\n".join(fill(f"· {plain(each)}", width, subsequent_indent="  ") for each in shown.differences)
        parts.append(f"── Where the sides differ ──\n{lines}")
    return "\n\n".join([*parts, *(fill(plain(each), width) for each in shown.notes)])


def _cells(row: Row) -> dict[str, str]:
    about = ". ".join(plain(each) for each in ((row.name,), row.what) if each)
    whom = f". For: {plain(row.whom)}" if row.whom else ""
    return {"Option": about + whom, **{head: plain(row.cells[name]) for name, head in HEADS.items()}}
