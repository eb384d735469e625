"""A hospital's price file as CSV, tall or wide, versions 2 and 3, a row at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from ..errors import ParameterFileError, Problem, listed
from .charges import Charges, Header, Row
from .opened import lines_of, wrong
from .price import PriceFile, clean

__all__ = ["read_csv"]

_NEEDED = ("description", "code|1", "code|1|type")
_ONE_TOO_MANY = 50
#: what one row says once, whoever pays
_ROW = {
    "modifiers": "modifiers",
    "setting": "setting",
    "billing_class": "billing_class",
    "standard_charge|gross": "gross",
    "standard_charge|discounted_cash": "discounted_cash",
}
#: what a row says of one payer: tall column → field; wide has the payer and plan between
_PAYER = {
    "standard_charge|negotiated_dollar": "negotiated_dollar",
    "standard_charge|negotiated_percentage": "negotiated_percentage",
    "standard_charge|negotiated_algorithm": "negotiated_algorithm",
    "standard_charge|methodology": "methodology",
    **{name: name for name in ("estimated_amount", "median_amount", "10th_percentile", "90th_percentile", "count")},
}


@dataclass
class _Columns:
    """Where each field stands: of the row, of its codes, and of each payer and plan."""

    count: int
    row: dict[str, int] = field(default_factory=dict)
    codes: list[tuple[int, int]] = field(default_factory=list)
    payers: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    tall: bool = False


def read_csv(stream: IO[bytes], file: Path, wanted: frozenset[str]) -> PriceFile:
    """Return what the file says about the wanted codes.

    Raises
    ------
    ParameterFileError
        with the row and the column of whatever is wrong.
    """
    last = [""]
    reader = csv.reader(_kept(lines_of(stream, file), last), strict=True)
    try:
        top = list(islice(reader, 3))
        if len(top) < 3:
            raise wrong(f"{file}:{len(top)}", "", "the file ends within its header", "Download it again.")
        named = zip(map(_plain, top[0]), top[1], strict=False)
        header = Header.of({name: clean(value, 1000) for name, value in named if name}, f"{file}:2")
        columns = _columns(top[2], f"{file}:3")
        found = Charges(wanted)
        count = _rows(reader, columns, found, file)
        if count < columns.count and not last[0].endswith(("\n", "\r")):
            what = f"the file ends in the middle of a row, after {count} of {columns.count} cells"
            raise wrong(f"{file}:{reader.line_num}", "", what, "Download it again.")
    except csv.Error as error:
        what, fix = f"this is no CSV: {error}", "If the file is cut off, download it again; else mend the quotes."
        raise wrong(f"{file}:{reader.line_num}", "", what, fix) from error
    return found.done(header, file.name, f"hospital's price file, CSV {'tall' if columns.tall else 'wide'}")


def _kept(lines: Iterator[str], last: list[str]) -> Iterator[str]:
    """Pass lines on, and keep the last one."""
    for line in lines:
        last[0] = line
        yield line


def _plain(name: str) -> str:
    """Return a column's name without case and without room around its bars."""
    return "|".join(part.strip() for part in name.strip().lower().split("|"))


def _columns(names: Sequence[str], where: str) -> _Columns:
    plain = [_plain(name) for name in names]
    problems = [
        Problem(where, name, "this column is missing", f"A price file has {listed(_NEEDED)} in row 3.")
        for name in _NEEDED
        if name not in plain
    ]
    twice = {name for name in plain if name and plain.count(name) > 1}
    problems += [Problem(where, name[:100], "this column stands twice", "Keep one.") for name in sorted(twice)]
    if problems:
        raise ParameterFileError(problems)
    found = _Columns(len(names), tall="payer_name" in plain)
    found.row = {name: plain.index(column) for column, name in _ROW.items() if column in plain}
    found.codes = [(i, plain.index(f"{name}|type")) for i, name in enumerate(plain) if f"{name}|type" in plain]
    for place, name in enumerate(plain):
        _place(found, place, name, names[place])
    return found


def _place(found: _Columns, place: int, name: str, written: str) -> None:
    """Note a column that says something of a payer."""
    if found.tall:
        if name in _PAYER or name in ("payer_name", "plan_name"):
            found.payers.setdefault(("", ""), {})[_PAYER.get(name, name)] = place
        return
    parts = [part.strip() for part in written.strip().split("|")]
    head, payer, rest = parts[0].lower(), clean(parts[1] if len(parts) > 2 else ""), parts[2:]
    kind = f"{head}|{rest[1].lower()}" if len(rest) == 2 else head
    if payer and rest and kind in _PAYER:
        key = (payer.replace("_", " "), clean(rest[0]).replace("_", " "))
        found.payers.setdefault(key, {})[_PAYER[kind]] = place


def _rows(reader: Iterator[list[str]], columns: _Columns, found: Charges, file: Path) -> int:
    """Take in every row; return how many cells the last one has."""
    problems: list[Problem] = []
    count = 0
    while (cells := next(reader, None)) is not None:
        where = f"{file}:{reader.line_num}"  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        count = len(cells)
        try:
            _row(cells, columns, found, where)
        except ParameterFileError as error:
            problems += error.problems
            if len(problems) >= _ONE_TOO_MANY:
                break
    if problems:
        raise ParameterFileError(problems)
    if not count:
        raise wrong(f"{file}:4", "", "there is no row below the header", "Download it again: it has no prices.")
    return count


def _row(cells: list[str], columns: _Columns, found: Charges, where: str) -> None:
    if len(cells) > columns.count:
        extra = [cell for cell in cells[columns.count :] if cell.strip()]
        if extra:
            what = f"{len(cells)} cells below {columns.count} columns"
            raise wrong(where, "", what, "Cells that hold commas stand in quotes.")
    full = [*cells, *[""] * (columns.count - len(cells))]
    codes = [(full[kind], full[code]) for code, kind in columns.codes if full[code].strip()]
    row = Row(where, codes, _named(full, columns.row), short=len(cells) < columns.count)
    if not found.wants(row):
        return
    for (payer, plan), places in columns.payers.items():
        said = _named(full, places)
        found.add(row, said.pop("payer_name", payer), said.pop("plan_name", plan), said)
    found.add_cash(row)


def _named(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {name: cells[place].strip() for name, place in places.items()}
