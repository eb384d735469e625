"""What is paid against the weeks in relief gained over doing nothing: averages; unknowns in a band at the edge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import money, records, stretch
from ..marks import BAND, GREY, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, once, strokes
from .style import page

__all__ = ["FIGURES", "Mark", "describe", "draw"]

#: label, color, row of the table of effects
Mark = tuple[str, str, Mapping[str, Any]]


def paid(row: Mapping[str, Any]) -> tuple[float, bool]:
    """Return the average cost in USD, NaN if not known, and whether that is with the plan paying."""
    covered = float(row["cost_if_covered_mean"])
    return (float(row["cost_if_refused_mean"]), False) if math.isnan(covered) else (covered, True)


def draw(marks: Sequence[Mark], ax: Axes, *, reach: float, top: float) -> Axes:
    """Draw a mark an option, its name beside it; whoever has no place stands in the band at the right edge.

    ``reach`` (USD) and ``top`` (weeks) are the ends of the axes.
    """
    placed = [mark for mark in marks if math.isfinite(mark[2]["gained_weeks"]) and math.isfinite(paid(mark[2])[0])]
    for _, colour, row in placed:
        cost, covered = paid(row)
        ax.plot(
            [cost], [row["gained_weeks"]], color=colour, marker="o" if covered else "s", markersize=13,
            markerfacecolor=colour if covered else "white", markeredgewidth=2.5, zorder=4, clip_on=False,
        )  # fmt: skip
    _names(ax, placed, reach, top)
    _band(ax, [mark for mark in marks if mark not in placed], reach)
    ax.set_xlim(-0.02 * reach, reach * 1.3)
    ax.set_ylim(-0.03 * top, top)
    ax.set_xticks([tick for tick in MaxNLocator(6).tick_values(0, reach) if 0 <= tick <= reach])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")
    ax.set_xlabel("What you pay yourself, on average (full mark: if covered; hollow: you pay cash)", loc="left")
    ax.set_ylabel("Weeks in relief gained over doing nothing, on average")
    return ax


def _names(ax: Axes, placed: Sequence[Mark], reach: float, top: float) -> None:
    """Write the names right of the marks, pushed upwards where they would meet."""
    taken: list[tuple[float, float, float]] = []
    step, a_letter = 0.047 * top, 0.0094 * reach * 1.3
    for label, colour, row in sorted(placed, key=lambda mark: (mark[2]["gained_weeks"], paid(mark[2])[0])):
        x, y = paid(row)[0], float(row["gained_weeks"])
        left, width, place = x + 0.02 * reach, a_letter * len(label), y
        while any(abs(place - at) < step and left < end and begin < left + width for begin, end, at in taken):
            place += step / 4
        taken.append((x - 0.01 * reach, left + width, place))
        if place > y:
            ax.plot((x, left), (y, place), color=GREY, linewidth=0.9)
        ax.annotate(label, (left, place), fontsize=15, va="center", color=colour)


def _band(ax: Axes, absent: Sequence[Mark], reach: float) -> None:
    """Fill the band at the right edge, in which nothing has a place, with the names of what is not known."""
    if not absent:
        return
    ax.axvspan(reach * 1.03, reach * 1.3, color=BAND, zorder=0)
    told = [f"{label.replace(' (', chr(10) + '(')}\n{_why(row)}" for label, _, row in absent]
    words = "Nobody knows\n\n" + "\n\n".join(told)
    ax.annotate(words, (1.045 / 1.32 + 0.015, 0.97), xycoords="axes fraction", fontsize=14, va="top", color=SHADES[20])


def _why(row: Mapping[str, Any]) -> str:
    cost = paid(row)[0]
    return f"costs {money(cost)}" if math.isfinite(cost) else "cost not stated"


def describe(marks: Sequence[Mark]) -> str:
    """Return the alternative text: cost and weeks gained of each option."""
    parts = [f"{label} {_told(row)}" for label, _, row in marks]
    return "Average cost against average weeks in relief gained over doing nothing. " + "; ".join(parts) + "."


def _told(row: Mapping[str, Any]) -> str:
    cost, gained = paid(row)[0], float(row["gained_weeks"])
    return f"{money(cost)}, {stretch(gained, 'weeks') if math.isfinite(gained) else 'weeks not known'}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    every, looks = records(result.effects), strokes(result)
    table = {(row["view"], row["treatment"]): row for row in every}
    shown = once(result, views, lambda view, name: _told(table[view, name]))
    marks = [(label, looks[name][0], table[view, name]) for view, name, label in shown]
    reach = 1.05 * max([cost for cost, _ in map(paid, every) if math.isfinite(cost)], default=1.0)
    top = 1.12 * max([row["gained_weeks"] for row in every if math.isfinite(row["gained_weeks"])], default=1.0)
    drawn = page(
        figure.title, footer(result), [("", partial(draw, marks, reach=reach or 1.0, top=top or 1.0))],
        labels=0.06, bottom=0.14, top=0.87,
    )  # fmt: skip
    return Made(figure.title, describe(marks), drawn)


def _worth(result: Result, view: str) -> str:
    rows = result.effects[result.effects["view"] == view].dropna(subset=["gained_weeks"])
    known = [row for row in records(rows) if math.isfinite(paid(row)[0])]
    if not known:
        return "no option has both stated"
    row = max(known, key=lambda each: float(each["gained_weeks"]))
    cost, covered = paid(row)
    short = result.inputs.options[row["treatment"]].short
    case = "if covered" if covered else "in cash"
    return f"{short}, {stretch(row['gained_weeks'], 'weeks')} for {money(cost)} {case}"


FIGURES = (
    Figure(
        "cost_relief",
        "What you pay against the weeks in relief you gain",
        make=_page,
        message=by_view("Most weeks gained over doing nothing, on average", _worth),
        tables=("effects",),
        notebooks=("04_comparison",),
    ),
)
