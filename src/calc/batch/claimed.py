"""One process at a time at a run; the system lets go when it dies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["claimed"]


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
