"""Tables, and the comparison, as pages of text."""

from __future__ import annotations

import io
from textwrap import fill

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..analysis.compare import Result
from .tables import headline, unknowns_in_words
from .words import frame, limits

__all__ = ["as_text", "printed"]


def as_text(table: pd.DataFrame, *, width: int = 118) -> str:
    """Return a table for a terminal, wrapped into ``width`` columns."""
    shown = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for name in table.columns:
        shown.add_column(Text(str(name)), overflow="fold")
    for values in table.itertuples(index=False):
        shown.add_row(*(Text(str(value)) for value in values))
    page = io.StringIO()
    Console(file=page, width=width, color_system=None).print(shown)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def printed(result: Result, *, width: int = 118) -> str:
    """Return the comparison of every view, what is not known, and the frame, as text."""
    parts = [fill(result.inputs.study.question, width), fill(frame(result), width)]
    for name, view in result.inputs.views.items():
        parts += [f"── {view.label} ──\n{fill(view.summary, width)}", as_text(headline(result, name), width=width)]
    gaps = unknowns_in_words(result)
    if not gaps.empty:
        parts += ["── What is not known ──", as_text(gaps, width=width)]
    return "\n\n".join([*parts, fill(limits(), width)])
