"""What is paid against the weeks in relief: both with their intervals, unknowns as open boxes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..format import interval, records
from .style import GREY

__all__ = ["describe", "draw"]


def draw(table: pd.DataFrame, ax: Axes, *, horizon: float, reach: float, colour: str, marker: str) -> Axes:
    """Draw a cross a treatment: the middle, and the 90 % interval of each.

    Parameters
    ----------
    table
        One row a treatment of one view: ``short`` and, prefixed ``cost_`` and ``relief_``, the
        columns ``known``, ``p05``, ``p50``, ``p95``, ``low``, ``high``.
    horizon
        Weeks, the top of the axis.
    reach
        USD, the right end of the axis, the same for every panel.
    """
    shown: list[tuple[float, float, str]] = []
    boxes: list[str] = []
    for row in records(table):
        x, y = _span(row, "cost"), _span(row, "relief")
        if x is None or y is None:
            continue
        if row["cost_known"] == "stated" and row["relief_known"] == "stated":
            ax.plot([x[0], x[2]], [y[1]] * 2, color=colour, alpha=0.35, linewidth=4)
            ax.plot([x[1]] * 2, [y[0], y[2]], color=colour, alpha=0.35, linewidth=4)
            ax.plot([x[1]], [y[1]], color=colour, marker=marker, markersize=11, zorder=4)
            shown.append((x[1], y[1], str(row["short"])))
        else:
            width = max(x[2] - x[0], reach * 0.006)
            box = Rectangle(
                (x[0], y[0]),
                width,
                max(y[2] - y[0], horizon * 0.01),
                fill=False,
                edgecolor=GREY,
                linestyle="--",
                linewidth=1.5,
            )
            ax.add_patch(box)
            boxes.append(str(row["short"]))
            ax.annotate(
                f"{row['short']} ?", (x[0] + width / 2, y[2]), (0, 3), textcoords="offset points",
                ha="left", va="bottom", fontsize=11.5, color="#444444", rotation=38,
            )  # fmt: skip
    _names(ax, shown, horizon, reach)
    ax.set_xlim(0, reach)
    ax.set_ylim(0, horizon * 1.3)
    ax.set_yticks(np.arange(0, horizon + 1, 13))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")
    ax.set_xlabel("What you pay yourself")
    ax.set_ylabel("Weeks in relief within the horizon")
    return ax


def _span(row: dict[str, object], name: str) -> tuple[float, float, float] | None:
    if row[f"{name}_known"] == "stated":
        return tuple(float(row[f"{name}_{each}"]) for each in ("p05", "p50", "p95"))  # type: ignore[return-value, arg-type]
    if row[f"{name}_known"] == "nobody knows":
        low, high = (float(row[f"{name}_{each}"]) for each in ("low", "high"))  # type: ignore[arg-type]
        return low, (low + high) / 2, high
    return None


def _names(ax: Axes, shown: list[tuple[float, float, str]], horizon: float, reach: float) -> None:
    """Write the names beside the marks, pushed apart upwards where marks lie close together."""
    taken: list[tuple[float, float]] = []
    step = horizon * 0.05
    for x, y, name in sorted(shown, key=lambda each: (each[1], each[0])):
        place = y + horizon * 0.012
        while any(abs(place - other) < step and abs(x - across) < reach * 0.42 for across, other in taken):
            place += step / 2
        taken.append((x, place))
        ax.annotate(
            name,
            (x, y),
            (x + reach * 0.02, place),
            fontsize=13,
            va="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 4},
            zorder=5,
        )


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text for one view."""
    parts = []
    for row in records(table):
        cost = interval(
            {"unit": "USD", **{name: row[f"cost_{name}"] for name in ("known", "p05", "p50", "p95", "low", "high")}}
        )
        relief = interval(
            {"unit": "weeks", **{name: row[f"relief_{name}"] for name in ("known", "p05", "p50", "p95", "low", "high")}}
        )
        parts.append(f"{row['short']}: pays {cost}, in relief {relief}")
    return "Cost against weeks in relief. " + "; ".join(parts) + "."
