"""Files that were handed over as bytes, on disk for as long as something reads them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ..errors import ParameterFileError

__all__ = ["on_disk"]

T = TypeVar("T")


def on_disk(files: Mapping[str, bytes], read: Callable[[list[Path]], T]) -> T:
    """Read files, by name, from a folder that is gone afterwards, and that no problem told of them names.

    Raises
    ------
    ParameterFileError
        as ``read`` raises it.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, content in files.items():
            paths.append(Path(folder) / Path(name).name)
            paths[-1].write_bytes(content)
        try:
            return read(paths)
        except ParameterFileError as error:
            named = [replace(each, where=each.where.removeprefix(f"{folder}/")) for each in error.problems]
            raise ParameterFileError(named) from None
