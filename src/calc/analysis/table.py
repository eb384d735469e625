"""A table of a result: made when it is asked for, registered where it is made, with what each row rests on.

``@table(basis)`` marks a method as a table of its class; ``basis`` says how a column ``basis`` comes to be:
a function of the finished table and the result, or None where the table has the column itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import pandas as pd

__all__ = ["Basis", "table", "tables_of", "with_basis"]

Basis = Callable[[pd.DataFrame, Any], list[str]]


class _Table(cached_property[pd.DataFrame]):
    """A cached property that :func:`tables_of` lists."""

    def __init__(self, make: Callable[[Any], pd.DataFrame], basis: Basis | None) -> None:
        super().__init__(partial(_made, make))
        self.__doc__, self.basis = make.__doc__, basis


def _made(make: Callable[[Any], pd.DataFrame], owner: Any) -> pd.DataFrame:
    """Make a table with its owner's cache in use."""
    with owner.cache.in_use():
        return make(owner)


def table(basis: Basis | None = None) -> Callable[[Callable[[Any], pd.DataFrame]], _Table]:
    """Mark a method as a table."""
    return lambda make: _Table(make, basis)


def _registered(owner: type) -> Iterator[tuple[str, _Table]]:
    for name, each in vars(owner).items():
        if isinstance(each, _Table):
            yield name, each


def tables_of(owner: type) -> tuple[str, ...]:
    """Return the names of a class's tables, in the order in which they stand there."""
    return tuple(name for name, _ in _registered(owner))


def with_basis(result: Any) -> Mapping[str, pd.DataFrame]:
    """Return every table of an object by name, each with a column ``basis``."""
    made = {}
    for name, each in _registered(type(result)):
        found: pd.DataFrame = getattr(result, name)
        if each.basis is not None:
            bases = [str(basis) for basis in each.basis(found, result)]
            found = found.assign(basis=pd.Series(bases, index=found.index, dtype=object))
        made[name] = found
    return made
