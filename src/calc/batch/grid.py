"""A batch's file → its scenarios, every one checked before anything runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from ..errors import (
    CalcError,
    ParameterFileError,
    Problem,
    SettingError,
    UnknownNameError,
    did_you_mean,
)
from ..inputs.batch import BATCH, Batch, Level, Row, Scalar, read_batch, read_rows
from ..inputs.cells import python_of
from ..inputs.load import StudyInputs, find_params
from ..inputs.many import Shelf
from ..inputs.overlay import Given
from ..inputs.settings import RESERVED
from ..inputs.tree import Tree
from ..inputs.validate import validated
from ..report.formats import format_problems
from ..report.notebook import RunParameter, signature
from ..report.run import find_notebook

__all__ = ["Grid", "Scenario", "open_grid"]

MOST_SCENARIOS = 1_000_000

#: run parameters that are a study's own keys, those that the runner fills in, and how texts become values
_STUDY = ("plan", "views", "horizon", "draws", "seed")
_OURS = ("params", "out", "settings")
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True)
class Scenario:
    """One scenario: its name, what tells it from the others, and what it sets.

    ``columns`` are the axes' values as shown, ``settings`` by dotted path as after ``--set``,
    ``others`` the run parameters that are no part of a study, ``places`` where each was written.
    """

    name: str
    columns: Mapping[str, str]
    study: str
    settings: Mapping[str, object]
    overlays: tuple[Path, ...]
    others: Mapping[str, Scalar]
    places: Mapping[str, str]


@dataclass(frozen=True)
class Grid:
    """A batch whose every scenario was found right."""

    name: str
    batch: Batch
    notebook: Path
    shelf: Shelf
    scenarios: tuple[Scenario, ...]
    columns: tuple[str, ...]

    def inputs(self, scenario: Scenario) -> StudyInputs:
        """Return what a scenario is computed from."""
        return self.shelf.study(scenario.study, scenario.settings, scenario.overlays)


@dataclass(frozen=True)
class _Raw:
    """A scenario as written: its name, its columns as shown, by key its value and place; where a table's keys stand."""

    name: str
    columns: Mapping[str, Scalar]
    given: Mapping[str, tuple[Scalar, str]]
    heads: Mapping[str, str] = field(default_factory=dict)


def expanded(batch: Batch, tree: Tree, rows: Sequence[Row] = ()) -> Iterator[_Raw]:
    """Yield the scenarios of a batch as they are written: the grid, for each of the table's rows; those written out."""
    fixed = {key: (value, tree.where(("set", key))) for key, value in batch.set.items()}
    points = list(_points(batch, tree)) if batch.axes else [_Raw("", {}, {})]
    crossed = product([_of_row(each, named=bool(batch.axes)) for each in rows] or [_Raw("", {}, {})], points)
    for row, point in crossed if batch.axes or rows else ():
        name = ", ".join(filter(None, (row.name, point.name)))
        yield _Raw(name, {**row.columns, **point.columns}, {**fixed, **row.given, **point.given}, row.heads)
    for index, each in enumerate(batch.scenarios):
        own = {key: (value, tree.where(("scenarios", index, "set", key))) for key, value in each.set.items()}
        yield _Raw(each.name or _joined(each.set), each.set, fixed | own)


def _points(batch: Batch, tree: Tree) -> Iterator[_Raw]:
    """Yield the combinations of the axes that are kept; what a named level sets is shown beside its name."""
    for point in product(*map(_levels, batch.axes.values())):
        at = {name: shown for name, (shown, _) in zip(batch.axes, point, strict=True)}
        kept = not batch.include or any(_matches(at, each) for each in batch.include)
        if not kept or any(_matches(at, each) for each in batch.exclude):
            continue
        columns: dict[str, Scalar] = {}
        given: dict[str, tuple[Scalar, str]] = {}
        for name, (shown, level) in zip(batch.axes, point, strict=True):
            columns[name] = shown
            if isinstance(level, dict):
                columns |= level
                given |= {key: (value, tree.where(("axes", name, str(shown), key))) for key, value in level.items()}
            else:
                given[name] = (level, tree.where(("axes", name, batch.axes[name].index(level))))
        yield _Raw(_joined(at), columns, given)


def _of_row(row: Row, *, named: bool) -> _Raw:
    """Return a row of the table; its name is a column where the scenario's name holds more."""
    columns = {"name": row.name} if named and row.name is not None else {}
    given = {key: (value, row.where) for key, value in row.set.items()}
    return _Raw(row.name or _joined(row.set), {**columns, **row.set}, given, row.heads)


