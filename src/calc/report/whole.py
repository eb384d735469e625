"""A file that appears under its final name only when whole."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import RunError

__all__ = ["write_whole"]


def write_whole(file: Path, content: bytes) -> Path:
    """Write ``content`` beside ``file`` and rename it, in place of an earlier one.

    Raises
    ------
    RunError
        if it cannot be written; nothing is left behind.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        raise RunError(f"{file} could not be written: {error}. Check room and rights.") from error
    finally:
        beside.unlink(missing_ok=True)
    return file
