"""What each parameter does to the difference between two options, the base case on every bar."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import records
from ..marks import GREY, INK, look
from .lines import Wording, amount_axis, named, short, wrapped
from .record import Figure, by_view
from .weighing import IN_MESSAGE, NOTHING, DecisionFigure, Panel, decision_rows, weighed_as

__all__ = ["DECISION_FIGURE", "FIGURES"]

_MOST = 10
_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}


def draw(table: pd.DataFrame, ax: Axes, *, option: str, against: str, words: Wording) -> Axes:
    """Draw a bar a parameter, from its 5th to its 95th percentile; hatched where the parameter is high.

    A diamond marks where the choice turns, "(noise)" a bar that is within Monte Carlo error.

    Parameters
    ----------
    table
        The tornado table, widest first: ``parameter``, ``low``, ``high``, ``at_low``, ``at_high``,
        ``least``, ``most``, ``clear``, ``base``, ``switches``.
    """
    shown = records(table.head(_MOST))
    base = float(shown[0]["base"])
    blue, red = look(0).colour, look(1).colour
    low, high = min(float(table["least"].min()), 0.0), max(float(table["most"].max()), 0.0)
    room = 0.02 * (high - low) or 0.1
    for place, row in enumerate(shown):
        ax.plot([row["least"], row["most"]], [place, place], color=GREY, linewidth=2, zorder=1)
        noise = not row["clear"]
        for end, colour, hatch in (("at_low", GREY if noise else blue, ""), ("at_high", GREY if noise else red, "///")):
            ax.barh(
                place,
                row[end] - base,
                left=base,
                height=0.56,
                facecolor=colour if not (hatch or noise) else "white",
                edgecolor=colour,
                hatch=hatch,
                linewidth=1.5,
            )
        ends = sorted((("at_low", row["low"]), ("at_high", row["high"])), key=lambda each: row[each[0]])
        for (_, value), side, reach in zip(ends, ("right", "left"), (row["least"], row["most"]), strict=True):
            shift = -room if side == "right" else room
            words_beside = f"{short(value)} (noise)" if noise and side == "left" else short(value)
            ax.annotate(words_beside, (reach + shift / 2, place), ha=side, va="center", fontsize=14, bbox=_WHITE)
        if row["switches"] and not noise:
            ax.plot([0], [place], marker="D", markersize=11, color=INK, zorder=5)
            text = "turns at " + ", ".join(short(each) for each in row["switches"][:3])
            ax.annotate(text, (0, place - 0.37), ha="center", va="center", fontsize=14, bbox=_WHITE, zorder=6)
    ax.axvline(0, color=INK, linewidth=1.4)
    ax.axvline(base, color=GREY, linewidth=1.4, linestyle=(0, (4, 3)))
    ax.annotate(f"base {words.money(base)}", (base, -0.95), ha="center", va="center", fontsize=14, bbox=_WHITE)
    ax.set_yticks(range(len(shown)), [wrapped(str(row["parameter"]), 40) for row in shown])
    ax.set_ylim(len(shown) - 0.4, -1.25)
    ax.set_xlim(low - 7 * room, high + 7 * room)
    amount_axis(ax.xaxis, words.currency)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(f"Net benefit of {named(option)} less {named(against)}; right of zero the first is better")
    return ax


def describe(table: pd.DataFrame, *, option: str, against: str, words: Wording) -> str:
    """Return the alternative text."""
    parts = []
    for row in records(table.head(_MOST)):
        turns = f", turning at {', '.join(map(short, row['switches']))}" if row["switches"] else ""
        if not row["clear"]:
            turns = ", within Monte Carlo error"
        parts.append(
            f"{row['parameter']} from {short(row['low'])} to {short(row['high'])}: "
            f"{words.money(row['at_low'])} to {words.money(row['at_high'])}{turns}"
        )
    base = words.money(float(table["base"].iloc[0]))
    return f"Tornado of the net benefit of {option} less {against}, base {base}. " + "; ".join(parts) + "."


def _panel(decision: Decision, words: Wording) -> Panel:
    first, second = decision.rivals
    return Panel(
        f"What the lead of {first} over {second} hangs on",
        describe(decision.tornado, option=first, against=second, words=words),
        partial(draw, decision.tornado, option=first, against=second, words=words),
        "Full: the parameter at its 5th percentile; hatched: at its 95th; diamond: the choice turns; (noise): within "
        "Monte Carlo error. All other parameters stay as uncertain as they are. ",
        labels=0.31,
        at_one_value=True,
    )


def _hangs(result: Result, view: str) -> str:
    rows = decision_rows(result, "tornado", view)
    return named(str(rows["label"].iloc[0]), IN_MESSAGE) if len(rows) else NOTHING


DECISION_FIGURE = DecisionFigure("tornado", _panel, needs_parameters=True)
FIGURES = (
    Figure(
        "tornado",
        "What the choice hangs on",
        make=weighed_as(DECISION_FIGURE),
        message=by_view("The lead hangs most on", _hangs),
        tables=("decision_tornado",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
