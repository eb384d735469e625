"""A grid → runs in worker processes, each whole or not at all, and what became of every one."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import median
from typing import Any

from ..errors import Problem, RunError, SettingError, did_you_mean
from .grid import Grid, Scenario, open_grid
from .kernels import SLOWER, can_fork, stop_all
from .place import Place, place_of
from .results import write_results
from .task import Limits, Outcome, Task, tasks_of
from .worker import HIDDEN, STOPPING, run_task

__all__ = ["Finished", "How", "Plan", "batch", "only_those", "plan_batch", "run_batch"]

_JOURNAL = f"{HIDDEN}/journal.jsonl"


@dataclass(frozen=True)
class How:
    """How a batch is run.

    ``memory`` is the most that one run may take, in bytes; ``ordinary`` starts an ordinary kernel
    for each run instead of forking a ready-made process.
    """

    jobs: int = 0
    seconds: float | None = 900.0
    retries: int = 0
    memory: int | None = None
    fail_fast: bool = False
    force: bool = False
    ordinary: bool = False


@dataclass(frozen=True)
class Plan:
    """What a batch will do: its scenarios with their runs, which runs are there, how long one takes."""

    grid: Grid
    place: Place
    tasks: Mapping[str, Task]
    scenarios: Sequence[tuple[Scenario, str]]
    there: frozenset[str]
    seconds_each: float | None

    @property
    def to_do(self) -> tuple[str, ...]:
        """The runs that are not there yet."""
        return tuple(run for run in self.tasks if run not in self.there)


@dataclass(frozen=True)
class Finished:
    """A run that ended, with the scenarios that share it."""

    outcome: Outcome
    names: tuple[str, ...]
    folder: Path | str


def plan_batch(grid: Grid, out: Path | str, *, only: Sequence[str] = (), force: bool = False) -> Plan:
    """Return what is to be done; nothing is written.

    Parameters
    ----------
    only
        ``column=pattern`` or a pattern of the scenario's name, with ``*`` and ``?``; a scenario must fit all.

    Raises
    ------
    SettingError
        for a column that no scenario has, or if no scenario fits.
    """
    kept = only_those(grid, only)
    tasks, scenarios = tasks_of(kept)
    place = place_of(out, grid.name)
    there = frozenset(run for run in tasks if not force and place.has(run))
    return Plan(kept, place, tasks, scenarios, there, _measured(place))


def only_those(grid: Grid, only: Sequence[str]) -> Grid:
    """Return a grid with the scenarios that fit every filter (see :func:`plan_batch`)."""
    kept, problems = list(grid.scenarios), []
    for each in only:
        column, equals, pattern = each.partition("=")
        if equals and column == "name":
            kept = [one for one in kept if fnmatchcase(one.name, pattern) or fnmatchcase(_row(one), pattern)]
        elif equals and column not in grid.columns:
            what, fix = f"there is no column {column!r}", did_you_mean(column, ["name", *grid.columns])
            problems.append(Problem(f"--only {each}", "", what, fix))
        elif equals:
            kept = [scenario for scenario in kept if fnmatchcase(scenario.columns.get(column, ""), pattern)]
        else:
            kept = [scenario for scenario in kept if fnmatchcase(scenario.name, each)]
    if not kept and not problems:
        names = [scenario.name for scenario in grid.scenarios[:5]]
        fix = f"Names are such as {', '.join(map(repr, names))}."
        problems.append(Problem(f"--only {' --only '.join(only)}", "", "no scenario fits", fix))
    if problems:
        raise SettingError(problems)
    return replace(grid, scenarios=tuple(kept))


def _row(scenario: Scenario) -> str:
    """Return the name of a scenario's row in the table, where its own name holds more."""
    return scenario.columns.get("name", "")


def _measured(place: Place) -> float | None:
    """Return the seconds that a run of this batch took, where the journal knows."""
    journal = (place.read(_JOURNAL) or b"").decode("utf-8", "replace")
    entries = map(_entry, journal.splitlines())
    found = [float(entry["seconds"]) for entry in entries if entry.get("state") == "done"]
    return median(found[-200:]) if found else None


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:  # torn by a crash
        return {}
    return entry if isinstance(entry, dict) and isinstance(entry.get("seconds"), float) else {}


