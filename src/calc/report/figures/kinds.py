"""Two kinds of uncertainty: what one patient may meet, and what is not known about the average."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import amount, records, short_amount
from ..marks import BLUE, GREY, NAVY, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, short_name, under
from .style import furthest, page

__all__ = ["FIGURES"]

_ONE, _MEAN = SHADES[61], BLUE


def draw(table: pd.DataFrame, ax: Axes, *, reach: float) -> Axes:
    """Draw one row a treatment: a thin line for one patient, a thick bar for the average over patients.

    Parameters
    ----------
    table
        Rows of one view and outcome: ``label``, ``unit``, ``known``, ``one_p05``, ``one_p50``,
        ``one_p95``, ``mean_p05``, ``mean_p50``, ``mean_p95``.
    reach
        The largest figure, in the table's unit.
    """
    labels = list(table["label"])
    unit = str(table["unit"].iloc[0])
    for y, row in enumerate(records(table)):
        if row["known"] != "stated":
            ax.annotate(str(row["known"]), (reach * 0.01, y), va="center", fontsize=14, color=GREY)
            continue
        ax.plot([row["one_p05"], row["one_p95"]], [y - 0.17] * 2, color=_ONE, linewidth=3.5)
        ax.plot([row["one_p50"]], [y - 0.17], color=SHADES[27], marker="|", markersize=13, markeredgewidth=3)
        ax.plot([row["mean_p05"], row["mean_p95"]], [y + 0.17] * 2, color=_MEAN, linewidth=9)
        end = max(float(row["one_p95"]), float(row["mean_p95"]))
        text = f"average {_ends(row, 'mean', unit)}"
        ax.annotate(text, (end + reach * 0.02, y), va="center", fontsize=14, color=NAVY)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0, pad=10)
    ax.set_xlim(0, reach * 1.8)
    ax.set_xticks([tick for tick in MaxNLocator(4, integer=True).tick_values(0, reach) if 0 <= tick <= reach])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}" if unit == "USD" else f"{value:,.0f}"))
    ax.set_xlabel("What you pay yourself" if unit == "USD" else "Weeks in relief within the horizon")
    return ax


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text for one view and outcome."""
    unit = str(table["unit"].iloc[0])

    parts = [
        f"{row['label']}: one patient {_ends(row, 'one', unit)}, the average {_ends(row, 'mean', unit)}"
        if row["known"] == "stated"
        else f"{row['label']}: {row['known']}"
        for row in records(table)
    ]
    return "; ".join(parts) + "."


def _ends(row: dict[str, Any], prefix: str, unit: str) -> str:
    low, high = short_amount(row[f"{prefix}_p05"], unit), amount(row[f"{prefix}_p95"], unit)
    return high if high.split(" ")[0] == low else f"{low} to {high}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    (view,) = views
    panels, words = [], []
    for outcome, heading in (("out_of_pocket", "Cost"), ("weeks_in_relief", "Relief")):
        every = result.kinds[result.kinds["outcome"] == outcome]
        table, reach = under(result, every, [view]), furthest(every["one_p95"], every["mean_p95"])
        panels.append((heading, partial(draw, table, reach=reach)))
        words.append(f"{heading}. {describe(table)}")
    label = result.inputs.views[view].label
    title = f"{figure.title} {label}"
    key = (
        "Thin grey: what one patient may meet (90 %; tick: middle), luck included. Thick blue: the average over such "
        "patients, which is uncertain only through what is not known. "
    )
    return Made(title, f"{label}. {' '.join(words)}", page(title, key + footer(result), panels, labels=0.2))


def _open_average(result: Result, view: str) -> str:
    parts = []
    for outcome, words in (("out_of_pocket", "cost of"), ("weeks_in_relief", "relief with")):
        table = result.kinds
        rows = table[(table["view"] == view) & (table["outcome"] == outcome) & (table["known"] == "stated")]
        rows = rows[rows["mean_p95"] > rows["mean_p05"]]
        if len(rows):
            most = last_by(rows.assign(width=rows["mean_p95"] - rows["mean_p05"]), "width")
            unit = str(most["unit"])
            ends = f"{short_amount(most['mean_p05'], unit)} to {amount(most['mean_p95'], unit)}"
            parts.append(f"{words} {short_name(result, most)}, {ends}")
    return "; ".join(parts) or "not stated for any treatment"


FIGURES = (
    Figure(
        "kinds",
        "Bad luck or bad evidence?",
        make=_page,
        message=by_view("Averages known least", _open_average),
        tables=("kinds",),
        notebooks=("03_timelines",),
        at_once=1,
    ),
)
