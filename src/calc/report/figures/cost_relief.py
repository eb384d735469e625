"""What is paid against the weeks in relief gained over doing nothing: averages; unknowns in a band at the edge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from ...analysis.compare import Result
from ...inputs.claim import Market
from ..format import money, records, stretch
from ..marks import BAND, GREY, SHADES
from ..words import footer
from .record import Figure, Made, Views, in_sentences, once, strokes
from .style import page

__all__ = ["FIGURES", "Mark", "describe", "draw"]

#: label, color, row of the table of effects
Mark = tuple[str, str, Mapping[str, Any]]
#: left, right, low and high in shares of the axes
Box = tuple[float, float, float, float]
_A_LETTER = 0.0103
#: where the axis ends, behind the band, in shares of its reach on the stretched axis
_END = 1.24
#: room left of no cost, for names
_ROOM = 0.16
#: options in the band that are told with their costs; of more their names alone
_SPELLED_OUT = 5


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
    ax.set_xscale("function", functions=(_root, _square))
    ax.set_xlim(-reach * _ROOM**2, reach * _END**2)
    ax.set_ylim(-0.03 * top, top)
    ax.set_xticks([round(reach * part**2, -2) for part in (0, 0.2, 0.4, 0.6, 0.8, 0.97)])
    ax.set_xticks([], minor=True)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")
    ax.set_xlabel("What you pay yourself, on average (full mark: if covered; hollow: cash)", loc="left")
    ax.set_ylabel("Weeks in relief gained over doing nothing, on average")
    return ax


def _root(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place on the axis of cost: stretched at its low end, where most options are."""
    return np.sign(value) * np.sqrt(np.abs(value))


def _square(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return value * np.abs(value)


def _names(ax: Axes, placed: Sequence[Mark], reach: float, top: float) -> None:
    """Write each name beside its mark, at the nearest height at which it meets no other name and no mark."""
    spots = [(math.sqrt(paid(row)[0] / reach), float(row["gained_weeks"]) / top) for *_, row in placed]
    taken = [(x - 0.012, x + 0.012, y - 0.015, y + 0.015) for x, y in spots]
    for (label, colour, _), (x, y) in sorted(zip(placed, spots, strict=True), key=lambda each: each[1][::-1]):
        left, place = _free(x, y, _A_LETTER * len(label), taken)
        taken.append((left, left + _A_LETTER * len(label), place - 0.021, place + 0.021))
        end = left if left > x else left + _A_LETTER * len(label)
        if abs(place - y) > 0.01:
            ax.plot((x**2 * reach, end * abs(end) * reach), (y * top, place * top), color=GREY, linewidth=0.9)
        ax.annotate(
            label, (end * abs(end) * reach, place * top), fontsize=15, va="center", ha="left" if left > x else "right",
            color=colour,
        )  # fmt: skip


def _free(x: float, y: float, width: float, taken: Sequence[Box]) -> tuple[float, float]:
    """Return where a name begins and how high it stands, in shares of the axes."""
    for step in range(60):
        for place in (y + 0.02 * step, y - 0.02 * step):
            for left in (x + 0.022, x - 0.022 - width):
                box = (left, left + width, place - 0.021, place + 0.021)
                if (
                    left > -_ROOM
                    and left + width < 1.03
                    and place > -0.02
                    and not any(_meet(box, each) for each in taken)
                ):
                    return left, place
    return x + 0.022, y


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _band(ax: Axes, absent: Sequence[Mark], reach: float) -> None:
    """Fill the band at the right edge, in which nothing has a place, with the names of what is not known."""
    if not absent:
        return
    ax.axvspan(reach * 1.035**2, reach * _END**2, color=BAND, zorder=0)
    ax.annotate(
        _unknown(absent),
        ((1.05 + _ROOM) / (_END + _ROOM), 0.97),
        xycoords="axes fraction",
        fontsize=14,
        va="top",
        color=SHADES[20],
    )


def _unknown(absent: Sequence[Mark]) -> str:
    """Return the band's words: each option with its cost, or names alone, by view, where there are many."""
    if len(absent) <= _SPELLED_OUT:
        told = [f"{label.replace(' (', chr(10) + '(')}\n{_why(row)}" for label, _, row in absent]
        return "Nobody knows\n\n" + "\n\n".join(told)
    groups: dict[str, list[str]] = {}
    for label, *_ in absent:
        name, _, view = label.partition(" (")
        groups.setdefault(f"\n({view}" if view else "", []).append(name)
    return "\n\n".join("\n".join([f"Nobody knows{view}", *names]) for view, names in groups.items())


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
        labels=0.06, bottom=0.14, top=0.84,
    )  # fmt: skip
    return Made(figure.title, describe(marks), drawn)


def _worth(result: Result, view: str) -> str:
    rows = result.effects[result.effects["view"] == view].dropna(subset=["gained_weeks"])
    known = [row for row in records(rows) if math.isfinite(paid(row)[0])]
    if not known:
        return "No option has both its cost and its weeks stated"
    row = max(known, key=lambda each: float(each["gained_weeks"]))
    cost, covered = paid(row)
    short = result.inputs.options[row["treatment"]].short
    case = "if covered" if covered and result.inputs.plan.market is not Market.CASH else "in cash"
    weeks = stretch(row["gained_weeks"], "weeks")
    return f"{short} adds most, {weeks} on average for {money(cost)} {case}"


FIGURES = (
    Figure(
        "cost_relief",
        "What you pay against the weeks in relief you gain",
        make=_page,
        message=in_sentences(_worth),
        tables=("effects",),
        notebooks=("04_comparison",),
    ),
)
