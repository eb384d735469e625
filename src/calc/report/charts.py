"""Key comparisons as charts that PowerPoint can edit: the numbers travel with the deck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..analysis.compare import Result
from .figures.cost_intervals import dearest
from .figures.record import Message, by_view, last_by, outcome_rows
from .figures.relieved import most_relieved
from .format import in_100, interval, records

__all__ = ["CHARTS", "Bars", "Chart", "Series", "bars"]


@dataclass(frozen=True)
class Series:
    """One part of each stacked bar: ``look`` is hidden, pale, full or open (hatched)."""

    name: str
    values: tuple[float, ...]
    look: str


@dataclass(frozen=True)
class Bars:
    """A chart of stacked bars, one a category from the bottom up, with its alternative text."""

    name: str
    categories: tuple[str, ...]
    series: Sequence[Series]
    unit: str
    most: float
    key: str
    alt: str


@dataclass(frozen=True)
class Chart:
    """A chart of one outcome; of ``people`` it counts those to whom it happens at all."""

    title: str
    outcome: str
    message: Message
    people: bool = False


def _longest(result: Result, view: str) -> str:
    every = outcome_rows(result, "weeks_in_relief", view)
    rows = every[every["known"] == "stated"]
    unknown = f"open for {len(every) - len(rows)} of {len(every)}"
    if rows.empty:
        return unknown
    best = last_by(rows, "mean")
    return f"{best['label']} {interval(best)}, {unknown}"


#: the charts that a deck holds
CHARTS = (
    Chart(
        "What you pay",
        "out_of_pocket",
        by_view("You could pay most", dearest),
    ),
    Chart(
        "How many of 100 people get relief at all",
        "weeks_to_relief",
        by_view("Most people helped", most_relieved),
        people=True,
    ),
    Chart("Weeks in relief", "weeks_in_relief", by_view("Longest in relief on average", _longest)),
)


def bars(result: Result, chart: Chart, view: str) -> Bars:
    """Return the bars of a chart for one view."""
    rows = records(outcome_rows(result, chart.outcome, view).iloc[::-1])
    label = result.inputs.views[view].label
    name = f"{chart.title}: {label[0].lower()}{label[1:]}"
    if chart.people:
        return _people(name, rows)
    every = result.comparison[result.comparison["outcome"] == chart.outcome]
    return _intervals(name, rows, float(pd.concat([every["p95"], every["high"]]).max()))


def _intervals(name: str, rows: list[dict[str, object]], most: float) -> Bars:
    """Return floating bars: 5th percentile to middle to 95th, or the range that stays open."""
    start, lower, upper, open_ = [], [], [], []
    for row in rows:
        low, middle, high, least, last = (_finite(row[key]) for key in ("p05", "p50", "p95", "low", "high"))
        stated = row["known"] == "stated"
        start.append(low if stated else least)
        lower.append(middle - low if stated else 0.0)
        upper.append(high - middle if stated else 0.0)
        open_.append(0.0 if stated else last - least)
    series = (
        Series("Up to the 5th percentile (not drawn)", tuple(start), "hidden"),
        Series("5th percentile to middle", tuple(lower), "pale"),
        Series("Middle to 95th percentile", tuple(upper), "full"),
        Series("Not known: anything in this range", tuple(open_), "open"),
    )
    words = tuple(f"{row['label']}: {interval(row)}" for row in rows)
    unit = str(rows[0]["unit"])
    key = "Pale: 5th percentile to middle. Full: middle to 95th percentile. Hatched: not known, anything in this range."
    return Bars(name, words, series, unit, most, key, f"Bars of 90 % intervals. {'; '.join(reversed(words))}.")


def _people(name: str, rows: list[dict[str, object]]) -> Bars:
    """Return bars of 100 people: relief, no relief, not known."""
    shares = [float(str(row["happens"])) for row in rows]
    known = [share == share for share in shares]
    relief = tuple(round(100 * share) if sure else 0 for share, sure in zip(shares, known, strict=True))
    none = tuple(100 - count if sure else 0 for count, sure in zip(relief, known, strict=True))
    series = (
        Series("Get relief", relief, "full"),
        Series("Get no relief", none, "pale"),
        Series("Not known", tuple(0 if sure else 100 for sure in known), "open"),
    )
    words = tuple(f"{row['label']}: {in_100(share)}" for row, share in zip(rows, shares, strict=True))
    key = "Full: get relief. Pale: get none. Hatched: not known."
    return Bars(
        name, words, series, "of 100", 100.0, key, f"Of 100 people who choose it. {'; '.join(reversed(words))}."
    )


def _finite(value: object) -> float:
    number = float(str(value))
    return number if number == number and abs(number) != float("inf") else 0.0
