"""What was entered, as an overlay file and a study file, and read back from such files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import ParameterFileError, Problem, SettingError
from ..inputs.load import FOLDERS, Library
from ..inputs.tree import Tree, as_yaml, tree_of
from ..inputs.validate import validated
from ..units import WEEKS_PER_MONTH
from .state import State, settings_of

__all__ = ["entries_from", "overlay_text", "study_text"]

#: where a path of an overlay has a field of its own, and what the field counts in
_FIELD_OF = {
    "plan.deductible": ("deductible", 1),
    "plan.out_of_pocket_maximum": ("maximum", 1),
    "patient.met.deductible": ("met_deductible", 1),
    "patient.met.out_of_pocket": ("met_maximum", 1),
    "patient.plan_year_start": ("plan_year_start", None),
    "patient.budget": ("budget", 1),
    "view.weights.clinic": ("belief", 100),
}
_SIDE = "view.weights.guideline"


def overlay_text(state: State, library: Library, study: str) -> str:
    """Return the state's own numbers as an overlay file (:mod:`calc.inputs.overlay`)."""
    laid = {path: value for path, value in settings_of(state, library, study).items() if not path.startswith("study.")}
    nested: dict[str, Any] = {}
    for path, value in laid.items():
        *above, last = path.split(".")
        node = nested
        for key in above:
            node = node.setdefault(key, {})
        node[last] = value
    head = "# What was entered; use it with `calc compare STUDY --with THIS_FILE`, or load it on the page.\n"
    return head + as_yaml({"label": "Entered on the page", **nested})


def study_text(state: State, library: Library, study: str) -> str:
    """Return a study file that asks the state's question; its numbers are in the overlay file."""
    laid = {
        path.removeprefix("study."): value
        for path, value in settings_of(state, library, study).items()
        if path.startswith("study.")
    }
    own = library.studies[study].model_dump(mode="json", exclude_defaults=True) | {"treatments": list(state.treatments)}
    if state.week_value is not None:
        worth = {"yours": "Entered on the page", "reading": "exact", "value": state.week_value}
        laid["value_of_week"] = {**own["value_of_week"], "claims": [worth]}
    told = {name: value for name, value in (own | laid).items() if value is not None}
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
    listed: dict[str, list[str]] = {"quotes": [], "more": []}
    for path, value in _leaves(tree.data, ()):
        if path in ("label", _SIDE):
            continue
        head, _, item = path.partition(".price.")
        shared = re.fullmatch(r"plan\.benefits\.\w+\.coinsurance", path) is not None
        field, scale = ("coinsurance", 100) if shared else _FIELD_OF.get(path, ("", None))
        if field:
            found[field] = str(value) if scale is None else f"{_number(name, path, value) * scale:.10g}"
        elif item and isinstance(value, int | float):
            listed["quotes"].append(f"{head}.{item}={value}")
        else:
            listed["more"].append(f"{path}={value}")
    return found | {field: "\n".join(lines) for field, lines in listed.items() if lines}


def _of_study(tree: Tree) -> dict[str, str]:
    asked = validated(FOLDERS["studies"], tree, sources=None)
    if isinstance(asked, list):
        raise ParameterFileError(asked)
    found = {"treatments": ",".join(asked.treatments), "plan": asked.plan}
    found["months"] = f"{asked.weeks / WEEKS_PER_MONTH:.0f}"
    found |= {"by": asked.by.isoformat()} if asked.by is not None else {}
    [*claims] = asked.value_of_week.claims if asked.value_of_week is not None else ()
    return found | ({"week_value": f"{claims[0].value:.10g}"} if claims and claims[0].value is not None else {})


def _number(name: str, path: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingError([Problem(name, path, f"{value!r} is no number", "Write digits, such as 1500.")])
    return float(value)


def _leaves(node: Any, above: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*above, str(key)))
    else:
        yield ".".join(above), node
