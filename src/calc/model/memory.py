"""What was drawn before, kept as long as there is room: the same inputs are drawn once, whoever asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

__all__ = ["DRAWN", "Memory", "Same", "content"]

T = TypeVar("T")


class Memory(Generic[T]):
    """Results of pure functions by all that goes into them; what was not asked for the longest goes first.

    Parameters
    ----------
    most
        Bytes that may be kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def recall(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return what ``key`` stands for, made now if it is not known; ``size`` says how many bytes that takes."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made, size(made)
                self._size += self._kept[key][1]
            while self._size > self._most and self._kept:
                self._size -= self._kept.popitem(last=False)[1][1]
        return made


#: every block of uniforms and every parameter drawn: a whole study of 16,384 draws
DRAWN: Memory[Any] = Memory(192 * 2**20)


class Same:
    """A checked model as part of a key: the same object and no other, so that asking costs next to nothing."""

    def __init__(self, model: BaseModel) -> None:
        self.model = model

    def __hash__(self) -> int:
        return id(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.model is self.model


@lru_cache(maxsize=4_096)
def content(same: Same) -> str:
    """Return all that a model holds as one text, made once for each object."""
    return same.model.model_dump_json()
