"""What has been paid by each week, on average over people."""

from __future__ import annotations

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..format import money
from .relief_curves import STROKES, label_ends
from .style import date_axis

__all__ = ["describe", "draw"]


def draw(table: pd.DataFrame, ax: Axes, *, order: tuple[str, ...], horizon: float, start: date, reach: float) -> Axes:
    """Draw one line a treatment, labelled at its end.

    Parameters
    ----------
    table
        Columns ``label``, ``week``, ``paid`` (USD, mean), for one view.
    reach
        USD, the top of the axis, the same for every panel.
    """
    tags = []
    for name, rows in table.groupby("label", sort=False):
        colour, dash = STROKES[order.index(str(name)) % len(STROKES)]
        paid = rows["paid"].to_numpy()
        ax.plot(rows["week"].to_numpy(), paid, color=colour, linestyle=dash, linewidth=3)
        tags.append((float(paid[-1]), f"{name}, {money(float(paid[-1]))}", colour))
    date_axis(ax, horizon, start, room=0.85)
    ax.set_ylim(0, reach)
    label_ends(ax, tags, horizon, step=reach * 0.042)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.set_ylabel("Paid so far, mean of all people")
    ax.grid(axis="y")
    return ax


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
