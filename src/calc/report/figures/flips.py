"""The best option in each view as the question is put otherwise; marked where it is another one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ..format import records
from ..marks import GREY, INK, SHADES, TINT, look
from ..words import footer
from .lines import Wording, named
from .record import Figure, Made, Views, by_view
from .style import page
from .weighing import NOTHING, WORDING, decision_rows, nothing_to_weigh

__all__ = ["FIGURES"]

_Z90 = 1.645


def _rows(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(dict.fromkeys((str(row["varied"]), str(row["level"])) for row in records(table)))


def _written(varied: str, level: str) -> str:
    return named(f"{varied}: {level}" if level else varied, 46)


def _answer(row: Mapping[str, Any]) -> str:
    """Return the best option, or the one that is better even if it brings no relief."""
    return f"{row['surely_label']}, whatever it brings" if row["surely"] else str(row["label"])


def draw(table: pd.DataFrame, ax: Axes, *, views: Mapping[str, str], words: Wording) -> Axes:
    """Draw a row a variant and a column a view; a filled cell is one where another option is best.

    Parameters
    ----------
    table
        The table of flips, with ``surely_label``, the short name of what is surely better.
    views
        By view, its short name, in the order of columns.
    """
    rows = _rows(table)
    cells = {(row["varied"], row["level"], row["view"]): row for row in records(table)}
    most = max(12, 96 // len(views) - 3)
    for across, view in enumerate(views):
        for place, (varied, level) in enumerate(rows):
            row = cells.get((varied, level, view))
            if row is None:
                ax.annotate("nothing known", (across + 0.5, place), ha="center", va="center", fontsize=14, color=GREY)
                continue
            colour = look(1).colour if row["flips"] else SHADES[73]
            ax.barh(
                place,
                0.97,
                left=across + 0.015,
                height=0.86,
                facecolor=TINT if row["flips"] else "white",
                edgecolor=colour,
                linewidth=2.5 if row["flips"] else 1,
            )
            lead = f"{words.money(row['lead'])} ± {words.money(_Z90 * row['error'])}"
            text = f"{'≠ ' if row['flips'] else ''}{named(_answer(row), most)}"
            if len(views) <= 2 and not row["surely"]:
                text += f", {lead}" + ("" if row["clear"] else " (unclear)")
            ax.annotate(
                text, (across + 0.5, place), ha="center", va="center", fontsize=14,
                fontweight="bold" if row["flips"] else "normal", color=INK,
            )  # fmt: skip
    ax.set_xlim(0, len(views))
    ax.set_ylim(len(rows) - 0.45, -0.55)
    ax.set_yticks(range(len(rows)), [_written(*each) for each in rows])
    ax.tick_params(axis="y", length=0, labelsize=14)
    ax.set_xticks([across + 0.5 for across in range(len(views))], [f"believing: {short}" for short in views.values()])
    ax.tick_params(axis="x", length=0, labelsize=15)
    ax.grid(visible=False)
    for side in ("bottom", "left"):
        ax.spines[side].set_visible(False)
    return ax


def describe(table: pd.DataFrame, *, views: Mapping[str, str]) -> str:
    """Return the alternative text: the best as asked, and every variant in which it is another."""
    parts = []
    for view, short in views.items():
        rows = records(table[table["view"] == view])
        if not rows:
            continue
        turned = [f"{_written(row['varied'], row['level'])}, {_answer(row)}" for row in rows if row["flips"]]
        told = f"another with {'; '.join(turned)}" if turned else "never another"
        parts.append(f"Believing {short}: {_answer(rows[0])} as asked, {told}")
    return ". ".join(parts) + "."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    table = result.decisions.flips
    shorts = {view: result.inputs.views[view].short for view in views}
    if table.empty:
        return nothing_to_weigh(result, figure.title, " and ".join(shorts.values()))
    options = {name: each.short for name, each in result.inputs.options.items()} | {"": ""}
    table = table.assign(surely_label=table["surely"].map(options))
    drawing = partial(draw, table[table["view"].isin(views)], views=shorts, words=WORDING)
    key = "Each row changes one thing. In each cell the best option, its lead over the second, and ± 90 % of that. "
    drawn = page(figure.title, key + footer(result), [("", drawing)], labels=0.34, top=0.86)
    return Made(figure.title, describe(table, views=shorts), drawn)


def _turned(result: Result, view: str) -> str:
    rows = decision_rows(result, "flips", view)
    return f"{int(rows['flips'].sum())} of {len(rows) - 1} ways" if len(rows) else NOTHING


FIGURES = (
    Figure(
        "flips",
        "Does the answer stand if the question is put otherwise?",
        make=_page,
        message=by_view("Another answer in", _turned),
        tables=("decision_flips",),
        notebooks=("05_uncertainty",),
    ),
)
