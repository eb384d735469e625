"""What was computed before, found again by the very things that it was computed from.

Models of files are told apart by what they hold, so that a file read twice counts as one; arrays and
what is made of them by identity, which a memory keeps stable by giving the same object back.
"""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

__all__ = ["Memory", "kept"]

T = TypeVar("T")

_PLAIN = (str, int, float, bool, date, frozenset, type(None))
_MOST_MODELS = 4_000


class Memory:
    """Keeps results by their ingredients and lets go of what was not asked for the longest.

    It serves one library of sources: whoever reads other files takes another memory.

    Parameters
    ----------
    most
        Bytes of arrays that are kept at most, those of ingredients included.
    """

    def __init__(self, most: int = 400_000_000) -> None:
        self._most, self._bytes = most, 0
        self._kept: OrderedDict[Hashable, tuple[Any, tuple[object, ...]]] = OrderedDict()
        self._holders: Counter[int] = Counter()  # of each array, in how many results it is
        self._seen: dict[int, tuple[BaseModel, bytes]] = {}

    @property
    def held(self) -> int:
        """The bytes of the arrays that are kept."""
        return self._bytes

    def of(self, what: str, make: Callable[[], T], *parts: object) -> T:
        """Return what ``make`` returned when ``what`` was last asked for with equal ``parts``, or make it.

        Its arrays become read-only: whoever asks again is given the same ones.
        """
        key = (what, *map(self._key, parts))
        if key in self._kept:
            self._kept.move_to_end(key)
            found: T = self._kept[key][0]
            return found
        made = make()
        for array in _arrays(made):
            array.flags.writeable = False
        self._kept[key] = (made, parts)  # the parts, so that their identities stay taken
        for array in _arrays((made, parts)):
            self._bytes += array.nbytes if not self._holders[id(array)] else 0
            self._holders[id(array)] += 1
        while self._bytes > self._most and len(self._kept) > 1:
            self._forget()
        return made

    def _forget(self) -> None:
        """Let go of what was not asked for the longest."""
        _, entry = self._kept.popitem(last=False)
        for array in _arrays(entry):
            self._holders[id(array)] -= 1
            if not self._holders[id(array)]:
                del self._holders[id(array)]
                self._bytes -= array.nbytes

    def _key(self, part: object) -> Hashable:
        if isinstance(part, _PLAIN):
            return (type(part), part)
        if isinstance(part, tuple):
            return tuple(map(self._key, part))
        if isinstance(part, BaseModel):
            return ("model", self._model(part))
        return id(part)

    def _model(self, model: BaseModel) -> bytes:
        """Return what equal models share and others do not: a hash of all that they hold."""
        if id(model) not in self._seen:
            if len(self._seen) > _MOST_MODELS:
                self._seen.clear()
            text = f"{type(model).__name__} {model.model_dump_json()}"
            self._seen[id(model)] = (model, hashlib.sha256(text.encode()).digest())
        return self._seen[id(model)][1]


def kept(memory: Memory | None, what: str, make: Callable[[], T], *parts: object) -> T:
    """Return what a memory has, where there is one; else make it."""
    return make() if memory is None else memory.of(what, make, *parts)


def _arrays(made: object) -> list[npt.NDArray[Any]]:
    """Return the arrays in something made."""
    found: list[npt.NDArray[Any]] = []
    left = [made]
    while left:
        part = left.pop()
        if isinstance(part, np.ndarray):
            found.append(part)
        elif isinstance(part, str | float | int):  # most of what rows hold
            continue
        elif isinstance(part, tuple | list):
            left.extend(part)
        elif isinstance(part, Mapping):
            left.extend(part.values())
        elif is_dataclass(part):
            left.extend(getattr(part, field.name) for field in fields(part))
    return found
