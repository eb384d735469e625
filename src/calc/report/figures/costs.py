"""The figures of cost: which finished tables each takes, and the page it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...analysis.compare import Result
from ...model.option import terms_of
from ...units import WEEKS_PER_MONTH
from ..format import interval, records, series_by
from ..words import footer
from . import cash_flow, cost_dots, cost_stacks
from .cost_stacks import COMPONENTS, PAYERS, Part
from .style import Made, furthest, look, page, tiles

__all__ = ["COST_FIGURES"]


def _labelled(result: Result, table: pd.DataFrame, views: Iterable[str]) -> pd.DataFrame:
    """Return the rows of some views, with the treatments' short names as ``label``.

    What takes a slide a view asks for all of them, so that the axes are the same on each.
    """
    rows = table[table["view"].isin(list(views))]
    return rows.assign(label=[result.inputs.options[str(name)].short for name in rows["treatment"]])


def _components(result: Result, views: Sequence[str]) -> Made:
    wide = result.costs.by_component.pivot_table(
        index=["view", "treatment"], columns="category", values="mean", aggfunc="sum", fill_value=0.0
    )
    table = _labelled(result, result.costs.questions, result.inputs.views).merge(
        wide.reset_index(), how="left", on=["view", "treatment"]
    )
    return _stacks(
        result, table.fillna(dict.fromkeys(wide.columns, 0.0)), views, COMPONENTS, "What your cost is made of"
    )


def _payers(result: Result, views: Sequence[str]) -> Made:
    table = result.costs.by_plan
    table = _labelled(result, table[table["plan"] == result.inputs.study.plan], result.inputs.views)
    return _stacks(result, table, views, PAYERS, "Who pays: you, in which way, and the plan")


def _stacks(result: Result, table: pd.DataFrame, views: Sequence[str], parts: Sequence[Part], title: str) -> Made:
    columns = [name for part in parts for name in part.columns if name in table.columns]
    reach = max(furthest(table[columns].sum(axis=1)), furthest(table["high"]))
    panels, told = [], []
    for view in views:
        mine, label = table[table["view"] == view], result.inputs.views[view].label
        panels.append((label, partial(cost_stacks.draw, mine, parts=parts, reach=reach, views=[view])))
        told.append(f"{label}. {cost_stacks.describe(mine, parts)}")
    key = "Bars: averages. Beside them: what you pay on average, and the 90 % interval. Hatched box: not known. "
    figure = page(title, key + footer(result), panels, labels=0.2, top=0.785)
    cost_stacks.legend(figure.axes[0], parts)
    return Made(title, " ".join(told), figure)


def _plans(result: Result, views: Sequence[str]) -> Made:
    table, parts = _labelled(result, result.costs.by_plan, result.inputs.views), PAYERS[:-1]
    columns = [name for part in parts for name in part.columns]
    reach = max(1.15 * float(table[columns].sum(axis=1).quantile(0.93)), furthest(table["high"]) * 1.02)
    panels, told = [], []
    table = table[table["view"].isin(views)]
    for label, mine in table.groupby("plan_label", sort=False):
        panels.append(("", partial(_plan, mine, parts, reach, list(views), str(label))))
        for view in views:
            believing = result.inputs.views[view].short
            told.append(f"{label}, {believing}. {cost_stacks.describe(mine[mine['view'] == view], parts)}")
    title = "What you would pay under each plan"
    names = " and ".join(result.inputs.views[view].short for view in views)
    lanes = f"In each row from above: {names}. " if len(views) > 1 else f"Believing: {names}. "
    unstated = "Dash: not stated. " if (table["known"] == "not stated").any() else ""
    key = f"{lanes}Hatched box: not known, anywhere in it. {unstated}"
    figure = page(
        title, key + _averages(result).replace(f"plan: {result.inputs.plan.label} · ", ""), panels, labels=0.2, top=0.77
    )
    cost_stacks.legend(figure.axes[0], parts)
    return Made(title, " ".join(told), figure)


def _plan(table: pd.DataFrame, parts: Sequence[Part], reach: float, views: Sequence[str], label: str, ax: Axes) -> Axes:
    ax.set_title(fill(label, 16), fontsize=14, pad=6)
    return cost_stacks.draw(table, ax, parts=parts, reach=reach, views=views, words=False)


def _dots(result: Result, views: Sequence[str]) -> Made:
    table = _labelled(result, result.costs.dots, result.inputs.views)
    asked = _labelled(result, result.costs.questions, result.inputs.views)
    order = list(dict.fromkeys(asked["label"]))
    reach = float(table["usd"].quantile(0.92)) or 1.0 if not table.empty else 1.0
    budget = result.inputs.patient.budget
    panels, told = [], []
    for view in views:
        label, mine = result.inputs.views[view].label, table[table["view"] == view]
        closed = asked[(asked["view"] == view) & (asked["known"] != "stated")]
        open_ = {str(row["label"]): interval(row) for row in records(closed)}
        colour = look(list(result.inputs.views).index(view)).colour
        panels.append(
            (label, partial(cost_dots.draw, mine, order=order, reach=reach, colour=colour, open_=open_, budget=budget))
        )
        told.append(f"{label}. {cost_dots.describe(series_by(mine, 'label', 'usd'), open_=open_)}")
    title = "What you may pay: each dot is 5 in 100"
    key = "Twenty equally likely amounts; dots of nearly one amount are piled up. "
    return Made(title, " ".join(told), page(title, key + footer(result), panels, labels=0.2))


def _flow(result: Result, views: Sequence[str]) -> Made:
    table = _labelled(result, result.costs.cash_flow, views)
    months = int(table["month"].max()) if not table.empty else 1
    panels = [
        (each.short, partial(cash_flow.draw, table[table["treatment"] == name], views=list(views), months=months))
        for name, each in result.inputs.options.items()
    ]
    names = {view: result.inputs.views[view].short for view in views}
    title = "When you pay: average by month, each panel on its own scale"
    figure = tiles(title, _averages(result), panels, under="Month from the decision")
    _views_key(figure, result, views)
    return Made(title, cash_flow.describe(table, names), figure)


def _progress(result: Result, views: Sequence[str]) -> Made:
    table = _labelled(result, result.costs.cash_flow, views)
    months = int(table["month"].max()) if not table.empty else 1
    turns = [week / WEEKS_PER_MONTH for week in terms_of(result.inputs, views[0]).year_turns]
    reach = 1.05 * furthest(table["deductible"], table["maximum"])
    panels = []
    for name, each in result.inputs.options.items():
        mine = table[table["treatment"] == name]
        drawing = partial(cash_flow.draw_progress, mine, views=list(views), months=months, turns=turns, reach=reach)
        panels.append((each.short, drawing))
    names = {view: result.inputs.views[view].short for view in views}
    title = "How far the deductible and the maximum are met, on average"
    key = "Solid: deductible. Dashed: out-of-pocket maximum. Dotted upright: a plan year begins. "
    key += "Grey: the whole of each. Where one view shows, the other lies under it. "
    figure = tiles(title, key + _averages(result), panels, under="Month from the decision")
    _views_key(figure, result, views)
    return Made(title, cash_flow.describe_progress(table, names), figure)


def _averages(result: Result) -> str:
    """Return the footer of a figure that shows averages alone."""
    return footer(result).replace("90 % intervals, ", "Averages over ")


def _views_key(figure: Figure, result: Result, views: Sequence[str]) -> None:
    axes: Axes = figure.axes[0]
    keys = [
        axes.plot([], [], color=look(place).colour, marker=look(place).marker, linewidth=5, markersize=11,
                  label=result.inputs.views[view].label)[0]
        for place, view in enumerate(views)
    ]  # fmt: skip
    figure.legend(handles=keys, loc="upper left", bbox_to_anchor=(0.018, 0.878), ncols=2, frameon=False, fontsize=15)


#: by name: what draws it, and how many views a slide shows beside each other
COST_FIGURES = {
    "cost_components": (_components, 1),
    "cost_payers": (_payers, 1),
    "cost_by_plan": (_plans, 2),
    "cost_dots": (_dots, 1),
    "cash_flow": (_flow, 2),
    "limits_met": (_progress, 2),
}
