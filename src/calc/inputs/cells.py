"""One cell of a table that somebody holds: amounts with their signs, days, and what else a cell may be in Python."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import numpy as np

from ..errors import ParameterFileError, Problem, did_you_mean, listed
from ..units import Unit
from .parameter import Category

__all__ = [
    "AmissError",
    "Cells",
    "Sheet",
    "day_of",
    "looks_like",
    "python_of",
    "read_sheet",
    "sheet_of",
    "text_of",
    "usd_of",
]

T = TypeVar("T")

#: under this name stands what a row has beyond the header; the other fills what it lacks
_MORE, _SHORT = "", "\x00"

Row = tuple[int, str, Mapping[str, str]]

_USD = re.compile(
    r"(?P<open>\()?\s*(?P<before>-)?\s*(?:US\$|USD|\$)?\s*(?P<inside>-)?"
    r"(?P<number>(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?)\s*(?:USD)?\s*(?P<after>-)?\s*(?P<close>\))?"
)
_FOREIGN = re.compile(r"[€£¥₹₽₩]|\b(?!USD)[A-Z]{3}\b|\b(?:C|CA|A|AU|R|HK|S)\$|\b(?:Fr|kr)\b")
_BEGINNINGS = {
    b"{": "JSON", b"[": "JSON", b"ISA": "X12", b"%PDF-": "a PDF", b"<": "XML", b"\x89PNG": "a picture",
    b"\xff\xd8": "a picture", b"PK\x03\x04": "a workbook or an archive",
}  # fmt: skip
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright bars"}


class AmissError(ValueError):
    """What is wrong with a cell, and what would be right."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


@dataclass(frozen=True)
class Sheet:
    """A table as text: its header, and number, place and cells of each row; ``top`` is where the header stands."""

    top: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def python_of(value: object) -> object:
    """Return what numpy, pandas and ``decimal`` make of a value as Python's own; a moment as text, nothing as None.

    Mappings and lists are gone through; anything else stays what it is.

    >>> python_of({"draws": np.int64(5), "price": [Decimal("7.50"), np.datetime64("2026-05-04")]})
    {'draws': 5, 'price': [7.5, '2026-05-04']}
    """
    if isinstance(value, Mapping):
        return {key: python_of(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [python_of(each) for each in value]
    if isinstance(value, np.datetime64):
        value = None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or str(value) in ("NaT", "<NA>"):
        return None
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)
    return value


def text_of(value: object) -> str:
    """Return a cell as text: what is missing is empty, a moment at midnight is its day, a number has no exponent.

    Takes what Python, numpy and pandas put into cells: numbers of any width, ``Decimal``,
    ``datetime64``, dates, ``NaT``, ``NA``, ``None``.
    """
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    value = python_of(value)
    if isinstance(value, float) and value == value and abs(value) < 1e15:
        return f"{value:.0f}" if value == int(value) else f"{Decimal(repr(value)):f}"
    text = "" if value is None else str(value).strip()
    return "" if text in ("None", "nan", "NaN") else text


def usd_of(text: str) -> float:
    """Return an amount in US dollars; ``-5``, ``(5)`` and ``5-`` are what is taken back.

    Raises
    ------
    AmissError
    """
    found = _USD.fullmatch(text.strip().replace("−", "-"))
    brackets = 0 if found is None else (found["open"] is not None) + (found["close"] is not None)
    minus = 0 if found is None else sum(found[each] is not None for each in ("before", "inside", "after"))
    if found is None or brackets == 1 or minus + brackets // 2 > 1:
        if _FOREIGN.search(text):
            raise AmissError(f"{text!r} is in another currency", "Give US dollars throughout.")
        fix = "Write dollars as 1250 or 1250.50; what is taken back as -1250.50 or (1250.50)."
        raise AmissError(f"{text!r} is no amount", fix)
    amount = Decimal(found["number"].replace(",", ""))
    if amount % Decimal("0.01"):
        raise AmissError(f"{text} has a fraction of a cent", "Round it to the cent.")
    if amount > Unit.USD.highest:
        raise AmissError(f"{text} is above {Unit.USD.highest:,.0f}", "Check the amount.")
    return -float(amount) if minus or brackets else float(amount)


def day_of(text: str) -> date:
    """Return a day written year-month-day; any other way is named for what it seems to be.

    Raises
    ------
    AmissError
    """
    fix = "Write year-month-day: 2026-01-31."
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise AmissError(f"{text!r} is no date of the calendar", fix) from None
    found = re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})", text)
    if not found:
        raise AmissError(f"{text!r} is no date", fix)
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        raise AmissError(f"{text!r} is no date here: it seems to be day, month, year", fix)
    if second > 12 >= first:
        raise AmissError(f"{text!r} is no date here: it seems to be month, day, year", fix)
    raise AmissError(f"{text!r} is no date here: nobody can tell its month from its day", fix)


