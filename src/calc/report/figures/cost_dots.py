"""What a treatment may cost as twenty equally likely amounts: a quantile dot plot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ...inputs.distribution import Vector
from ..format import interval, money, records, series_by
from ..marks import BLACK, FAINT, GREY, SHADES, look
from ..words import footer
from .record import NO_COST, Figure, Made, Views, by_view, dearest, short_name, under
from .style import page

__all__ = ["FIGURES", "describe", "draw"]

_HIGH = 5


def draw(
    table: pd.DataFrame, ax: Axes, *, order: list[str], reach: float, colour: str, open_: dict[str, str],
    budget: float | None,
) -> Axes:  # fmt: skip
    """Draw one row a treatment, each dot one of twenty equally likely amounts.

    Dots of nearly one amount are piled up, five high, then beside each other; those beyond the axis are
    counted at its end.

    Parameters
    ----------
    table
        One row a treatment and dot of one view: ``label``, ``usd``.
    order
        All labels, from the top.
    open_
        By label what to write where the cost is not known.
    """
    width = reach / 118
    for y, label in enumerate(order):
        ax.axhline(y + 0.47, color=FAINT, linewidth=0.9, zorder=0)
        usd = np.sort(table.loc[table["label"] == label, "usd"].to_numpy())
        if label in open_:
            ax.annotate(open_[label], (reach * 0.01, y), va="center", fontsize=14, color=GREY)
        inside = usd[usd <= reach]
        xs, ys = _piled(inside, width, y)
        ax.plot(xs, ys, linestyle="", marker="o", markersize=6, color=colour, alpha=0.9, markeredgewidth=0)
        if inside.size < usd.size:
            text = f"▸ {usd.size - inside.size} more, up to {money(float(usd[-1]))}"
            ax.annotate(text, (reach * 1.015, y), va="center", fontsize=14, color=SHADES[20])
    top = -0.65
    if budget is not None:
        _budget(ax, budget, reach, top)
        top -= 0.5  # a line of its own
    ax.set_ylim(len(order) - 0.45, top)
    ax.set_yticks(range(len(order)), order)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(-width, reach * 1.3)
    ax.set_xticks([tick for tick in MaxNLocator(5, integer=True).tick_values(0, reach) if 0 <= tick <= reach])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.set_xlabel("What you pay yourself")
    return ax


def _budget(ax: Axes, budget: float, reach: float, top: float) -> None:
    """Name the budget beside its line; where it is beyond the axis, at the axis' end."""
    words = f"budget {money(budget)}"
    if budget > reach:
        ax.annotate(f"{words} ▸", (reach, top), ha="right", va="bottom", fontsize=14)
        return
    ax.axvline(budget, color=BLACK, linewidth=1.4, linestyle=(0, (4, 3)))
    ax.annotate(words, (budget, top), (5, 0), textcoords="offset points", va="bottom", fontsize=14)


def _piled(usd: np.ndarray, width: float, y: float) -> tuple[list[float], list[float]]:
    """Return where the dots stand: in columns of ``width``, five high, a full one going on beside it."""
    xs: list[float] = []
    ys: list[float] = []
    taken = -np.inf
    pile: list[float] = []

    def stand() -> None:
        nonlocal taken
        columns = -(-len(pile) // _HIGH)
        left = max(float(np.mean(pile)) - (columns - 1) / 2 * width, taken + width, 0.0)
        for place in range(len(pile)):
            xs.append(left + place // _HIGH * width)
            ys.append(y + 0.4 - place % _HIGH * 0.178)
        taken = left + (columns - 1) * width

    for each in usd:
        if pile and each - pile[0] > width:
            stand()
            pile = []
        pile.append(float(each))
    if pile:
        stand()
    return xs, ys


def describe(amounts: Mapping[str, Vector], *, open_: dict[str, str]) -> str:
    """Return the alternative text, of the amounts in USD by label: the 10th, 50th and 90th of a hundred."""
    told = []
    for label, dollars in amounts.items():
        usd = np.sort(dollars)
        low, middle, high = (usd[round(share * (usd.size - 1))] for share in (0.1, 0.5, 0.9))
        told.append(f"{label}: 10 of 100 pay less than {money(low)}, half less than {money(middle)}, "
                    f"10 of 100 more than {money(high)}")  # fmt: skip
    told += [f"{label}: {words}" for label, words in open_.items()]
    return f"Quantile dot plot. {'; '.join(told)}."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    every = list(result.inputs.views)  # what takes a page a view asks for all, so that the axes are the same on each
    table, asked = under(result, result.costs.dots, every), under(result, result.costs.questions, every)
    order = list(dict.fromkeys(asked["label"]))
    reach = float(table["usd"].quantile(0.92)) or 1.0 if not table.empty else 1.0
    budget = result.inputs.patient.budget
    panels, told = [], []
    for view in views:
        label, mine = result.inputs.views[view].label, table[table["view"] == view]
        closed = asked[(asked["view"] == view) & (asked["known"] != "stated")]
        open_ = {str(row["label"]): interval(row) for row in records(closed)}
        colour = look(every.index(view)).colour
        drawing = partial(draw, mine, order=order, reach=reach, colour=colour, open_=open_, budget=budget)
        panels.append((label, drawing))
        told.append(f"{label}. {describe(series_by(mine, 'label', 'usd'), open_=open_)}")
    key = "Twenty equally likely amounts; dots of nearly one amount are piled up. "
    return Made(figure.title, " ".join(told), page(figure.title, key + footer(result), panels, labels=0.2))


def _highest(result: Result, view: str) -> str:
    row = dearest(result.costs.dots, view, "usd")
    return f"{short_name(result, row)}, {money(row['usd'])}" if row else NO_COST


FIGURES = (
    Figure(
        "cost_dots",
        "What you may pay: each dot is 5 in 100",
        make=_page,
        message=by_view("Highest of twenty equally likely amounts", _highest),
        tables=("costs_dots", "costs_questions"),
        notebooks=("02_costs", "06_explore"),
        at_once=1,
    ),
)
