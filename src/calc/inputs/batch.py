"""A batch's file: which notebook runs on which study, once for each scenario."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, WithJsonSchema, model_validator

from ..errors import ParameterFileError, Problem
from .base import Fault, Model, Name, Text, refuse
from .tree import Key, Tree, read_tree
from .validate import validated

__all__ = ["BATCH", "Batch", "Level", "Row", "Scalar", "read_batch", "read_rows"]

MOST_LETTERS = 300

Scalar = bool | int | float | str
Level = Scalar | dict[str, Scalar]
_SCALAR = {"type": ["boolean", "number", "string"]}


def _scalar(value: Any) -> Any:
    if not isinstance(value, bool | int | float | str) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{repr(value)[:60]} is no single value; Give a number, a text, true or false")
    return value


def _axis(value: Any) -> Any:
    if isinstance(value, list):
        _each({(place,): each for place, each in enumerate(value)})
    elif isinstance(value, dict) and all(isinstance(level, dict) and level for level in value.values()):
        _each({(name, path): each for name, level in value.items() for path, each in level.items()})
    else:
        fix = "Give a list of values, or named levels with 'path: value' lines below each."
        refuse([Fault((), f"{repr(value)[:60]} is no axis", fix)])
    return value


def _each(values: Mapping[Key, Any]) -> None:
    faults = []
    for path, value in values.items():
        try:
            _scalar(value)
        except ValueError as error:
            what, _, fix = str(error).partition("; ")
            faults.append(Fault(path, what, f"{fix}."))
    refuse(faults)


Value = Annotated[Any, AfterValidator(_scalar), WithJsonSchema(_SCALAR)]
Title = Annotated[Text, Field(max_length=MOST_LETTERS)]
Keyed = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=200)]
Settings = dict[Keyed, Value]
#: several values of one path, or named levels that each set several paths
Axis = Annotated[
    Any,
    AfterValidator(_axis),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "items": _SCALAR},
                {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _SCALAR}},
            ]
        }
    ),
]


class Variant(Model):
    """One scenario written out; ``set`` goes before the batch's own ``set``."""

    name: Title | None = None
    set: Settings = Field(min_length=1)


class Batch(Model):
    """One notebook on one study, once for each scenario.

    The scenarios are every combination of the axes that ``include`` keeps (all, where it is empty)
    and ``exclude`` does not drop, for each row of the CSV file ``table`` where there is one, then ``scenarios``.
    A key is a dotted path as after ``--set``, or one of the notebook's run parameters.
    """

    label: Text
    note: Text | None = None
    notebook: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")] = "04_comparison"
    study: Name
    set: Settings = Field(default_factory=dict)
    axes: dict[Keyed, Axis] = Field(default_factory=dict)
    include: tuple[Settings, ...] = ()
    exclude: tuple[Settings, ...] = ()
    scenarios: tuple[Variant, ...] = ()
    table: str | None = None

    @model_validator(mode="after")
    def _sound(self) -> Batch:
        faults = []
        if not self.axes and not self.scenarios and self.table is None:
            faults.append(Fault((), "the batch holds no scenario", "Add 'axes', 'scenarios' or 'table'."))
        for name, axis in self.axes.items():
            if not axis:
                faults.append(Fault(("axes", name), "the axis has no value", "Give at least one."))
            elif isinstance(axis, list) and len(set(map(repr, axis))) < len(axis):
                faults.append(Fault(("axes", name), "a value stands twice on the axis", "Name each once."))
            if isinstance(axis, list) and name in self.set:
                faults.append(Fault(("set", name), "'set' fixes what an axis varies", "Keep one of the two."))
        for place, each in enumerate(self.scenarios):
            if each.name is not None and each.name in {other.name for other in self.scenarios[:place]}:
                faults.append(
                    Fault(("scenarios", place, "name"), f"a scenario before is {each.name!r} too", "Name it otherwise.")
                )
        refuse(faults)
        return self


BATCH: TypeAdapter[Batch] = TypeAdapter(Batch)


class Row(Model):
    """One row of a batch's table: where it stands, its scenario's name, what its filled cells set; where keys stand."""

    where: str
    name: str | None
    set: dict[str, str]
    heads: dict[str, str]


def read_batch(file: Path) -> tuple[Batch, Tree]:
    """Return a batch and the places of its parts.

    Raises
    ------
    ParameterFileError
        listing every problem of the file.
    """
    tree = read_tree(file, shown=_shown(file))
    batch = validated(BATCH, tree)
    if isinstance(batch, list):
        raise ParameterFileError(batch)
    return batch, tree


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.resolve().relative_to(here)) if file.resolve().is_relative_to(here) else str(file)


def read_rows(file: Path) -> list[Row]:
    """Return the scenarios of a CSV table: a header of keys (and ``name``), one scenario a row.

    An empty cell leaves the study's own value.

    Raises
    ------
    ParameterFileError
        listing every ragged or empty row, a header that names a key twice, and names used twice.
    """
    shown = _shown(file)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = [each.strip() for each in next(reader, [])]
            if not header or "" in header or len(set(header)) < len(header):
                fix = "Give each column one key of its own."
                problems.append(Problem(f"{shown}:1:1", "", "the header has an empty or repeated key", fix))
            for cells in reader:
                rows.append(_row(f"{shown}:{reader.line_num}:1", header, cells, problems))
    except OSError as error:
        fix = "Check the path in 'table' and the rights."
        problems.append(Problem(f"{shown}:1:1", "", f"the table cannot be read ({error.strerror})", fix))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(f"{shown}:1:1", "", f"this is no CSV: {error}", "Save it as CSV in UTF-8."))
    seen: dict[str, str] = {}
    for row in rows:
        if row.name is not None and seen.setdefault(row.name, row.where) != row.where:
            what = f"the scenario {row.name!r} stands at {seen[row.name]} too"
            problems.append(Problem(row.where, "name", what, "Name it otherwise."))
    if not rows and not problems:
        problems.append(Problem(f"{shown}:1:1", "", "no row stands below the header", "Give one scenario a row."))
    if problems:
        raise ParameterFileError(problems)
    return rows


def _row(where: str, header: list[str], cells: list[str], problems: list[Problem]) -> Row:
    if len(cells) != len(header):
        what = f"{len(cells)} cells under {len(header)} keys"
        problems.append(Problem(where, "", what, "Give each key one cell; an empty one leaves the study's own."))
    given = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if cell.strip()}
    name = given.pop("name", None)
    if name is not None and (len(name) > MOST_LETTERS or not name.isprintable()):
        what = f"the name is longer than {MOST_LETTERS} characters or not printable"
        problems.append(Problem(where, "name", what, "Name it otherwise."))
    heads = {key: f"{where.rsplit(':', 2)[0]}:1:{place}" for place, key in enumerate(header, 1)}
    return Row(where=where, name=name, set=given, heads=heads)
