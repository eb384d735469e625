"""A session: what one desk, one batch process or one sweep holds from one question to the next.

It owns the parameter files as they were read, and the cache in which stages look first. Whoever opens a
session decides how long it lives; a single :func:`calc.compare` has a cache of its own that goes with its result.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from .cache import Cache
from .inputs.many import Shelf

__all__ = ["Session", "digest_of"]


class Session:
    """The files under one ``params/`` folder, read once, and a cache.

    Parameters
    ----------
    root
        The ``params/`` folder.
    most
        Bytes of arrays that the cache keeps at most.

    Raises
    ------
    ParameterFileError
        listing every problem of every file.
    """

    def __init__(self, root: Path, most: int = 400_000_000) -> None:
        self.digest = digest_of(root)
        self.shelf, self.cache = Shelf(root), Cache(most)

    def in_use(self) -> Any:
        """Return a context in which stages look into the session's cache first."""
        return self.cache.in_use()


def digest_of(root: Path) -> str:
    """Return a hash of every parameter file under a folder: of its name and what it holds."""
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.yaml")):
        digest.update(f"{file.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
