"""The chance that each option is best, by what a unit of effect is worth, with the frontier."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import in_100, money, records
from .lines import Wording, amount_axis, end_labels, named, option_looks
from .record import Figure, by_view
from .weighing import NOTHING, DecisionFigure, Panel, chosen, weighed_as

__all__ = ["DECISION_FIGURE", "FIGURES"]


def draw(table: pd.DataFrame, ax: Axes, *, words: Wording) -> Axes:
    """Draw a line an option; the thick part is the frontier: the option with the highest expected net benefit.

    Parameters
    ----------
    table
        The acceptability table: ``wtp``, ``option``, ``probability``, ``frontier``.
    """
    looks = option_looks(list(dict.fromkeys(table["option"])))
    ends = {}
    for name, rows in table.groupby("option", sort=False):
        style, dashes = looks[str(name)]
        ax.plot(rows["wtp"], 100 * rows["probability"], color=style.colour, linestyle=dashes, linewidth=2.2)
        best = np.where(rows["frontier"], 100 * rows["probability"], np.nan)
        ax.plot(rows["wtp"], best, color=style.colour, linewidth=9, alpha=0.35, solid_capstyle="round")
        if rows["frontier"].any():
            at = rows[rows["frontier"]].iloc[:: max(len(rows) // 8, 1)]
            ax.plot(at["wtp"], 100 * at["probability"], style.marker, color=style.colour, markersize=9)
        ends[named(str(name))] = (0.0, 100 * float(rows["probability"].iloc[-1]), style.colour)
    ax.set_ylim(0, 100)
    end_labels(ax, float(table["wtp"].max()), ends, low=0.0, high=100.0)
    ax.set_xlim(float(table["wtp"].min()), max(float(table["wtp"].max()), float(table["wtp"].min()) + 1e-9))
    amount_axis(ax.xaxis, words.currency)
    ax.grid(axis="y")
    ax.set_xlabel(f"What a {words.effect} is worth to you")
    ax.set_ylabel("Best in … of 100 draws")
    return ax


def describe(table: pd.DataFrame, *, words: Wording) -> str:
    """Return the alternative text: who is best where, and how sure that is."""
    front = table[table["frontier"]].sort_values("wtp")
    runs = front[front["option"] != front["option"].shift()]
    parts = [
        f"from {words.money(row['wtp'])} on {row['option']}, best in {in_100(row['probability'])} draws there"
        for row in records(runs)
    ]
    last = front.iloc[-1]
    return (
        f"Acceptability curves. Highest expected net benefit: {'; '.join(parts)}. At "
        f"{words.money(float(last['wtp']))} {last['option']} is best in {in_100(float(last['probability']))} draws."
    )


def _panel(decision: Decision, words: Wording) -> Panel:
    return Panel(
        f"How sure the best option is, by what a {words.effect} is worth",
        describe(decision.ceac, words=words),
        partial(draw, decision.ceac, words=words),
        "Thick and marked: the option with the highest expected net benefit. Ties share their draw. ",
        labels=0.08,
        names=0.175,
    )


def _best(result: Result, view: str) -> str:
    row = chosen(result, view)
    return f"{row['label']} at {money(row['value_of_week'])} a week ({in_100(row['chance'])})" if row else NOTHING


DECISION_FIGURE = DecisionFigure("acceptability", _panel)
FIGURES = (
    Figure(
        "acceptability",
        "How sure the best option is",
        make=weighed_as(DECISION_FIGURE),
        message=by_view("Best of those known", _best),
        tables=("decision_acceptability",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
