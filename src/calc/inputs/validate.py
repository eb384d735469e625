"""Positioned data → models: every pydantic error becomes a :class:`Problem` with its place."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..errors import Problem, did_you_mean, listed
from .base import FAULTS, Model
from .tree import Key, Tree

__all__ = ["validated"]

T = TypeVar("T")


def validated(adapter: TypeAdapter[T], tree: Tree, *, sources: frozenset[str] | None = None) -> T | list[Problem]:
    """Return the model that ``tree`` describes, or the list of everything wrong with it."""
    try:
        return adapter.validate_python(tree.data, context={"sources": sources})
    except ValidationError as error:
        found = [problem for detail in error.errors() for problem in _problems(adapter, tree, detail)]
        return sorted(set(found), key=_position)


def _position(problem: Problem) -> tuple[tuple[int, ...], Problem]:
    place = tuple(int(part) for part in problem.where.split(":")[1:] if part.isdigit())
    return place, problem


def _problems(adapter: TypeAdapter[Any], tree: Tree, detail: Any) -> Iterator[Problem]:
    kind, given, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    path = _written(tree.data, detail["loc"])
    if path[-1:] == ("[key]",) and kind != "extra_forbidden":  # the key itself is wrong, not its value
        path = path[:-1]
    if kind == FAULTS:
        for fault in context["faults"]:
            yield tree.problem((*path, *fault.path), fault.what, fault.fix)
    elif kind == "extra_forbidden":
        what = f"'{path[-1]}' is not a key here"
        yield tree.problem(path, what, did_you_mean(str(path[-1]), _keys(adapter, detail["loc"][:-1])))
    elif kind == "missing":
        fix = (
            "Add it; a number that nobody states is a claim with 'reading: unknown'."
            if path[-1] in _NUMBERS
            else "Add it."
        )
        yield tree.problem(path, f"'{path[-1]}' is missing", fix)
    elif kind == "enum":
        yield tree.problem(path, *_of_words(given, context["expected"]))
    elif kind == "value_error":
        what, _, fix = str(context["error"]).partition("; ")
        yield tree.problem(path, what, f"{fix[:1].upper()}{fix[1:]}." if fix else "")
    elif kind == "too_short" and given:
        return  # pydantic counts the entries that are right; the wrong ones are told by themselves
    elif kind == "too_short" and path and path[-1] == "claims":
        yield tree.problem(path, "no claim is made", "Add one; 'reading: unknown' where nobody states it.")
    else:
        yield _usual(adapter, tree, path, detail)


def _usual(adapter: TypeAdapter[Any], tree: Tree, path: Key, detail: Any) -> Problem:
    """Return what pydantic found, in the words of the table below; where keys are missing, which."""
    kind, given, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    what, fix = _MESSAGES.get(kind, (detail["msg"], "See params/schema for what is expected."))
    shown = repr(given) if not isinstance(given, dict | list) else f"a {_shape(given)}"
    if kind in ("model_type", "dict_type") and (keys := _keys(adapter, detail["loc"])):
        fix = f"Indent its keys below it, each as 'key: value': {', '.join(keys)}."
    return tree.problem(path, what.format(given=shown[:60], **context), fix.format(**context))


def _of_words(given: object, expected: str) -> tuple[str, str]:
    """Return what is wrong with a word of a closed list, and what would be right; the list is told once."""
    known = [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]
    what, meant = f"{repr(given)[:60]} is not one of {listed(known)}", _OTHER_WORDS.get(str(given))
    if meant in known:
        return what, f"Did you mean '{meant}'?"
    near = did_you_mean(str(given)[:60], known)
    return what, "Use one of these." if near.startswith("Known: ") else near


#: what people write for a category of care
_OTHER_WORDS = {
    "physical_therapy": "therapy_visit",
    "therapy": "therapy_visit",
    "chiropractor": "therapy_visit",
    "office_visit": "primary_care_visit",
    "doctor_visit": "primary_care_visit",
    "specialist": "specialist_visit",
    "mri": "imaging",
    "x_ray": "diagnostic_test",
    "lab": "diagnostic_test",
    "surgery": "outpatient_procedure",
    "injection": "outpatient_procedure",
    "hospital": "inpatient_facility",
    "hospital_stay": "inpatient_facility",
    "emergency": "emergency_room",
    "drugs": "generic_drugs",
}
_NUMBERS = {"claims", "wait", "sessions", "downtime", "onset", "response", "relief", "coverage", "price"}
_MESSAGES = {
    "float_type": ("{given} is not a number", "Write it bare: digits and a point, without unit, sign or comma."),
    "float_parsing": ("{given} is not a number", "Write digits and a point."),
    "int_type": ("{given} is not a whole number", "Write digits only."),
    "int_parsing": ("{given} is not a whole number", "Write digits only."),
    "int_from_float": ("{given} is not a whole number", "Write digits only."),
    "finite_number": ("{given} is not a finite number", "Write what the source states."),
    "string_type": ("{given} is not text", "Put it in quotes if it is meant as text."),
    "string_too_short": ("the text is empty", "Write it, or leave the key out."),
    "string_too_long": ("the text is longer than {max_length} characters", "Shorten it."),
    "string_pattern_mismatch": ("{given} has another form than expected", "It must match {pattern}."),
    "bool_type": ("{given} is neither true nor false", "Write true or false."),
    "bool_parsing": ("{given} is neither true nor false", "Write true or false."),
    "dict_type": ("{given} stands where keys are expected", "Indent 'key: value' lines below it."),
    "model_type": ("{given} stands where keys are expected", "Indent 'key: value' lines below it."),
    "tuple_type": ("{given} stands where a list is expected", "Write one '- ' line an entry."),
    "frozen_set_type": ("{given} stands where a list is expected", "Write one '- ' line an entry."),
    "date_from_datetime_inexact": ("{given} is no date", "Write year-month-day: 2026-01-31."),
    "date_from_datetime_parsing": ("{given} is no date", "Write year-month-day: 2026-01-31."),
    "date_type": ("{given} is no date", "Write year-month-day: 2026-01-31."),
    "greater_than_equal": ("{given} is below {ge}", "Give {ge} or more."),
    "less_than_equal": ("{given} is above {le}", "Give {le} or less."),
    "less_than": ("{given} is not below {lt}", "Give less than {lt}."),
    "union_tag_not_found": ("'kind' is missing", "Add it: what kind of figure this is."),
    "union_tag_invalid": ("{tag!r} is no kind of figure here", "Use one of {expected_tags}."),
    "too_short": ("the list is empty", "Add at least {min_length} entry."),
}


def _shape(given: object) -> str:
    return "mapping" if isinstance(given, dict) else "list"


def _written(data: Any, path: Key) -> Key:
    """Return a path without the names that pydantic puts in for the members of a union."""
    found: list[str | int] = []
    for part in path:
        if isinstance(data, dict) and data.get("kind") == part:
            continue
        found.append(part)
        inside = isinstance(data, dict) and part in data
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else None
    return tuple(found)


def _keys(adapter: TypeAdapter[Any], path: Key) -> list[str]:
    """Return the keys that the model at ``path`` knows."""
    annotation: Any = adapter._type
    for part in path:
        annotation = _step(_model(annotation), part)
    model = _model(annotation)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return model.file_keys() if issubclass(model, Model) else list(model.model_fields)
    return []


def _model(annotation: Any) -> Any:
    """Strip Annotated and Optional; of a union of models return all of them."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            members = tuple(arg for arg in get_args(annotation) if arg is not type(None))
            if len(members) > 1:
                return members
            annotation = members[0]
        else:
            return annotation


def _step(model: Any, part: str | int) -> Any:
    if isinstance(model, tuple):  # a union, where the kind of the member that was meant is part of the path
        kinds = {kind: each for each in model for kind in get_args(each.model_fields["kind"].annotation)}
        return kinds.get(part)
    if isinstance(model, type) and issubclass(model, BaseModel):
        field = model.model_fields.get(str(part))
        return field.annotation if field else None
    arguments = get_args(model)
    if get_origin(model) is dict:
        return arguments[1]
    return arguments[0] if arguments else None
