"""A file from outside as a stream of bytes: plain, gzip, or a zip with one file in it; half files and bombs told."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ..errors import ParameterFileError, Problem

__all__ = ["lines_of", "opened", "wrong"]

#: real price files shrink to a tenth or a fiftieth; what swells more than this is made to fill a disk or a memory
_MOST_SWELLING = 500
_UNTIL_THEN = 64 * 2**20
_LONGEST_LINE = 8 * 2**20


def wrong(where: object, column: str, what: str, fix: str) -> ParameterFileError:
    """Return the error of one thing that is wrong with a file."""
    return ParameterFileError([Problem(str(where), column, what, fix)])


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """Open a file as it was downloaded, for reading once from its start.

    Raises
    ------
    ParameterFileError
        at opening or at any read: cannot be read, holds several files, is cut off, swells beyond all measure.
    """
    try:
        with file.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=raw) as unzipped, _measured(unzipped, raw, file) as stream:
                    yield stream
            elif start == b"PK\x03\x04":
                with (
                    zipfile.ZipFile(raw) as folder,
                    folder.open(_only(folder, file)) as inner,
                    _measured(inner, raw, file) as stream,
                ):
                    yield stream
            else:
                yield raw
    except OSError as error:
        why = error.strerror or str(error)
        raise wrong(file, "", f"it cannot be read ({why})", "Check the name and the rights.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise wrong(file, "", f"the zip cannot be opened ({error})", "Download it again, or unpack it.") from error


def _only(folder: zipfile.ZipFile, file: Path) -> zipfile.ZipInfo:
    inside = [each for each in folder.infolist() if not each.is_dir()]
    if len(inside) != 1:
        names = ", ".join(repr(each.filename[:60]) for each in inside[:5]) or "nothing"
        fix = "Unpack it, and name the one you mean."
        raise wrong(file, "", f"the zip holds {len(inside)} files ({names})", fix)
    return inside[0]


def _measured(inner: IO[bytes] | Any, raw: IO[bytes], file: Path) -> io.BufferedReader:
    return io.BufferedReader(_Measured(inner, raw, file), 2**16)


class _Measured(io.RawIOBase):
    """What comes out of a compressed file, held against how much went in."""

    def __init__(self, inner: Any, raw: IO[bytes], file: Path) -> None:
        self.inner, self.raw, self.file, self.out = inner, raw, file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            found = self.inner.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            what = f"the compressed file is damaged or cut off after {self.out:,} bytes of content"
            raise wrong(self.file, "", what, "Download it again.") from error
        self.out += len(found)
        if self.out > _UNTIL_THEN and self.out > _MOST_SWELLING * self.raw.tell():
            what = f"it swells to more than {_MOST_SWELLING} times its size"
            raise wrong(self.file, "", what, "No price file does; it is not read further.")
        buffer[: len(found)] = found
        return len(found)


def lines_of(stream: IO[bytes], file: Path) -> Iterator[str]:
    """Yield a text's lines with their ends, UTF-8 with or without a byte-order mark; other bytes become "\ufffd".

    Raises
    ------
    ParameterFileError
        for a line that no table has.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            what = f"a line of more than {_LONGEST_LINE:,} characters"
            raise wrong(f"{file}:{number}", "", what, "Is this the file that you mean? A table has short lines.")
        yield line
    text.detach()
