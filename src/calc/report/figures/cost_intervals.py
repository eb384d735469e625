"""What each option costs the patient if the plan pays and if it refuses: two marks, never one bar over both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import money, records
from ..marks import SHADES
from ..words import footer
from .record import Figure, Made, Views, in_sentences, once, strokes
from .style import page

__all__ = ["FIGURES", "dearest", "describe", "draw", "reach_of"]

#: by column: what it is called, and the shape of its mark
_CASES = {"cost_if_covered": ("if covered", "o"), "cost_if_refused": ("if refused", "s")}
#: label, color, row of the table of effects
Row = tuple[str, str, Mapping[str, Any]]


def reach_of(rows: Sequence[Mapping[str, Any]]) -> float:
    """Return where the axis ends, USD: behind what is paid if covered and three of four refused; more is told."""
    covered = [float(row["cost_if_covered_p95"]) for row in rows]
    refused = [float(row["cost_if_refused"]) for row in rows]
    found = [value for value in covered if math.isfinite(value)]
    usual = [value for value in refused if math.isfinite(value)]
    return 1.04 * max([*found, float(np.quantile(usual, 0.75)) if usual else 0.0, 1.0])


def draw(rows: Sequence[Row], ax: Axes, *, reach: float) -> Axes:
    """Draw one row an option: a full mark if covered, a hollow one if refused, each with its interval and in words.

    ``reach`` is where the axis ends, USD; what lies behind it is an arrow at the edge and stands in the words.
    """
    for y, (_, colour, row) in enumerate(rows):
        for case, column in enumerate(_CASES):
            _case(ax, row, column, y + (case - 0.5) * 0.36, colour, reach)
            words = told(row, column)
            ax.annotate(words, (reach * (1.05 + 0.7 * case), y), va="center", fontsize=14, color=SHADES[20])
    for case, (name, _) in enumerate(_CASES.values()):
        heading = f"{'□' if case else '●'} {name[:1].upper()}{name[1:]}"
        ax.annotate(
            heading,
            (reach * (1.05 + 0.7 * case), -0.75),
            va="bottom",
            fontsize=16,
            fontweight="bold",
            annotation_clip=False,
        )
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [label for label, *_ in rows])
    ax.tick_params(axis="y", length=0, pad=10)
    ax.set_xlim(0, reach * 2.42)
    ax.set_xticks([tick for tick in MaxNLocator(3, integer=True).tick_values(0, reach) if 0 <= tick <= reach])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.set_xlabel("What you pay yourself (mark: middle; line: 90 in 100 people; arrow: more than fits)", loc="left")
    return ax


def _case(ax: Axes, row: Mapping[str, Any], column: str, y: float, colour: str, reach: float) -> None:
    low, middle, high = (float(row[f"{column}{end}"]) for end in ("_p05", "", "_p95"))
    if math.isnan(middle):
        return
    inside = colour if column == "cost_if_covered" else "white"
    if low < reach:
        ax.plot([low, min(high, reach)], [y, y], color=colour, linewidth=3.5, alpha=0.55)
    if high > reach:
        ax.plot([reach], [y], color=colour, marker=">", markersize=8, linestyle="", clip_on=False)
    if middle <= reach:
        ax.plot(
            [middle], [y], color=colour, marker=_CASES[column][1], markersize=9, markerfacecolor=inside,
            markeredgewidth=2, linestyle="", zorder=4, clip_on=False,
        )  # fmt: skip


def told(row: Mapping[str, Any], column: str) -> str:
    """Return a cost with its interval in words."""
    low, middle, high = (float(row[f"{column}{end}"]) for end in ("_p05", "", "_p95"))
    if math.isnan(middle):
        return "not covered" if column == "cost_if_covered" and row["coverage"] == "excluded" else "not stated"
    ends = money(low), money(high)
    return money(middle) if ends[0] == ends[1] else f"{money(middle)} ({ends[0]} to {ends[1]})"


def describe(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Return the alternative text: both middle values of each option."""
    parts = []
    for label, row in rows:
        pair = (f"{told(row, column).split(' (')[0]} {name}" for column, (name, _) in _CASES.items())
        parts.append(f"{label} {', '.join(pair)}")
    return "What you pay, middle values. " + "; ".join(parts) + "."


def dearest(result: Result, view: str) -> str:
    """Return which option costs most if refused, both ways, by their middle values."""
    rows = [row for row in records(result.effects[result.effects["view"] == view]) if row["cost_if_refused"] > 0]
    if not rows:
        return "What you would pay is not stated for any option"
    row = max(rows, key=lambda each: float(each["cost_if_refused"]))
    short = result.inputs.options[row["treatment"]].short
    covered, refused = (told(row, column).split(" (")[0] for column in _CASES)
    paid = refused if covered == "not covered" else f"{covered} if covered, {refused} if refused"
    return f"{short} costs most: {paid}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    every = records(result.effects)
    table = {(row["view"], row["treatment"]): row for row in every}
    shown = once(result, views, lambda view, name: tuple(told(table[view, name], column) for column in _CASES))
    looks = strokes(result)
    rows = [(label, looks[name][0], table[view, name]) for view, name, label in shown]
    title = f"{figure.title} over {result.inputs.study.horizon}"
    drawing = partial(draw, rows, reach=reach_of(every))
    alt = describe([(label, row) for label, _, row in rows])
    return Made(title, alt, page(title, footer(result), [("", drawing)], labels=0.292, bottom=0.14, top=0.83))


FIGURES = (
    Figure(
        "cost_intervals",
        "What you would pay, covered or refused,",
        make=_page,
        message=in_sentences(dearest),
        tables=("effects",),
        notebooks=("04_comparison",),
    ),
)
