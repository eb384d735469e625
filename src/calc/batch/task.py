"""One run to do, as plain data that any worker on any machine can take; and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..report.manifest import code_hash, head, sha256
from ..report.run import run_parameters
from .grid import Grid, Scenario

__all__ = ["AGAIN", "Limits", "Outcome", "Task", "tasks_of"]


#: the preloaded process died over a run, or its code is old: nothing that the run did, so it is tried again
AGAIN = ("lost", "stale")


@dataclass(frozen=True)
class Limits:
    """What one run may take: seconds, and bytes of memory; None is no limit."""

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Task:
    """One run: ``head`` begins its manifest, ``files`` are all that it reads, with their hashes."""

    run: str
    notebook: str
    parameters: Mapping[str, Any]
    title: str
    head: Mapping[str, Any]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    ``state`` is done, cached, failed or stopped; inside also one of ``AGAIN``. ``cell`` is the code
    cell, counted from 1.
    """

    run: str
    state: str
    seconds: float = 0.0
    cell: int | None = None
    error: str = ""

    @property
    def good(self) -> bool:
        """Whether the results are there."""
        return self.state in ("done", "cached")


def tasks_of(grid: Grid) -> tuple[dict[str, Task], list[tuple[Scenario, str]]]:
    """Return the runs by name, and each scenario with its run; equal scenarios share one."""
    known: dict[Path, str] = {}

    def digest(file: Path) -> str:
        if file not in known:
            known[file] = sha256(file.read_bytes())
        return known[file]

    code = code_hash()
    tasks: dict[str, Task] = {}
    named = []
    for scenario in grid.scenarios:
        inputs = grid.inputs(scenario)
        facts = head(inputs, grid.notebook, others=scenario.others, code=code, digest=digest)
        run = str(facts["run"])
        named.append((scenario, run))
        if run not in tasks:
            params = grid.shelf.library.root.resolve()
            # the run works inside its own folder, so that its notebook says the same wherever that is
            given = run_parameters(inputs.name, params, scenario.settings, Path(), scenario.overlays)
            tasks[run] = Task(
                run=run,
                notebook=str(grid.notebook),
                parameters={**given, **scenario.others},
                title=inputs.study.label,
                head=facts,
                files={str(file.resolve()): digest(file) for file in (*inputs.files, grid.notebook)},
            )
    return tasks, named
