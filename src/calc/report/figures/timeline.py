"""Each treatment's way through time: waiting, recovery, when relief begins, how it fades."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
from ..marks import BLUE, BLUES, GREY, ORANGE, SHADES
from ..words import footer
from .record import Figure, Made, Views, in_sentences, mid_sentence, once, outcome_rows
from .style import date_axis, page, with_key

__all__ = ["FIGURES", "by_phase", "describe"]

#: label, phases by name, share in relief by week
Row = tuple[str, Mapping[str, Mapping[str, Any]], Vector | None]
#: by label and by phase a row of the phases table
Phases = Mapping[str, Mapping[str, Mapping[str, Any]]]

_WAIT, _REST, _RELIEF = SHADES[71], ORANGE, BLUE


def draw(rows: Sequence[Row], ax: Axes, *, horizon: float, start: date) -> Axes:
    """Draw one row an option: waiting, recovery, when relief begins, and relief week by week; words stand at its end.

    Parameters
    ----------
    rows
        Label, phases (rows of the phases table with ``known``, ``p05``, ``p50``, ``p95`` in weeks), and share in
        relief by week, None where it is not known.
    horizon, start
        Weeks, and the day of the decision.
    """
    for y, (_, mine, shares) in enumerate(rows):
        _before(ax, mine, y)
        if shares is not None:
            _relief(ax, shares, y)
        said = _said(mine, shares, start)
        ax.annotate(
            said, (horizon * 1.02, y), va="center", fontsize=14, color=SHADES[20] if shares is not None else GREY
        )
        ax.axhline(y + 0.5, color=SHADES[89], linewidth=0.9, zorder=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [label for label, *_ in rows])
    ax.tick_params(axis="y", length=0)
    for handle in _key():
        ax.add_patch(handle)
    return date_axis(ax, horizon, start, room=0.46)


def _key() -> Sequence[Rectangle]:
    """Return what the key shows, out of sight on the axes themselves."""
    looks: Sequence[tuple[str, dict[str, Any]]] = (
        ("waiting", {"facecolor": _WAIT}),
        ("recovery", {"facecolor": _REST, "hatch": "xx", "edgecolor": "white"}),
        ("relief begins (90 of 100)", {"facecolor": "white", "edgecolor": _RELIEF}),
        ("in relief: the darker, the more people", {"facecolor": BLUES[1]}),
    )
    return [Rectangle((-9, -9), 0, 0, label=label, **look) for label, look in looks]


def _before(ax: Axes, mine: Mapping[str, Mapping[str, Any]], y: float) -> None:
    """Draw waiting up to the first session, recovery after it, and the window in which relief begins."""
    wait, rest, onset = mine["first_session"], mine["downtime"], mine["onset"]
    start = 0.0
    if wait["known"] == "stated":
        start = float(wait["p50"])
        ax.barh(y - 0.2, start, height=0.3, color=_WAIT)
    if rest["known"] == "stated" and rest["p50"] > 0:
        ax.barh(
            y - 0.2, float(rest["p50"]), left=start, height=0.3, color=_REST, hatch="xx", edgecolor="white", linewidth=0
        )
    if onset["known"] == "stated":
        low, high = start + float(onset["p05"]), start + float(onset["p95"])
        ax.barh(y - 0.2, high - low, left=low, height=0.24, facecolor="none", edgecolor=_RELIEF, linewidth=2)


def _relief(ax: Axes, shares: Vector, y: float) -> None:
    """Draw relief as a strip whose strength is the share of people in relief in each week."""
    strip = np.zeros((1, len(shares), 4))
    strip[0, :, :] = to_rgba(_RELIEF)
    strip[0, :, 3] = shares
    ax.imshow(strip, extent=(0, len(shares), y + 0.38, y + 0.04), aspect="auto", interpolation="nearest", zorder=2)


def _said(mine: Mapping[str, Mapping[str, Any]], shares: Vector | None, start: date) -> str:
    if shares is None:
        return f"relief: {'not stated' if mine['relief']['known'] == 'not stated' else 'not known'}"
    if shares.max() == 0:
        return "nobody in relief"
    best = int(shares.argmax())
    day = start + timedelta(weeks=best)
    return f"most: {in_100(float(shares[best]))}, {day:%b} {day.day}, {day.year}"


def by_phase(phases: pd.DataFrame, name: str) -> Phases:
    """Return the rows of one view's phases by the names in a column and by phase."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in records(phases):
        found.setdefault(str(row[name]), {})[row["phase"]] = row
    return found


def describe(rows: Sequence[Row]) -> str:
    """Return the alternative text, a sentence an option, of its phases and its share in relief."""
    return "Timeline of each option. " + ". ".join(_told(*row) for row in rows) + "."


def _told(label: str, mine: Mapping[str, Mapping[str, Any]], shares: Vector | None) -> str:
    words = [f"first session {_range(mine['first_session'])}"]
    if mine["downtime"]["known"] != "stated" or mine["downtime"]["p95"] > 0:
        words.append(f"recovery {_range(mine['downtime'], 7.0, 'days')}")
    words.append(f"relief begins {_range(mine['onset'])} later" if mine["onset"]["known"] == "stated" else "")
    if shares is None:
        words.append("relief not known")
    else:
        best = int(shares.argmax())
        words.append(f"at most {in_100(float(shares[best]))} in relief, week {best}")
    return f"{label}: {', '.join(filter(None, words))}"


def _range(row: Mapping[str, Any], scale: float = 1.0, unit: str = "weeks") -> str:
    low, high = float(row["p05"]) * scale, float(row["p95"]) * scale
    if row["known"] != "stated" or math.isnan(low):
        return str(row["known"])
    if low == high:
        return stretch(low, unit)
    return f"{stretch(low, unit).split(' ')[0]} to {stretch(high, unit)}"


def _page(figure: Figure, result: Result, views: Views) -> Made:
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    phases = {view: by_phase(result.phases[result.phases["view"] == view], "treatment") for view in views}
    table = result.relief_by_week
    shares = {view: series_by(table[table["view"] == view], "treatment", "in_relief") for view in views}

    def told(view: str, name: str) -> str:
        return _told("", phases[view][name], shares[view].get(name))

    shown = once(result, views, told)
    rows = [(label, phases[view][name], shares[view].get(name)) for view, name, label in shown]
    longest = max(len(label) for label, *_ in rows)
    drawn = page(
        figure.title, footer(result), [("", partial(draw, rows, horizon=horizon, start=start))],
        labels=max(0.275, 0.0072 * (longest - 1)), bottom=0.165, top=0.82,
    )  # fmt: skip
    return Made(figure.title, describe(rows), with_key(drawn))


def _soonest(result: Result, view: str) -> str:
    rows = outcome_rows(result, "weeks_to_relief", view, known="stated")
    coming = rows[(rows["happens"] > 0) & (rows["treatment"] != result.inputs.study.usual_care)]
    if coming.empty:
        return "When relief comes is not known for any option"
    first = records(coming.sort_values("if_p50", kind="stable"))[0]
    return f"Relief, where it comes, comes soonest with {mid_sentence(first['label'])}: {if_it_comes(first)}"


FIGURES = (
    Figure(
        "timeline",
        "When relief comes and how it fades",
        make=_page,
        message=in_sentences(_soonest),
        tables=("phases", "relief_by_week"),
        notebooks=("03_timelines", "04_comparison", "06_explore"),
    ),
)
