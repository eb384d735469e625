"""What was computed before, found again by the very things that it was computed from.

Models of files are told apart by what they hold, so that a file read twice counts as one; arrays and
what is made of them by identity, which a memory keeps stable by giving the same object back.
"""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

__all__ = ["Memory", "kept"]

T = TypeVar("T")

Array = npt.NDArray[Any]

_PLAIN = (str, int, float, bool, date, frozenset, type(None))
_MOST_MODELS = 4_000
_FIELDS: dict[type, tuple[str, ...]] = {}


@dataclass
class _Held:
    """Something that is kept, the arrays in it, and in how many results it is one of the parts."""

    it: object
    arrays: list[Array]
    holders: int = 0


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
        self._kept: OrderedDict[Hashable, tuple[Any, list[object]]] = OrderedDict()
        self._held: dict[int, _Held] = {}
        self._holders: Counter[int] = Counter()  # of each array, in how many of what is held it is
        self._seen: dict[int, tuple[BaseModel, bytes]] = {}

    @property
    def held(self) -> int:
        """The bytes of the arrays that are kept."""
        return self._bytes

    def of(self, what: str, make: Callable[[], T], *parts: object) -> T:
        """Return what ``make`` returned when ``what`` was last asked for with equal ``parts``, or make it.

        Its arrays become read-only: whoever asks again is given the same ones.
        """
        kept: list[object] = []  # what is told apart by identity, which stays taken as long as it is kept
        key = (what, *(self._key(part, kept) for part in parts))
        if key in self._kept:
            self._kept.move_to_end(key)
            found: T = self._kept[key][0]
            return found
        made = make()
        for array in self._hold(made).arrays:
            array.flags.writeable = False
        for part in kept:
            self._hold(part)
        self._kept[key] = (made, kept)
        while self._bytes > self._most and len(self._kept) > 1:
            self._forget()
        return made

    def _hold(self, it: object) -> _Held:
        """Count the arrays of something kept, each once however many results it is part of."""
        held = self._held.get(id(it))
        if held is None:
            held = self._held[id(it)] = _Held(it, _arrays(it))
            for array in held.arrays:
                self._bytes += array.nbytes if not self._holders[id(array)] else 0
                self._holders[id(array)] += 1
        held.holders += 1
        return held

    def _forget(self) -> None:
        """Let go of what was not asked for the longest."""
        _, (made, kept) = self._kept.popitem(last=False)
        for it in (made, *kept):
            held = self._held[id(it)]
            held.holders -= 1
            if not held.holders:
                del self._held[id(it)]
                self._release(held.arrays)

    def _release(self, arrays: Iterable[Array]) -> None:
        for array in arrays:
            self._holders[id(array)] -= 1
            if not self._holders[id(array)]:
                del self._holders[id(array)]
                self._bytes -= array.nbytes

    def _key(self, part: object, kept: list[object]) -> Hashable:
        if isinstance(part, _PLAIN):
            return (type(part), part)
        if isinstance(part, tuple):
            return tuple([self._key(each, kept) for each in part])
        if isinstance(part, BaseModel):
            return ("model", self._model(part))
        kept.append(part)
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


def _arrays(made: object) -> list[Array]:
    """Return the arrays in something made."""
    found: list[Array] = []
    left: list[Any] = [made]
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
        else:
            left.extend(getattr(part, name) for name in _names(type(part)))
    return found


def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a dataclass, found once; nothing else is looked into."""
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return names
