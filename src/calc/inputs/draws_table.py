"""Tables of draws from outside: cost, effect and parameters as CSV, every problem with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import DrawsError, Problem, did_you_mean
from .distribution import Vector

__all__ = ["disagreements", "numbered", "read_draws"]

#: a first column of such a name numbers the draws; it is no option and no parameter
_NUMBERING = {"", "draw", "sim", "iteration", "iter"}
#: so few draws may be in order by chance
_FEWEST = 3
_MOST = 100


def disagreements(columns: Mapping[str, Sequence[str]], rows: Mapping[str, int]) -> list[Problem]:
    """Return where tables do not fit together: options by name, draws by count.

    Parameters
    ----------
    columns, rows
        Column names and number of rows by the table's name. The first table is the one that the
        others are held against; the second must have the same columns in any order.
    """
    tables = list(columns)
    first, second = tables[:2]
    found = []
    for here, there in ((first, second), (second, first)):
        for name in columns[here]:
            if name not in columns[there]:
                what = f"option '{name}' of {here} is missing"
                found.append(Problem(there, name, what, did_you_mean(name, columns[there])))
    for table in tables[1:]:
        if columns[table] and rows[table] != rows[first]:
            what = f"{rows[table]:,} draws, but {rows[first]:,} in {first}"
            found.append(Problem(table, "", what, "Row i must be the same draw in every table."))
    if columns[first] and rows[first] == 0:
        found.append(Problem(first, "", "there are no draws", "Write one row a draw below the names."))
    if not columns[first]:
        found.append(Problem(first, "", "there are no options", "Write one column an option."))
    return found


def numbered(table: str, columns: Mapping[str, Vector]) -> list[Problem]:
    """Return the question that a first column raises which goes up by one from 0 or 1, as only numbers of draws do.

    Parameters
    ----------
    table
        The table's name.
    columns
        Its columns, each of shape (draws,).
    """
    name, values = next(iter(columns.items()), ("", np.empty(0)))
    if values.size < _FEWEST or values[0] not in (0, 1) or not (np.diff(values) == 1).all():
        return []
    what = f"it goes {values[0]:g}, {values[1]:g}, … {values[-1]:g}, as if it numbered the draws"
    return [Problem(table, name, what, "Name it 'draw' in the file, or leave it out: it is no option or parameter.")]


def read_draws(cost: Path, effect: Path, parameters: Path | None = None) -> tuple[pd.DataFrame, ...]:
    """Read tables of draws: a header, then one row a draw, numbers only.

    A first column named ``draw``, ``sim``, ``iteration`` or nothing numbers the draws; one of another name that does
    is asked about.

    Returns
    -------
    tuple of pandas.DataFrame
        Cost and effect with the same columns in the order of ``cost``, and the parameters (no
        columns where no file is given).

    Raises
    ------
    DrawsError
        with every problem of all files, each as ``file:line:column``.
    """
    files = [file for file in (cost, effect, parameters) if file is not None]
    problems: list[Problem] = []
    same = [file for place, file in enumerate(files) if file.resolve() in [each.resolve() for each in files[:place]]]
    problems += [Problem(str(file), "", "the same file is given twice", "Give each table its own.") for file in same]
    read = {str(file): _read(file, problems) for file in dict.fromkeys(files)}
    tables = {file: table for file, (table, _) in read.items() if table is not None}
    if len(tables) == len(files) and not same:
        columns = {file: [str(name) for name in table.columns] for file, table in tables.items()}
        problems += disagreements(columns, {file: len(table) for file, table in tables.items()})
        problems += _numbered_differently({file: numbers for file, (_, numbers) in read.items()})
    if problems:
        raise DrawsError(problems)
    costs, effects, *rest = tables.values()
    return costs, effects[list(costs.columns)], rest[0] if rest else pd.DataFrame(index=costs.index)


def _read(file: Path, problems: list[Problem]) -> tuple[pd.DataFrame | None, pd.Series | None]:
    """Return the numbers of one file and, where it has it, the column that numbers the draws."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem(str(file), "", f"it cannot be read ({error.strerror})", "Check the name and rights."))
        return None, None
    except UnicodeDecodeError as error:
        problems.append(Problem(str(file), "", f"byte {error.start} is not UTF-8", "Save it as UTF-8."))
        return None, None
    header = next(csv.reader(io.StringIO(text)), [])
    names = [name.strip() for name in header]
    faults = list(_header_problems(file, names))
    if not faults and not text.rstrip("\r\n").count("\n"):
        faults.append(Problem(str(file), "", "there are no draws", "Write one row a draw below the names."))
    table = None if faults else _fast(text, names)
    if table is None:
        empty = [] if faults else list(_empty_columns(file, text, names))
        told = {each.path for each in empty}
        cells = (each for each in _cell_problems(file, text, names) if not each.path or each.path not in told)
        faults += [*empty, *islice(cells, _MOST + 1)]
        faults = faults or [Problem(str(file), "", "it is no table of numbers", "Write digits and a point.")]
        if len(faults) > _MOST:
            faults[_MOST:] = [Problem(str(file), "", f"more than {_MOST} problems", "The rest is not listed.")]
        problems += faults
        return None, None
    if names[0].lower() not in _NUMBERING:
        problems += numbered(f"{file}:1:1", {names[0]: table[names[0]].to_numpy()})
        return table, None
    numbers = table.pop(names[0])
    if (numbers != np.floor(numbers)).any():
        row = int((numbers != np.floor(numbers)).to_numpy().argmax())
        what = f"{numbers.iloc[row]:g} is no number of a draw"
        problems.append(Problem(f"{file}:{row + 2}:1", names[0], what, "Name the column for what it holds."))
    return table, numbers


