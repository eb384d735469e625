"""A fact: a value with its table, row, column and statistic; the words beside the number come from the column.

Sentences are made of plain words, of names that the inputs give, and of facts. One renderer writes the number and
the words that say what kind of number it is, as plain text and as HTML, so that no sentence can say "on average"
of a middle value.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from .format import money, records, stretch

__all__ = [
    "COLUMNS",
    "PEOPLE",
    "Cells",
    "Count",
    "Fact",
    "Label",
    "Piece",
    "Sentence",
    "Spread",
    "Statistic",
    "bare",
    "day",
    "facts_of",
    "joined",
    "marked",
    "plain",
    "sure",
]


class Statistic(StrEnum):
    """What kind of number a column holds."""

    MEAN = "mean"
    MIDDLE = "median"
    SHARE = "share"
    REST = "rest of a share"
    LOW = "low end of an interval"
    HIGH = "high end of an interval"
    LEAST = "least possible"
    MOST = "most possible"
    GIVEN = "as given"
    COUNT = "count of rows"


_ENDS = {"_p05": Statistic.LOW, "_p95": Statistic.HIGH}
_SHARES = ("with_treatment", "with_sham", "with_neither")
_COSTS = ("cost_if_covered", "cost_if_refused")

#: statistic and unit of each column that a sentence may quote, by table
COLUMNS: Mapping[str, Mapping[str, tuple[Statistic, str]]] = {
    "effects": {
        **dict.fromkeys(_SHARES, (Statistic.SHARE, "people")),
        **{f"{name}{end}": (each, "people") for name in _SHARES for end, each in _ENDS.items()},
        **dict.fromkeys(_COSTS, (Statistic.MIDDLE, "USD")),
        **{f"{name}_mean": (Statistic.MEAN, "USD") for name in _COSTS},
        **{f"{name}{end}": (each, "USD") for name in _COSTS for end, each in _ENDS.items()},
        "gained_weeks": (Statistic.MEAN, "weeks"),
        "gained_weeks_p05": (Statistic.LOW, "weeks"),
        "gained_weeks_p95": (Statistic.HIGH, "weeks"),
    },
    "phases": {
        "p05": (Statistic.LOW, "weeks"),
        "p50": (Statistic.MIDDLE, "weeks"),
        "p95": (Statistic.HIGH, "weeks"),
    },
    "comparison": {
        "p05": (Statistic.LOW, ""),
        "p50": (Statistic.MIDDLE, ""),
        "p95": (Statistic.HIGH, ""),
        "if_p05": (Statistic.LOW, ""),
        "if_p50": (Statistic.MIDDLE, ""),
        "if_p95": (Statistic.HIGH, ""),
    },
    "harms": {
        "p05": (Statistic.LOW, "people"),
        "p50": (Statistic.MIDDLE, "people"),
        "p95": (Statistic.HIGH, "people"),
    },
    "bills": {
        "p05": (Statistic.LOW, "USD"),
        "p50": (Statistic.MIDDLE, "USD"),
        "p95": (Statistic.HIGH, "USD"),
    },
    "chances": {"in_relief": (Statistic.SHARE, "people"), "back_at_work": (Statistic.SHARE, "people")},
    "claims": {"value": (Statistic.GIVEN, "USD")},
}

#: how a column of shares is headed
PEOPLE = "Of 100 people"


class Label(str):
    """Text that the inputs give: the name of an option, a plan, a source, a date."""

    __slots__ = ()


@dataclass(frozen=True)
class Fact:
    """One cell: its value, where it stands, and what kind of number it is.

    ``error`` is the Monte Carlo standard error of the value where the table has one, ``limit`` an amount of the
    plan that a rounded figure must not pass. A ``bare`` one stands where the head of its column says what it is.
    """

    value: float
    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    statistic: Statistic
    unit: str
    error: float = 0.0
    limit: float = math.inf
    bare: bool = False

    @property
    def cell(self) -> str:
        """Where it stands, in one line."""
        return "|".join((self.table, *(f"{name}={value}" for name, value in self.key), self.column))

    def number(self) -> str:
        """Return the number alone, with as many digits as it carries."""
        if self.unit == "USD":
            return self._dollars()
        if self.unit == "people":
            return _of_100(1 - self.value if self.statistic is Statistic.REST else self.value)
        return stretch(_coarse(self.value, self.error), self.unit)

    def _dollars(self) -> str:
        if self.statistic is Statistic.GIVEN or abs(self.value - self.limit) < 0.5:
            return f"${self.value:,.0f}"
        return money(_coarse(self.value, self.error))

    def words(self) -> str:
        """Return the number with the words that say what it is."""
        number = self.number()
        if self.bare:
            return number
        if self.unit == "people":
            return f"{number} of 100"
        match self.statistic:
            case Statistic.MEAN:
                return f"{number} on average"
            case Statistic.MIDDLE:
                return f"about {number}" if self.value else number
            case Statistic.MOST | Statistic.HIGH:
                return f"at most {number}"
            case _:
                return number


@dataclass(frozen=True)
class Count:
    """How many rows of a table, an option each, have some text in a column."""

    value: int
    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    holds: str

    @property
    def cell(self) -> str:
        """Where the rows stand, in one line."""
        return "|".join((self.table, *(f"{name}={value}" for name, value in self.key), f"{self.column}~{self.holds}"))

    def words(self) -> str:
        """Return the count of options."""
        return f"{self.value} option{'s' * (self.value != 1)}"


@dataclass(frozen=True)
class Spread:
    """A value with the ends of its interval, of one row."""

    middle: Fact
    low: Fact
    high: Fact

    def words(self) -> str:
        """Return "about $860 ($300 to $2,300)", or one number where all are the same."""
        low, high = self.low.number(), self.high.number()
        if low == high == self.middle.number() and self.middle.unit != "people":
            return low
        return f"{self.middle.words()} ({_alone(low)} to {_alone(high)})"


Piece = str | Label | Fact | Count | Spread
Sentence = tuple[Piece, ...]


def _alone(number: str) -> str:
    """Return an end of an interval without the unit that its middle has named."""
    return re.sub(r" (weeks?|days?)$", "", number)


def _coarse(value: float, error: float) -> float:
    """Return the value rounded to a step that is no finer than its Monte Carlo error."""
    if not (error > 0 and math.isfinite(value) and math.isfinite(error)):
        return value
    step = 10.0 ** math.floor(math.log10(error) + 0.5)
    return round(value / step) * step if step >= 1 else value


def _of_100(share: float) -> str:
    count = round(100 * share)
    if count == 0 and share > 0:
        return "fewer than 1"
    return "more than 99" if count == 100 and share < 1 else str(count)


class Cells:
    """The tables of a result as facts, looked up by row and column."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self._rows: dict[str, dict[tuple[tuple[str, str], ...], dict[str, Any]]] = {}
        plans = f"plans.{result.inputs.study.plan}"
        self._plan = {
            name: (("parameter", f"{plans}.{name}"),)
            for name in ("deductible", "out_of_pocket_maximum")
            if self.has("claims", parameter=f"{plans}.{name}")
        }
        limits = self.limits()
        met = result.inputs.patient.met.out_of_pocket
        self._most = limits["out_of_pocket_maximum"].value - met if "out_of_pocket_maximum" in limits else math.inf

    def row(self, table: str, **key: str) -> Mapping[str, Any]:
        """Return one row of a table of the result."""
        return self._table(table, tuple(key))[tuple(key.items())]

    def has(self, table: str, **key: str) -> bool:
        """Return whether there is such a row."""
        return tuple(key.items()) in self._table(table, tuple(key))

    def _table(self, name: str, columns: Sequence[str]) -> dict[tuple[tuple[str, str], ...], dict[str, Any]]:
        place = f"{name} {' '.join(columns)}"
        if place not in self._rows:
            frame: pd.DataFrame = getattr(self.result, name)
            found: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
            for each in records(frame):
                found.setdefault(tuple((column, str(each[column])) for column in columns), each)
            self._rows[place] = found
        return self._rows[place]

    def fact(self, table: str, column: str, **key: str) -> Fact:
        """Return the cell as a fact; the statistic and the unit are the column's."""
        row = self.row(table, **key)
        statistic, unit = COLUMNS[table][column]
        error = float(row.get("error", 0.0)) if column == "p50" else 0.0
        place = (table, tuple(key.items()), column, statistic, unit or str(row.get("unit", "")))
        return Fact(float(row[column]), *place, error=error, limit=self._most)

    def rest(self, table: str, column: str, **key: str) -> Fact:
        """Return what a share leaves of all."""
        fact = self.fact(table, column, **key)
        return Fact(fact.value, fact.table, fact.key, fact.column, Statistic.REST, fact.unit)

    def spread(self, table: str, columns: Sequence[str], **key: str) -> Spread:
        """Return the value with its interval; ``columns`` are the middle, the low and the high end."""
        middle, low, high = (self.fact(table, column, **key) for column in columns)
        return Spread(middle, low, high)

    def limits(self) -> Mapping[str, Fact]:
        """Return the plan's deductible and maximum, where it has them."""
        return {
            name: Fact(float(self.row("claims", **dict(key))["value"]), "claims", key, "value", Statistic.GIVEN, "USD")
            for name, key in self._plan.items()
        }

    def count(self, table: str, column: str, holds: str, **key: str) -> Count:
        """Return how many rows hold some text in a column."""
        frame: pd.DataFrame = getattr(self.result, table)
        for name, value in key.items():
            frame = frame[frame[name].astype(str) == value]
        return Count(
            int(frame[column].astype(str).str.contains(holds, regex=False).sum()),
            table,
            tuple(key.items()),
            column,
            holds,
        )


