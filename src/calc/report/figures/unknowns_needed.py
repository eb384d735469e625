"""How many would have to be helped, by how long relief would last, for what nobody knows to beat the best known."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import in_100, records
from ..marks import GREY
from .lines import end_labels, named, option_looks
from .record import Figure, by_view
from .weighing import NOTHING, Panel, decision_rows, weighed

__all__ = ["FIGURES"]


def _curve(rows: pd.DataFrame) -> pd.Series[float]:
    """Return what is needed: nothing where it always wins, NaN where it never does."""
    return rows["at_least"].where(~rows["always"], 0.0)


def _alone(one: pd.DataFrame) -> pd.DataFrame:
    """Return, at the value looked at, what is needed of options with a single unknown, in weeks."""
    if one.empty:
        return one
    looked = one["value_of_week"] == one["value_of_week"].iloc[0]
    asked: pd.Series[bool] = looked & (one["others"] == "none") & (one["parameter"] != "") & (one["unit"] == "weeks")
    return one.loc[asked]


def draw(one: pd.DataFrame, two: pd.DataFrame, ax: Axes, *, horizon: float) -> Axes:
    """Draw a line an option: the share that would have to be helped, by the weeks that relief would last.

    Parameters
    ----------
    one
        One-way break-evens of one view; options with a single unknown, in weeks, get an upright line.
    two
        Two-way break-evens of it; those about a share by weeks are drawn.
    """
    drawn = two[(two["unit"] == "weeks") & (two["needed_unit"] == "share")]
    alone = _alone(one)
    for place, row in enumerate(records(alone[alone["at_least"].notna()])):
        ax.axvline(row["at_least"], color=GREY, linewidth=2, linestyle=(0, (2, 1.5)))
        ax.annotate(
            f"{row['label']}:\n{row['at_least']:.0f} weeks of relief,\nfor as many as are known to be helped",
            (row["at_least"], 99 - 18 * place), (6, 0), textcoords="offset points", va="top", fontsize=14,
        )  # fmt: skip
    looks = option_looks(list(dict.fromkeys(drawn["label"])))
    ends = {}
    for label, rows in drawn.groupby("label", sort=False):
        style, dashes = looks[str(label)]
        needed = 100 * _curve(rows)
        if needed.notna().any():
            ax.plot(rows["at"], needed, color=style.colour, linestyle=dashes, marker=style.marker, markersize=8)
            ends[named(str(label))] = (horizon, float(needed.dropna().iloc[-1]), style.colour)
        else:
            ends[f"{named(str(label), 20)}: never"] = (horizon, 100.0, GREY)
    for row in records(alone[alone["never"]]):
        ends[f"{named(str(row['label']), 20)}: never"] = (horizon, 100.0, GREY)
    if drawn.empty and not ends and not alone["at_least"].notna().any():
        ax.text(0.5, 0.5, "No option has such unknowns here; the table has the others.", ha="center", va="center",
                fontsize=16, color=GREY, transform=ax.transAxes)  # fmt: skip
    ax.set_ylim(0, 100)
    ax.set_xlim(0, horizon)
    ax.set_xticks(np.arange(0, horizon + 0.5, max(horizon // 8, 1)))
    end_labels(ax, horizon, ends, low=0.0, high=100.0)
    ax.grid(axis="y")
    ax.set_xlabel("Weeks that its relief would last")
    ax.set_ylabel("Of 100 people, how many would have to be helped")
    return ax


def describe(one: pd.DataFrame, two: pd.DataFrame) -> str:
    """Return the alternative text: what is needed at the longest relief, and of single unknowns."""
    parts = []
    for label, rows in two.groupby("label", sort=False):
        last = rows.iloc[-1]
        at = f"with {last['parameter_label'].lower()} at {last['at']:.0f} {last['unit']}"
        if last["needed_unit"] == "share":
            share = float(_curve(rows).iloc[-1])
            parts.append(f"{label} never wins {at}" if np.isnan(share) else f"{label} needs {in_100(share)} {at}")
    looked = one[one["value_of_week"] == one["value_of_week"].iloc[0]] if len(one) else one
    for row in records(looked[(looked["parameter"] == "") & looked["at_least"].notna()] if len(one) else looked):
        parts.append(f"{row['label']} needs {row['at_least']:.0f} weeks in relief on average")
    return "; ".join(parts) + "." if parts else "Nothing that matters is unknown here."


def _panel(result: Result, view: str, _decision: Decision) -> Panel:
    one, two = (
        table[table["view"] == view] for table in (result.decisions.break_even, result.decisions.break_even_two_way)
    )
    rival = str(one["against_label"].iloc[0]) if len(one) else "the best known option"
    return Panel(
        f"What it would take to beat {rival}",
        describe(one, two),
        partial(draw, one, two, horizon=result.inputs.study.weeks),
        "Nobody knows how many these options help, or for how long. Above its line, or right of it, an option wins; "
        "what else is not known of it is taken as good as can be. ",
        labels=0.08,
        names=0.2,
        at_one_value=True,
    )


def _hopeless(result: Result, view: str) -> str:
    rows = decision_rows(result, "break_even", view)
    if rows.empty:
        return NOTHING
    rows = rows[(rows["value_of_week"] == rows["value_of_week"].iloc[0]) & (rows["parameter"] != "")]
    never = rows[rows["never"] & (rows["others"] != "worst")]["treatment"].nunique()
    return f"{never} of {rows['treatment'].nunique()} could not even at their best"


FIGURES = (
    Figure(
        "unknowns_needed",
        "What unknowns would have to be",
        make=weighed(_panel),
        message=by_view("Of what nobody knows, to beat the best known", _hopeless),
        tables=("decision_break_even", "decision_break_even_two_way"),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
