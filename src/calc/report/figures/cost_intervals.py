"""What each treatment costs the patient: middle and interval, the views beside each other."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import amount, interval, records
from ..marks import GREY, look
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, outcome_rows, under
from .style import furthest, page

__all__ = ["FIGURES", "describe", "draw", "most"]


def draw(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw one row a treatment, one lane a view.

    Parameters
    ----------
    table
        Rows of the comparison table with one outcome, treatments in the order to show, with the
        columns ``view_label``, ``label``, ``unit``, ``known``, ``p05``, ``p50``, ``p95``, ``low``, ``high``.
    """
    labels = list(dict.fromkeys(table["label"]))
    views = list(dict.fromkeys(table["view_label"]))
    reach = furthest(table["p95"], table["high"])
    lane = 0.92 / len(views)
    for row in records(table):
        place = views.index(row["view_label"])
        y = labels.index(row["label"]) + (place - (len(views) - 1) / 2) * lane
        _one(ax, row, y, place, lane, reach)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0, pad=10)
    ax.set_xlim(0, reach * 1.5)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    unit = str(table["unit"].iloc[0])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}" if unit == "USD" else f"{value:,.0f}"))
    ax.set_xlabel("What you pay yourself (mark: middle; bar: 90 % interval; hatched: not known)")
    for place, view in enumerate(views):
        style = look(place)
        ax.plot([], [], color=style.colour, marker=style.marker, markersize=11, label=view)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(views), frameon=False, fontsize=16)
    return ax


def _one(ax: Axes, row: dict[str, object], y: float, place: int, lane: float, reach: float) -> None:
    style, text = look(place), interval(row)
    end = 0.0
    if row["known"] == "stated":
        low, middle, high = (float(row[name]) for name in ("p05", "p50", "p95"))  # type: ignore[arg-type]
        ax.plot([low, high], [y, y], color=style.colour, linewidth=6, alpha=0.45)
        ax.plot([middle], [y], color=style.colour, marker=style.marker, markersize=11, linestyle="", clip_on=False)
        end = high
    elif row["known"] == "not known":
        low, high = float(row["low"]), float(row["high"])  # type: ignore[arg-type]
        ax.barh(
            y,
            high - low,
            left=low,
            height=lane * 0.5,
            facecolor="none",
            edgecolor=style.colour,
            hatch="///",
            linewidth=1.5,
        )
        end = high
    ax.annotate(text, (end + reach * 0.012, y), va="center", fontsize=14, color=style.colour if end else GREY)


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: the finding and every figure's interval in words."""
    parts = []
    for view, rows in table.groupby("view_label", sort=False):
        stated = rows[rows["known"] == "stated"]
        words = f"{view}: "
        if not stated.empty:
            least, most = (stated.iloc[int(place)] for place in (stated["p50"].argmin(), stated["p50"].argmax()))
            words += (
                f"the lowest middle value is {amount(float(least['p50']), str(least['unit']))} ({least['label']}), "
                f"the highest {amount(float(most['p50']), str(most['unit']))} ({most['label']}). "
            )
        words += "; ".join(f"{row['label']} {interval(row)}" for row in records(rows))
        parts.append(words + ".")
    return "Interval chart of what the patient pays for each treatment. " + " ".join(parts)


def most(result: Result, view: str, *, outcome: str) -> str:
    """Return which treatment has the highest middle value of an outcome, and how high that is."""
    stated = outcome_rows(result, outcome, view, known="stated")
    if stated.empty:
        return "not stated for any treatment"
    row = last_by(stated, "p50")
    return f"{row['label']} {interval(row)}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    table = under(result, result.comparison[result.comparison["outcome"] == "out_of_pocket"], views)
    table = table.assign(view_label=[result.inputs.views[view].label for view in table["view"]])
    title = f"{figure.title} over {result.inputs.study.horizon}"
    return Made(title, describe(table), page(title, footer(result), [("", partial(draw, table))], labels=0.2))


FIGURES = (
    Figure(
        "cost_intervals",
        "What each treatment would cost you",
        make=_page,
        message=by_view("You pay most, where stated", partial(most, outcome="out_of_pocket")),
        tables=("comparison",),
        notebooks=("04_comparison",),
    ),
)
