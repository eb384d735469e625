"""Finished runs → one tidy table over all scenarios, a table of runs, and a page that leads to them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from .grid import Grid, Scenario
from .index import index_page
from .place import Place
from .task import Outcome

__all__ = ["write_results"]

Named = Sequence[tuple[Scenario, str]]


def write_results(grid: Grid, named: Named, ended: Mapping[str, Outcome], place: Place) -> None:
    """Write ``results.csv``, ``runs.csv`` and ``index.html`` of a batch, each whole.

    Raises
    ------
    RunError
    """
    good = [(scenario, run) for scenario, run in named if ended[run].good]
    rows = list(results_of(grid, good, place))
    place.write("results.csv", _csv(rows))
    place.write("runs.csv", _csv(list(runs_of(grid, named, ended))))
    place.write("index.html", index_page(grid, named, ended, rows).encode("utf-8"))


def results_of(grid: Grid, named: Named, place: Place) -> Iterator[dict[str, str]]:
    """Yield the rows of every run's comparison table, each with its scenario, run and columns."""
    for scenario, run in named:
        table = place.read(f"{run}/tables/comparison.csv")
        if table is None:
            continue
        reader = csv.DictReader(io.StringIO(table.decode("utf-8"), newline=""))
        taken = {"scenario", "run", *(reader.fieldnames or ())}
        own = {"scenario": scenario.name, "run": run}
        for key in grid.columns:
            own[f"axis.{key}" if key in taken else key] = scenario.columns.get(key, "")
        for row in reader:
            yield own | row


def runs_of(grid: Grid, named: Named, ended: Mapping[str, Outcome]) -> Iterator[dict[str, str]]:
    """Yield a row a scenario: its run, whether the results are there, or the cell and the error."""
    for scenario, run in named:
        outcome = ended[run]
        yield {
            "scenario": scenario.name,
            "run": run,
            **{key: scenario.columns.get(key, "") for key in grid.columns},
            "state": "done" if outcome.good else outcome.state,
            "cell": "" if outcome.cell is None or outcome.good else str(outcome.cell),
            "error": outcome.error,
        }


def _csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode("utf-8")
