"""A table of one's own: a code and a price in each row, as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

from ..errors import ParameterFileError, Problem, did_you_mean, listed
from ..inputs.bundle import Part, Place
from .opened import lines_of, opened, wrong
from .price import Basis, Price, PriceFile, Spread, clean, code_of, usd_of

__all__ = ["read_price_table"]

_NEEDED = ("code", "price")
_COLUMNS = (*_NEEDED, "part", "place", "modifiers", "from", "low", "high", "count")


def read_price_table(file: Path, wanted: frozenset[str]) -> PriceFile:
    """Read rows of a code and its price, USD.

    Columns ``part`` (professional, facility, both), ``place`` (office, surgery_center, hospital),
    ``modifiers``, ``from`` (who says so), ``low`` and ``high`` (10th and 90th percentile, the price
    then is the median) and ``count`` may be left out. A code is CPT where no list is named before it.

    Raises
    ------
    ParameterFileError
        listing every wrong cell with its line.
    """
    prices, problems = list[Price](), list[Problem]()
    with opened(file) as stream:
        reader = csv.reader(lines_of(stream, file), strict=True)
        try:
            names = [name.strip().lower() for name in next(reader, [])]
            _check(names, f"{file}:1")
            for cells in (row for row in reader if any(cell.strip() for cell in row)):
                try:
                    prices += _row(cells, names, f"{file}:{reader.line_num}", wanted)
                except ParameterFileError as error:
                    problems += error.problems
        except csv.Error as error:
            what = f"this is no CSV: {error}"
            raise wrong(f"{file}:{reader.line_num}", "", what, "Quote cells that hold commas.") from error
    if problems:
        raise ParameterFileError(problems)
    return PriceFile(file.name, "table of your own", "", None, tuple(prices))


def _check(names: list[str], where: str) -> None:
    fix = f"Give at least {listed(_NEEDED)}."
    problems = [Problem(where, name, "this column is missing", fix) for name in _NEEDED if name not in names]
    problems += [
        Problem(where, name, "there is no such column", did_you_mean(name, _COLUMNS))
        for name in names
        if name not in _COLUMNS
    ]
    problems += [
        Problem(where, name, "this column stands twice", "Keep one.") for name in _COLUMNS if names.count(name) > 1
    ]
    if problems:
        raise ParameterFileError(problems)


def _row(cells: list[str], names: list[str], where: str, wanted: frozenset[str]) -> list[Price]:
    if len(cells) != len(names):
        what = f"{len(cells)} cells below {len(names)} columns"
        raise wrong(where, "", what, "Cells that hold commas stand in quotes.")
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    kind, _, number = said["code"].rpartition(" ")
    code = code_of(kind or "CPT", number)
    part, place = (_word(said.get(name, ""), words, where, name) for name, words in _WORDS.items())
    amounts = [usd_of(said.get(name), where, name) for name in ("low", "price", "high")]
    low, middle, high = (each if isinstance(each, float) else None for each in amounts)
    if middle is None:
        raise wrong(where, "price", f"no price: {amounts[1] or 'an empty cell'}", "Write dollars, such as 1250.50.")
    if not (low or middle) <= middle <= (high or middle):
        raise wrong(where, "low", "low, price and high are out of order", "The price lies between low and high.")
    count = said.get("count", "")
    if count and not (count.isascii() and count.isdigit() and len(count) < 10):
        raise wrong(where, "count", f"{clean(count, 40)!r} is no count", "Write a whole number.")
    spread = Spread(low or middle, middle, high or middle, int(count) if count else None)
    modifiers = frozenset(said.get("modifiers", "").upper().replace("|", " ").split())
    found = Price(
        where, code, Basis.OWN, spread, Part(part or "both"), Place(place) if place else None, modifiers=modifiers,
        said=clean(said.get("from", "")),
    )  # fmt: skip
    return [found] if code in wanted else []


_WORDS = {"part": tuple(map(str, Part)), "place": tuple(map(str, Place))}


def _word(text: str, known: tuple[str, ...], where: str, column: str) -> str:
    if text and text not in known:
        raise wrong(where, column, f"{clean(text, 40)!r} is no {column}", f"Write {listed(known)}, or leave it empty.")
    return text
