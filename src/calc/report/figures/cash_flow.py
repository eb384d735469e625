"""Month by month: what is paid, and how far the deductible and the maximum are met."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ...model.option import terms_of
from ...units import WEEKS_PER_MONTH
from ..format import money
from ..marks import GREY, look
from .record import NO_COST, Figure, Made, Views, averages_footer, by_view, dearest, short_name, under
from .style import furthest, tiles

__all__ = ["FIGURES", "draw"]


def draw(table: pd.DataFrame, ax: Axes, *, views: Sequence[str], months: int) -> Axes:
    """Draw one treatment's average payments, a bar a month and view, on an axis of its own.

    Parameters
    ----------
    table
        Rows of the cash flow of one treatment: ``view``, ``month``, ``mean``; none where the cost is not known.
    """
    wide = 0.8 / len(views)
    for place, view in enumerate(views):
        rows = table[table["view"] == view]
        shift = (place - (len(views) - 1) / 2) * wide
        hatch = "" if place % 2 == 0 else "///"
        ax.bar(
            rows["month"] + shift, rows["mean"], width=wide, color=look(place).colour, hatch=hatch, edgecolor="white",
            linewidth=0,
        )  # fmt: skip
    _frame(ax, months)
    if table.empty or table["mean"].max() < 0.5:
        ax.set_yticks([0], ["$0"])
        ax.set_ylim(0, 1)
        text = "cost not known" if table.empty else "nothing to pay"
        ax.annotate(text, (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=14, color=GREY)
        return ax
    ax.set_ylim(0, float(table["mean"].max()) * 1.08)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    return ax


def draw_progress(
    table: pd.DataFrame, ax: Axes, *, views: Sequence[str], months: int, turns: Sequence[float], reach: float
) -> Axes:
    """Draw how much of one treatment's deductible and maximum is met at each month's end, on average.

    Parameters
    ----------
    table
        Rows of the cash flow of one treatment: ``view``, ``month``, ``deductible_met``, ``maximum_met``.
    turns
        Months at which a plan year begins, both fall back to nothing there.
    """
    for column, line in (("deductible", "-"), ("maximum", "--")):
        if table[column].notna().any():
            ax.axhline(float(table[column].max()), color=GREY, linewidth=1.2, linestyle=line)
    for turn in turns:
        ax.axvline(turn, color=GREY, linewidth=1, linestyle=(0, (1, 2)))
    for place, view in enumerate(views):
        rows = table[table["view"] == view]
        for column, line in (("deductible_met", "-"), ("maximum_met", "--")):
            style = look(place)
            ax.plot(
                rows["month"], rows[column], color=style.colour, linestyle=line, linewidth=2.4, marker=style.marker,
                markevery=6, markersize=6,
            )  # fmt: skip
    _frame(ax, months)
    ax.set_ylim(0, reach)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    shown = table[["deductible_met", "maximum_met"]]
    if shown.isna().to_numpy().all():
        text = "cost not known" if table.empty else "no such limit"
        ax.annotate(text, (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=14, color=GREY)
    return ax


def _frame(ax: Axes, months: int) -> None:
    ax.set_xlim(0.2, months + 0.8)
    ax.set_xticks([1, *range(6, months + 1, 6)])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.0f}"))
    ax.grid(axis="y")


def describe(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the alternative text: the dearest month and the total of each treatment."""
    told = []
    for (view, label), rows in table.groupby(["view", "label"], sort=False):
        if rows["mean"].max() < 0.5:
            told.append(f"{label}, {names[str(view)]}: nothing")
            continue
        means = rows["mean"].to_numpy()
        total, month = float(rows["so_far"].iloc[-1]), int(rows["month"].iloc[int(means.argmax())])
        words = f"{money(total)} in all, most in month {month} ({money(float(means.max()))})"
        told.append(f"{label}, {names[str(view)]}: {words}")
    return f"Average payments by month. {'; '.join(told)}."


