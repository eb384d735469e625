"""The figures by name: which finished tables each one takes, and the slide it becomes.

A figure comes as a :class:`Slide`: the matplotlib figure, its title, and its alternative text,
written from the same table that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...analysis.compare import Result
from ..words import footer
from . import cost_intervals, cost_relief, evidence_ranges, relief_curves, timeline
from .style import furthest, look, page, styled

__all__ = ["FIGURES", "Slide", "slide"]


@dataclass(frozen=True)
class Slide:
    """One finished figure."""

    name: str
    title: str
    alt: str
    figure: Figure


def slide(result: Result, name: str) -> Slide:
    """Return the figure ``name``, one of :data:`FIGURES`, of a result."""
    with styled():
        return FIGURES[name](result)


def _cost_intervals(result: Result) -> Slide:
    table = result.comparison[result.comparison["outcome"] == "out_of_pocket"].copy()
    table["view_label"] = [result.inputs.views[view].label for view in table["view"]]
    table["label"] = [result.inputs.treatments[name].short for name in table["treatment"]]
    title = f"What each treatment would cost you over {result.inputs.study.horizon}"
    figure = page(title, footer(result), [("", partial(cost_intervals.draw, table))], labels=0.2)
    return Slide("cost_intervals", title, cost_intervals.describe(table), figure)


def _timeline(result: Result) -> Slide:
    panels: list[tuple[str, Callable[[Axes], Axes]]] = []
    words = []
    for view, each in result.inputs.views.items():
        phases = _labelled(result, result.phases[result.phases["view"] == view])
        curves = _labelled(result, result.relief_by_week[result.relief_by_week["view"] == view])
        panels.append((each.label, partial(timeline.draw, phases, curves, horizon=result.inputs.study.weeks)))
        words.append(f"{each.label}. {timeline.describe(phases, curves)}")
    title = "When relief comes and how it fades"
    key = (
        "Grey: waiting for the first session (middle; line: 90 %). Crossed: recovery after a session. "
        "Bracket: when relief begins, 90 %. Blue strip: the stronger, the more people are in relief that week. "
    )
    return Slide("timeline", title, " ".join(words), page(title, key + footer(result), panels, labels=0.2))


def _labelled(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=[result.inputs.treatments[str(name)].short for name in table["treatment"]])


def _relief_curves(result: Result) -> Slide:
    panels: list[tuple[str, Callable[[Axes], Axes]]] = []
    words = []
    order = tuple(treatment.short for treatment in result.inputs.treatments.values())
    for view, each in result.inputs.views.items():
        table = result.relief_by_week[result.relief_by_week["view"] == view]
        table = table.assign(short=[result.inputs.treatments[str(name)].short for name in table["treatment"]])
        open_ = tuple(name for name in order if name not in set(table["short"]))
        panels.append((each.label, partial(relief_curves.draw, table, order=order, open_=open_)))
        words.append(f"{each.label}. {relief_curves.describe(table, open_=open_)}")
    title = "How many of 100 people are in relief, week by week"
    return Slide("relief_curves", title, " ".join(words), page(title, footer(result), panels, labels=0.06))


def _cost_relief(result: Result) -> Slide:
    wide = _cost_and_relief(result)
    reach = 1.12 * furthest(wide["cost_p95"])
    panels: list[tuple[str, Callable[[Axes], Axes]]] = []
    words = []
    for place, (view, each) in enumerate(result.inputs.views.items()):
        mine, style = wide[wide["view"] == view], look(place)
        drawing = partial(
            cost_relief.draw,
            mine,
            horizon=result.inputs.study.weeks,
            reach=reach,
            colour=style.colour,
            marker=style.marker,
        )
        panels.append((each.label, drawing))
        words.append(f"{each.label}. {cost_relief.describe(mine)}")
    title = "What you pay against the weeks of relief you may get for it"
    key = "Mark: average; bars: 90 % intervals. Dotted: not known, anywhere along it is possible. "
    return Slide("cost_relief", title, " ".join(words), page(title, key + footer(result), panels, labels=0.06))


def _cost_and_relief(result: Result) -> pd.DataFrame:
    """Return cost and weeks in relief side by side, a row a view and treatment."""
    columns = ["known", "mean", "p05", "p50", "p95", "low", "high"]
    parts = []
    for prefix, outcome in (("cost", "out_of_pocket"), ("relief", "weeks_in_relief")):
        rows = result.comparison[result.comparison["outcome"] == outcome].set_index(["view", "treatment"])[columns]
        parts.append(rows.add_prefix(f"{prefix}_"))
    wide = pd.concat(parts, axis=1).reset_index()
    return wide.assign(short=[result.inputs.treatments[name].short for name in wide["treatment"]])


def _evidence(result: Result, quantity: str, title: str) -> Slide:
    table = evidence_ranges.table_of(result, quantity)
    figure = page(title, footer(result), [("", partial(evidence_ranges.draw, table))], labels=0.34)
    return Slide(f"evidence_{quantity}", title, evidence_ranges.describe(table), figure)


FIGURES: Mapping[str, Callable[[Result], Slide]] = {
    "cost_intervals": _cost_intervals,
    "timeline": _timeline,
    "relief_curves": _relief_curves,
    "cost_relief": _cost_relief,
    "evidence_response": partial(_evidence, quantity="response", title="Who says how many people are helped"),
    "evidence_relief": partial(_evidence, quantity="relief", title="Who says how long relief lasts"),
}
