"""A plan and a patient named on the command line: a name under ``params/``, or a file of one's own anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from ..errors import ParameterFileError, UnknownNameError
from .load import Library
from .patient import Patient
from .plan import Plan
from .tree import read_tree
from .validate import validated

__all__ = ["patient_named", "plan_named"]

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
