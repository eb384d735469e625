"""What was entered, as an overlay file and a study file, and read back from such files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ParameterFileError
from ..inputs.load import FOLDERS
from ..inputs.settings import without_left_out
from ..inputs.tree import Tree, as_yaml, tree_of
from ..inputs.validate import validated
from .field import COVERED, Place, State
from .fields import FIELDS
from .state import settings_of

__all__ = ["entries_from", "overlay_text", "study_text"]

#: set together with the belief in the clinic
_SIDE = "view.weights.guideline"


def overlay_text(state: State, place: Place) -> str:
    """Return the state's own numbers as an overlay file (:mod:`calc.inputs.overlay`)."""
    laid = {path: value for path, value in settings_of(state, place).items() if not path.startswith("study.")}
    nested: dict[str, Any] = {}
    for path, value in laid.items():
        *above, last = path.split(".")
        node = nested
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    head = "# What was entered; use it with `calc compare STUDY --with THIS_FILE`, or load it on the page.\n"
    return head + as_yaml({"label": "Entered on the page", **nested})


def study_text(state: State, place: Place) -> str:
    """Return a study file that asks the state's question; its numbers are in the overlay file."""
    laid = {
        path.removeprefix("study."): value
        for path, value in settings_of(state, place).items()
        if path.startswith("study.")
    }
    own = place.own.model_dump(mode="json", exclude_defaults=True) | {"treatments": list(state.treatments)}
    if state.week_value is not None:
        worth = {"yours": "Entered on the page", "reading": "exact", "value": state.week_value}
        laid["value_of_week"] = {**own["value_of_week"], "claims": [worth]}
    asked = own | laid
    without_left_out(asked)
    told = {name: value for name, value in asked.items() if value is not None}
    head = "# A study; put it into params/studies/, and lay the overlay file that was saved with it over it.\n"
    return head + as_yaml(told)


def entries_from(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the entries that files make, each an overlay or a study, by name.

    What an overlay sets beside the fields of the page goes into the field ``more``.

    Raises
    ------
    ParameterFileError, SettingError
        for what is no such file.
    """
    found: dict[str, str] = {}
    for name, content in files.items():
        tree = tree_of(content, name)
        found |= _of_study(tree) if "question" in tree.data else _of_overlay(name, tree)
    return found


def _of_overlay(name: str, tree: Tree) -> dict[str, str]:
    found: dict[str, str] = {}
    listed: dict[str, list[str]] = {"coverage": [], "quotes": [], "more": []}
    for path, value in _leaves(tree.data, ()):
        if path in ("label", _SIDE):
            continue
        head, _, item = path.partition(".price.")
        field = next((each for each in FIELDS.values() if each.path and re.fullmatch(each.path, path)), None)
        if field is not None:
            found[field.name] = field.from_file(name, path, value)
        elif item and isinstance(value, int | float):
            listed["quotes"].append(f"{head}.{item}={value}")
        elif path.endswith(".coverage") and value in COVERED:
            listed["coverage"].append(f"{path.removesuffix('.coverage')}={value}")
        else:
            listed["more"].append(f"{path}={value}")
    return found | {field: "\n".join(lines) for field, lines in listed.items() if lines}


def _of_study(tree: Tree) -> dict[str, str]:
    asked = validated(FOLDERS["studies"], tree, sources=None)
    if isinstance(asked, list):
        raise ParameterFileError(asked)
    texts = {name: field.in_study(asked) for name, field in FIELDS.items()}
    return {name: text for name, text in texts.items() if text}


def _leaves(node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*above, str(key)))
    else:
        yield ".".join(above), node
