"""A plan and a patient named on the command line: a name under ``params/``, or a file of one's own anywhere.

Only what is named is read, and the sources that it cites: a wrong file elsewhere stops nobody's bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ..errors import ParameterFileError, Problem, UnknownNameError
from .load import FOLDERS
from .patient import Patient
from .plan import Plan
from .source import Source
from .tree import read_tree
from .validate import validated

__all__ = ["check_days", "patient_named", "plan_named", "sources_under"]


def sources_under(root: Path) -> Mapping[str, Source]:
    """Return every source under ``root``.

    Raises
    ------
    ParameterFileError
    """
    problems: list[Problem] = []
    found: dict[str, Source] = {}
    for file in sorted((root / "sources").glob("*.yaml")):
        model = validated(FOLDERS["sources"], read_tree(file))
        if isinstance(model, list):
            problems += model
        else:
            found |= model
    if problems:
        raise ParameterFileError(problems)
    return found


def plan_named(name: str, root: Path, sources: Mapping[str, Source]) -> Plan:
    """Return the plan of that name or file.

    Raises
    ------
    ParameterFileError, UnknownNameError
    """
    found: Plan = _named(name, "plan", TypeAdapter(Plan), root, sources)
    return found


def patient_named(name: str, root: Path, sources: Mapping[str, Source]) -> Patient:
    """Return the patient of that name or file.

    Raises
    ------
    ParameterFileError, UnknownNameError
    """
    found: Patient = _named(name, "patient", TypeAdapter(Patient), root, sources)
    return found


def _named(name: str, kind: str, adapter: TypeAdapter[Any], root: Path, sources: Mapping[str, Source]) -> Any:
    own = name.endswith(".yaml")
    file = Path(name) if own else root / f"{kind}s" / f"{name}.yaml"
    if not file.is_file():
        known = sorted(file.parent.glob("*.yaml"))
        raise UnknownNameError(
            f"{kind} file" if own else kind, name, [str(each) if own else each.stem for each in known]
        )
    model = validated(adapter, read_tree(file), sources=frozenset(sources))
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
