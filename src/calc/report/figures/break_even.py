"""How the difference from the reference moves with one parameter, and where the best option changes."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.decide import Decision
from ..format import records
from ..marks import GREY
from .lines import Wording, amount_axis, end_labels, named, option_looks, short
from .weighing import DecisionFigure, Panel

__all__ = ["DECISION_FIGURE"]


def turns(table: pd.DataFrame) -> list[tuple[float, str, str]]:
    """Return where the best option changes along a parameter: halfway between points, from which to which."""
    best = records(table[table["best"]].sort_values("at"))
    return [
        ((here["at"] + there["at"]) / 2, here["option"], there["option"])
        for here, there in pairwise(best)
        if here["option"] != there["option"]
    ]


def draw(table: pd.DataFrame, ax: Axes, *, reference: str, words: Wording) -> Axes:
    """Draw a line an option over the middle 90 % of one parameter; vertical lines where the best changes.

    Parameters
    ----------
    table
        Rows of the one-way table of one parameter: ``at``, ``option``, ``diff_net_benefit``, ``best``.
    """
    looks = option_looks(sorted(dict.fromkeys(table["option"]), key=lambda name: name != reference))
    low, high = min(float(table["diff_net_benefit"].min()), 0.0), max(float(table["diff_net_benefit"].max()), 0.0)
    room = 0.12 * (high - low) or 1.0
    ends = {}
    for name, rows in table.groupby("option", sort=False):
        style, dashes = looks[str(name)]
        rows = rows.sort_values("at")
        ax.plot(rows["at"], rows["diff_net_benefit"], color=style.colour, linestyle=dashes)
        best = rows[rows["best"]]
        ax.plot(best["at"], best["diff_net_benefit"], color=style.colour, linewidth=10, alpha=0.3)
        ends[named(str(name))] = (0.0, float(rows["diff_net_benefit"].iloc[-1]), style.colour)
    middle = (float(table["at"].min()) + float(table["at"].max())) / 2
    for at, _, after in turns(table):
        ax.axvline(at, color=GREY, linestyle=(0, (4, 3)), linewidth=1.6)
        ax.annotate(
            f"from {short(at)}:\n{named(after)}",
            (at, high + 0.9 * room),
            (-5 if at > middle else 5, 0),
            textcoords="offset points",
            ha="right" if at > middle else "left",
            va="top",
            fontsize=14,
        )
    ax.set_ylim(low - room, high + room)
    end_labels(ax, float(table["at"].max()), ends, low=low - room, high=high + room)
    ax.set_xlim(float(table["at"].min()), max(float(table["at"].max()), float(table["at"].min()) + 1e-9))
    amount_axis(ax.xaxis)
    amount_axis(ax.yaxis, words.currency)
    ax.grid(axis="y")
    ax.set_xlabel(named(str(table["parameter"].iloc[0]), 40))
    ax.set_ylabel(f"Expected net benefit more than {named(reference)}")
    return ax


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: who is best along the parameter."""
    name, start = str(table["parameter"].iloc[0]), table[table["best"]].sort_values("at").iloc[0]
    parts = [f"from {short(at)} on {after}" for at, _, after in turns(table)]
    words = f"By {name}: at {short(float(start['at']))} {start['option']} is best"
    return f"{words}; {'; '.join(parts)}." if parts else f"{words}, and all along to the 95th percentile."


def _panel(decision: Decision, words: Wording) -> Panel:
    most = decision.evppi[decision.evppi["wtp"] == decision.value]
    alone = most[most["parameter"].isin(list(decision.problem.parameters))]
    moves = bool(alone["evppi"].any())
    ranked = alone.sort_values("evppi", ascending=False, kind="stable") if moves else decision.tornado
    chosen = str(ranked["parameter"].iloc[0])
    which = "is worth most to find out" if moves else "moves the lead most"
    rows = decision.one_way[decision.one_way["parameter"] == chosen]
    return Panel(
        f"Where the best option changes with {chosen}",
        describe(rows),
        partial(draw, rows, reference=decision.problem.reference, words=words),
        f"Thick: best there; the parameter that {which}, 5th to 95th percentile. ",
        labels=0.1,
        names=0.175,
        at_one_value=True,
    )


DECISION_FIGURE = DecisionFigure("break_even", _panel, needs_parameters=True)
