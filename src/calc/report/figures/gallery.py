"""The figures by name: which finished tables each one takes, and the slides it becomes.

A slide holds one view, two beside each other, or all; the others make further slides. Each comes with
its title and with alternative text written from the same table that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from ...analysis.compare import Result
from ...analysis.trace import parameter_at
from ...units import WEEKS_PER_YEAR, weeks_of
from ..format import series_by
from ..words import footer
from . import cost_intervals, cost_relief, evidence_ranges, relief_curves, source_ages, timeline, times
from .costs import COST_FIGURES
from .style import Made, Slide, furthest, look, page, styled
from .uncertainty import UNCERTAINTY_FIGURES

__all__ = ["FIGURES", "Slide", "parameter_slide", "slides"]


def slides(result: Result, name: str) -> tuple[Slide, ...]:
    """Return the slides of the figure ``name``, one of :data:`FIGURES`."""
    draw, at_once = FIGURES[name]
    views = list(result.inputs.views)
    step = at_once or len(views)
    found: list[Slide] = []
    with styled():
        for group in (tuple(views[place : place + step]) for place in range(0, len(views), step)):
            made = draw(result, group)
            for each in made if isinstance(made, tuple) else (made,):
                called = f"{name}_{len(found) + 1}" if found else name
                found.append(Slide(called, each.title, each.alt, each.figure, group))
    return tuple(found)


def _mine(result: Result, table: pd.DataFrame, *views: str) -> pd.DataFrame:
    """Return the rows of some views, with the treatments' short names as ``label``."""
    rows = table[table["view"].isin(views)]
    return rows.assign(label=[result.inputs.options[str(name)].short for name in rows["treatment"]])


def _cost_intervals(result: Result, views: Sequence[str]) -> Made:
    table = _mine(result, result.comparison[result.comparison["outcome"] == "out_of_pocket"], *views)
    table = table.assign(view_label=[result.inputs.views[view].label for view in table["view"]])
    title = f"What each treatment would cost you over {result.inputs.study.horizon}"
    figure = page(title, footer(result), [("", partial(cost_intervals.draw, table))], labels=0.2)
    return Made(title, cost_intervals.describe(table), figure)


def _timeline(result: Result, views: Sequence[str]) -> Made:
    panels, words = [], []
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    for view in views:
        label = result.inputs.views[view].label
        phases, curves = _mine(result, result.phases, view), _mine(result, result.relief_by_week, view)
        panels.append((label, partial(timeline.draw, phases, curves, horizon=horizon, start=start)))
        shares = series_by(curves, "label", "in_relief")
        words.append(f"{label}. {timeline.describe(timeline.by_phase(phases, 'label'), shares)}")
    title = "When relief comes and how it fades"
    key = (
        "Grey: waiting for the first session (middle; line: 90 %). Crossed: recovery after a session. "
        "Bracket: when relief begins, 90 %. Blue strip: the stronger, the more people are in relief that week. "
    )
    return Made(title, " ".join(words), page(title, key + footer(result), panels, labels=0.2, bottom=0.185))


def _relief_curves(result: Result, views: Sequence[str]) -> Made:
    shorts = {name: treatment.short for name, treatment in result.inputs.options.items()}
    order = tuple(short for name, short in shorts.items() if name in set(result.relief_by_week["treatment"]))
    panels, words, deep = [], [], 0
    for view in views:
        label, table = result.inputs.views[view].label, _mine(result, result.relief_by_week, view)
        open_ = tuple(name for name in shorts.values() if name not in set(table["label"]))
        width = 132 // len(views)
        deep = max(deep, relief_curves.without(open_, width).count("\n"))
        panels.append((label, partial(relief_curves.draw, table, order=order, open_=open_, width=width)))
        shares = series_by(table, "label", "in_relief")
        words.append(f"{label}. {relief_curves.describe(shares, open_=open_)}")
    title = "How many of 100 people are in relief, week by week"
    bottom = 0.2 + 0.0275 * deep
    return Made(title, " ".join(words), page(title, footer(result), panels, labels=0.06, bottom=bottom))


