"""What it is worth to find out each parameter first, with its standard error."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ..format import records
from .lines import Wording, amount_axis, wrapped
from .style import GREY, look

__all__ = ["describe", "draw"]

_MOST = 9
#: less than that of knowing everything is not drawn; the table has it
_NOTHING = 0.003


def draw(table: pd.DataFrame, ax: Axes, *, everything: float, words: Wording) -> Axes:
    """Draw a bar for each parameter or group that is worth anything, and a line at what knowing everything is worth.

    Parameters
    ----------
    table
        Rows of the EVPPI table at one value of a unit of effect, largest first.
    everything
        The EVPI there, money.
    """
    table = table.fillna({"error": 0.0})
    worth = table[table["evppi"] > _NOTHING * everything]
    shown = records((table.head(1) if worth.empty else worth).head(_MOST))
    colour = look(0).colour
    reach = max([everything, *(float(row["evppi"]) + 2 * float(row["error"]) for row in shown), 1e-9])
    # beside hundreds, parts of a dollar say nothing
    whole = (lambda value: float(round(value))) if everything >= 100 else float
    for place, row in enumerate(shown):
        doubtful = row["check"] == "pattern left"
        ax.barh(
            place,
            row["evppi"],
            height=0.6,
            facecolor="white" if doubtful else colour,
            edgecolor=colour,
            hatch="///" if doubtful else "",
            linewidth=1.5,
        )
        half = 1.645 * float(row["error"])
        ax.plot([max(row["evppi"] - half, 0.0), row["evppi"] + half], [place, place], color="#222222", linewidth=2)
        text = f"{words.money(whole(row['evppi']))} ± {words.money(whole(half))}" + (
            ", regression doubtful" if doubtful else ", not told from noise" if row["check"] == "noise" else ""
        )
        ax.annotate(text, (float(row["evppi"]) + half + 0.012 * reach, place), va="center", fontsize=14)
    ax.axvline(everything, color="#222222", linewidth=1.6, linestyle=(0, (4, 3)))
    ax.annotate(
        f"knowing everything: {words.money(everything)}",
        (everything, -0.62),
        (6, 0),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=14,
        color=GREY,
        annotation_clip=False,
    )
    ax.set_yticks(range(len(shown)), [wrapped(str(row["parameter"]), 40) for row in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(0, reach * 1.06)
    ax.tick_params(axis="y", length=0)
    amount_axis(ax.xaxis, words.currency)
    ax.set_xlabel("Worth of finding it out before choosing (bar: estimate; line: 90 % Monte Carlo interval)")
    return ax


def describe(table: pd.DataFrame, *, everything: float, words: Wording) -> str:
    """Return the alternative text."""
    parts = [
        f"{row['parameter']} {words.money(row['evppi'])} (standard error {words.money(row['error'])})"
        for row in records(table.head(_MOST))
    ]
    return f"Worth of finding out first, of {words.money(everything)} for everything: " + "; ".join(parts) + "."
