"""Lines of a starting file that nobody has filled in yet: text in angle brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import Problem
from .files import Trees
from .tree import Key, Tree

__all__ = ["unfinished"]

_ASKED = re.compile(r"<[^<>]{3,}>")


def unfinished(trees: Trees) -> Iterator[Problem]:
    """Yield each text that still asks for what should stand there, such as ``<What is done>``."""
    for tree in trees.values():
        if tree is not None:
            yield from _of(tree, (), tree.data)


def _of(tree: Tree, path: Key, node: Any) -> Iterator[Problem]:
    if isinstance(node, dict | list):
        for key, each in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _of(tree, (*path, key), each)
    elif isinstance(node, str) and (asked := _ASKED.search(node)):
        yield tree.problem(path, f"{asked.group()} still stands here", "Fill it in.")
