"""Days of recovery and working days lost: middle and interval, the views beside each other."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ..format import interval, records
from ..marks import GREY, look
from ..words import footer
from .record import Figure, Made, Views, by_view, most, under
from .style import furthest, page, with_key

__all__ = ["FIGURES"]


def draw(table: pd.DataFrame, ax: Axes, *, xlabel: str) -> Axes:
    """Draw one row a treatment, one lane a view.

    Parameters
    ----------
    table
        Rows of the comparison with one outcome: ``view_label``, ``label``, ``unit``, ``known``,
        ``p05``, ``p50``, ``p95``. What is not known has words and no mark.
    """
    labels, views = list(dict.fromkeys(table["label"])), list(dict.fromkeys(table["view_label"]))
    reach = furthest(table["p95"])
    lane = 0.92 / len(views)
    for row in records(table):
        place = views.index(row["view_label"])
        y = labels.index(row["label"]) + (place - (len(views) - 1) / 2) * lane
        style, end = look(place), 0.0
        if row["known"] == "stated":
            end = float(row["p95"])
            ax.plot([row["p05"], end], [y, y], color=style.colour, linewidth=6, alpha=0.45)
            ax.plot([row["p50"]], [y], color=style.colour, marker=style.marker, markersize=10, clip_on=False)
        text = interval(row) if row["known"] == "stated" else str(row["known"])
        ax.annotate(
            text, (end + reach * 0.035, y), va="center", fontsize=14, color=style.colour if end else GREY
        )  # fmt: skip
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0, pad=10)
    ax.set_xlim(0, reach * 1.55)
    ax.set_xlabel(xlabel)
    for place, view in enumerate(views):
        style = look(place)
        ax.plot([], [], color=style.colour, marker=style.marker, markersize=11, label=view)
    return ax


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: the interval of every treatment and view."""
    parts = [
        f"{view}: " + "; ".join(f"{row['label']} {interval(row)}" for row in records(rows))
        for view, rows in table.groupby("view_label", sort=False)
    ]
    return ". ".join(parts) + "."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    panels, words = [], []
    work = result.inputs.patient.kind_of_work
    for outcome, heading in (
        ("downtime_days", "Days of recovery"),
        ("working_days_lost", f"Working days lost ({work} work)"),
    ):
        table = result.comparison[result.comparison["outcome"] == outcome]
        labels = {view: result.inputs.views[view].label for view in views}
        mine = pd.concat([under(result, table, [view]).assign(view_label=label) for view, label in labels.items()])
        panels.append((heading, partial(draw, mine, xlabel=f"Days within {result.inputs.study.horizon}")))
        words.append(f"{heading}. {describe(mine)}")
    key = "Mark: middle; bar: 90 % interval for one patient. "
    drawn = page(figure.title, key + footer(result), panels, labels=0.2, top=0.785)
    return Made(figure.title, " ".join(words), with_key(drawn))


FIGURES = (
    Figure(
        "days_lost",
        "Days lost to each treatment",
        make=_page,
        message=by_view("Most days of recovery", partial(most, outcome="downtime_days")),
        tables=("comparison",),
        notebooks=("03_timelines",),
    ),
)
