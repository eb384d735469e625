"""What people are doing week by week: waiting, recovering, in relief, or none of these."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ..format import in_100
from ..marks import BAND, BLUE, GREY, ORANGE, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, short_name, shorts, under
from .style import DATES, date_axis, page, with_key

__all__ = ["FIGURES", "draw"]

# bottom to top; told apart by shade and hatch
_BANDS = (
    ("in_relief", "in relief", BLUE, ""),
    ("recovering", "recovering, no relief yet", ORANGE, "xx"),
    ("waiting", "waiting", SHADES[71], ""),
    ("not_in_relief", "not in relief", BAND, "..."),
)


def draw(table: pd.DataFrame, ax: Axes, *, order: tuple[str, ...], horizon: float, start: date) -> Axes:
    """Draw one row a treatment, its full height standing for 100 people.

    Parameters
    ----------
    table
        Columns ``label``, ``week`` and the four shares, for one view.
    order
        Short names of all treatments; those without rows are said to be not known.
    horizon, start
        Weeks, and the day of the decision.
    """
    for y, label in enumerate(order):
        rows = table[table["label"] == label]
        if rows.empty:
            text = "not known or not stated"
            ax.annotate(text, (horizon * 0.5, y), ha="center", va="center", fontsize=14, color=GREY)
            continue
        weeks, floor = rows["week"].to_numpy(), np.zeros(len(rows))
        for name, _, colour, hatch in _BANDS:
            top = floor + rows[name].to_numpy()
            ax.fill_between(
                weeks, y + 0.42 - 0.84 * floor, y + 0.42 - 0.84 * top,
                facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0,
            )  # fmt: skip
            floor = top
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_yticks(range(len(order)), order)
    ax.tick_params(axis="y", length=0)
    for _, words, colour, hatch in _BANDS:
        ax.fill_between([], [], [], facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0, label=words)
    return date_axis(ax, horizon, start)


def describe(table: pd.DataFrame, order: tuple[str, ...]) -> str:
    """Return the alternative text for one view: the states half a year after the decision and at the end."""
    parts = []
    for label in order:
        rows = table[table["label"] == label]
        if rows.empty:
            parts.append(f"{label}: not known or not stated")
            continue
        words = []
        for place in dict.fromkeys((min(26, len(rows) - 1), len(rows) - 1)):
            row = rows.iloc[place]
            states = ", ".join(f"{in_100(float(row[name]))} {spoken}" for name, spoken, _, _ in _BANDS)
            words.append(f"at week {int(row['week'])} {states}")
        parts.append(f"{label}: {'; '.join(words)}")
    return "Bands of what people are doing by week. " + ". ".join(parts) + "."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    order, panels, words = shorts(result), [], []
    for view in views:
        label, table = result.inputs.views[view].label, under(result, result.states_by_week, [view])
        panels.append((label, partial(draw, table, order=order, horizon=horizon, start=start)))
        words.append(f"{label}. {describe(table, order)}")
    key = "Each row is 100 people. Both kinds of uncertainty: one patient's luck, and what is not known. "
    drawn = page(figure.title, key + footer(result), panels, labels=0.2, top=0.785, bottom=DATES)
    return Made(figure.title, " ".join(words), with_key(drawn))


def _at_the_end(result: Result, view: str) -> str:
    table = result.states_by_week
    rows = table[(table["view"] == view) & (table["week"] == table["week"].max())]
    if rows.empty:
        return "no treatment's course is known"
    best = last_by(rows, "in_relief")
    return f"{in_100(best['in_relief'])} with {short_name(result, best)}"


FIGURES = (
    Figure(
        "states",
        "What 100 people are doing, week by week",
        make=_page,
        message=by_view("Most people in relief at the end", _at_the_end),
        tables=("states_by_week",),
        notebooks=("03_timelines",),
    ),
)