def _cost_relief(result: Result, views: Sequence[str]) -> Made:
    wide = _cost_and_relief(result, list(result.inputs.views))
    reach = cost_relief.reach(wide)
    panels, words = [], []
    for view in views:
        label, mine = result.inputs.views[view].label, wide[wide["view"] == view]
        style = look(list(result.inputs.views).index(view))
        drawing = partial(
            cost_relief.draw,
            mine,
            horizon=result.inputs.study.weeks,
            reach=reach,
            colour=style.colour,
            marker=style.marker,
        )
        panels.append((label, drawing))
        words.append(f"{label}. {cost_relief.describe(mine)}")
    title = "What you pay against the weeks of relief you may get for it"
    key = "Mark: average; bars: 90 % intervals. Dotted: not known, anywhere along it is possible. "
    return Made(title, " ".join(words), page(title, key + footer(result), panels, labels=0.06))


def _cost_and_relief(result: Result, views: Sequence[str]) -> pd.DataFrame:
    """Return cost and weeks in relief side by side, a row a view and treatment."""
    columns = ["known", "mean", "p05", "p50", "p95", "low", "high"]
    table = _mine(result, result.comparison, *views)
    parts = []
    for prefix, outcome in (("cost", "out_of_pocket"), ("relief", "weeks_in_relief")):
        rows = table[table["outcome"] == outcome].set_index(["view", "treatment", "label"])[columns]
        parts.append(rows.add_prefix(f"{prefix}_"))
    return pd.concat(parts, axis=1).reset_index()


def parameter_slide(result: Result, path: str) -> Slide:
    """Return the picture of one parameter: its claims as read, and what each view makes of them."""
    table = evidence_ranges.table_at(result, path)
    title = f"{parameter_at(result.inputs, path).label}: who says what, and what is used"
    with styled():
        figure = page(title, footer(result), [("", partial(evidence_ranges.draw, table))], labels=0.34)
    return Slide(f"parameter_{path.replace('.', '_')}", title, evidence_ranges.describe(table), figure)


def _source_ages(result: Result, _views: Sequence[str]) -> Made:
    study, table = result.inputs.study, result.sources
    day = result.inputs.patient.decision_date
    stale = weeks_of(study.stale_after) / WEEKS_PER_YEAR
    title = "How old the sources are that the figures rest on"
    drawing = partial(source_ages.draw, table, day=day, stale=stale)
    figure = page(title, footer(result), [("", drawing)], labels=0.06)
    return Made(title, source_ages.describe(table, stale=stale), figure)


def _evidence(result: Result, _views: Sequence[str], quantity: str, title: str) -> tuple[Made, ...]:
    every = evidence_ranges.table_of(result, quantity)
    pages, most = evidence_ranges.pages(every), furthest(every["p95"])
    found = []
    for place, table in enumerate(pages, start=1):
        words = title if len(pages) == 1 else f"{title} ({place} of {len(pages)})"
        drawing = partial(evidence_ranges.draw, table, most=most)
        figure = page(words, footer(result), [("", drawing)], labels=0.34)
        found.append(Made(words, evidence_ranges.describe(table), figure))
    return tuple(found)


#: by name: what draws it, and how many views a slide shows beside each other (0: all)
FIGURES: Mapping[str, tuple[Callable[[Result, Sequence[str]], Made | tuple[Made, ...]], int]] = {
    "cost_intervals": (_cost_intervals, 2),
    "timeline": (_timeline, 2),
    "relief_curves": (_relief_curves, 2),
    "cost_relief": (_cost_relief, 2),
    "states": (times.people, 2),
    "relieved": (times.icons, 2),
    "paid_curves": (times.paid, 2),
    "days_lost": (times.days, 2),
    "first_days": (times.first_week, 2),
    "kinds": (times.two_kinds, 1),
    "evidence_response": (partial(_evidence, quantity="response", title="Who says how many people are helped"), 0),
    "evidence_price": (partial(_evidence, quantity="price", title="Who says what the parts cost"), 0),
    "evidence_onset": (partial(_evidence, quantity="onset", title="Who says how soon relief begins"), 0),
    "evidence_downtime": (partial(_evidence, quantity="downtime", title="Who says how long recovery takes"), 0),
    "evidence_coverage": (partial(_evidence, quantity="coverage", title="Who says how likely insurers pay"), 0),
    "evidence_relief": (partial(_evidence, quantity="relief", title="Who says how long relief lasts"), 0),
    "source_ages": (_source_ages, 0),
    **COST_FIGURES,
    **UNCERTAINTY_FIGURES,
}
