"""Your own numbers in a file: the shape of the parameter files, only what differs, and all of it yours.

.. code-block:: yaml

    label: Quote of the clinic, 3 December
    stem_cell_injection:
      price:
        injection: 5500
      sessions: 2
    plan:
      deductible:
        claims:
          - {reading: bounds, low: 2500, high: 3000}
    patient:
      met: {deductible: 800, out_of_pocket: 800}

A bare number stands for an exact claim; claims written out take the same keys as elsewhere and
are yours unless they name a source or an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .tree import Key, Tree, read_tree

__all__ = ["Given", "overlay_text", "read_overlay"]


@dataclass(frozen=True)
class Given:
    """A setting's value, where it stands, and whose word it is."""

    value: object
    where: str
    yours: str


def read_overlay(file: Path) -> Mapping[str, Given]:
    """Return the settings that an overlay file makes, by dotted path.

    Raises
    ------
    ParameterFileError
        if it is no YAML of plain data.
    """
    tree = read_tree(file)
    label = str(tree.data.get("label") or file.name)
    return {
        ".".join(map(str, path)): Given(value, tree.where(path), label)
        for path, value in _leaves(tree, (), tree.data, label)
        if path != ("label",)
    }


def _leaves(tree: Tree, path: Key, node: Any, label: str) -> Iterator[tuple[Key, object]]:
    """Yield what a file sets: claims as a whole, anything else value by value."""
    if isinstance(node, dict) and isinstance(node.get("claims"), list):
        yield path, [_owned(claim, label) for claim in node["claims"]]
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(tree, (*path, key), value, label)
    else:
        yield path, node


def _owned(claim: Any, label: str) -> Any:
    if isinstance(claim, dict) and not {"source", "assumption", "yours"} & claim.keys():
        return {**claim, "yours": label}
    return claim


def overlay_text(label: str, values: Mapping[str, Any]) -> str:
    """Return the text of an overlay file that makes these settings, keys in their order."""
    return yaml.safe_dump({"label": label, **values}, sort_keys=False, allow_unicode=True, width=120)