def _joined(values: Mapping[str, Scalar]) -> str:
    return ", ".join(map(_text, values.values()))


def _levels(axis: list[Scalar] | dict[str, dict[str, Scalar]]) -> list[tuple[Scalar, Level]]:
    return list(axis.items()) if isinstance(axis, dict) else [(value, value) for value in axis]


def _matches(at: Mapping[str, Scalar], wanted: Mapping[str, Scalar]) -> bool:
    return all(key in at and at[key] == value for key, value in wanted.items())


def open_grid(source: Path | str | Mapping[str, Any], *, params: Path | str | None = None) -> Grid:
    """Read a batch and check each of its scenarios.

    Parameters
    ----------
    source
        A batch's file, its name under ``params/batches``, or its content as a mapping.
    params
        The ``params/`` folder; by default the one of the file, or the nearest here or above.

    Raises
    ------
    ParameterFileError
        listing every problem of the file and of every scenario, each once.
    UnknownNameError
        if there is no such batch.
    """
    params = None if params is None else Path(params)
    if isinstance(source, Mapping):
        name, tree, folder = "batch", Tree("batch", python_of(source), {}), Path.cwd()
        batch = validated(BATCH, tree)
        if isinstance(batch, list):
            raise ParameterFileError(batch)
    else:
        file = _file(source, params)
        name, folder = file.stem, file.resolve().parent
        batch, tree = read_batch(file)
        params = params or next((each for each in folder.parents if (each / "sources").is_dir()), None)
    params = params or find_params()
    rows = read_rows(folder / batch.table) if batch.table else []
    shelf = Shelf(params)
    notebook = find_notebook(batch.notebook, params)
    problems = [*_choices(batch, tree), *_size(batch, tree, len(rows)), *_twice(batch, rows)]
    if problems:
        raise ParameterFileError(problems)
    checker = _Checker(batch, shelf, notebook, folder)
    scenarios = tuple(checker.checked(raw) for raw in expanded(batch, tree, rows))
    if not scenarios:
        problem = tree.problem(("include",), "no scenario is left", "Loosen 'include' or 'exclude'.")
        raise ParameterFileError([problem])
    if checker.problems:
        raise ParameterFileError(_once(checker.problems, {row.where for row in rows}))
    columns = dict.fromkeys(key for scenario in scenarios for key in scenario.columns)
    return Grid(name, batch, notebook, shelf, scenarios, tuple(columns))


def _file(source: Path | str, params: Path | None) -> Path:
    file = Path(source)
    if file.suffix == ".yaml" and file.is_file():
        return file
    folder = (params or find_params()) / "batches"
    if (folder / f"{file.stem}.yaml").is_file() and len(file.parts) == 1:
        return folder / f"{file.stem}.yaml"
    raise UnknownNameError("batch", str(source), (each.stem for each in folder.glob("*.yaml")))


def _size(batch: Batch, tree: Tree, rows: int) -> Iterator[Problem]:
    size = prod(len(axis) for axis in batch.axes.values()) * max(rows, 1)
    if size > MOST_SCENARIOS:
        yield tree.problem(("axes",), f"the axes make {size:,} scenarios", f"Keep them under {MOST_SCENARIOS:,}.")


