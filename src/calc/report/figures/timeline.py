"""Each treatment's way through time: waiting, recovery, when relief begins, how it fades."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from ...analysis.compare import Result
from ...inputs.distribution import Vector
from ..format import if_it_comes, in_100, records, series_by, stretch
from ..marks import BLUE, GREY, ORANGE, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, outcome_rows, under
from .style import DATES, date_axis, page

__all__ = ["FIGURES", "by_phase", "describe"]

#: by label and by phase a row of the phases table
Phases = Mapping[str, Mapping[str, Mapping[str, Any]]]

_WAIT, _REST, _RELIEF = SHADES[71], ORANGE, BLUE


def draw(phases: pd.DataFrame, curves: pd.DataFrame, ax: Axes, *, horizon: float, start: date) -> Axes:
    """Draw one row a treatment.

    Parameters
    ----------
    phases
        Phases of one view: ``label``, ``phase``, ``known``, ``p05``, ``p50``, ``p95`` in weeks.
    curves
        Share in relief by week of the same view: ``label``, ``week``, ``in_relief``; treatments
        whose relief is not stated have none.
    horizon, start
        Weeks, and the day of the decision.
    """
    rows = by_phase(phases, "label")
    labels = list(rows)
    for y, (label, mine) in enumerate(rows.items()):
        curve = curves[curves["label"] == label]
        _before(ax, mine, y)
        _relief(ax, mine, curve, y, horizon, start)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0)
    return date_axis(ax, horizon, start)


def _before(ax: Axes, mine: Mapping[str, Mapping[str, Any]], y: float) -> None:
    """Draw waiting up to the first session, the onset window, and recovery after the session."""
    wait = mine["first_session"]
    start = 0.0
    if wait["known"] == "stated":
        start = float(wait["p50"])
        ax.barh(y - 0.2, start, height=0.3, color=_WAIT)
        ax.plot([wait["p05"], wait["p95"]], [y - 0.2] * 2, color=SHADES[33], linewidth=1.5)
    rest = mine["downtime"]
    if rest["known"] == "stated" and rest["p50"] > 0:
        ax.barh(
            y - 0.2, float(rest["p50"]), left=start, height=0.3, color=_REST, hatch="xx", edgecolor="white", linewidth=0
        )
    onset = mine["onset"]
    if onset["known"] == "stated":
        low, high = start + float(onset["p05"]), start + float(onset["p95"])
        ax.plot([low, high], [y + 0.02] * 2, color=_RELIEF, linewidth=2)
        for end in (low, high):
            ax.plot([end] * 2, [y - 0.05, y + 0.09], color=_RELIEF, linewidth=2)


def _relief(
    ax: Axes, mine: Mapping[str, Mapping[str, Any]], curve: pd.DataFrame, y: float, horizon: float, start: date
) -> None:
    """Draw relief as a strip whose strength is the share of people in relief in each week."""
    known = str(mine["relief"]["known"])
    if curve.empty:
        outline = Rectangle((0, y + 0.18), horizon, 0.26, fill=False, edgecolor=GREY, hatch="..", linewidth=0)
        ax.add_patch(outline)
        text = "relief: not stated" if known == "not stated" else "relief: not known"
        ax.annotate(
            text, (horizon / 2, y + 0.31), ha="center", va="center", fontsize=14, color=SHADES[20],
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
        return
    share = curve["in_relief"].to_numpy()
    if share.max() == 0:
        ax.annotate(
            "no relief beyond usual care", (horizon * 0.02, y + 0.27), va="center", fontsize=14, color=SHADES[20]
        )
        return
    week = curve["week"].to_numpy()
    strip = np.zeros((1, len(share), 4))
    strip[0, :, :] = to_rgba(_RELIEF)
    strip[0, :, 3] = share
    ax.imshow(
        strip, extent=(0, float(week[-1]) + 1, y + 0.45, y + 0.21), aspect="auto", interpolation="nearest", zorder=2
    )
    best = int(share.argmax())
    late = week[best] > horizon * 0.4  # so that it would not end before the axis
    day = start + timedelta(weeks=int(week[best]))
    ax.annotate(
        f"at most {in_100(float(share[best]))}, on {day.day} {day:%b %Y}",
        (horizon if late else float(week[best]) + 1.5, y - 0.01),
        ha="right" if late else "left",
        va="center",
        fontsize=14,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        zorder=5,
    )


def by_phase(phases: pd.DataFrame, name: str) -> Phases:
    """Return the rows of one view's phases by the names in a column and by phase."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in records(phases):
        found.setdefault(str(row[name]), {})[row["phase"]] = row
    return found


def describe(phases: Phases, shares: Mapping[str, Vector]) -> str:
    """Return the alternative text for one view, a sentence a treatment, of its phases and its share in relief."""
    parts = []
    for label, mine in phases.items():
        words = [f"first session {_range(mine['first_session'])}"]
        words.append(f"recovery after it {_range(mine['downtime'], 7.0, 'days')}")
        words.append(f"relief begins {_range(mine['onset'])} later")
        if label in shares:
            best = int(shares[label].argmax())
            words.append(f"at most {in_100(float(shares[label][best]))} are in relief, at week {best}")
        else:
            words.append("how many get relief and for how long is not known")
        parts.append(f"{label}: {', '.join(words)}")
    return "Timeline of each treatment. " + ". ".join(parts) + "."


def _range(row: Mapping[str, Any], scale: float = 1.0, unit: str = "weeks") -> str:
    low, high = float(row["p05"]) * scale, float(row["p95"]) * scale
    if row["known"] != "stated" or math.isnan(low):
        return str(row["known"])
    if low == high:
        return stretch(low, unit)
    return f"{stretch(low, unit).split(' ')[0]} to {stretch(high, unit)}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    panels, words = [], []
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    for view in views:
        label = result.inputs.views[view].label
        phases, curves = under(result, result.phases, [view]), under(result, result.relief_by_week, [view])
        panels.append((label, partial(draw, phases, curves, horizon=horizon, start=start)))
        shares = series_by(curves, "label", "in_relief")
        words.append(f"{label}. {describe(by_phase(phases, 'label'), shares)}")
    key = (
        "Grey: waiting for the first session (middle; line: 90 %). Crossed: recovery after a session. "
        "Bracket: when relief begins, 90 %. Blue strip: the stronger, the more people are in relief that week. "
    )
    drawn = page(figure.title, key + footer(result), panels, labels=0.2, bottom=DATES)
    return Made(figure.title, " ".join(words), drawn)


def _soonest(result: Result, view: str) -> str:
    rows = outcome_rows(result, "weeks_to_relief", view, known="stated")
    coming = rows[rows["happens"] > 0]
    if coming.empty:
        return "not known for any treatment"
    first = records(coming.sort_values("if_p50", kind="stable"))[0]
    return f"{first['label']} {if_it_comes(first)}"


FIGURES = (
    Figure(
        "timeline",
        "When relief comes and how it fades",
        make=_page,
        message=by_view("Soonest relief, where it comes", _soonest),
        tables=("phases", "relief_by_week"),
        notebooks=("03_timelines", "04_comparison", "06_explore"),
    ),
)
