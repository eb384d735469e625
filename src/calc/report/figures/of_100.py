"""Of 100 people: how many are in relief with it, with a sham, and with neither; four options a page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from ...analysis.compare import Result
from ..format import records
from ..marks import GREY, SHADES
from ..words import footer
from .record import Figure, Made, Views, in_sentences, mid_sentence, once, strokes
from .style import blank

__all__ = ["FIGURES", "describe", "draw", "most_in_relief"]

_WIDE, _HIGH = 20, 5
_A_PAGE = 4
_ARMS = {"with_treatment": "With it", "with_sham": "With a sham", "with_neither": "With neither"}


def draw(row: Mapping[str, Any], arm: str, ax: Axes, *, colour: str) -> Axes:
    """Draw 100 people, those in relief filled, and say their number with its interval.

    Parameters
    ----------
    row
        ``arm``, ``arm_p05`` and ``arm_p95``: shares; NaN where not stated, the ends alone where nobody knows.
    """
    share, high = float(row[arm]), float(row[f"{arm}_p95"])
    filled = 0 if math.isnan(share) else round(100 * share)
    spots = range(100) if not math.isnan(high) else ()
    for part, inside in ((spots[:filled], colour), (spots[filled:], "white")):
        ax.plot(
            [spot // _HIGH for spot in part], [-(spot % _HIGH) for spot in part], linestyle="", marker="o",
            markersize=9, color=colour if inside == colour else SHADES[60], markerfacecolor=inside,
        )  # fmt: skip
    ax.set_xlim(-0.6, _WIDE + 6.4)
    ax.set_ylim(-_HIGH + 0.4, 0.6)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_axis_off()
    words = told(row, arm)
    number, _, rest = words.partition(" (")
    if math.isnan(share):
        where = (_WIDE + 0.2, -2.0) if len(spots) else (-0.4, -2.0)
        ax.annotate(words.replace(" ", "\n", 2).replace("\nto", " to"), where, fontsize=15, va="center", color=GREY)
        return ax
    ax.annotate(number, (_WIDE + 0.2, -1.2), fontsize=30, fontweight="bold", color=colour, va="center")
    ax.annotate(rest.removesuffix(")"), (_WIDE + 0.2, -3.4), fontsize=15, va="center", color=SHADES[27])
    return ax


def told(row: Mapping[str, Any], arm: str) -> str:
    """Return the number of 100 with its interval in words."""
    share, low, high = (float(row[f"{arm}{end}"]) for end in ("", "_p05", "_p95"))
    if math.isnan(high):
        return "no sham was tried" if arm == "with_sham" else "not stated"
    ends = f"{100 * low:.0f} to {100 * high:.0f}"
    return f"nobody knows: {ends}" if math.isnan(share) else f"{100 * share:.0f} ({ends})"


def describe(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Return the alternative text: the three numbers of each option."""
    parts = [
        f"{label}: " + ", ".join(f"{words.lower()} {told(row, arm)}" for arm, words in _ARMS.items())
        for label, row in rows
    ]
    return "Of 100 people, how many are in relief. " + "; ".join(parts) + "."


def _drawn(result: Result, title: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Drawing:
    figure = blank(title, footer(result))
    grid = figure.add_gridspec(_A_PAGE, 3, left=0.185, right=0.995, bottom=0.09, top=0.81, wspace=0.04, hspace=0.2)
    looks = strokes(result)
    for line, (label, row) in enumerate(rows):
        for column, arm in enumerate(_ARMS):
            colour = looks[str(row["treatment"])][0] if arm == "with_treatment" else GREY
            axes = draw(row, arm, figure.add_subplot(grid[line, column]), colour=colour)
            if line == 0:
                axes.set_title(_ARMS[arm], pad=10, loc="left")
            if column == 0:
                words = label.replace(" (", "\n(").split(" ")
                half = -(-len(words) // 2)
                broken = " ".join(words[:half]) + "\n" + " ".join(words[half:])
                axes.annotate(
                    broken, (-0.03, 0.5), xycoords="axes fraction", ha="right", va="center", fontsize=16, color=colour
                )  # fmt: skip
    return figure


def _pages(figure: Figure, result: Result, views: Views) -> tuple[Made, ...]:
    table = {(row["view"], row["treatment"]): row for row in records(result.effects)}
    shown = once(result, views, lambda view, name: tuple(told(table[view, name], arm) for arm in _ARMS))
    rows = [(label, table[view, name]) for view, name, label in shown if name != result.inputs.study.usual_care]
    parts = [rows[place : place + _A_PAGE] for place in range(0, len(rows), _A_PAGE)]
    made = []
    for place, part in enumerate(parts, start=1):
        title = f"{figure.title} ({place} of {len(parts)})" if len(parts) > 1 else figure.title
        made.append(Made(title, describe(part), _drawn(result, title, part)))
    return tuple(made)


def most_in_relief(result: Result, view: str) -> str:
    """Return with which option most people are in relief, and how many are with neither."""
    table = result.effects[result.effects["view"] == view]
    known = table.dropna(subset=["with_treatment"])
    known = known[known["treatment"] != result.inputs.study.usual_care]
    if known.empty:
        return "How many of 100 people are in relief is not known for any option"
    row = records(known.sort_values("with_treatment", kind="stable"))[-1]
    short = mid_sentence(result.inputs.options[row["treatment"]].short)
    share, neither = (f"{100 * float(row[arm]):.0f}" for arm in ("with_treatment", "with_neither"))
    return f"{share} of 100 get relief with {short}, {neither} with neither"


FIGURES = (
    Figure(
        "of_100",
        "Of 100 people, how many are in relief?",
        make=_pages,
        message=in_sentences(most_in_relief),
        tables=("effects",),
        notebooks=("04_comparison",),
        at_once=2,
    ),
)
