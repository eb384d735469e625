"""A large CSV, plain or in a zip, read as a stream: one record after another in constant memory, found again by place.

Records are told apart in bytes, so that a place in the file is exact and the million rows of other plans
are passed over without being taken apart.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import ParameterFileError, Problem

__all__ = ["Index", "Record", "Table", "index_file", "index_of", "index_text", "read_index"]

#: a record longer than this is no row of a table of plans
_LONGEST = 1_000_000


@dataclass(frozen=True)
class Record:
    """One row: its number as a spreadsheet counts it, and its cells by column, without spaces at their ends."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


#: by key, the stretches of a file in which its records stand: row before, first byte, byte after the last
Index = Mapping[str, tuple[tuple[int, int, int], ...]]


class Table:
    """A CSV file with a header row, or the only CSV in a zip.

    Raises
    ------
    ParameterFileError
        for a file that is no such table, with its row and what would be right.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._opened() as stream:
            head = next(_records(stream, self), None)
        if head is None:
            raise self.wrong(1, "", "the file is empty", "Give the file as it was downloaded.")
        self._begins = len(head)
        self.header = [name.strip() for name in self._cells(head, 1)]
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        if twice:
            raise self.wrong(1, twice[0], "this column stands twice", "Keep one.")

    def wrong(self, row: int, column: str, what: str, fix: str) -> ParameterFileError:
        """Return the error for one place of the file."""
        return ParameterFileError([Problem(f"{self.file}:{row}", column, what, fix)])

    def records(self, key: str = "", wanted: str = "", stretches: Index | None = None) -> Iterator[Record]:
        """Yield the rows, or those alone whose ``key`` column is ``wanted``; an index says where these stand."""
        if stretches is not None:
            yield from self._found(stretches.get(wanted, ()))
            return
        sought = wanted.encode()
        with self._opened() as stream:
            for row, raw in enumerate(_records(stream, self), start=1):
                if row == 1 or (sought and sought not in raw) or not raw.strip():
                    continue
                record = self._record(raw, row)
                if not wanted or record[key] == wanted:
                    yield record

    def places(self, key: str) -> Iterator[tuple[str, int, int, int]]:
        """Yield the key of each row with its number, first byte and byte after the last."""
        at, column = 0, self.header.index(key)
        with self._opened() as stream:
            for row, raw in enumerate(_records(stream, self), start=1):
                if row > 1 and raw.strip():
                    head = raw.split(b",", column + 1)
                    plain = len(head) > column and b'"' not in b"".join(head[: column + 1])
                    name = head[column].strip().decode("utf-8", "replace") if plain else self._record(raw, row)[key]
                    yield name, row, at, at + len(raw)
                at += len(raw)

    def _found(self, stretches: tuple[tuple[int, int, int], ...]) -> Iterator[Record]:
        with self._opened() as stream:
            for before, first, last in stretches:
                stream.seek(first)
                part = io.BytesIO(stream.read(last - first))
                for row, raw in enumerate(_records(part, self), start=before + 1):
                    yield self._record(raw, row)

    def _record(self, raw: bytes, row: int) -> Record:
        cells = self._cells(raw, row)
        if len(cells) != len(self.header):
            what = f"{len(cells)} cells under {len(self.header)} columns"
            raise self.wrong(row, "", what, "The file may be cut short or edited; download it again.")
        return Record(row, dict(zip(self.header, (each.strip() for each in cells), strict=True)))

    def _cells(self, raw: bytes, row: int) -> list[str]:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
        if "\0" in text:
            raise self.wrong(row, "", "this is no text", "Give a CSV, or a zip that holds one.")
        try:
            return next(csv.reader([text], strict=True))
        except (csv.Error, StopIteration) as error:
            raise self.wrong(row, "", f"this is no row of a CSV: {error}", "Download the file again.") from error

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            if not zipfile.is_zipfile(self.file):
                with self.file.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self.file) as packed:
                names = [name for name in packed.namelist() if name.lower().endswith(".csv")]
                if len(names) != 1:
                    held = ", ".join(packed.namelist()[:5]) or "nothing"
                    raise self.wrong(1, "", f"the zip holds {held}", "Give one that holds a single CSV.")
                with packed.open(names[0]) as inner:
                    yield inner
        except (OSError, zipfile.BadZipFile, EOFError) as error:
            raise self.wrong(1, "", f"the file cannot be read: {error}", "Download it again.") from error


def _records(stream: IO[bytes], table: Table) -> Iterator[bytes]:
    """Yield each record with its line end; a line end within quotes belongs to the record."""
    held: list[bytes] = []
    row, odd, length = 1, False, 0
    for line in stream:
        held.append(line)
        length += len(line)
        odd ^= line.count(b'"') % 2 == 1
        if length > _LONGEST:
            what = "a row of more than a million characters"
            raise table.wrong(row, "", what, "This is no table of plans, or a quotation mark was left open.")
        if not odd:
            yield b"".join(held)
            held, length, row = [], 0, row + 1
    if held:
        raise table.wrong(row, "", "a quotation mark is left open to the end of the file", "Download the file again.")


def index_of(table: Table, key: str) -> Index:
    """Return where the records of each key stand; neighbours are one stretch."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    last: str | None = None
    for name, row, first, after in table.places(key):
        stretches = found.setdefault(name, [])
        if name == last and stretches and stretches[-1][2] == first:
            stretches[-1] = (*stretches[-1][:2], after)
        else:
            stretches.append((row - 1, first, after))
        last = name
    return {name: tuple(stretches) for name, stretches in found.items()}


def index_file(table: Table) -> Path:
    """Return where a table's index lies: beside it."""
    return table.file.with_name(f"{table.file.name}.index")


def index_text(table: Table, index: Index) -> str:
    """Return an index as the text of its file; it counts for the very file that it was made of."""
    return json.dumps({"of": _stamp(table), "stretches": index}, separators=(",", ":"))


def read_index(table: Table) -> Index | None:
    """Return the index beside a table, None where there is none of this very file."""
    try:
        found = json.loads(index_file(table).read_text("utf-8"))
        if found["of"] == _stamp(table):
            return {name: tuple((a, b, c) for a, b, c in stretches) for name, stretches in found["stretches"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def _stamp(table: Table) -> list[object]:
    """Return what tells this file from a later one of its name."""
    about = table.file.stat()
    return [about.st_size, about.st_mtime_ns, table.header]
