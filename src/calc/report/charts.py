"""Key comparisons as charts that PowerPoint can edit: the numbers travel with the deck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..analysis.compare import Result
from .format import in_100, interval, records

__all__ = ["CHARTS", "Bars", "Series", "bars"]

#: the outcomes of which the deck has a chart, and its title
CHARTS = {
    "out_of_pocket": "What you pay",
    "happens": "How many of 100 people get relief at all",
    "weeks_in_relief": "Weeks in relief",
}


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


def bars(result: Result, chart: str, view: str) -> Bars:
    """Return the bars of one of :data:`CHARTS` for one view."""
    outcome = "weeks_to_relief" if chart == "happens" else chart
    table = result.comparison
    rows = records(table[(table["view"] == view) & (table["outcome"] == outcome)].iloc[::-1])
    all_ = table[table["outcome"] == outcome]
    known, label = result.inputs.options, result.inputs.views[view].label
    rows = [row | {"label": known[row["treatment"]].short} if row["treatment"] in known else row for row in rows]
    name = f"{CHARTS[chart]}: {label[0].lower()}{label[1:]}"
    if chart == "happens":
        return _people(name, rows)
    most = float(pd.concat([all_["p95"], all_["high"]]).max())
    return _intervals(name, rows, most)


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
