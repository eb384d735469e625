"""How a lead settles as draws are added, with its Monte Carlo interval."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import money
from ..marks import INK, look
from .lines import Wording, amount_axis, named
from .record import Figure, by_view
from .weighing import NOTHING, WORDING, Panel, chosen, decision_rows, weighed

__all__ = ["FIGURES"]

_Z90 = 1.645


def draw(table: pd.DataFrame, ax: Axes, *, option: str, against: str, words: Wording) -> Axes:
    """Draw the mean after 64, 128, … draws; the band is its 90 % interval.

    Parameters
    ----------
    table
        The settling table of one view: ``draws``, ``mean``, ``error``.
    """
    draws, mean, half = table["draws"], table["mean"], _Z90 * table["error"]
    style = look(0)
    ax.fill_between(draws, mean - half, mean + half, color=style.colour, alpha=0.2, linewidth=0)
    ax.plot(draws, mean, marker=style.marker, color=style.colour, markersize=10)
    ax.axhline(0, color=INK, linewidth=1.4)
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_locator(FixedLocator(list(draws)[:: max(len(draws) // 8, 1)]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    low, high = min(0.0, float((mean - half).min())), max(0.0, float((mean + half).max()))
    room = 0.05 * (high - low) or 1.0
    ax.set_ylim(low - room, high + room)
    amount_axis(ax.yaxis, words.currency)
    ax.grid(axis="y")
    ax.set_xlabel("Draws")
    ax.set_ylabel(f"Net benefit of {named(option)}\nless that of {named(against)}")
    return ax


def describe(table: pd.DataFrame, *, words: Wording) -> str:
    """Return the alternative text: the lead at the fewest draws and at all of them."""
    first, last = table.iloc[0], table.iloc[-1]
    parts = [
        f"after {row['draws']:,} draws {words.money(float(row['mean']))} ± {words.money(_Z90 * float(row['error']))}"
        for row in (first, last)
    ]
    return f"The lead of the best option over the second: {', '.join(parts)}."


def _panel(result: Result, view: str, decision: Decision) -> Panel:
    rows = decision_rows(result, "settling", view)
    first, second = decision.rivals
    return Panel(
        "Are there draws enough? The lead as draws are added",
        describe(rows, words=WORDING),
        partial(draw, rows, option=first, against=second, words=WORDING),
        "Band: 90 % Monte Carlo interval. ",
        labels=0.09,
        at_one_value=True,
    )


def _known_to(result: Result, view: str) -> str:
    row = chosen(result, view)
    return f"{money(row['lead'])} ± {money(_Z90 * row['lead_error'])}" if row else NOTHING


FIGURES = (
    Figure(
        "convergence",
        "Are there draws enough?",
        make=weighed(_panel),
        message=by_view("The lead of the best is known to", _known_to),
        tables=("decision_settling",),
        notebooks=("05_uncertainty",),
        at_once=1,
    ),
)
