"""Large grids as numbers alone: no notebooks, equal work done once, results streamed to one table."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import shutil
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import BaseModel

from ..analysis.summary import compared
from ..errors import RunError
from ..inputs.load import StudyInputs
from ..inputs.many import Shelf
from ..model.outcomes import Outcomes, simulate
from ..model.pathway import simulate_pathways
from ..report.manifest import code_hash, sha256
from ..report.whole import whole_file, write_whole
from .grid import Grid, Scenario

__all__ = ["CHUNK", "Remembered", "rows_of", "sweep"]

#: scenarios to a task: a second of work or more, so that handing it out costs nothing beside
CHUNK = 20
_REMEMBERED = 5_000


Rows = Sequence[Mapping[str, Any]]


class Remembered:
    """The rows of treatments, by all that they were computed from; what was not asked for the longest goes first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[object, Rows] = OrderedDict()

    def of(self, inputs: StudyInputs, view: str, marks: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Yield the rows of each treatment under one view, computing what is new; ``marks`` stand for treatments."""
        study = inputs.study
        frame = study.plan, study.weeks, study.draws, study.seed, study.range_coverage
        shared = view, *frame, _mark(inputs.views[view], inputs.plan, inputs.patient)
        keys = {name: (name, mark, *shared) for name, mark in marks.items()}
        new = {name: inputs.treatments[name] for name, key in keys.items() if key not in self._rows}
        fresh: dict[str, list[Mapping[str, Any]]] = {name: [] for name in new}
        if new:
            outcomes = simulate(replace(inputs, treatments=MappingProxyType(new)), view)
            for row in compared(inputs, {view: outcomes}):
                fresh[str(row["treatment"])].append(row)
        for name, key in keys.items():
            if name in fresh:
                self._rows[key] = fresh[name]
            self._rows.move_to_end(key)
            yield from (dict(row) for row in self._rows[key])
        while len(self._rows) > _REMEMBERED:
            self._rows.popitem(last=False)


def _mark(*models: BaseModel) -> str:
    """Return a hash of all that some checked models hold."""
    return sha256("\0".join(model.model_dump_json() for model in models).encode())


def rows_of(shelf: Shelf, scenario: Scenario, memory: Remembered) -> Iterator[dict[str, Any]]:
    """Yield the rows of a scenario's comparison table (:func:`calc.analysis.summary.comparison`)."""
    inputs = shelf.study(scenario.study, scenario.settings, scenario.overlays)
    marks = {name: _mark(treatment) for name, treatment in inputs.treatments.items()}
    for view in inputs.views:
        yield from memory.of(inputs, view, marks)
        walked = Outcomes(view, inputs.study.weeks, simulate_pathways(inputs, view))
        yield from compared(inputs, {view: walked})


@lru_cache(maxsize=2)
def _workshop(root: str, _code: str) -> tuple[Shelf, Remembered]:
    """Return what a worker keeps from chunk to chunk."""
    return Shelf(Path(root)), Remembered()


def _chunk(root: str, code: str, columns: Sequence[str], scenarios: Sequence[Scenario]) -> bytes:
    """Return the lines of some scenarios as CSV, the header first."""
    shelf, memory = _workshop(root, code)
    text = io.StringIO()
    writer: Any = None
    for scenario in scenarios:
        for row in rows_of(shelf, scenario, memory):
            own = {"scenario": scenario.name}
            own |= {f"axis.{key}" if key in row else key: scenario.columns.get(key, "") for key in columns}
            line = own | {key: _digits(value) for key, value in row.items()}
            if writer is None:
                writer = csv.DictWriter(text, list(line), lineterminator="\n")
                writer.writeheader()
            writer.writerow(line)
    return text.getvalue().encode("utf-8")


def _digits(value: object) -> object:
    """Return a number as the tables of a report write it, so that both say the same."""
    if not isinstance(value, float):
        return value
    return "" if np.isnan(value) else f"{value:.10g}"


def sweep(
    grid: Grid, out: Path, *, jobs: int = 0, executor: Executor | None = None, progress: Callable[[int], object] = int
) -> Path:
    """Compute every scenario of a grid and write one tidy table.

    Chunks of scenarios are written to ``out`` with ``.parts`` after its name as they are done, and
    joined at the end: whoever stops this loses nothing but the chunks then at work, and memory does
    not grow with the number of rows. The table is the same bytes whatever the number of workers.

    Parameters
    ----------
    out
        A file ending in ``.csv`` or ``.parquet``.
    progress
        Is told how many scenarios were done since it was last told.

    Raises
    ------
    RunError
        if the ending is another, pyarrow is not installed, or nothing can be written.
    """
    _checked(out)
    root, code = str(grid.shelf.library.root.resolve()), code_hash()
    parts = out.with_name(f"{out.name}.parts")
    name = _name(grid, code)
    starts = range(0, len(grid.scenarios), CHUNK)
    own = executor is None
    context = multiprocessing.get_context("spawn")  # forking a process with threads is not safe
    pool = executor or ProcessPoolExecutor(jobs or os.cpu_count() or 1, mp_context=context)
    try:
        parts.mkdir(parents=True, exist_ok=True)
        for left in parts.iterdir():  # of other inputs, or half-written
            if not left.name.startswith(name):
                left.unlink()
        files = {start: parts / f"{name}-{start:09d}.csv" for start in starts}
        for start in starts:
            if files[start].is_file():
                progress(len(grid.scenarios[start : start + CHUNK]))

        def submit(start: int) -> tuple[int, Future[bytes]]:
            return start, pool.submit(_chunk, root, code, grid.columns, grid.scenarios[start : start + CHUNK])

        todo = (start for start in starts if not files[start].is_file())
        ahead = deque(map(submit, islice(todo, 4 * (jobs or os.cpu_count() or 1))))
        while ahead:
            start, future = ahead.popleft()
            write_whole(files[start], future.result())
            progress(len(grid.scenarios[start : start + CHUNK]))
            ahead.extend(map(submit, islice(todo, 1)))
        _join(list(files.values()), out)
        shutil.rmtree(parts)
    except OSError as error:
        raise RunError(
            f"{out} could not be written: {error.strerror}. Check room and rights; then run it again."
        ) from error
    finally:
        if own:
            pool.shutdown(wait=True, cancel_futures=True)
    return out


def _checked(out: Path) -> None:
    if out.suffix not in (".csv", ".parquet"):
        raise RunError(f"{out} ends neither in .csv nor in .parquet. Name it so that the format is clear.")
    if out.suffix == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise RunError(
                "a .parquet table needs pyarrow: pip install 'treatment-calc[data]', or write a .csv table."
            ) from error


def _name(grid: Grid, code: str) -> str:
    """Return a name for everything that goes into a sweep."""
    root = grid.shelf.library.root
    files = {str(file.relative_to(root)): sha256(file.read_bytes()) for file in sorted(root.rglob("*.yaml"))}
    files |= {str(file): sha256(file.read_bytes()) for each in grid.scenarios for file in each.overlays}
    scenarios = [repr((each.name, each.study, dict(each.settings), each.overlays)) for each in grid.scenarios]
    return sha256(json.dumps([files, code, scenarios, CHUNK]).encode())[:12]


def _join(files: Sequence[Path], out: Path) -> None:
    """Write the parts one after another, each read when its turn comes."""
    with whole_file(out) as beside:
        if out.suffix == ".parquet":
            _join_parquet(files, beside)
            return
        with beside.open("wb") as handle:
            for place, file in enumerate(files):
                content = file.read_bytes()
                handle.write(content if place == 0 else content[content.index(b"\n") + 1 :])


def _join_parquet(files: Sequence[Path], out: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    numbers = ("p05", "p50", "p95", "mean", "happens", "if_p05", "if_p50", "if_p95", "low", "high", "error")
    writer: Any = None
    try:
        for file in files:
            with file.open(encoding="utf-8", newline="") as handle:
                header = next(csv.reader(handle))
            types = {key: pa.float64() if key in numbers else pa.string() for key in header} | {"draws": pa.int64()}
            table = pyarrow.csv.read_csv(file, convert_options=pyarrow.csv.ConvertOptions(column_types=types))
            writer = writer or pyarrow.parquet.ParquetWriter(out, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
