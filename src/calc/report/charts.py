"""Key comparisons as charts that PowerPoint can edit: the numbers travel with the deck."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis.compare import Result
from .figures.of_100 import most_in_relief
from .figures.record import Message, Views, in_sentences, mid_sentence, once
from .format import amount, money, records, stretch

__all__ = ["CHARTS", "Bars", "Chart", "bars"]


@dataclass(frozen=True)
class Series:
    """The bars of one kind, one a category: ``look`` is pale or full; what is not known is NaN and has no bar."""

    name: str
    values: tuple[float, ...]
    look: str


@dataclass(frozen=True)
class Bars:
    """A chart of bars beside each other, one group a category from the bottom up, with its alternative text."""

    name: str
    categories: tuple[str, ...]
    series: Sequence[Series]
    unit: str
    key: str
    alt: str

    @property
    def most(self) -> float:
        """The largest figure, 1 where there is none."""
        return max((value for each in self.series for value in each.values if value > 0), default=1.0)


@dataclass(frozen=True)
class Chart:
    """A chart of columns of the table of effects: each with its name, the first drawn full."""

    title: str
    columns: Mapping[str, str]
    unit: str
    message: Message
    key: str


def _paid(result: Result, view: str) -> str:
    rows = _known(result, view, "cost_if_covered")
    if not rows:
        return "What you pay if covered is not stated for any option"
    low, high = (money(row["cost_if_covered"]) for row in (rows[0], rows[-1]))
    if low == high:
        return f"If covered, you pay {low} (middle value) wherever it is stated"
    short = mid_sentence(result.inputs.options[rows[-1]["treatment"]].short)
    return f"If covered, you pay {low} to {high} (middle values), most for {short}"


def _gained(result: Result, view: str) -> str:
    rows = _known(result, view, "gained_weeks")
    if not rows:
        return "How many weeks in relief an option adds is not known for any"
    row = rows[-1]
    ends = f"{row['gained_weeks_p05']:.0f} to {row['gained_weeks_p95']:.0f}"
    short = result.inputs.options[row["treatment"]].short
    return f"{short} adds {stretch(row['gained_weeks'], 'weeks')} in relief on average ({ends})"


def _known(result: Result, view: str, column: str) -> list[dict[str, Any]]:
    table = result.effects
    return records(table[table["view"] == view].dropna(subset=[column]).sort_values(column, kind="stable"))


#: the charts that a deck holds
CHARTS = (
    Chart(
        "Of 100 people, in relief",
        {"with_treatment": "With it", "with_neither": "With neither"},
        "of 100",
        in_sentences(most_in_relief),
        "Full: with it. Pale: with neither. No full bar: not known.",
    ),
    Chart(
        "What you pay if covered, middle value",
        {"cost_if_covered": "If covered"},
        "USD",
        in_sentences(_paid),
        "Half of people pay more, half less. No bar: nothing to pay, not covered, or not stated.",
    ),
    Chart(
        "Weeks in relief gained over doing nothing, on average",
        {"gained_weeks": "Weeks gained"},
        "weeks",
        in_sentences(_gained),
        "Average over people; many gain nothing. No bar: none, or not known.",
    ),
)


def bars(result: Result, chart: Chart, views: Views) -> Bars:
    """Return the bars of a chart; an option that a view tells otherwise has its bars twice."""
    table = {(row["view"], row["treatment"]): row for row in records(result.effects)}
    scale = 100 if chart.unit == "of 100" else 1
    shown = once(result, views, lambda view, name: tuple(_said(table[view, name], chart)))[::-1]
    series = tuple(
        Series(name, tuple(scale * float(table[view, option][column]) for view, option, _ in shown), look)
        for (column, name), look in zip(chart.columns.items(), ("full", "pale"), strict=False)
    )
    words = [f"{label}: {', '.join(_said(table[view, name], chart))}" for view, name, label in reversed(shown)]
    alt = f"{chart.title}. {'; '.join(words)}."
    return Bars(chart.title, tuple(label for *_, label in shown), series, chart.unit, chart.key, alt)


def _said(row: Mapping[str, Any], chart: Chart) -> list[str]:
    """Return the figures of a row in words, as they are read."""
    found = []
    for column, name in chart.columns.items():
        value = float(row[column])
        figure = f"{100 * value:.0f} in 100" if chart.unit == "of 100" else amount(value, chart.unit)
        found.append(f"{name.lower()} {'not known' if math.isnan(value) else figure}")
    return found
