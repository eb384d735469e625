"""A plan and a patient named on the command line: a name under ``params/``, or a file of one's own anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from ..errors import ParameterFileError, Problem, UnknownNameError
from .load import Library
from .patient import Patient
from .plan import Plan
from .tree import read_tree
from .validate import validated

__all__ = ["check_days", "patient_named", "plan_named"]

T = TypeVar("T")


def plan_named(name: str, library: Library) -> Plan:
    """Return the plan of that name or file.

    Raises
    ------
    ParameterFileError, UnknownNameError
    """
    return _named(name, "plan", library.plans, TypeAdapter(Plan), library)


def patient_named(name: str, library: Library) -> Patient:
    """Return the patient of that name or file.

    Raises
    ------
    ParameterFileError, UnknownNameError
    """
    return _named(name, "patient", library.patients, TypeAdapter(Patient), library)


def _named(name: str, kind: str, known: Mapping[str, T], adapter: TypeAdapter[T], library: Library) -> T:
    if not name.endswith(".yaml"):
        if name not in known:
            raise UnknownNameError(kind, name, known)
        return known[name]
    file = Path(name)
    if not file.is_file():
        raise UnknownNameError(f"{kind} file", name, map(str, file.parent.glob("*.yaml")))
    model = validated(adapter, read_tree(file), sources=frozenset(library.sources))
    if isinstance(model, list):
        raise ParameterFileError(model)
    return model


def check_days(plan: Plan, days: Iterable[tuple[str, date]]) -> None:
    """Check that lines, each with its place, are of the plan's year, the one before or the one after.

    Raises
    ------
    ParameterFileError
        naming each that is not.
    """
    fix = f"The plan is of {plan.year}: name the plan of that year, or check the date."
    problems = [
        Problem(where, "date", f"{day.isoformat()} is more than a year from the plan's", fix)
        for where, day in days
        if abs(day.year - plan.year) > 1
    ]
    if problems:
        raise ParameterFileError(problems)
