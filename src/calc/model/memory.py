"""What was computed before, found again by the very things that it was computed from.

Models of files are told apart by what they hold, so that a file read twice counts as one; arrays and
what is made of them by identity, which a memory keeps stable by giving the same object back.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

__all__ = ["Memory", "kept"]

T = TypeVar("T")

_PLAIN = (str, int, float, bool, date, frozenset, type(None))
_MOST_MODELS = 4_000
_OPENERS: dict[type, Callable[[Any], Iterable[Any]]] = {}


@dataclass(slots=True)
class _Held:
    """Something that is kept, what of it is kept as well, and in how many results and parts it is."""

    it: object
    parts: list[_Held]
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
        self._kept: OrderedDict[Hashable, tuple[Any, list[_Held]]] = OrderedDict()
        self._held: dict[int, _Held] = {}
        self._seen: dict[int, tuple[BaseModel, bytes]] = {}

    @property
    def held(self) -> int:
        """The bytes of the arrays that are kept."""
        return self._bytes

    def of(self, what: str, make: Callable[[], T], *parts: object) -> T:
        """Return what ``make`` returned when ``what`` was last asked for with equal ``parts``, or make it.

        Its arrays, and those of its parts, become read-only: whoever asks again is given the same ones.
        """
        used: list[object] = []  # what is told apart by identity, which stays taken as long as it is kept
        key = (what, *[self._key(part, used) for part in parts])
        if key in self._kept:
            self._kept.move_to_end(key)
            found: T = self._kept[key][0]
            return found
        made = make()
        self._kept[key] = (made, [self._hold(each) for each in (made, *used)])
        while self._bytes > self._most and len(self._kept) > 1:
            _, (_, held) = self._kept.popitem(last=False)
            for each in held:
                self._release(each)
        return made

    def _hold(self, it: object) -> _Held:
        """Count the arrays of something kept, each once however many results it is part of."""
        held = self._held.get(id(it))
        if held is None:
            held = self._held[id(it)] = _Held(it, [self._hold(part) for part in self._parts(it)])
            if isinstance(it, np.ndarray):
                self._bytes += it.nbytes
                it.flags.writeable = False
        held.holders += 1
        return held

    def _release(self, held: _Held) -> None:
        held.holders -= 1
        if not held.holders:
            del self._held[id(held.it)]
            self._bytes -= held.it.nbytes if isinstance(held.it, np.ndarray) else 0
            for part in held.parts:
                self._release(part)

    def _parts(self, it: object) -> Iterator[object]:
        """Yield the arrays in something, and whatever is held already in place of what is in that."""
        left = [*_inside(it)]
        while left:
            part = left.pop()
            if isinstance(part, np.ndarray) or id(part) in self._held:
                yield part
            else:
                left.extend(_inside(part))

    def _key(self, part: object, used: list[object]) -> Hashable:
        if isinstance(part, _PLAIN):
            return (type(part), part)
        if isinstance(part, tuple):
            return tuple([self._key(each, used) for each in part])
        if isinstance(part, BaseModel):
            return ("model", self._model(part))
        used.append(part)
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


def _inside(it: object) -> Iterable[Any]:
    """Return the parts of a sequence, a mapping or a dataclass; nothing else is looked into."""
    kind = type(it)
    if kind not in _OPENERS:
        _OPENERS[kind] = _opener(kind)
    return _OPENERS[kind](it)


def _opener(kind: type) -> Callable[[Any], Iterable[Any]]:
    if issubclass(kind, tuple | list):
        return iter
    if issubclass(kind, Mapping):
        return lambda mapping: mapping.values()
    names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return lambda it: [getattr(it, name) for name in names]
