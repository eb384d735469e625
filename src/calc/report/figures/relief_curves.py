"""How many of 100 people are in relief, week by week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...inputs.distribution import Vector
from ..format import in_100, records, series_by
from ..marks import GREY, STROKES
from ..words import footer
from .record import Figure, Made, Views, by_view, under
from .style import page

__all__ = ["FIGURES", "describe", "draw", "label_ends"]


def draw(
    table: pd.DataFrame, ax: Axes, *, order: tuple[str, ...] = (), open_: tuple[str, ...] = (), width: int = 66
) -> Axes:
    """Draw one line a treatment, labelled at the line.

    Parameters
    ----------
    table
        Columns ``label``, ``week``, ``in_relief`` (share), for one view.
    order
        Short names in the study's order, so that a treatment looks the same in every panel.
    open_
        Treatments without a curve, because nobody knows or states what it needs.
    width
        Characters that fit below the axes.
    """
    names = list(order) or list(dict.fromkeys(table["label"]))
    last = float(table["week"].max()) if len(table) else 104.0
    tags = []
    for name, rows in table.groupby("label", sort=False):
        colour, dash = STROKES[names.index(str(name)) % len(STROKES)]
        share = 100 * rows["in_relief"].to_numpy()
        ax.plot(rows["week"].to_numpy(), share, color=colour, linestyle=dash, linewidth=3)
        tags.append((float(share[-1]), str(name), colour))
    label_ends(ax, tags, last)
    ax.set_xlim(0, last * 1.64)
    ax.set_xticks(np.arange(0, last + 1, 13))
    ax.set_ylim(0, 100)
    ax.set_xlabel("Weeks from the decision")
    ax.annotate(_without(open_, width), (0, -0.125), xycoords="axes fraction", va="top", fontsize=14, color=GREY)
    ax.set_ylabel("People in relief, of 100 who choose it")
    ax.grid(axis="y")
    return ax


def _without(open_: tuple[str, ...], width: int) -> str:
    """Return what stands below the axes about the treatments without a curve, in lines of ``width`` characters."""
    return fill(f"No curve, because what it needs is not known: {', '.join(open_)}", width) if open_ else ""


def label_ends(ax: Axes, tags: Iterable[tuple[float, str, str]], last: float, *, step: float = 4.8) -> None:
    """Write each line's name at its end (height, name, colour), pushed ``step`` apart where lines end close."""
    floor = step / 4
    for end, name, colour in sorted(tags):
        y = max(end, floor)
        ax.plot((last, last * 1.03), (end, y), color=colour, linewidth=0.9)
        ax.annotate(name, (last * 1.03, y), va="center", fontsize=14, color=colour)
        floor = y + step


def describe(shares_by: Mapping[str, Vector], *, open_: tuple[str, ...] = ()) -> str:
    """Return the alternative text for one view's curves, the share in relief week by week by label."""
    parts = []
    for name, shares in shares_by.items():
        best = int(shares.argmax())
        parts.append(
            f"{name}: most at week {best} with {in_100(float(shares[best]))}, "
            f"{in_100(float(shares[-1]))} at week {len(shares) - 1}"
        )
    words = "Lines of the number of people in relief by week. " + "; ".join(parts) + "."
    return words + (f" No curve, because what it needs is not known: {', '.join(open_)}." if open_ else "")


def _page(figure: Figure, result: Result, views: Views) -> Made:
    shorts = {name: treatment.short for name, treatment in result.inputs.options.items()}
    order = tuple(short for name, short in shorts.items() if name in set(result.relief_by_week["treatment"]))
    panels, words, deep = [], [], 0
    for view in views:
        label, table = result.inputs.views[view].label, under(result, result.relief_by_week, [view])
        open_ = tuple(name for name in shorts.values() if name not in set(table["label"]))
        width = 132 // len(views)
        deep = max(deep, _without(open_, width).count("\n"))
        panels.append((label, partial(draw, table, order=order, open_=open_, width=width)))
        words.append(f"{label}. {describe(series_by(table, 'label', 'in_relief'), open_=open_)}")
    drawn = page(figure.title, footer(result), panels, labels=0.06, bottom=0.2 + 0.0275 * deep)
    return Made(figure.title, " ".join(words), drawn)


def _people(result: Result, view: str) -> str:
    curves = under(result, result.relief_by_week, [view])
    if curves.empty:
        return "no treatment's course is known"
    best = records(curves)[int(curves["in_relief"].argmax())]
    return f"{in_100(best['in_relief'])} with {best['label']} at week {int(best['week'])}"


FIGURES = (
    Figure(
        "relief_curves",
        "How many of 100 people are in relief, week by week",
        make=_page,
        message=by_view("Most people in relief at once", _people),
        tables=("relief_by_week",),
        notebooks=("03_timelines", "04_comparison", "06_explore"),
    ),
)