def describe_progress(table: pd.DataFrame, names: dict[str, str]) -> str:
    """Return the alternative text: the most of the deductible and of the maximum that is met on average."""
    told = []
    for (view, label), rows in table.groupby(["view", "label"], sort=False):
        parts = []
        for name in ("deductible", "maximum"):
            met = rows[f"{name}_met"].to_numpy()
            if not np.isnan(met).any():
                of, month = float(rows[name].iloc[0]), int(rows["month"].iloc[int(met.argmax())])
                parts.append(f"{money(float(met.max()))} of the {name} of {money(of)} in month {month}")
        told.append(f"{label}, {names[str(view)]}: at most {' and '.join(parts) or 'no limit to meet'}")
    return f"Average deductible and maximum met by month. {'; '.join(told)}."


def _flow(figure: Figure, result: Result, views: Views) -> Made:
    table = under(result, result.costs.cash_flow, views)
    months = int(table["month"].max()) if not table.empty else 1
    panels = [
        (each.short, partial(draw, table[table["treatment"] == name], views=list(views), months=months))
        for name, each in result.inputs.options.items()
    ]
    names = {view: result.inputs.views[view].short for view in views}
    drawn = tiles(figure.title, averages_footer(result), panels, under="Month from the decision")
    _views_key(drawn, result, views)
    return Made(figure.title, describe(table, names), drawn)


def _progress(figure: Figure, result: Result, views: Views) -> Made:
    table = under(result, result.costs.cash_flow, views)
    months = int(table["month"].max()) if not table.empty else 1
    turns = [week / WEEKS_PER_MONTH for week in terms_of(result.inputs, views[0]).year_turns]
    reach = 1.05 * furthest(table["deductible"], table["maximum"])
    panels = []
    for name, each in result.inputs.options.items():
        mine = table[table["treatment"] == name]
        drawing = partial(draw_progress, mine, views=list(views), months=months, turns=turns, reach=reach)
        panels.append((each.short, drawing))
    names = {view: result.inputs.views[view].short for view in views}
    key = "Solid: deductible. Dashed: out-of-pocket maximum. Dotted upright: a plan year begins. "
    key += "Grey: the whole of each. Where one view shows, the other lies under it. "
    drawn = tiles(figure.title, key + averages_footer(result), panels, under="Month from the decision")
    _views_key(drawn, result, views)
    return Made(figure.title, describe_progress(table, names), drawn)


def _views_key(drawn: Drawing, result: Result, views: Views) -> None:
    axes: Axes = drawn.axes[0]
    keys = [
        axes.plot([], [], color=look(place).colour, marker=look(place).marker, linewidth=5, markersize=11,
                  label=result.inputs.views[view].label)[0]
        for place, view in enumerate(views)
    ]  # fmt: skip
    drawn.legend(handles=keys, loc="upper left", bbox_to_anchor=(0.018, 0.878), ncols=2, frameon=False, fontsize=15)


def _month(result: Result, view: str) -> str:
    row = dearest(result.costs.cash_flow, view, "mean")
    return f"month {row['month']} of {short_name(result, row)}, {money(row['mean'])} on average" if row else NO_COST


def _limit(result: Result, view: str) -> str:
    table = result.costs.cash_flow
    name = "maximum" if table["maximum_met"].notna().any() else "deductible"
    row = dearest(table.assign(met=table[f"{name}_met"] / table[name]), view, "met")
    if row is None:
        return "no limit that is met"
    met, whole = money(row[f"{name}_met"]), money(row[name])
    return f"{short_name(result, row)}, {met} of the {name} of {whole} in month {row['month']}"


FIGURES = (
    Figure(
        "cash_flow",
        "When you pay: average by month, each panel on its own scale",
        make=_flow,
        message=by_view("Dearest month", _month),
        tables=("costs_cash_flow",),
        notebooks=("02_costs",),
    ),
    Figure(
        "limits_met",
        "How far the deductible and the maximum are met, on average",
        make=_progress,
        message=by_view("Nearest to the yearly limit on average", _limit),
        tables=("costs_cash_flow",),
        notebooks=("02_costs",),
    ),
)
