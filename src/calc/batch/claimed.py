"""One process at a time at a run; the system lets go when it dies."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["claimed"]


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a lock while a run is made: True if it is ours, False if somebody else holds it.

    The system lets go of it when its holder dies. Where a file system knows no locks, everybody
    may go on: runs are equal and appear whole, so that doing one twice costs time and nothing else.
    """
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.EOPNOTSUPP):
            raise
        yield True
        return
    try:
        yield True
    finally:
        with suppress(OSError):  # whoever opened it meanwhile sees that it is gone, and makes a new one
            path.unlink()
        lock.release()
