"""How likely each option is to be the best, cheapest, longest, within budget, relieved: n of 100, a bar a cell."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import in_100, records
from ..marks import SHADES, look
from .lines import wrapped
from .record import Figure, by_view, last_by
from .weighing import NOTHING, Panel, decision_rows, weighed

__all__ = ["FIGURES"]

_COLUMNS = {
    "best": "Best",
    "cheapest": "Cheapest",
    "longest": "Longest\nin relief",
    "relieved": "Relieved\nby {by}",
    "within_budget": "Within\nyour budget",
}
_WIDTH = 0.52


def _columns(table: pd.DataFrame) -> dict[str, str]:
    by = str(table["by"].iloc[0])
    return {name: head.format(by=by) for name, head in _COLUMNS.items() if table[name].notna().any()}


def draw(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw a row an option and a column a chance; each cell holds a bar from 0 to 100 and its figure.

    Parameters
    ----------
    table
        Rows of the outlook of one view: ``label``, ``best``, ``cheapest``, ``longest``, ``relieved``, ``by``, ...
    """
    rows, columns = records(table), _columns(table)
    for across, (name, _) in enumerate(columns.items()):
        style = look(across)
        for place, row in enumerate(rows):
            ax.barh(place, _WIDTH, left=across, height=0.5, facecolor="white", edgecolor=SHADES[60], linewidth=1)
            ax.barh(place, _WIDTH * row[name], left=across, height=0.5, color=style.colour)
            text = (
                in_100(row[name]).replace("fewer than 1", "< 1").replace("more than 99", "> 99").removesuffix(" in 100")
            )
            ax.annotate(text, (across + _WIDTH + 0.03, place), va="center", fontsize=17)
    ax.set_xlim(-0.08, len(columns))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [wrapped(str(row["label"]), 28) for row in rows])
    ax.set_xticks([across + _WIDTH / 2 for across in range(len(columns))], list(columns.values()))
    ax.tick_params(length=0, labelsize=16)
    ax.grid(visible=False)
    for side in ("bottom", "left"):
        ax.spines[side].set_visible(False)
    return ax


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: every chance of every option."""
    columns = {name: " ".join(head.split()).lower() for name, head in _columns(table).items()}
    parts = [
        f"{row['label']}: {', '.join(f'{head} {in_100(row[name])}' for name, head in columns.items())}"
        for row in records(table)
    ]
    return "; ".join(parts) + "."


def _panel(result: Result, view: str, _decision: Decision) -> Panel:
    rows = decision_rows(result, "outlook", view)
    return Panel(
        "How likely each option is to be the best, the cheapest, the longest in relief",
        describe(rows),
        partial(draw, rows),
        "Chances of 100. Best: on average over people like you. The others: for one person, luck included; ties are "
        "shared. ",
        labels=0.2,
        at_one_value=True,
    )


def _cheapest(result: Result, view: str) -> str:
    rows = decision_rows(result, "outlook", view)
    if rows.empty:
        return NOTHING
    row = last_by(rows, "cheapest")
    return f"{row['label']} ({in_100(row['cheapest'])})"


FIGURES = (
    Figure(
        "best_chances",
        "How likely each option is to be the best",
        make=weighed(_panel),
        message=by_view("Most often the cheapest", _cheapest),
        tables=("decision_outlook",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
