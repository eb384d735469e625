"""Results of pure stages, kept outside them: found again by everything that a stage was given.

A stage is a pure function of frozen values, marked with :func:`stage`. On its own it computes. While a
:class:`Cache` is in use (:meth:`Cache.in_use`), a stage that was given the same before returns what it
returned then. What is the same: plain values and enumerations by value, tuples by their parts, models of
files by a hash of all that they hold, everything else (arrays, and what is made of them) by identity,
which the cache keeps stable by holding the object. So nobody writes a key, and none can be forgotten.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from pydantic import BaseModel

__all__ = ["Cache", "in_use", "stage", "without_cache"]

P = ParamSpec("P")
T = TypeVar("T")

_PLAIN = (str, int, float, bool, date, frozenset, type(None))
_MOST_MODELS = 4_000
_OPENERS: dict[type, Callable[[Any], Iterable[Any]]] = {}
_IN_USE: ContextVar[Cache | None] = ContextVar("cache", default=None)


def stage(function: Callable[P, T]) -> Callable[P, T]:
    """Mark a pure function of frozen values, whose results the cache in use keeps."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        cache = _IN_USE.get()
        return function(*args, **kwargs) if cache is None else cache.call(function, *args, **kwargs)

    return asked


def in_use() -> Cache | None:
    """Return the cache that stages look into here, None where they compute."""
    return _IN_USE.get()


@contextmanager
def _using(cache: Cache | None) -> Iterator[None]:
    token = _IN_USE.set(cache)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def without_cache() -> Any:
    """Let stages compute without a cache, for work whose parts nobody will ask for again."""
    return _using(None)


@dataclass(slots=True)
class _Held:
    """Something that is kept, what of it is kept as well, and in how many results and parts it is."""

    it: object
    parts: list[_Held]
    holders: int = 0


class Cache:
    """Keeps results by what they were made of and lets go of what was not asked for the longest.

    Parameters
    ----------
    most
        Bytes of arrays that are kept at most, those of arguments included.
    """

    def __init__(self, most: int = 400_000_000) -> None:
        self._most, self._bytes = most, 0
        self._kept: OrderedDict[Hashable, tuple[Any, list[_Held]]] = OrderedDict()
        self._held: dict[int, _Held] = {}
        self._seen: dict[int, tuple[BaseModel, bytes]] = {}

    def in_use(self) -> Any:
        """Return a context in which stages look here first."""
        return _using(self)

    def adopt(self) -> None:
        """Be in use from here on, for a process that serves one session to its end."""
        _IN_USE.set(self)

    @property
    def held(self) -> int:
        """The bytes of the arrays that are kept."""
        return self._bytes

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``function`` returned when it was last given the same, or call it.

        Arrays in the result and in the arguments become read-only: whoever asks again is given the same ones.
        """
        used: list[object] = []  # what is told apart by identity, which stays taken as long as it is kept
        key = (function, *[self._key(each, used) for each in args])
        if kwargs:
            key = (*key, *[(name, self._key(each, used)) for name, each in sorted(kwargs.items())])
        if key in self._kept:
            self._kept.move_to_end(key)
            result: T = self._kept[key][0]
            return result
        result = function(*args, **kwargs)
        self._kept[key] = (result, [self._hold(each) for each in (result, *used)])
        while self._bytes > self._most and len(self._kept) > 1:
            _, (_, held) = self._kept.popitem(last=False)
            for each in held:
                self._release(each)
        return result

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
            return (type(part), *[self._key(each, used) for each in part])
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
