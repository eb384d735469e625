"""One run's own settings laid over the files: ``plan.deductible=3000``, a quote, another horizon.

A path begins with ``study``, ``plan``, ``patient``, ``condition``, ``view`` (where the study has but
one) or a treatment's name and goes on as in the file. Where it ends at a parameter, the value replaces every
claim there and its basis is "yours": a number is exact, ``4000..6000`` are bounds, ``unknown`` says
that nobody knows. ``TREATMENT.effect`` is the share in relief with it, as you say it is, and
``TREATMENT.coverage`` how your plan treats it: ``covered``, ``excluded`` or ``unknown``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from ..errors import Problem, SettingError, did_you_mean
from .cells import python_of
from .overlay import Given
from .patient import Limits, Met
from .population import KindOfPain
from .treatment import Treatment
from .tree import MOST_DIGITS, Key, Tree

__all__ = ["RESERVED", "canonical", "with_settings", "without_left_out"]

#: what a path may begin with beside a treatment's name
RESERVED = ("study", "plan", "patient", "view", "condition")

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")

#: a range as it is written elsewhere
_DASHED = re.compile(r"\s*\$?(?P<low>[\d,]+(?:\.\d+)?)\s*(?:-|–|to)\s*\$?(?P<high>[\d,]+(?:\.\d+)?)\s*")

Trees = Mapping[tuple[str, str], Tree | None]


def with_settings(trees: Trees, study: str, settings: Mapping[str, object]) -> Trees:
    """Return ``trees`` with every setting in its place; the files themselves stay as they are.

    Raises
    ------
    SettingError
        naming every path that leads nowhere, with the nearest keys that exist.
    """
    changed = dict(trees)
    problems: list[Problem] = []
    settings = {path: each if isinstance(each, Given) else canonical(each) for path, each in settings.items()}
    for path, value in sorted(settings.items(), key=lambda item: _turn(item[0])):
        given = value if isinstance(value, Given) else Given(value, f"setting {path}", "set for this run")
        try:
            _lay(changed, study, path, given)
        except _AstrayError as error:
            problems.append(Problem(given.where, "", error.what, error.fix))
    if problems:
        raise SettingError(problems)
    return changed


def _turn(path: str) -> int:
    """Return when a setting is laid: the study's first, for they choose the plan; a bill last."""
    return 0 if path.startswith("study.") else 2 if path.endswith(".bill") else 1


class _AstrayError(Exception):
    """A path that leads nowhere."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


def _lay(trees: dict[tuple[str, str], Tree | None], study: str, path: str, given: Given) -> None:
    head, *rest = path.split(".")
    address = _address(trees, study, head)
    tree = trees.get(address)
    if tree is None:  # missing or unreadable: whoever read it reports that
        return
    if not rest:
        raise _AstrayError(f"{head!r} is a whole file", f"Go on to one of its keys: {head}.…=VALUE.")
    data = copy.deepcopy(tree.data)
    spot: Key
    if address[0] == "treatments" and rest in (["effect"], ["coverage"]):
        key, value = ("effects", _effect(given)) if rest == ["effect"] else ("coverage", _coverage(given))
        data[key], spot = [value], (key,)
    else:
        if address[0] == "patients" and rest[0] == "met":
            data["met"] = _every_limit(data.get("met"))
        _put(data, path, rest, _keys_of(head, address[0]), given)
        if address[0] == "treatments" and rest[0] == "price":
            _choose_bill(data, rest[-1])
        spot = tuple(rest)
    if path == "study.treatments":
        without_left_out(data)
    trees[address] = Tree(tree.file, data, tree.places, {**tree.settings, spot: given.where})


def without_left_out(data: dict[str, Any]) -> None:
    """Let a study of fewer treatments do without usual care that is not among them, its first be the reference."""
    options = [*data["treatments"], *(data.get("pathways") or {})] if isinstance(data.get("treatments"), list) else []
    if options and data.get("usual_care") not in options:
        data["usual_care"] = None
    if options and data.get("reference") not in options:
        data["reference"] = options[0]


def canonical(value: object) -> object:
    """Return a setting's value in one form, however it was written: 1000, 1000.0, "1e3" and a numpy 1000 are one.

    >>> canonical("1e3"), canonical(1000.0), canonical("a, b")
    (1000, 1000, 'a, b')
    """
    plain = python_of(value)
    if isinstance(plain, list | tuple):
        return [canonical(each) for each in plain]
    plain = _scalar(plain) if isinstance(plain, str) else plain
    whole = isinstance(plain, float) and plain.is_integer() and abs(plain) < 2.0**53
    return int(plain) if isinstance(plain, float) and whole else plain


def _put(data: dict[str, Any], path: str, rest: list[str], keys: tuple[str, ...], given: Given) -> None:
    """Put a value where a path leads in a file's data; ``keys`` are those that the file may leave out."""
    node = data
    for key in rest[:-1]:
        if not isinstance(node, dict) or not isinstance(node.get(key), dict):
            known = [k for k, v in node.items() if isinstance(v, dict)] if isinstance(node, dict) else []
            raise _AstrayError(f"there is nothing at {key!r}", did_you_mean(key, known))
        node, keys = node[key], ()
    last = rest[-1]
    if not isinstance(node, dict) or (last not in node and last not in keys):
        known = [*node, *keys] if isinstance(node, dict) else []
        raise _AstrayError(f"there is nothing at {last!r}", did_you_mean(last, known))
    if isinstance(node.get(last), dict):
        if "claims" not in node[last]:
            below = [key for key, each in node[last].items() if isinstance(each, dict)]
            raise _AstrayError(f"{path!r} holds several keys", did_you_mean(last, below))
        node[last]["claims"] = given.value if isinstance(given.value, list) else [_claim(given)]
    else:
        node[last] = _plain(given.value, isinstance(node.get(last), list))


