"""Files of statements, whatever their format: told apart by what is in them, every problem of every file at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import ParameterFileError, Problem
from ..inputs.cells import looks_like
from .fhir_eob import read_eob
from .lines import StatementLine, Statements
from .statement_table import read_table
from .x12_835 import read_835

__all__ = ["read_statements"]


def read_statements(files: Sequence[Path]) -> Statements:
    """Read tables (CSV), FHIR ExplanationOfBenefit (JSON) and X12 835, in the order given.

    Raises
    ------
    ParameterFileError
        listing every problem of every file.
    """
    lines: list[StatementLine] = []
    notes: list[str] = []
    problems: list[Problem] = []
    for file in files:
        try:
            read = _read(file)
        except ParameterFileError as error:
            problems += error.problems
        else:
            lines += read.lines
            notes += read.notes
    if problems:
        raise ParameterFileError(problems)
    return Statements(tuple(lines), tuple(dict.fromkeys(notes)))


def _read(file: Path) -> Statements:
    try:
        content = file.read_bytes()
    except OSError as error:
        why = error.strerror or "it is not there"
        raise ParameterFileError([Problem(f"{file}:1", "", f"it cannot be read: {why}", "Check the path.")]) from error
    looks = looks_like(content)
    if not looks:
        return read_table(file)
    if looks not in ("JSON", "X12"):
        fix = "Save the lines as CSV, or ask for FHIR (JSON) or X12 835."
        raise ParameterFileError([Problem(f"{file}:1", "", f"this looks like {looks}", fix)])
    try:
        text = content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError as error:
        raise ParameterFileError([Problem(f"{file}:1", "", f"it is no UTF-8: {error}", "Save it as UTF-8.")]) from error
    return read_835(text, str(file)) if looks == "X12" else read_eob(text, str(file))
