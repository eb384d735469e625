"""The first days after a session: how long it is sore, and what a source says of them day by day."""

from __future__ import annotations

import math
from functools import partial
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...units import DAYS_PER_WEEK
from ..format import interval, records, source_name, stretch
from ..marks import BLUE, GREY, ORANGE, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, short_name, under
from .style import page

__all__ = ["FIGURES"]

_LAST = 10.0
#: rows that a treatment takes whose days a source describes
_TALL = 2.1
_SORE, _STAGE = ORANGE, BLUE


def draw(soreness: pd.DataFrame, stages: pd.DataFrame, ax: Axes) -> Axes:
    """Draw one row a treatment, from day 0 to day 10.

    Parameters
    ----------
    soreness
        Downtime after a session of one view: ``label``, ``known``, ``p05``, ``p50``, ``p95`` in weeks.
    stages
        What sources say day by day: ``label``, ``first_day``, ``last_day``, ``feels``, ``score``.
    """
    labels = list(soreness["label"])
    places, floor = [], 0.0
    for label in labels:
        high = _TALL if (stages["label"] == label).any() else 1.0
        places.append(floor + 0.5)
        floor += high
    for y, row in zip(places, records(soreness), strict=True):
        _soreness(ax, row, y)
        for stage in records(stages[stages["label"] == row["label"]]):
            _stage(ax, stage, y + _TALL / 2 + 0.02)
    ax.set_ylim(floor + 0.1, -0.1)
    ax.set_yticks(places, labels)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, _LAST * 1.3)
    ax.set_xticks(range(0, int(_LAST) + 1, 2))
    ax.set_xlabel("Days after a session")
    return ax


def _soreness(ax: Axes, row: dict[str, Any], y: float) -> None:
    if row["known"] != "stated":
        ax.annotate(str(row["known"]), (0.15, y), va="center", fontsize=14, color=GREY)
        return
    low, middle, high = (min(7 * float(row[name]), _LAST) for name in ("p05", "p50", "p95"))
    if high > 0:
        ax.barh(y, middle, height=0.4, color=_SORE, hatch="xx", edgecolor="white", linewidth=0)
        ax.plot([low, high], [y, y], color=SHADES[20], linewidth=2)
    text = _days(row) if high > 0 else "no days of recovery"
    ax.annotate(f"→ {text}" if high == _LAST else text, (high + 0.2, y), va="center", fontsize=14)


def _stage(ax: Axes, stage: dict[str, Any], y: float) -> None:
    first, last, score = float(stage["first_day"]), float(stage["last_day"]), float(stage["score"])
    if not math.isnan(score):
        words = fill(f"{stage['feels']}: {score:.1f}", 40)
        ax.annotate(words, (7.3, y), va="center", fontsize=14, color=_STAGE)
        return
    ax.barh(y, last - first + 1, left=first - 1, height=1.1, facecolor="white", edgecolor=_STAGE, linewidth=1.8)
    words = fill(f"day {first:.0f}–{last:.0f}: {stage['feels']}", 10 * int(last - first + 1))
    ax.annotate(
        words, ((first - 1 + last) / 2, y), ha="center", va="center", fontsize=14, color=_STAGE, linespacing=0.95
    )  # fmt: skip


def _days(row: dict[str, Any]) -> str:
    low, middle, high = (7 * float(row[name]) for name in ("p05", "p50", "p95"))
    ends = [stretch(each, "days").split(" ")[0] for each in (low, high)]
    return stretch(middle, "days") + ("" if ends[0] == ends[1] else f" ({ends[0]} to {ends[1]})")


def describe(soreness: pd.DataFrame, stages: pd.DataFrame) -> str:
    """Return the alternative text for one view."""
    parts = []
    for row in records(soreness):
        words = _days(row) if row["known"] == "stated" else str(row["known"])
        for stage in records(stages[stages["label"] == row["label"]]):
            if math.isnan(float(stage["score"])):
                who = source_name(str(stage["source"]))
                words += f"; day {stage['first_day']} to {stage['last_day']}: {stage['feels']} ({who})"
            else:
                words += f"; {stage['feels']}: {stage['score']:.1f}"
        parts.append(f"{row['label']}: {words}")
    return "Days of recovery after each session. " + ". ".join(parts) + "."


def _pages(figure: Figure, result: Result, views: Views) -> tuple[Made, ...]:
    """Return one page for all views that say the same."""
    downtime = result.phases[result.phases["phase"] == "downtime"]
    told: dict[str, list[str]] = {}
    for view in views:
        words = describe(under(result, downtime, [view]), under(result, result.first_days, [view]))
        told.setdefault(words, []).append(view)
    key = "Crossed: days of recovery, middle; line: 90 %. Boxes: a source's own table of days. "
    made = []
    for words, agreeing in told.items():
        phases, stages = (under(result, table, agreeing[:1]) for table in (downtime, result.first_days))
        heading = " · ".join(result.inputs.views[view].label for view in agreeing)
        drawn = page(figure.title, key + footer(result), [(heading, partial(draw, phases, stages))], labels=0.2)
        made.append(Made(figure.title, f"{heading}. {words}", drawn))
    return tuple(made)


def _sore(result: Result, view: str) -> str:
    phases = result.phases
    rows = phases[(phases["view"] == view) & (phases["phase"] == "downtime") & (phases["known"] == "stated")]
    if rows.empty:
        return "not stated for any treatment"
    most = last_by(rows, "p50")
    days = {end: most[end] * DAYS_PER_WEEK for end in ("p05", "p50", "p95")}
    return f"{short_name(result, most)} {interval({**most, **days, 'unit': 'days'})}"


FIGURES = (
    Figure(
        "first_days",
        "The first days after a session",
        make=_pages,
        message=by_view("Longest recovery after a session", _sore),
        tables=("phases", "first_days"),
        notebooks=("03_timelines",),
    ),
)