def bare(piece: Fact | Spread) -> Fact | Spread:
    """Return the piece without the words that the head of its column says."""
    if isinstance(piece, Spread):
        return replace(piece, middle=replace(piece.middle, bare=True))
    return replace(piece, bare=True)


def sure(fact: Fact) -> bool:
    """Return whether there is a value."""
    return not math.isnan(fact.value)


def day(value: date) -> Label:
    """Return a date as people in the US write it.

    >>> day(date(2026, 11, 3))
    'Nov 3, 2026'
    """
    return Label(f"{value:%b} {value.day}, {value.year}")


def joined(pieces: Iterable[Sentence], between: str = ", ", last: str = " and ") -> Sentence:
    """Return parts with commas between them, and a word before the last."""
    parts = list(pieces)
    found: list[Piece] = []
    for place, part in enumerate(parts):
        if place:
            found.append(last if place == len(parts) - 1 else between)
        found += part
    return tuple(found)


def plain(sentence: Sentence) -> str:
    """Return a sentence as plain text."""
    return "".join(each if isinstance(each, str) else each.words() for each in sentence)


def marked(sentence: Sentence) -> str:
    """Return a sentence as HTML; each number is a ``data`` element that names its cell."""
    return "".join(
        html.escape(each)
        if isinstance(each, str)
        else f'<data value="{_cells(each)}">{html.escape(each.words())}</data>'
        for each in sentence
    )


def _cells(piece: Fact | Count | Spread) -> str:
    return html.escape(" ; ".join(each.cell for each in facts_of((piece,))), quote=True)


def facts_of(sentence: Sentence) -> Iterator[Fact | Count]:
    """Yield every fact of a sentence."""
    for each in sentence:
        if isinstance(each, Fact | Count):
            yield each
        elif isinstance(each, Spread):
            yield from (each.middle, each.low, each.high)
