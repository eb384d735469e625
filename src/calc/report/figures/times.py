"""The slides about time: each takes a result and the views to show, and gives title, words and figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...analysis.compare import Result
from ..words import footer
from . import days_lost, first_days, kinds, paid_curves, relieved, states
from .style import Made, furthest, page

__all__ = ["Made", "days", "first_week", "icons", "paid", "people", "two_kinds"]

#: room below an axis of dates
_DATES = 0.185
_Panel = tuple[str, Callable[[Axes], Axes]]


def _named(result: Result, table: pd.DataFrame, view: str) -> pd.DataFrame:
    rows = table[table["view"] == view]
    return rows.assign(label=[result.inputs.options[str(name)].short for name in rows["treatment"]])


def _order(result: Result) -> tuple[str, ...]:
    return tuple(option.short for option in result.inputs.options.values())


def _label(result: Result, view: str) -> str:
    return result.inputs.views[view].label


def _with_key(figure: Figure) -> Figure:
    """Put the key of the first panel under the title."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.018, 0.878), ncols=len(labels), frameon=False,
        fontsize=14, handletextpad=0.4, columnspacing=1.6,
    )  # fmt: skip
    return figure


def people(result: Result, views: Sequence[str]) -> Made:
    """Return what 100 people are doing week by week."""
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    order, panels, words = _order(result), [], []
    for view in views:
        table = _named(result, result.states_by_week, view)
        panels.append((_label(result, view), partial(states.draw, table, order=order, horizon=horizon, start=start)))
        words.append(f"{_label(result, view)}. {states.describe(table, order)}")
    title = "What 100 people are doing, week by week"
    key = "Each row is 100 people. Both kinds of uncertainty: one patient's luck, and what is not known. "
    return Made(
        title,
        " ".join(words),
        _with_key(page(title, key + footer(result), panels, labels=0.2, top=0.785, bottom=_DATES)),
    )


def icons(result: Result, views: Sequence[str]) -> Made:
    """Return how many of 100 people are relieved by when."""
    order, panels, words = _order(result), [], []
    milestones = result.chances[result.chances["by"] != "your date"]
    for view in views:
        table = _named(result, milestones, view)
        panels.append((_label(result, view), partial(relieved.draw, table, order=order)))
        words.append(f"{_label(result, view)}. {relieved.describe(table)}")
    title = "Of 100 people like this: when does the first relief come?"
    key = (
        "At the right: relieved at all / never within the horizon. Of those who start, not only of those treated; "
        "relief may end again. Both kinds of uncertainty. "
    )
    return Made(
        title,
        " ".join(words),
        _with_key(page(title, key + footer(result), panels, labels=0.2, bottom=0.11, top=0.785)),
    )


def paid(result: Result, views: Sequence[str]) -> Made:
    """Return what has been paid by when."""
    horizon, start = result.inputs.study.weeks, result.inputs.patient.decision_date
    order, panels, words = _order(result), [], []
    reach = 1.08 * furthest(result.paid_by_week["paid"])
    for view in views:
        table = _named(result, result.paid_by_week, view)
        panels.append(
            (
                _label(result, view),
                partial(paid_curves.draw, table, order=order, reach=reach, horizon=horizon, start=start),
            )
        )
        absent = [name for name in order if name not in set(table["label"])]
        gone = f" No line, because the cost is not known: {', '.join(absent)}." if absent else ""
        words.append(f"{_label(result, view)}. {paid_curves.describe(table)}{gone}")
    title = "What has been paid by when"
    key = "Averages over people; without a line: cost not known. "
    return Made(title, " ".join(words), page(title, key + footer(result), panels, labels=0.095, bottom=_DATES))


def days(result: Result, views: Sequence[str]) -> Made:
    """Return days of recovery beside working days lost."""
    panels: list[_Panel] = []
    words = []
    work = result.inputs.patient.kind_of_work
    for outcome, heading in (
        ("downtime_days", "Days of recovery"),
        ("working_days_lost", f"Working days lost ({work} work)"),
    ):
        table = result.comparison[result.comparison["outcome"] == outcome]
        mine = pd.concat([_named(result, table, view).assign(view_label=_label(result, view)) for view in views])
        panels.append((heading, partial(days_lost.draw, mine, xlabel=f"Days within {result.inputs.study.horizon}")))
        words.append(f"{heading}. {days_lost.describe(mine)}")
    title = "Days lost to each treatment"
    key = "Mark: middle; bar: 90 % interval for one patient. "
    return Made(title, " ".join(words), _with_key(page(title, key + footer(result), panels, labels=0.2, top=0.785)))


def first_week(result: Result, views: Sequence[str]) -> tuple[Made, ...]:
    """Return the first days after a session, on one slide for all views that say the same of them."""
    downtime = result.phases[result.phases["phase"] == "downtime"]
    told: dict[str, list[str]] = {}
    for view in views:
        words = first_days.describe(_named(result, downtime, view), _named(result, result.first_days, view))
        told.setdefault(words, []).append(view)
    title = "The first days after a session"
    key = "Crossed: days of recovery, middle; line: 90 %. Boxes: a source's own table of days. "
    found = []
    for words, agreeing in told.items():
        phases, stages = (_named(result, table, agreeing[0]) for table in (downtime, result.first_days))
        heading = " · ".join(_label(result, view) for view in agreeing)
        drawing = partial(first_days.draw, phases, stages)
        figure = page(title, key + footer(result), [(heading, drawing)], labels=0.2)
        found.append(Made(title, f"{heading}. {words}", figure))
    return tuple(found)


def two_kinds(result: Result, views: Sequence[str]) -> Made:
    """Return one patient's spread beside that of the average."""
    (view,) = views
    panels: list[_Panel] = []
    words = []
    for outcome, heading in (("out_of_pocket", "Cost"), ("weeks_in_relief", "Relief")):
        every = result.kinds[result.kinds["outcome"] == outcome]
        table, reach = _named(result, every, view), furthest(every["one_p95"], every["mean_p95"])
        panels.append((heading, partial(kinds.draw, table, reach=reach)))
        words.append(f"{heading}. {kinds.describe(table)}")
    title = f"Bad luck or bad evidence? {_label(result, view)}"
    key = (
        "Thin grey: what one patient may meet (90 %; tick: middle), luck included. Thick blue: the average over such "
        "patients, which is uncertain only through what is not known. "
    )
    return Made(
        title, f"{_label(result, view)}. {' '.join(words)}", page(title, key + footer(result), panels, labels=0.2)
    )
