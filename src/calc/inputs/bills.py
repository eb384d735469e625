"""Anyone's bills: a dated list of services, from CSV or a table, every wrong cell told at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem, did_you_mean, listed
from ..units import Unit
from .parameter import Category

__all__ = ["COLUMNS", "Bill", "bills_of", "read_bills"]

NEEDED = ("date", "category", "allowed")
COLUMNS = (
    *NEEDED,
    "cash_price",
    "charge",
    "network",
    "covered",
    "description",
    "days",
    "visit",
    "claim",
    "protected",
    "admitted",
)

_YES = {"yes": True, "true": True, "no": False, "false": False}
#: what may stand in a column of few words, and what it means; the network's are tiers, 0 for out of it
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "network": {"": 1, "in": 1, "tier 1": 1, "tier 2": 2, "out": 0},
    "covered": {"": True, **_YES},
    "protected": {"": None, **_YES},
    "admitted": {"": None, **_YES},
}


@dataclass(frozen=True)
class Bill:
    """One service: its day, what the plan allows, what is charged and what it costs in cash, USD to the cent.

    ``charge`` is None where the list gives none; ``days`` is how long a stay is, None where not given.
    ``tier`` is the network's, 0 out of network. ``visit`` and ``claim`` name what the line belongs to;
    ``protected`` says whether the federal rule on surprise bills covers it, ``admitted`` whether an
    emergency ended in the hospital; None where the list does not say.
    """

    row: int
    day: date
    category: Category
    allowed: float
    cash_price: float
    charge: float | None
    tier: int
    covered: bool
    description: str
    days: float | None
    visit: str = ""
    claim: str = ""
    protected: bool | None = None
    admitted: bool | None = None

    @property
    def in_network(self) -> bool:
        """Whether the provider has a contract with the plan."""
        return self.tier > 0


def read_bills(file: Path) -> tuple[Bill, ...]:
    """Read a CSV list of services: a header, then a row a service.

    Raises
    ------
    ParameterFileError
        listing every wrong cell with its line.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterFileError(
            [Problem(f"{file}:1", "", f"the list cannot be read: {error}", "Give a CSV in UTF-8.")]
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        header = [(name or "").strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [(reader.line_num, f"{file}:{reader.line_num}", dict(row)) for row in reader]
    except csv.Error as error:
        raise ParameterFileError(
            [Problem(f"{file}:{reader.line_num}", "", f"this is no CSV: {error}", "Quote cells that hold commas.")]
        ) from error
    return bills_of(rows, header, f"{file}:1")


def bills_of(
    rows: Iterable[tuple[int, str, Mapping[str, object]]], header: Iterable[str], top: str
) -> tuple[Bill, ...]:
    """Return the services of a list, in its order.

    Parameters
    ----------
    rows
        Number, place and cells of each row.
    header
        The columns' names.
    top
        Where the header stands.

    Raises
    ------
    ParameterFileError
        listing every wrong column and cell.
    """
    names = list(header)
    problems = [
        Problem(top, name, "there is no such column", did_you_mean(name, COLUMNS))
        for name in names
        if name not in COLUMNS
    ]
    problems += [
        Problem(top, name, "this column stands twice", "Keep one.") for name in COLUMNS if names.count(name) > 1
    ]
    missing = [name for name in NEEDED if name not in names]
    problems += [
        Problem(top, name, "this column is missing", "All three are needed: 'date', 'category' and 'allowed'.")
        for name in missing
    ]
    found = []
    for number, where, cells in () if missing else rows:
        row = _Row(where, cells)
        found.append(row.bill(number))
        problems += row.problems
    if not found and not missing:
        problems.append(Problem(top, "", "the list holds no service", "Add a row for each."))
    if problems:
        raise ParameterFileError(problems)
    return tuple(bill for bill in found if bill is not None)


class _Row:
    """One row's cells, and what is wrong with them."""

    def __init__(self, where: str, cells: Mapping[str, object]) -> None:
        self.where, self.problems = where, list[Problem]()
        self.cells = {str(name): _text(value) for name, value in cells.items()}

    def bill(self, number: int) -> Bill | None:
        """Return the row as a service, None where a cell is wrong."""
        if self.cells.pop("", ""):
            self._wrong("", "there are more cells than columns", "Quote cells that hold commas.")
            return None  # who knows which cell is which
        day = self._day()
        category = self._category()
        allowed, cash, charge = (self._usd(name) for name in ("allowed", "cash_price", "charge"))
        if allowed is None and not self.cells.get("allowed"):
            self._wrong("allowed", "the allowed amount is missing", "Write what the plan allows, 0 if nothing.")
        tier, covered = self._word("network"), self._word("covered")
        protected, admitted = self._word("protected"), self._word("admitted")
        days = self._days()
        if self.problems or day is None or category is None or allowed is None:
            return None
        price = next(each for each in (cash, charge, allowed) if each is not None)
        said = self.cells.get("description", "")
        visit, claim = (self.cells.get(name, "") for name in ("visit", "claim"))
        terms = (covered, said, days, visit, claim, protected, admitted)
        return Bill(number, day, category, allowed, price, charge, tier, *terms)

    def _wrong(self, column: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.where, column, what, fix))

    def _day(self) -> date | None:
        text = self.cells.get("date", "")
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self._wrong("date", f"{text!r} is no date", "Write year-month-day: 2026-01-31.")
        return None

    def _category(self) -> Category | None:
        text = self.cells.get("category", "")
        if text in tuple(Category):
            return Category(text)
        self._wrong("category", f"there is no category {text!r}", did_you_mean(text, tuple(map(str, Category))))
        return None

    def _usd(self, column: str) -> float | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text):
            self._wrong(column, f"{text!r} is no amount", "Write dollars as 1250 or 1250.50, without sign or comma.")
        elif Decimal(text) % Decimal("0.01"):
            self._wrong(column, f"{text} has a fraction of a cent", "Round it to the cent.")
        elif float(text) > Unit.USD.highest:
            self._wrong(column, f"{text} is above {Unit.USD.highest:,.0f}", "Check the amount.")
        else:
            return float(text)
        return None

    def _word(self, column: str) -> Any:
        text, words = self.cells.get(column, "").lower(), _WORDS[column]
        if text not in words:
            self._wrong(
                column, f"{text!r} is no answer here", f"Write {listed(filter(None, words))}, or leave it empty."
            )
        return words.get(text)

    def _days(self) -> float | None:
        text = self.cells.get("days", "")
        if text and not re.fullmatch(r"[1-9]\d{0,2}(\.0)?", text):
            self._wrong("days", f"{text!r} is no length of a stay", "Write whole days from 1.")
            return None
        return float(text) if text else None


def _text(value: object) -> str:
    """Return a cell as text: what is missing is empty, a moment is its day."""
    if isinstance(value, list):  # cells beyond the header
        return "more"
    text = str(value).strip().removesuffix(" 00:00:00")
    return "" if text in ("None", "nan", "NaT", "<NA>") else text
