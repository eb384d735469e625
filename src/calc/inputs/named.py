"""Which files a study needs: those that it names, and what these name in turn; told by the files as they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..errors import Problem
from .files import Trees

__all__ = ["named_by", "of_these"]

Address = tuple[str, str]

#: folders whose files every study reads
_ALWAYS = ("sources", "contradictions")


def named_by(trees: Trees, study: str) -> frozenset[Address]:
    """Return the files that a study needs, by folder and name; what is not well formed names nothing."""
    own = _data(trees, ("studies", study))
    found = {("studies", study), *(address for address in trees if address[0] in _ALWAYS)}
    for folder, keys in (("plans", ("plan", "plans")), ("patients", ("patient",)), ("conditions", ("condition",))):
        found |= {(folder, name) for key in keys for name in _names(own.get(key))}
    found |= {("views", name) for name in _names(own.get("views"))}
    steps = [step for each in _mapping(own.get("pathways")).values() for step in _list(_mapping(each).get("steps"))]
    left = [*_names(own.get("treatments")), *(str(_mapping(step).get("treatment")) for step in steps)]
    while left:
        address = ("treatments", left.pop())
        if address not in found:
            found.add(address)
            left += [str(_mapping(each).get("versus")) for each in _list(_data(trees, address).get("effects"))]
    return frozenset(found)


def of_these(problems: Collection[Problem], trees: Trees, needed: Collection[Address]) -> Iterator[Problem]:
    """Yield the problems that do not stand in a file which is not needed."""
    others = tuple(f"/{folder}/{name}" for folder, name in trees if (folder, name) not in needed)
    for each in problems:
        file, yaml, _ = f"/{each.where}".partition(".yaml:")
        if not yaml or not file.endswith(others):
            yield each


def _data(trees: Trees, address: Address) -> dict[Any, Any]:
    tree = trees.get(address)
    return _mapping(tree.data) if tree is not None else {}


def _mapping(value: object) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in _list(value)]
