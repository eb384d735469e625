"""The cost-effect plane: each option against the reference, with the frontier."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ...analysis.plane import Cloud
from ..format import records
from ..marks import GREY, INK
from .lines import Wording, amount_axis, end_labels, named, option_looks, short
from .record import Figure, by_view
from .weighing import NOTHING, DecisionFigure, Panel, decision_rows, weighed_as

__all__ = ["DECISION_FIGURE", "FIGURES"]

_MOST_CLOUDS = 4
_OFF = {"ND": "", "ED": "\n(extendedly dominated)", "D": "\n(dominated)"}


def draw(table: pd.DataFrame, clouds: Mapping[str, Cloud], ax: Axes, *, reference: str, words: Wording) -> Axes:
    """Draw the means, contours that hold half and nine tenths of the draws, and the frontier.

    Parameters
    ----------
    table
        The ICER table, with ``option``, ``diff_cost``, ``diff_effect`` and ``status``.
    clouds
        By option; with more than four only those on the frontier are drawn.
    """
    options = sorted(table["option"], key=lambda name: name != reference)
    looks = option_looks(options)
    status = dict(zip(table["option"], table["status"], strict=True))
    shown = [name for name in clouds if len(clouds) <= _MOST_CLOUDS or status[name] == "ND"]
    for name in shown:
        cloud = clouds[name]
        if cloud.density is not None:
            ax.contour(
                cloud.effect,
                cloud.cost,
                cloud.density,
                levels=sorted(set(cloud.levels)),
                colors=looks[name][0].colour,
                linestyles=["dashed", "solid"][-len(set(cloud.levels)) :],
                linewidths=1.8,
            )
    front = table[table["status"] == "ND"].sort_values("diff_cost")
    ax.plot(front["diff_effect"], front["diff_cost"], color=INK, linewidth=2.2, zorder=3)
    for row in records(table):
        style = looks[row["option"]][0]
        place = row["diff_effect"], row["diff_cost"]
        fill = style.colour if row["status"] == "ND" else "white"
        ax.plot(*place, marker=style.marker, markersize=13, color=style.colour, markerfacecolor=fill, zorder=4)
    ax.axhline(0, color=GREY, linewidth=1)
    ax.axvline(0, color=GREY, linewidth=1)
    ax.grid(axis="y")
    left, right, low, high = _frame(table, [clouds[name] for name in shown])
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
    ends = {}
    for row in records(table):
        name = f"{named(str(row['option']))}{_OFF[row['status']]}"
        ends[name] = (row["diff_effect"], row["diff_cost"], looks[row["option"]][0].colour)
    end_labels(ax, right, ends, low=low, high=high, leader=True)
    amount_axis(ax.xaxis)
    amount_axis(ax.yaxis, words.currency)
    ax.set_xlabel(f"Effect more than with {reference} (unit: {words.effect})")
    ax.set_ylabel(f"Cost more than with {reference}")
    return ax


def _frame(table: pd.DataFrame, shown: list[Cloud]) -> tuple[float, float, float, float]:
    """Return the ends of both axes: all means, all contours, the origin, and a little room."""
    across, up = [0.0, *table["diff_effect"]], [0.0, *table["diff_cost"]]
    for cloud in shown:
        if cloud.density is not None:
            inside = cloud.density >= min(cloud.levels)
            across += list(cloud.effect[inside.any(axis=0)])
            up += list(cloud.cost[inside.any(axis=1)])
    room = [0.06 * (max(each) - min(each)) or 1.0 for each in (across, up)]
    return min(across) - room[0], max(across) + room[0], min(up) - room[1], max(up) + room[1]


def describe(table: pd.DataFrame, *, reference: str, words: Wording) -> str:
    """Return the alternative text."""
    parts = []
    for row in records(table):
        about = {"ND": "on the frontier", "ED": f"extendedly dominated by {row['dominated_by']}"}
        where = about.get(row["status"], f"dominated by {row['dominated_by']}")
        ratio = f", {words.money(row['icer'])} per added {words.effect}" if np.isfinite(row["icer"]) else ""
        parts.append(
            f"{row['option']}: cost difference {words.money(row['diff_cost'])}, "
            f"effect difference {short(row['diff_effect'])}, {where}{ratio}"
        )
    return f"Cost-effect plane against {reference}. " + "; ".join(parts) + "."


def _panel(decision: Decision, words: Wording) -> Panel:
    reference = decision.problem.reference
    return Panel(
        f"What each option costs and does more than {reference}",
        describe(decision.icers, reference=reference, words=words),
        partial(draw, decision.icers, decision.clouds, reference=reference, words=words),
        "Marks: means (open: dominated); black line: efficiency frontier; dashed contour: 9 in 10 draws, full: half. ",
        labels=0.1,
        names=0.21,
    )


def _frontier(result: Result, view: str) -> str:
    rows = decision_rows(result, "icers", view)
    return f"{int((rows['status'] == 'ND').sum())} of {len(rows)} known options" if len(rows) else NOTHING


DECISION_FIGURE = DecisionFigure("cost_effect_plane", _panel)
FIGURES = (
    Figure(
        "cost_effect_plane",
        "What more relief costs",
        make=weighed_as(DECISION_FIGURE),
        message=by_view("On the efficiency frontier", _frontier),
        tables=("decision_icers",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
