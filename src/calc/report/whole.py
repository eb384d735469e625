"""Files and folders that appear under their final name only when whole, on the disk and not merely in memory."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import RunError

__all__ = ["DISK", "Disk", "append_line", "publish", "whole_file", "whole_folder", "write_whole"]


class Disk:
    """The calls that make a file or folder last; tests put one in that fails."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file (see :func:`os.open`)."""
        return os.open(path, flags, 0o666)

    def write(self, handle: int, content: bytes) -> int:
        """Write, perhaps less than all, and return how much."""
        return os.write(handle, content)

    def fsync(self, handle: int) -> None:
        """Wait until what was written is on the disk."""
        os.fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file or folder another name, in place of a file that bore it."""
        old.replace(new)


DISK = Disk()


def write_whole(file: Path, content: bytes, *, disk: Disk = DISK) -> Path:
    """Write a file, in place of an earlier one, so that it is there whole or not at all; return it.

    Raises
    ------
    RunError
        if it cannot be written; what was there before is there still, and nothing else.
    """
    with whole_file(file, disk=disk) as beside:
        handle = disk.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            _write(handle, content, disk)
        finally:
            os.close(handle)
    return file


@contextmanager
def whole_file(final: Path, *, disk: Disk = DISK) -> Iterator[Path]:
    """Give a name to write a file under, and give it its final name, in place of an earlier one, when all went well.

    Raises
    ------
    RunError
        if it cannot be written; then, as after any other error, nothing is left behind.
    """
    beside = _beside(final)
    try:
        with _told(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            yield beside
            _settle(beside, disk)
            disk.rename(beside, final)
            _settle(final.parent, disk)
    finally:
        with suppress(OSError):  # what cannot be removed is not there, or told already
            beside.unlink()


@contextmanager
def whole_folder(final: Path, *, disk: Disk = DISK) -> Iterator[Path]:
    """Give a folder to write into, and give it its final name, in place of an earlier one, when all went well.

    Raises
    ------
    RunError
        if it cannot be written; then, as after any other error, nothing is left behind.
    """
    work = _beside(final)
    try:
        with _told(final):
            work.mkdir(parents=True)
            yield work
            publish(work, final, disk=disk)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _beside(final: Path) -> Path:
    return final.with_name(f".{final.name[:100]}.{secrets.token_hex(4)}")


@contextmanager
def _told(final: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunError(
            f"{final} could not be written: {error}. Check room and rights under {final.parent}/."
        ) from error


def publish(work: Path, final: Path, *, disk: Disk = DISK) -> None:
    """Give a finished folder its final name; one that is there already makes room.

    Raises
    ------
    OSError
        with ``work`` still under its own name, and ``final`` as it was.
    """
    for path in sorted(work.rglob("*"), reverse=True):
        _settle(path, disk)
    _settle(work, disk)
    try:
        disk.rename(work, final)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES) or not final.is_dir():
            raise
        aside = work.with_name(f"{work.name}.old")
        disk.rename(final, aside)
        try:
            disk.rename(work, final)
        except OSError:
            disk.rename(aside, final)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    _settle(final.parent, disk)


def append_line(path: Path, line: str, *, disk: Disk = DISK) -> None:
    """Append one line in one piece; a line torn by a crash before it is closed off.

    Raises
    ------
    OSError
    """
    content = line.encode() + b"\n"
    handle = disk.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            content = b"\n" + content
        _write(handle, content, disk)
        disk.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, content: bytes, disk: Disk) -> None:
    rest = memoryview(content)
    while rest:
        count = disk.write(handle, bytes(rest[: 1 << 20]))
        if count == 0:
            raise OSError(errno.EIO, "nothing more could be written")
        rest = rest[count:]


def _settle(path: Path, disk: Disk) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there; a rename is on the disk when it returns
    handle = disk.open(path, os.O_RDONLY)
    try:
        disk.fsync(handle)
    finally:
        os.close(handle)
