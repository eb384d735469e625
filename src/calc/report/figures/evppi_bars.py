"""What it is worth to find out each parameter first, with its standard error."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ...analysis.evppi import beyond_error
from ..format import money, records, source_name
from ..marks import GREY, INK, look
from .lines import Wording, amount_axis, named, wrapped
from .record import Figure, by_view, last_by
from .weighing import IN_MESSAGE, NOTHING, WORDING, DecisionFigure, Panel, chosen, decision_rows, of_decision, weighed

__all__ = ["DECISION_FIGURE", "FIGURES"]

_MOST = 9
#: less than that of knowing everything is not drawn; the table has it
_NOTHING = 0.003


def draw(table: pd.DataFrame, ax: Axes, *, everything: float, words: Wording) -> Axes:
    """Draw a bar for each parameter or group that is worth anything, and a line at what knowing everything is worth.

    Parameters
    ----------
    table
        Rows of the EVPPI table at one value of a unit of effect, largest first.
    everything
        The EVPI there, money.
    """
    table = table.fillna({"error": 0.0})
    worth = table[table["evppi"] > _NOTHING * everything]
    shown = records((table.head(1) if worth.empty else worth).head(_MOST))
    colour = look(0).colour
    reach = max([everything, *(float(row["evppi"]) + 2 * float(row["error"]) for row in shown), 1e-9])
    # beside hundreds, parts of a dollar say nothing
    whole = (lambda value: float(round(value))) if everything >= 100 else float
    for place, row in enumerate(shown):
        doubtful = row["check"] == "pattern left"
        ax.barh(
            place,
            row["evppi"],
            height=0.6,
            facecolor="white" if doubtful else colour,
            edgecolor=colour,
            hatch="///" if doubtful else "",
            linewidth=1.5,
        )
        half = 1.645 * float(row["error"])
        ax.plot([max(row["evppi"] - half, 0.0), row["evppi"] + half], [place, place], color=INK, linewidth=2)
        text = f"{words.money(whole(row['evppi']))} ± {words.money(whole(half))}" + (
            ", regression doubtful" if doubtful else ", not told from noise" if row["check"] == "noise" else ""
        )
        ax.annotate(text, (float(row["evppi"]) + half + 0.012 * reach, place), va="center", fontsize=14)
    ax.axvline(everything, color=INK, linewidth=1.6, linestyle=(0, (4, 3)))
    ax.annotate(
        f"knowing everything: {words.money(everything)}",
        (everything, -0.62),
        (6, 0),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=14,
        color=GREY,
        annotation_clip=False,
    )
    ax.set_yticks(range(len(shown)), [wrapped(str(row["parameter"]), 40) for row in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.set_xlim(0, reach * 1.06)
    ax.tick_params(axis="y", length=0)
    amount_axis(ax.xaxis, words.currency)
    ax.set_xlabel("Worth of finding it out before choosing (bar: estimate; line: 90 % Monte Carlo interval)")
    return ax


def describe(table: pd.DataFrame, *, everything: float, words: Wording) -> str:
    """Return the alternative text."""
    parts = [
        f"{row['parameter']} {words.money(row['evppi'])} (standard error {words.money(row['error'])})"
        for row in records(table.head(_MOST))
    ]
    return f"Worth of finding out first, of {words.money(everything)} for everything: " + "; ".join(parts) + "."


def _panel(decision: Decision, words: Wording) -> Panel:
    rows = decision.evppi[decision.evppi["wtp"] == decision.value]
    rows = rows.sort_values("evppi", ascending=False, kind="stable")
    everything = float(decision.evpi.loc[decision.evpi["wtp"] == decision.value, "evpi"].iloc[0])
    return _worths("What to find out first, and what that is worth", rows, everything, words)


def _worths(title: str, rows: pd.DataFrame, everything: float, words: Wording) -> Panel:
    return Panel(
        title,
        describe(rows, everything=everything, words=words),
        partial(draw, rows, everything=everything, words=words),
        "",
        labels=0.31,
        at_one_value=True,
    )


def _find_out(result: Result, view: str, decision: Decision, *, kind: str) -> Panel:
    table = result.decisions.find_out
    rows = table[(table["view"] == view) & (table["value_of_week"] == decision.value) & (table["kind"] == kind)]
    if rows.empty:
        return of_decision(DECISION_FIGURE, decision)
    shown = [source_name(label) if kind == "source" else label for label in rows["label"]]
    title = "What to find out first, and what that is worth" if kind == "parameter" else "Whose word is worth checking"
    everything = float(decision.found.evpi[decision.place])
    return _worths(title, rows.assign(parameter=shown), everything, WORDING)


def _worth_most(result: Result, view: str, *, kind: str) -> str:
    rows, row = decision_rows(result, "find_out", view), chosen(result, view)
    rows = beyond_error(rows[(rows["kind"] == kind) & (rows["value_of_week"] == row["value_of_week"])]) if row else rows
    if rows.empty or not row:
        return "no single number" if row else NOTHING
    top = last_by(rows, "evppi")
    what = source_name(top["source"]) if kind == "source" else top["label"]
    return f"{named(what, IN_MESSAGE)}, {money(top['evppi'])}"


DECISION_FIGURE = DecisionFigure("evppi", _panel, needs_parameters=True)
FIGURES = (
    Figure(
        "find_out",
        "What to find out first",
        make=weighed(partial(_find_out, kind="parameter")),
        message=by_view("Worth most to find out", partial(_worth_most, kind="parameter")),
        tables=("decision_find_out",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
    Figure(
        "find_out_sources",
        "Whose word is worth checking",
        make=weighed(partial(_find_out, kind="source")),
        message=by_view("Whose word is worth most to check", partial(_worth_most, kind="source")),
        tables=("decision_find_out",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
