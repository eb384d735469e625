"""A notebook's signature: its ``parameters`` cell, read as data, and run parameters held against it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from ..errors import Problem, RunError, SettingError, did_you_mean
from .formats import format_problems

__all__ = ["MOST_OUTPUT", "RunParameter", "TooMuchOutputError", "checked", "refuse_flood", "signature"]

#: characters that one notebook may print; a notebook that prints more is stopped
MOST_OUTPUT = 20_000_000

_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


class TooMuchOutputError(RunError):
    """A notebook printed more than a notebook can hold."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_OUTPUT:,} characters were printed")


@dataclass(frozen=True)
class RunParameter:
    """One typed line of the cell: ``name: type = default  # help``."""

    name: str
    type: type
    default: str | int | float | bool
    help: str


def signature(file: Path) -> Mapping[str, RunParameter]:
    """Return the run parameters that a notebook declares; its code is parsed and never run.

    Raises
    ------
    RunError
        if no cell is tagged ``parameters``, or a line in it is not a typed default.
    """
    notebook = nbformat.read(file, as_version=4)
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise RunError(f"{file.name}: {len(cells)} cells are tagged 'parameters'. Tag exactly one.")
    lines = cells[0].source.splitlines()
    found = {}
    for node in ast.parse(cells[0].source).body:
        _, _, note = lines[node.lineno - 1].partition("  # ")
        parameter = _declared(node, note)
        if parameter is None:
            what = f"line {node.lineno} of the parameters cell is not 'name: type = default'"
            raise RunError(f"{file.name}: {what}, with a plain default and one of {', '.join(_TYPES)}.")
        found[parameter.name] = parameter
    return found


def _declared(node: ast.stmt, note: str) -> RunParameter | None:
    """Return the run parameter that a line declares, or None if it is anything else."""
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
        return None
    if not isinstance(node.annotation, ast.Name) or not isinstance(node.value, ast.Constant | ast.UnaryOp):
        return None
    try:
        default = ast.literal_eval(node.value)
    except ValueError:
        return None
    wanted = _TYPES.get(node.annotation.id)
    return RunParameter(node.target.id, wanted, default, note) if wanted and _fits(default, wanted) else None


def checked(file: Path, given: Mapping[str, object]) -> dict[str, object]:
    """Return ``given`` if the notebook declares each name and the types fit.

    Raises
    ------
    SettingError
        naming every unknown name and every wrong type, before any kernel starts.
    """
    known = signature(file)
    problems = []
    for name, value in given.items():
        if name not in known:
            what = f"{file.name} declares no run parameter {name!r}"
            problems.append(Problem(name, "", what, did_you_mean(name, known)))
        elif not _fits(value, known[name].type):
            wanted = known[name].type.__name__
            what = f"{value!r} is not the {wanted} that {file.name} declares"
            problems.append(Problem(name, "", what, f"Give a {wanted}: {known[name].help or 'see the cell'}."))
        elif name == "formats":
            problems += format_problems(name, str(value))
    if problems:
        raise SettingError(problems)
    return dict(given)


def _fits(value: object, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is wanted


def refuse_flood(cells: Iterable[nbformat.NotebookNode]) -> None:
    """Refuse executed cells that printed more than a notebook can hold; of each print its beginning is kept.

    Raises
    ------
    TooMuchOutputError
    """
    printed = [each for cell in cells for each in cell.get("outputs", []) if each.output_type == "stream"]
    if sum(len(each.text) for each in printed) > MOST_OUTPUT:
        for each in printed:
            each.text = each.text[:10_000]
        raise TooMuchOutputError
