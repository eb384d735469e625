"""The age of the sources that claims rest on: one mark a source, stacked by year, the old ones told apart."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...analysis.compare import Result
from ...units import WEEKS_PER_YEAR, weeks_of
from ..format import records, source_name
from ..marks import GREY, STANCES
from ..words import footer
from .record import Figure, Made, Views
from .style import page

__all__ = ["FIGURES"]


def draw(table: pd.DataFrame, ax: Axes, *, day: date, stale: float) -> Axes:
    """Draw one mark a source in its year: shape and colour by stance, hollow where it is old.

    ``stale`` in years before ``day``. Documents are named and stand on top; undated sources have a
    column of their own at the left.
    """
    dated = table[table["age_years"].notna()]
    first = int(dated["dated"].str[:4].min()) - 2 if len(dated) else day.year - 1
    height: Counter[int] = Counter()
    named: dict[str, tuple[int, int]] = {}
    for row in records(table.sort_values(["kind", "stance", "source"], ascending=False, kind="stable")):
        year = first if pd.isna(row["age_years"]) else int(row["dated"][:4])
        height[year] += 1
        style = STANCES[row["stance"]]
        at = (year + 0.5, height[year])
        filled = "white" if row["old"] else style.colour
        ax.plot(*at, color=style.colour, marker=style.marker, markersize=13, markerfacecolor=filled)
        if row["kind"] == "document":
            named[source_name(str(row["source"])).removeprefix("document ")] = year, height[year]
    for name, (year, y) in named.items():
        beside = height[year + 1] < y
        shift, align = ((11, 0), "left") if beside else ((0, 15), "center")
        ax.annotate(name, (year + 0.5, y), shift, textcoords="offset points", ha=align, va="center", fontsize=14)
    limit = day.year + day.timetuple().tm_yday / 365.25 - stale
    ax.axvline(limit, color=GREY, linestyle=(0, (4, 3)))
    top = max(height.values(), default=1)
    ax.annotate("old", (limit, top + 1.2), xytext=(-10, 0), textcoords="offset points", ha="right", fontsize=16)
    ax.annotate("recent", (limit, top + 1.2), xytext=(10, 0), textcoords="offset points", fontsize=16)
    years = list(range(first + 4 - first % 2, day.year + 1, 2))  # clear of "no date"
    ax.set_xticks([each + 0.5 for each in (first, *years)], ["no date", *map(str, years)])
    ax.set_xlim(first - 0.5, day.year + 1.8)
    ax.set_ylim(0, top + 2)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Sources")
    for stance in dict.fromkeys(table["stance"].sort_values()):
        style = STANCES[str(stance)]
        label = str(stance).replace("_", " ")
        ax.plot([], [], color=style.colour, marker=style.marker, markersize=12, linestyle="", label=label)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=6, frameon=False, fontsize=14)
    return ax


def describe(table: pd.DataFrame, *, stale: float) -> str:
    """Return the alternative text: how many are old, undated, and the documents' dates."""
    undated = int(table["age_years"].isna().sum())
    old = int(table["old"].sum()) - undated
    documents = [
        f"{source_name(str(row['source']))} {row['dated']}" for row in records(table[table["kind"] == "document"])
    ]
    return (
        f"Of {len(table)} sources {old} are older than {stale:.0f} years and {undated} bear no date. "
        f"The documents: {', '.join(documents)}."
    )


def _page(figure: Figure, result: Result, _views: Views) -> Made:
    study, table = result.inputs.study, result.sources
    stale = weeks_of(study.stale_after) / WEEKS_PER_YEAR
    drawing = partial(draw, table, day=result.inputs.patient.decision_date, stale=stale)
    drawn = page(figure.title, footer(result), [("", drawing)], labels=0.06)
    return Made(figure.title, describe(table, stale=stale), drawn)


def _ages(result: Result, _views: Views) -> str:
    table = result.sources
    undated = int(table["age_years"].isna().sum())
    old = int(table["old"].sum()) - undated
    return f"Of {len(table)} sources, {old} are older than {result.inputs.study.stale_after} and {undated} bear no date"


FIGURES = (
    Figure(
        "source_ages",
        "How old the sources are that the figures rest on",
        make=_page,
        message=_ages,
        tables=("sources",),
        notebooks=("01_evidence",),
        at_once=0,
    ),
)
