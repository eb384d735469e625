"""Where the spread of an outcome comes from: one person's luck, and whose word; a bar an option, parts of 100 %."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.spread import LUCK, OTHERS
from ..format import in_100, records, source_name
from ..marks import GREY, INK, look
from ..words import footer
from .lines import named, wrapped
from .record import Figure, Made, Views, by_view, under
from .style import page
from .weighing import NOTHING, chosen, decision_rows, nothing_to_weigh

__all__ = ["FIGURES", "whose"]

#: parts narrower than that bear no name: the table has them all
_NAMED = 0.1


def whose(source: str) -> str:
    """Return whose word a group of sources is, in words.

    >>> whose("003_2ae1ae0a30734b8a assumption"), whose("luck")
    ('document 003 + our assumptions', 'luck')
    """
    return "other sources" if source == OTHERS else " + ".join(map(source_name, source.split()))


def draw(table: pd.DataFrame, ax: Axes, *, order: tuple[str, ...]) -> Axes:
    """Draw the parts of each option beside each other, luck first and hatched.

    Parameters
    ----------
    table
        Variance by source of one view and outcome: ``label``, ``source``, ``share``.
    order
        The options' labels from above, one without a part stays empty.
    """
    for place, label in enumerate(order):
        rows = sorted(records(table[table["label"] == label]), key=lambda row: (row["source"] != LUCK, -row["share"]))
        left = 0.0
        for number, row in enumerate(rows):
            share = max(float(row["share"]), 0.0)
            luck = row["source"] == LUCK
            colour = GREY if luck else look((number + 3) % 4).colour
            ax.barh(
                place,
                100 * share,
                left=100 * left,
                height=0.7,
                facecolor="white",
                edgecolor=colour,
                hatch="//" if luck else "",
                linewidth=2,
            )
            if share >= _NAMED:
                text = f"{wrapped(whose(str(row['source'])), max(int(52 * share), 5))}\n{round(100 * share)} %"
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
                ax.annotate(
                    text, (100 * (left + share / 2), place), ha="center", va="center", fontsize=14, color=INK,
                    bbox=box if luck else None,
                )  # fmt: skip
            left += share
        if not rows:
            ax.annotate("does not vary", (50, place), ha="center", va="center", fontsize=14, color=GREY)
    ax.set_xlim(0, 100)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_yticks(range(len(order)), [wrapped(label, 26) for label in order])
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("% of the variance")
    ax.grid(visible=False)
    return ax


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: every part of every option and outcome."""
    parts = []
    for (label, outcome), rows in table.groupby(["label", "outcome"], sort=False):
        shares = ", ".join(
            f"{whose(row['source'])} {round(100 * row['share'])} %"
            for row in sorted(records(rows), key=lambda row: -row["share"])
            if round(100 * row["share"]) > 0
        )
        parts.append(f"{label}, {'what you pay' if outcome == 'out_of_pocket' else 'weeks in relief'}: {shares}")
    return f"{named('; '.join(parts), 4000)}."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    [view] = views
    label, rows = result.inputs.views[view].label, decision_rows(result, "variance_by_source", view)
    if rows.empty:
        return nothing_to_weigh(result, figure.title, label)
    rows = under(result, rows, views)
    order = tuple(dict.fromkeys(rows["label"]))
    panels = [
        (heading, partial(draw, rows[rows["outcome"] == outcome], order=order))
        for outcome, heading in (("out_of_pocket", "What you pay"), ("weeks_in_relief", "Weeks in relief"))
    ]
    key = f"{label}. Shares of the variance of one person's outcome; hatched: luck. "
    drawn = page(figure.title, key + footer(result), panels, labels=0.19)
    return Made(figure.title, f"{label}. {describe(rows)}", drawn)


def _luck(result: Result, view: str) -> str:
    row, rows = chosen(result, view), decision_rows(result, "variance_by_source", view)
    if not row:
        return NOTHING
    own = rows[
        (rows["treatment"] == row["treatment"]) & (rows["outcome"] == "out_of_pocket") & (rows["source"] == LUCK)
    ]
    return f"{row['label']}, {in_100(float(own['share'].iloc[0]))} parts" if len(own) else f"{row['label']}, no spread"


FIGURES = (
    Figure(
        "variance_by_source",
        "Where the spread comes from: luck, and whose word",
        make=_page,
        message=by_view("Luck in the spread of cost of the best", _luck),
        tables=("decision_variance_by_source",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
