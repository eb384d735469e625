"""Large grids as numbers alone: no notebooks, equal work done once, results streamed to one table."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from ..analysis.summary import compared
from ..errors import RunError
from ..model.simulate import simulate
from ..report.manifest import code_hash, sha256
from ..report.whole import whole_file, write_whole
from ..session import Session, digest_of
from .grid import Grid, Scenario

__all__ = ["CHUNK", "rows_of", "sweep"]

#: scenarios to a task: a second of work or more, so that handing it out costs nothing beside
CHUNK = 20
_REMEMBERED = 200_000_000


def rows_of(session: Session, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield the rows of a scenario's comparison table (:func:`calc.analysis.summary.comparison`)."""
    inputs = session.shelf.study(scenario.study, scenario.settings, scenario.overlays)
    with session.in_use():
        for view in inputs.views:
            yield from list(compared(inputs, {view: simulate(inputs, view)}))


@lru_cache(maxsize=2)
def _session(root: str, _digest: str, _code: str) -> Session:
    """Return what a worker keeps from chunk to chunk, as long as files and code are the same."""
    return Session(Path(root), _REMEMBERED)


def _chunk(root: str, digest: str, code: str, columns: Sequence[str], scenarios: Sequence[Scenario]) -> bytes:
    """Return the lines of some scenarios as CSV, the header first.

    Raises
    ------
    RunError
        if the parameter files are no longer those of which the sweep was asked.
    """
    session = _session(root, digest, code)
    if session.digest != digest:
        raise RunError("the parameter files changed while the sweep ran. Run it again.")
    text = io.StringIO()
    writer: Any = None
    for scenario in scenarios:
        for row in rows_of(session, scenario):
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
    digest = digest_of(Path(root))
    parts = out.with_name(f"{out.name}.parts")
    name = _name(grid, digest, code)
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
            return start, pool.submit(_chunk, root, digest, code, grid.columns, grid.scenarios[start : start + CHUNK])

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


def _name(grid: Grid, digest: str, code: str) -> str:
    """Return a name for everything that goes into a sweep."""
    files = {str(file): sha256(file.read_bytes()) for each in grid.scenarios for file in each.overlays}
    scenarios = [repr((each.name, each.study, dict(each.settings), each.overlays)) for each in grid.scenarios]
    return sha256(json.dumps([digest, files, code, scenarios, CHUNK]).encode())[:12]


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
