"""Files that appear under their final name only when whole, on the disk and not merely in memory."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..report.manifest import sha256

__all__ = ["DISK", "Disk", "append_line", "claimed", "is_whole", "publish", "write_whole"]


class Disk:
    """The calls by which a batch changes a disk; tests put one in that fails."""

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


def write_whole(path: Path, content: bytes, *, disk: Disk = DISK) -> None:
    """Write a file so that it is there whole or not at all, whatever stops this.

    Raises
    ------
    OSError
        with nothing under the final name that was not there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    try:
        handle = disk.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            _write(handle, content, disk)
            disk.fsync(handle)
        finally:
            os.close(handle)
        disk.rename(beside, path)
        _settle(path.parent, disk)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


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


def publish(work: Path, final: Path, *, disk: Disk = DISK) -> None:
    """Give a finished folder its final name; one that is there already makes room.

    Raises
    ------
    OSError
        with ``work`` still under its own name.
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
        disk.rename(work, final)
        shutil.rmtree(aside, ignore_errors=True)
    _settle(final.parent, disk)


def is_whole(folder: Path) -> bool:
    """Whether a run's folder holds what its manifest says, byte for byte, and nothing else."""
    try:
        content = json.loads((folder / "manifest.json").read_bytes())
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        files.pop("manifest.json")
        there = {name: sha256(file.read_bytes()) for name, file in files.items()}
        return bool(content["run"] == folder.name and content["files"] == there)
    except (OSError, ValueError, KeyError, TypeError):
        return False


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


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a lock while a run is made: True if it is ours, False if somebody else holds it.

    The system lets go of it when its holder dies. Where a file system knows no locks, everybody
    may go on: runs are equal and appear whole, so that doing one twice costs time and nothing else.
    """
    try:
        import fcntl
    except ImportError:
        yield True
        return
    handle = _locked(path, fcntl)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            path.unlink(missing_ok=True)
            os.close(handle)


def _locked(path: Path, fcntl: Any) -> int | None:
    """Return the open lock file, or None if somebody else holds it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        except OSError:  # no locks on this file system
            return handle
        with contextlib.suppress(OSError):
            if path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)  # the holder before us removed the file: take the new one
