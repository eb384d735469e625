"""Month by month: what is paid, and how far the deductible and the maximum are met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..format import money
from .style import GREY, look

__all__ = ["describe", "describe_progress", "draw", "draw_progress"]


def draw(table: pd.DataFrame, ax: Axes, *, views: Sequence[str], months: int) -> Axes:
    """Draw one treatment's average payments, a bar a month and view, on an axis of its own.

    Parameters
    ----------
    table
        Rows of the cash flow of one treatment: ``view``, ``month``, ``mean``; none where the cost is not known.
    """
    wide = 0.8 / len(views)
    for place, view in enumerate(views):
        rows = table[table["view"] == view]
        shift = (place - (len(views) - 1) / 2) * wide
        hatch = "" if place % 2 == 0 else "///"
        ax.bar(
            rows["month"] + shift, rows["mean"], width=wide, color=look(place).colour, hatch=hatch, edgecolor="white",
            linewidth=0,
        )  # fmt: skip
    _frame(ax, months)
    if table.empty or table["mean"].max() < 0.5:
        ax.set_yticks([0], ["$0"])
        ax.set_ylim(0, 1)
        text = "cost not known" if table.empty else "nothing to pay"
        ax.annotate(text, (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=14, color=GREY)
        return ax
    ax.set_ylim(0, float(table["mean"].max()) * 1.08)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    return ax


def draw_progress(
    table: pd.DataFrame, ax: Axes, *, views: Sequence[str], months: int, turns: Sequence[float], reach: float
) -> Axes:
    """Draw how much of one treatment's deductible and maximum is met at each month's end, on average.

    Parameters
    ----------
    table
        Rows of the cash flow of one treatment: ``view``, ``month``, ``deductible_met``, ``maximum_met``.
    turns
        Months at which a plan year begins, both fall back to nothing there.
    """
    for column, line in (("deductible", "-"), ("maximum", "--")):
        if table[column].notna().any():
            ax.axhline(float(table[column].max()), color=GREY, linewidth=1.2, linestyle=line)
    for turn in turns:
        ax.axvline(turn, color=GREY, linewidth=1, linestyle=(0, (1, 2)))
    for place, view in enumerate(views):
        rows = table[table["view"] == view]
        for column, line in (("deductible_met", "-"), ("maximum_met", "--")):
            style = look(place)
            ax.plot(
                rows["month"], rows[column], color=style.colour, linestyle=line, linewidth=2.4, marker=style.marker,
                markevery=6, markersize=6,
            )  # fmt: skip
    _frame(ax, months)
    ax.set_ylim(0, reach)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    shown = table[["deductible_met", "maximum_met"]]
    if shown.isna().to_numpy().all():
        text = "cost not known" if table.empty else "no such limit"
        ax.annotate(text, (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=14, color=GREY)
    return ax


def _frame(ax: Axes, months: int) -> None:
    ax.set_xlim(0.2, months + 0.8)
    ax.set_xticks([1, *range(6, months + 1, 6)])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")


def describe(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the alternative text: the dearest month and the total of each treatment."""
    told = []
    for (view, label), rows in table.groupby(["view", "label"], sort=False):
        if rows["mean"].max() < 0.5:
            told.append(f"{label}, {names[str(view)]}: nothing")
            continue
        means = rows["mean"].to_numpy()
        total, month = float(rows["so_far"].iloc[-1]), int(rows["month"].iloc[int(means.argmax())])
        words = f"{money(total)} in all, most in month {month} ({money(float(means.max()))})"
        told.append(f"{label}, {names[str(view)]}: {words}")
    return f"Average payments by month. {'; '.join(told)}."


def describe_progress(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the alternative text: the most of the deductible and of the maximum that is met on average."""
    told = []
    for (view, label), rows in table.groupby(["view", "label"], sort=False):
        parts = []
        for name in ("deductible", "maximum"):
            met = rows[f"{name}_met"].to_numpy()
            if not np.isnan(met).any():
                of, month = float(rows[name].iloc[0]), int(rows["month"].iloc[int(met.argmax())])
                parts.append(f"{money(float(met.max()))} of the {name} of {money(of)} in month {month}")
        told.append(f"{label}, {names[str(view)]}: at most {' and '.join(parts) or 'no limit to meet'}")
    return f"Average deductible and maximum met by month. {'; '.join(told)}."