def _twice(batch: Batch, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the columns of the table that an axis varies too."""
    axes = {key for axis in batch.axes.values() if isinstance(axis, dict) for level in axis.values() for key in level}
    for key, where in (rows[0].heads if rows else {}).items():
        if key in axes | set(batch.axes):
            yield Problem(where, key, "an axis varies what the table sets", "Keep one of the two.")


def _once(problems: Iterable[Problem], rows: Set[str]) -> list[Problem]:
    """Return problems in order, each that several rows of the table have as one."""
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for each in sorted(problems, key=lambda each: (len(each.where), each)):
        place = "" if each.where in rows else each.where
        alike.setdefault((place, each.path, each.what, each.fix), []).append(each)
    return sorted(
        replace(first, what=f"{first.what} (and in {len(more)} more rows)") if more else first
        for first, *more in alike.values()
    )


def _choices(batch: Batch, tree: Tree) -> Iterator[Problem]:
    """Yield what 'include' and 'exclude' name that is on no axis."""
    for part in ("include", "exclude"):
        for index, wanted in enumerate(getattr(batch, part)):
            for key, value in wanted.items():
                path = (part, index, key)
                if key not in batch.axes:
                    yield tree.problem(path, f"there is no axis {key!r}", did_you_mean(key, batch.axes))
                elif value not in (known := [shown for shown, _ in _levels(batch.axes[key])]):
                    fix = did_you_mean(str(value), map(str, known))
                    yield tree.problem(path, f"{value!r} is not on the axis {key!r}", fix)


class _Checker:
    """Checks scenario after scenario; ``problems`` collects what is wrong, each once."""

    def __init__(self, batch: Batch, shelf: Shelf, notebook: Path, folder: Path) -> None:
        self.batch, self.shelf, self.folder = batch, shelf, folder
        self.notebook = notebook.name
        self.known: Mapping[str, RunParameter] = signature(notebook)
        self.problems: set[Problem] = set()
        self.names: dict[str, int] = {}

    def checked(self, raw: _Raw) -> Scenario:
        study, settings, others = self.batch.study, dict[str, object](), dict[str, Scalar]()
        overlays: list[Path] = []
        places: dict[str, str] = {}
        for key, (value, where) in raw.given.items():
            name = key.removeprefix("study.") if key.removeprefix("study.") in _STUDY else key
            if "." in name:
                settings[name] = _text(value)
            elif name not in self.known or name in _OURS:
                what = f"{self.notebook} takes no {key!r} from a batch"
                self.complain(raw.heads.get(key, where), key, what, self.near(key))
                continue
            elif name == "overlays":
                overlays += self.files(str(value), where)
            elif (fit := self.typed(name, value, where)) is None:
                continue
            elif name == "study":
                study = str(fit)
            elif name == "views":
                settings["study.views"] = [each.strip() for each in str(fit).split(",")]
            elif name in _STUDY:
                settings[f"study.{name}"] = fit
            else:
                if name == "formats":
                    self.problems |= {replace(each, where=where, path=name) for each in format_problems(name, str(fit))}
                others[name] = fit
            places[f"study.{name}" if name in _STUDY else name] = where
        columns = {key: _text(value) for key, value in raw.columns.items()}
        scenario = Scenario(self.named(raw.name), columns, study, settings, tuple(overlays), others, places)
        self.load(scenario)
        return scenario

    def near(self, key: str) -> str:
        takes = [name for name in self.known if name not in _OURS]
        return did_you_mean(key, [*takes, *RESERVED, *self.shelf.library.treatments])

    def named(self, name: str) -> str:
        """Return the scenario's name; a number tells apart what would be the same."""
        name = name or "as it is"
        count = self.names[name] = self.names.get(name, 0) + 1
        return name if count == 1 else f"{name} ({count})"

    def files(self, value: str, where: str) -> Iterator[Path]:
        for line in filter(None, map(str.strip, value.splitlines())):
            file = self.folder / line
            if file.is_file():
                yield file.resolve()
            else:
                fix = did_you_mean(line, (each.name for each in self.folder.glob("*.yaml")))
                self.complain(where, "overlays", f"there is no file {line!r} beside the batch", fix)

    def typed(self, name: str, value: Scalar, where: str) -> Scalar | None:
        """Return a run parameter's value in the type that the notebook declares."""
        wanted = self.known[name].type
        if isinstance(value, str) and wanted is not str:
            with contextlib.suppress(KeyError, ValueError):
                value = _WORDS[value] if wanted is bool else wanted(value)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is wanted:
            return value
        help_ = self.known[name].help or "see its parameters cell"
        self.complain(where, name, f"{value!r} is not the {wanted.__name__} that {self.notebook} takes", help_)
        return None

    def load(self, scenario: Scenario) -> None:
        """Load what the scenario asks for, and keep what that says is wrong, with the batch's own places."""
        said = {
            path: Given(value, scenario.places.get(path, ""), "set for this run")
            for path, value in scenario.settings.items()
        }
        try:
            self.shelf.study(scenario.study, said, scenario.overlays)
        except (ParameterFileError, SettingError) as error:
            self.problems |= set(error.problems)
        except UnknownNameError as error:
            key = "study" if error.kind == "study" else f"study.{error.kind}{'s' if error.kind == 'view' else ''}"
            where = scenario.places.get(key) or f"the study {scenario.study}"
            self.complain(where, key, *_two(error))

    def complain(self, where: str, path: str, what: str, fix: str) -> None:
        self.problems.add(Problem(where, path, what, fix if fix.endswith((".", "?")) else f"{fix}."))


def _two(error: CalcError) -> tuple[str, str]:
    what, _, fix = str(error).partition(". ")
    return what, fix


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
