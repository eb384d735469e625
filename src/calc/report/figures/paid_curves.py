"""What has been paid by each week, on average over people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import money
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, short_name, shorts, strokes, under
from .style import DATES, date_axis, furthest, page

__all__ = ["FIGURES"]


Looks = Mapping[str, tuple[str, Any]]


def draw(table: pd.DataFrame, ax: Axes, *, looks: Looks, horizon: float, start: date, reach: float) -> Axes:
    """Draw one line a treatment, labelled at its end.

    Parameters
    ----------
    table
        Columns ``treatment``, ``label``, ``week``, ``paid`` (USD, mean), for one view.
    looks
        Color and dash by treatment.
    reach
        USD, the top of the axis, the same for every panel.
    """
    tags = []
    for name, rows in table.groupby("label", sort=False):
        colour, dash = looks[str(rows["treatment"].iloc[0])]
        paid = rows["paid"].to_numpy()
        ax.plot(rows["week"].to_numpy(), paid, color=colour, linestyle=dash, linewidth=3)
        tags.append((float(paid[-1]), f"{name}, {money(float(paid[-1]))}", colour))
    date_axis(ax, horizon, start, room=0.85)
    ax.set_ylim(0, reach)
    _label_ends(ax, tags, horizon, step=reach * 0.042)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.set_ylabel("Paid so far, mean of all people")
    ax.grid(axis="y")
    return ax


def _label_ends(ax: Axes, tags: Iterable[tuple[float, str, str]], last: float, *, step: float) -> None:
    """Write each line's name at its end (height, name, colour), pushed ``step`` apart where lines end close."""
    floor = step / 4
    for end, name, colour in sorted(tags):
        y = max(end, floor)
        ax.plot((last, last * 1.03), (end, y), color=colour, linewidth=0.9)
        ax.annotate(name, (last * 1.03, y), va="center", fontsize=14, color=colour)
        floor = y + step


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text for one view: paid after half a year and at the horizon."""
    parts = []
    for name, rows in table.groupby("label", sort=False):
        half, end = rows.iloc[min(26, len(rows) - 1)], rows.iloc[-1]
        parts.append(
            f"{name}: {money(float(half['paid']))} by week {int(half['week'])}, "
            f"{money(float(end['paid']))} by week {int(end['week'])}"
        )
    return "Lines of the mean amount paid so far, by week. " + "; ".join(parts) + "."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    order, panels, words = shorts(result), [], []
    reach = 1.08 * furthest(result.paid_by_week["paid"])
    for view in views:
        label, table = result.inputs.views[view].label, under(result, result.paid_by_week, [view])
        panels.append((label, partial(draw, table, looks=strokes(result), reach=reach, horizon=horizon, start=start)))
        absent = [name for name in order if name not in set(table["label"])]
        gone = f" No line, because the cost is not known: {', '.join(absent)}." if absent else ""
        words.append(f"{label}. {describe(table)}{gone}")
    key = "Averages over people; without a line: cost not known. "
    drawn = page(figure.title, key + footer(result), panels, labels=0.095, bottom=DATES)
    return Made(figure.title, " ".join(words), drawn)


def _paid(result: Result, view: str) -> str:
    table = result.paid_by_week
    rows = table[(table["view"] == view) & (table["week"] == min(26, table["week"].max()))]
    if rows.empty:
        return "cost not known or not stated"
    most = last_by(rows, "paid")
    return f"{short_name(result, most)}, {money(most['paid'])} by week {int(most['week'])}"


FIGURES = (
    Figure(
        "paid_curves",
        "What has been paid by when",
        make=_page,
        message=by_view("Most is paid early for", _paid),
        tables=("paid_by_week",),
        notebooks=("03_timelines",),
    ),
)
