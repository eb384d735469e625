"""A parameter file's data → its text, in the form that people edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter

from ..errors import ParameterFileError
from .plan import Plan
from .tree import tree_of
from .validate import validated

__all__ = ["plan_text"]


class _Written(yaml.SafeDumper):
    """Writes everything out: parameter files repeat nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Return whether a part is written out where it stands a second time."""
        return True


def plan_text(data: Mapping[str, Any], name: str, sources: frozenset[str]) -> str:
    """Return the text of a plan's file; what it says has been checked.

    Raises
    ------
    ParameterFileError
        where the data make no plan, by line of the text that would be written.
    """
    head = "# yaml-language-server: $schema=../schema/plan.json\n"
    text = head + yaml.dump(dict(data), Dumper=_Written, sort_keys=False, allow_unicode=True, width=120)
    found = validated(TypeAdapter(Plan), tree_of(text.encode(), f"{name}.yaml"), sources=sources)
    if isinstance(found, list):
        raise ParameterFileError(found)
    return text
