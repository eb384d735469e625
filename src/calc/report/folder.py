"""A folder of results that appears under its final name only when whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import RunError

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """Give a folder to write into, and give it its final name, in place of an earlier one, when all went well.

    Raises
    ------
    RunError
        if it cannot be written; then, as after any other error, nothing is left behind.
    """
    work = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        work.mkdir(parents=True)
        yield work
        _publish(work, final)
    except OSError as error:
        parent = final.parent
        raise RunError(f"the results could not be written: {error}. Check room and rights under {parent}/.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(work: Path, final: Path) -> None:
    old = work.with_name(f"{work.name}.old")
    if final.exists():
        final.rename(old)
    work.rename(final)
    shutil.rmtree(old, ignore_errors=True)