def _every_limit(met: object) -> object:
    """Return what a patient's file says is met, with 0 for every limit that it leaves out."""
    if not isinstance(met, dict | None):
        return met
    given, none = met or {}, Limits().model_dump()
    parts = {name: given.get(name) or {} for name, each in Met.model_fields.items() if each.annotation is Limits}
    filled = {name: {**none, **each} if isinstance(each, dict) else each for name, each in parts.items()}
    return {**none, **given, **filled}


def _choose_bill(data: dict[str, Any], item: str) -> None:
    """Read the bill so that it holds a quoted item: a quote for a total replaces the parts it covers."""
    bills = data.get("bills")
    if not isinstance(bills, dict) or item in (bills.get(data.get("bill")) or ()):
        return
    holding = [name for name, items in bills.items() if isinstance(items, list) and item in items]
    if holding:
        data["bill"] = holding[0]


def _address(trees: Trees, study: str, head: str) -> tuple[str, str]:
    tree = trees["studies", study]
    own = tree.data if tree is not None else {}
    if head == "study":
        return "studies", study
    if head == "view":
        return "views", _only_view(own.get("views"))
    address = (f"{head}s", str(own.get(head))) if head in ("plan", "patient", "condition") else ("treatments", head)
    if address not in trees and head not in RESERVED:
        known = [*RESERVED, *(name for folder, name in trees if folder == "treatments")]
        raise _AstrayError(f"there is nothing at {head!r}", did_you_mean(head, known))
    return address


def _only_view(views: object) -> str:
    named = views.split(",") if isinstance(views, str) else views if isinstance(views, list) else []
    if len(named) != 1:
        raise _AstrayError(f"'view' is one of {len(named)} views of the study", "Choose one: study.views=NAME.")
    return str(named[0])


def _keys_of(head: str, folder: str) -> tuple[str, ...]:
    """Return keys that a file may leave out and a setting may add."""
    if folder == "treatments":
        return tuple(name for name in Treatment.model_fields if name == "bill")
    return {
        "study": ("range_coverage", "draws", "seed", "horizon", "order", "by", "relief", "state", "plans"),
        "patient": ("plan_year_start", "tier", "budget", "kind_of_pain"),
    }.get(head, ())


def _plain(value: object, listed: bool) -> object:
    """Return a value as a file would hold it; text stands for a list where one stood before."""
    if not isinstance(value, str):
        return python_of(value)
    return [part.strip() for part in value.split(",")] if listed else _scalar(value)


def _scalar(text: str) -> Any:
    text = text.strip()
    if len(text) > MOST_DIGITS:
        return text
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return {"true": True, "false": False, "null": None}.get(text, text)


def _effect(given: Given) -> dict[str, Any]:
    """Return the share in relief with a treatment as the user says it is."""
    claim = _claim(given)
    words = {"yours": claim.pop("yours"), "kinds": list(KindOfPain), "at": "12 weeks", "relief": "as you say"}
    if claim["reading"] == "unknown":
        return {**words, "against": "neither", "measure": {"kind": "unknown"}}
    return {**words, "against": "uncontrolled", "measure": {"kind": "share", **claim}}


def _coverage(given: Given) -> dict[str, Any]:
    """Return how the user's plan treats a treatment: a status by name, or 1 and 0 for covered and excluded."""
    status = {"1": "covered", "0": "excluded", "unknown": "not_known"}.get(str(given.value), given.value)
    return {"yours": given.yours, "status": status}


def _claim(given: Given) -> dict[str, Any]:
    value = given.value
    if dashed := _DASHED.fullmatch(str(value)):
        written = f"{dashed['low'].replace(',', '')}..{dashed['high'].replace(',', '')}"
        raise _AstrayError(f"{value!r} is no number", f"Write a range with two points: {written}.")
    low, dots, high = str(value).partition("..")
    claim: dict[str, Any] = {"yours": given.yours}
    if dots:
        return claim | {"reading": "bounds", "low": _scalar(low), "high": _scalar(high)}
    if str(value) == "unknown":
        return claim | {"reading": "unknown"}
    return claim | {"reading": "exact", "value": _scalar(str(value))}
