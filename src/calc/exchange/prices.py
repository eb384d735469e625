"""Price files of any kind → what they say about some codes; each file is told for what it is first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..errors import ParameterFileError, Problem
from .hospital_prices import read_hospital_prices
from .payer_prices import read_payer_prices
from .price import PriceFile
from .price_table import read_price_table
from .sniff import sniff

__all__ = ["read_prices"]

_MOST_DAYS = 366
_READERS: Mapping[str, Callable[[Path, frozenset[str]], PriceFile]] = {
    "a hospital's price file": read_hospital_prices,
    "a payer's price file": read_payer_prices,
    "a table of codes and prices": read_price_table,
}


def read_prices(files: Sequence[Path], wanted: frozenset[str]) -> tuple[PriceFile, ...]:
    """Read price files, in their order.

    Raises
    ------
    ParameterFileError
        with every problem of every file, or where the files are of days far apart.
    """
    found, problems = list[PriceFile](), list[Problem]()
    for file in files:
        try:
            found.append(_read(file, wanted))
        except ParameterFileError as error:
            problems += error.problems
    dated = sorted((each.dated, each.file) for each in found if each.dated is not None)
    if dated and (dated[-1][0] - dated[0][0]).days > _MOST_DAYS:
        what = f"it is of {dated[0][0]}, {dated[-1][1]} of {dated[-1][0]}"
        fix = "Give files of one year: prices of different years do not add up."
        problems.append(Problem(dated[0][1], "last_updated_on", what, fix))
    if problems:
        raise ParameterFileError(problems)
    return tuple(found)


def _read(file: Path, wanted: frozenset[str]) -> PriceFile:
    seen = sniff(file)
    for kind, read in _READERS.items():
        if seen.kind.startswith(kind):
            return read(file, wanted)
    what = f"this is no price file: it looks like {seen.kind}"
    raise ParameterFileError([Problem(str(file), "", what, seen.advice)])