def read_sheet(file: Path, what: str) -> Sheet:
    """Read a CSV file; ``what`` says what it should hold.

    Raises
    ------
    ParameterFileError
        if it is none, with what it seems to be.
    """
    try:
        content = file.read_bytes()
        looks = looks_like(content)
        if looks:
            fix = "A statement in it is read by calc check-bill." if looks in ("JSON", "X12") else "Save it as CSV."
            raise ParameterFileError([Problem(f"{file}:1", "", f"this looks like {looks}", fix)])
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterFileError(
            [Problem(f"{file}:1", "", f"{what} cannot be read: {_why(error)}", "Give a CSV in UTF-8.")]
        ) from error
    first = text.partition("\n")[0]
    for mark, words in _SEPARATORS.items():
        if mark in first and "," not in first:
            looks = f"this looks like a table whose columns are separated by {words}"
            raise ParameterFileError([Problem(f"{file}:1", "", looks, "Save it as CSV, separated by commas.")])
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=_MORE, restval=_SHORT, strict=True)
    try:
        header = tuple((name or "").strip() for name in reader.fieldnames or ())
        reader.fieldnames = header
        rows = tuple((reader.line_num, f"{file}:{reader.line_num}", _cells(row)) for row in reader)
    except csv.Error as error:
        raise ParameterFileError(
            [Problem(f"{file}:{reader.line_num}", "", f"this is no CSV: {error}", "Quote cells that hold commas.")]
        ) from error
    return Sheet(f"{file}:1", header, rows)


def looks_like(content: bytes) -> str:
    """Return what a file seems to be by its first letters, empty where it may be a table."""
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:8]
    return next((words for start, words in _BEGINNINGS.items() if begins.startswith(start)), "")


def _why(error: Exception) -> str:
    """Return why a file cannot be read, without its name."""
    return error.strerror or "no such file" if isinstance(error, OSError) else str(error)


def sheet_of(records: Sequence[Mapping[object, object]], header: Sequence[object]) -> Sheet:
    """Return a table that was handed over in Python as a sheet."""
    rows = [(at, f"row {at}", {str(name): text_of(cell) for name, cell in row.items()})
            for at, row in enumerate(records, start=1)]  # fmt: skip
    return Sheet("columns", tuple(map(str, header)), tuple(rows))


def _cells(row: Mapping[str, object]) -> Mapping[str, str]:
    """Return a row's cells; one that is not as long as the header says so under :data:`_MORE`."""
    short = [name for name, cell in row.items() if cell == _SHORT]
    cells = {name: "" if cell == _SHORT else text_of(cell) for name, cell in row.items() if name != _MORE}
    if _MORE in row:
        return {**cells, _MORE: "more"}
    return {**cells, _MORE: "fewer"} if short else cells


class Cells:
    """One row's cells, and what is wrong with those that were asked for."""

    def __init__(self, where: str, cells: Mapping[str, str]) -> None:
        self.where, self.cells, self.problems = where, dict(cells), list[Problem]()
        length = self.cells.pop(_MORE, "")
        self.whole = not length
        if length:  # who knows which cell is which
            fix = "Quote cells that hold commas." if length == "more" else "Give every cell, an empty one by its comma."
            self.wrong("", f"there are {length} cells than columns", fix)

    def text(self, column: str) -> str:
        """Return a cell as it stands, empty where there is none."""
        return self.cells.get(column, "")

    def wrong(self, column: str, what: str, fix: str) -> None:
        """Note what is wrong, and what would be right."""
        self.problems.append(Problem(self.where, column, what, fix))

    def day(self, column: str) -> date | None:
        """Return a day, None where there is none."""
        try:
            return day_of(self.text(column))
        except AmissError as amiss:
            self.wrong(column, amiss.what, amiss.fix)
        return None

    def usd(self, column: str) -> float | None:
        """Return an amount, None where the cell is empty or wrong."""
        text = self.text(column)
        try:
            return usd_of(text) if text else None
        except AmissError as amiss:
            self.wrong(column, amiss.what, amiss.fix)
        return None

    def category(self, column: str) -> Category | None:
        """Return a benefit category, None where there is none."""
        text = self.text(column)
        if text in tuple(Category):
            return Category(text)
        self.wrong(column, f"there is no category {text!r}", did_you_mean(text, tuple(map(str, Category))))
        return None

    def one_of(self, column: str, words: Mapping[str, T]) -> T | None:
        """Return what a word stands for, None where it stands for nothing."""
        text = self.text(column).lower()
        if text not in words:
            known = [word for word in words if word and not word.isdigit()]
            self.wrong(column, f"{text!r} is no answer here", f"Write {listed(known)}, or leave it empty.")
        return words.get(text)

    def days(self, column: str) -> float | None:
        """Return how long a stay is, None where the cell is empty or wrong."""
        text = self.text(column)
        if text and not re.fullmatch(r"[1-9]\d{0,2}(\.0)?", text):
            self.wrong(column, f"{text!r} is no length of a stay", "Write whole days from 1.")
            return None
        return float(text) if text else None