def run_batch(plan: Plan, how: How | None = None, *, executor: Executor | None = None) -> Iterator[Finished]:
    """Run what is missing and yield every run as it ends; afterwards write the tables and the index page.

    Parameters
    ----------
    executor
        Where runs are made; by default this machine. Its workers must see the same folders.

    Raises
    ------
    RunError
        if nothing can be written under the batch's folder.
    """
    how = how or How()
    try:
        plan.place.write(f"{HIDDEN}/batch.json", json.dumps({"batch": plan.grid.name}).encode())
    except RunError as error:
        raise RunError(
            f"nothing can be written under {plan.place.at('')}/: {error} Or choose another --out."
        ) from error
    names: dict[str, list[str]] = {}
    for scenario, run in plan.scenarios:
        names.setdefault(run, []).append(scenario.name)
    ended: dict[str, Outcome] = {}
    STOPPING.clear()
    own = executor is None
    pool = executor or ThreadPoolExecutor(how.jobs or os.cpu_count() or 1, thread_name_prefix="calc-batch")
    try:
        for outcome in _outcomes(plan, how, pool):
            ended[outcome.run] = outcome
            _note(plan.place, outcome)
            yield Finished(outcome, tuple(names[outcome.run]), plan.place.at(outcome.run))
    finally:
        STOPPING.set()
        if own:
            stop_all(forget=False)
            pool.shutdown(wait=True, cancel_futures=True)
            stop_all(forget=True)
    write_results(plan.grid, plan.scenarios, ended, plan.place)


def _outcomes(plan: Plan, how: How, pool: Executor) -> Iterator[Outcome]:
    limits = Limits(how.seconds, how.memory)
    ordinary = how.ordinary or not can_fork()

    def submit(run: str) -> Future[Outcome]:
        return pool.submit(run_task, plan.tasks[run], plan.place.address, limits, force=how.force, ordinary=ordinary)

    yield from (Outcome(run, "cached") for run in plan.tasks if run in plan.there)
    waiting: dict[Future[Outcome], tuple[str, int]] = {submit(run): (run, 0) for run in plan.to_do}
    while waiting:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            run, tries = waiting.pop(future)
            outcome = _result(future, run)
            if outcome.state == "failed" and tries < how.retries:
                waiting[submit(run)] = (run, tries + 1)
                continue
            yield outcome
            if outcome.state == "failed" and how.fail_fast:
                STOPPING.set()
                stop_all(forget=False)
                for other in waiting:
                    other.cancel()


def _result(future: Future[Outcome], run: str) -> Outcome:
    try:
        return future.result()
    except CancelledError:
        return Outcome(run, "stopped")
    except Exception as error:  # a worker that broke, not a notebook
        return Outcome(run, "failed", error=f"its worker failed: {type(error).__name__}: {error}")


def _note(place: Place, outcome: Outcome) -> None:
    """Add a line to the journal; a journal that cannot be written stops nothing."""
    entry = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "run": outcome.run,
        "state": outcome.state,
        "seconds": round(float(outcome.seconds), 3),
        "cell": outcome.cell,
        "error": outcome.error,
    }
    if outcome.state != "cached":
        try:
            place.append(_JOURNAL, json.dumps(entry, ensure_ascii=False))
        except (OSError, RunError):
            return


def batch(
    grid: Path | str | Mapping[str, Any],
    *,
    out: Path | str = "outputs",
    params: Path | str | None = None,
    only: Iterable[str] = (),
    jobs: int = 0,
    seconds: float | None = 900.0,
    retries: int = 0,
    force: bool = False,
    progress: bool = False,
    executor: Executor | None = None,
) -> Iterator[Finished]:
    """Run a batch and yield each run as it ends.

    Parameters
    ----------
    grid
        A batch's file, its name under ``params/batches``, or its content as a mapping.
    out
        The folder in which the batch's folder stands, or a URL that fsspec knows.
    seconds
        The most that one run may take; None is no limit.
    progress
        Show a bar, in a terminal or under a notebook's cell.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
        before anything runs, listing every problem of every scenario.
    RunError
        if nothing can be written under ``out``.

    Examples
    --------
    >>> for run in calc.batch("plans_views_horizons"):  # doctest: +SKIP
    ...     print(run.names, run.outcome.state)
    """
    plan = plan_batch(open_grid(grid, params=params), out, only=tuple(only), force=force)
    if not can_fork():
        warnings.warn(SLOWER, RuntimeWarning, stacklevel=3)  # of who called ``calc.batch``
    runs = run_batch(plan, How(jobs=jobs, seconds=seconds, retries=retries, force=force), executor=executor)
    if not progress:
        return runs
    from tqdm.auto import tqdm

    return iter(tqdm(runs, total=len(plan.tasks), desc=plan.grid.name, unit="run"))