def _fast(text: str, names: Sequence[str]) -> pd.DataFrame | None:
    """Return the table if all of it is finite numbers, None if something is wrong somewhere."""
    lines = io.StringIO(text.rstrip("\r\n"))
    next(lines, None)
    try:
        table = np.loadtxt(lines, delimiter=",", quotechar='"', comments=None, ndmin=2)
    except ValueError:
        return None
    rows = text.rstrip("\r\n").count("\n")
    return (
        pd.DataFrame(table, columns=list(names))
        if table.shape == (rows, len(names)) and np.isfinite(table).all()
        else None
    )


def _header_problems(file: Path, names: Sequence[str]) -> Iterator[Problem]:
    if not names:
        yield Problem(str(file), "", "the file is empty", "Write the names, then one row a draw.")
        return
    if len(names) == 1 and any(sign in names[0] for sign in ";\t|"):
        yield Problem(f"{file}:1:1", names[0], "there is no comma", "Separate columns by commas.")
    for place, name in enumerate(names, start=1):
        if not name and place > 1:
            yield Problem(f"{file}:1:{place}", "", "a column has no name", "Name it.")
        elif name in names[: place - 1]:
            yield Problem(f"{file}:1:{place}", name, "two columns have this name", "Give each its own.")
        elif _number(name) is not None:
            yield Problem(f"{file}:1:{place}", name, "a number stands where a name is expected", "Add a first row.")


def _empty_columns(file: Path, text: str, names: Sequence[str]) -> Iterator[Problem]:
    """Yield each column without a single figure, once."""
    rows = [row for row in list(csv.reader(io.StringIO(text.rstrip("\r\n"))))[1:] if len(row) == len(names)]
    for place, name in enumerate(names):
        if rows and not any(row[place].strip() for row in rows):
            yield Problem(f"{file}:1:{place + 1}", name, "the whole column is empty", "Fill it in, or leave it out.")


def _cell_problems(file: Path, text: str, names: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong, cell by cell; ``column`` counts the columns of the table from 1."""
    reader = csv.reader(io.StringIO(text.rstrip("\r\n")))
    next(reader, None)
    for row in reader:
        line = reader.line_num
        if len(row) != len(names):
            what = f"{len(row)} figures, but {len(names)} names" if row else "the row is empty"
            yield Problem(f"{file}:{line}:{min(len(row), len(names)) + 1}", "", what, "Give one figure a column.")
            continue
        for place, (name, cell) in enumerate(zip(names, row, strict=True), start=1):
            value = _number(cell)
            if value is None:
                fix = "Write digits and a point, without unit or thousands." if cell.strip() else "Fill it in."
                what = f"{cell.strip()[:40]!r} is not a number" if cell.strip() else "the cell is empty"
                yield Problem(f"{file}:{line}:{place}", name, what, fix)
            elif not np.isfinite(value):
                yield Problem(
                    f"{file}:{line}:{place}", name, f"{cell.strip()} is not finite", "Give every draw a value."
                )


def _number(cell: str) -> float | None:
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None


def _numbered_differently(numbers: Mapping[str, pd.Series | None]) -> list[Problem]:
    """Return the first draw at which files that number their draws part."""
    given = {file: column for file, column in numbers.items() if column is not None}
    found = []
    for file in list(given)[1:]:
        first = next(iter(given))
        size = min(len(given[file]), len(given[first]))
        differs = given[file].to_numpy()[:size] != given[first].to_numpy()[:size]
        if differs.any():
            row = int(differs.argmax())
            what = f"draw {given[file].iloc[row]:g} stands beside draw {given[first].iloc[row]:g} of {first}"
            found.append(Problem(f"{file}:{row + 2}:1", "", what, "Row i must be the same draw in every table."))
    return found
