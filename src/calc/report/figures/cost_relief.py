"""What is paid against the weeks in relief: averages with their intervals, unknowns left open."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import interval, records
from ..marks import GREY, SHADES, look
from ..words import footer
from .record import Figure, Made, Views, by_view, outcome_rows, under
from .style import furthest, page

__all__ = ["FIGURES", "describe", "draw"]

_COLUMNS = ("known", "p05", "p50", "p95", "low", "high")


def _reach(table: pd.DataFrame) -> float:
    """Return where the axis of cost ends, USD: behind the intervals of all marks and the means of all dotted lines."""
    placed = table[table["cost_known"] == "stated"]
    marked = placed[placed["relief_known"] == "stated"]
    return max(1.06 * furthest(marked["cost_p95"]), 1.25 * furthest(placed["cost_mean"]))


def draw(table: pd.DataFrame, ax: Axes, *, horizon: float, reach: float, colour: str, marker: str) -> Axes:
    """Draw a mark a treatment at its average, with the 90 % interval of each outcome.

    Where the relief is not known, a dotted line stands at the cost over all that is possible;
    treatments whose cost is not known have no place on this figure and are named in its corner.

    Parameters
    ----------
    table
        One row a treatment of one view: ``label`` and, prefixed ``cost_`` and ``relief_``, the
        columns ``known``, ``mean``, ``p05``, ``p95``, ``low``, ``high``.
    horizon
        Weeks, the top of the axis.
    reach
        USD, the right end of the axis, the same for every panel.
    """
    marks: list[tuple[float, float, str]] = []
    open_: list[tuple[float, float, str]] = []
    absent = []
    for row in records(table):
        x, name = float(row["cost_mean"]), str(row["label"])
        if row["cost_known"] != "stated" or row["relief_known"] == "not stated":
            absent.append(name)
        elif row["relief_known"] == "stated":
            y = float(row["relief_mean"])
            ax.plot([row["cost_p05"], row["cost_p95"]], [y, y], color=colour, alpha=0.28, linewidth=3)
            ax.plot([x, x], [row["relief_p05"], row["relief_p95"]], color=colour, alpha=0.28, linewidth=3)
            ax.plot([x], [y], color=colour, marker=marker, markersize=11, zorder=4, clip_on=False)
            marks.append((x, y, name))
        else:
            ax.plot([x, x], [row["relief_low"], row["relief_high"]], color=GREY, linestyle=(0, (1, 2)), linewidth=2.5)
            open_.append((x, float(row["relief_high"]), name))
    _names(ax, marks, horizon, reach)
    _open_names(ax, open_, horizon, reach)
    if absent:
        text = "No place here, cost or relief\nnot known: " + ",\n".join(absent)
        ax.annotate(text, (0.985, 0.985), xycoords="axes fraction", va="top", ha="right", fontsize=14, color=GREY)
    ax.set_xlim(0, reach)
    ax.set_ylim(0, horizon * 1.5)
    ax.set_yticks(np.arange(0, horizon + 1, 13))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")
    ax.set_xlabel("What you pay yourself")
    ax.set_ylabel("Weeks in relief within the horizon")
    return ax


def _names(ax: Axes, marks: list[tuple[float, float, str]], horizon: float, reach: float) -> None:
    """Write the names beside the marks, pushed upwards where marks lie close together."""
    taken: list[tuple[float, float]] = []
    step = horizon * 0.062
    for x, y, name in sorted(marks, key=lambda each: (each[1], each[0])):
        place = y + horizon * 0.03
        while any(abs(place - other) < step and abs(x - across) < reach * 0.42 for across, other in taken):
            place += step / 4
        taken.append((x, place))
        ax.plot((x, x + reach * 0.03), (y, place), color=GREY, linewidth=0.8)
        ax.annotate(
            name,
            (x + reach * 0.03, place),
            fontsize=14,
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
            zorder=5,
        )


def _open_names(ax: Axes, open_: list[tuple[float, float, str]], horizon: float, reach: float) -> None:
    """Write the names of what is left open above the lines, pushed to the right where they crowd."""
    floor = 0.0
    for x, top, name in sorted(open_):
        place = max(x, floor)
        ax.plot((x, place), (top, horizon * 1.05), color=GREY, linewidth=0.8, clip_on=False)
        ax.annotate(
            name,
            (place, horizon * 1.05),
            fontsize=14,
            color=SHADES[27],
            rotation=48,
            rotation_mode="anchor",
            ha="left",
            va="bottom",
        )
        floor = place + reach * 0.052


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text for one view."""
    parts = []
    for row in records(table):
        cost, relief = ({name: row[f"{prefix}_{name}"] for name in _COLUMNS} for prefix in ("cost", "relief"))
        parts.append(f"{row['label']}: pays {_told(cost, 'USD')}, in relief {_told(relief, 'weeks')}")
    return "Cost against weeks in relief, middle values and 90 % intervals. " + "; ".join(parts) + "."


def _told(row: dict[str, Any], unit: str) -> str:
    return interval({**row, "unit": unit})


def _page(figure: Figure, result: Result, views: Views) -> Made:
    wide = _cost_and_relief(result)
    end = _reach(wide)
    panels, words = [], []
    for view in views:
        label, mine = result.inputs.views[view].label, wide[wide["view"] == view]
        style = look(list(result.inputs.views).index(view))
        drawing = partial(
            draw, mine, horizon=result.inputs.study.weeks, reach=end, colour=style.colour, marker=style.marker
        )
        panels.append((label, drawing))
        words.append(f"{label}. {describe(mine)}")
    key = "Mark: average; bars: 90 % intervals. Dotted: not known, anywhere along it is possible. "
    return Made(figure.title, " ".join(words), page(figure.title, key + footer(result), panels, labels=0.06))


def _cost_and_relief(result: Result) -> pd.DataFrame:
    """Return cost and weeks in relief side by side, a row a view and treatment."""
    columns = ["known", "mean", "p05", "p50", "p95", "low", "high"]
    table = under(result, result.comparison, list(result.inputs.views))
    parts = []
    for prefix, outcome in (("cost", "out_of_pocket"), ("relief", "weeks_in_relief")):
        rows = table[table["outcome"] == outcome].set_index(["view", "treatment", "label"])[columns]
        parts.append(rows.add_prefix(f"{prefix}_"))
    return pd.concat(parts, axis=1).reset_index()


def _worth(result: Result, view: str) -> str:
    cost = outcome_rows(result, "out_of_pocket", view, known="stated").set_index("treatment")
    relief = outcome_rows(result, "weeks_in_relief", view, known="stated").set_index("treatment")
    both = relief[relief.index.isin(cost.index)]
    if both.empty:
        return "no treatment has both stated"
    best = str(both["mean"].idxmax())
    weeks, paid = (records(table.loc[[best]])[0] for table in (both, cost))
    return f"{weeks['label']}, {interval(weeks)} for {interval(paid)}"


FIGURES = (
    Figure(
        "cost_relief",
        "What you pay against the weeks of relief you may get for it",
        make=_page,
        message=by_view("Most weeks in relief for what you pay", _worth),
        tables=("comparison",),
        notebooks=("04_comparison",),
    ),
)
