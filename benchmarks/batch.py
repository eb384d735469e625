"""What a run in a batch costs: papermill's command line, a pool of plain papermill, and ``calc batch``.

Run it from the repository: ``python benchmarks/batch.py [RUNS [FORMATS]]``. All methods run the same notebook with
the same parameters in one go on one machine; only ratios mean anything elsewhere, and where others use the machine
too, only those of processor time. The floor is the cells alone, executed in one process that has done so before.
Outputs are compared cell by cell.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat

from calc.batch.grid import open_grid
from calc.batch.runner import How, plan_batch, run_batch

REPOSITORY = Path(__file__).resolve().parent.parent
PLANS = ("employer_ppo_2026", "high_deductible_2026", "self_pay", "medicare_2026")
QUOTED = "stem_cell_injection.price.injection"


def grid_of(runs: int, formats: str) -> dict[str, Any]:
    """Return a batch of one patient's quotes under each plan, as a clinic or an adviser would run it."""
    return {
        "label": "A benchmark",
        "study": "chronic_low_back_pain",
        "notebook": "04_comparison",
        "set": {"draws": 4096, "formats": formats},
        "scenarios": [
            {"set": {"plan": PLANS[number % len(PLANS)], QUOTED: 4000 + 25 * number}} for number in range(runs)
        ],
    }


def plain(notebook: str, out: str, parameters: dict[str, Any]) -> None:
    import papermill

    Path(out).parent.mkdir(parents=True, exist_ok=True)
    os.chdir(Path(out).parent)
    papermill.execute_notebook(notebook, out, parameters=parameters, kernel_name="python3", progress_bar=False)


def command_line(notebook: str, out: str, parameters: dict[str, Any]) -> None:
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    file = Path(out).with_suffix(".json")
    file.write_text(json.dumps(parameters), encoding="utf-8")
    command = [sys.executable, "-m", "papermill", notebook, out, "-f", str(file), "-k", "python3", "--no-progress-bar"]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(out).parent)  # noqa: S603


def cells_alone(notebook: str, folder: str, every: Sequence[dict[str, Any]]) -> float:
    """Return the processor seconds that a notebook's cells take, the first of ``every`` parameters not counted."""
    found = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    began = 0.0
    for place, parameters in enumerate(every):
        where = Path(folder) / str(place)
        where.mkdir(parents=True)
        os.chdir(where)
        names: dict[str, Any] = {}
        for number, source in enumerate(found):
            exec(compile(source, "cell", "exec"), names)  # noqa: S102  our own notebook
            if number == 0:
                names.update(parameters)
        if place == 0:
            began = time.process_time()
    return (time.process_time() - began) / (len(every) - 1)


def processor() -> float:
    """Return the processor seconds of this process and of all that it started and that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(job: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a job took, by the clock and of the processors."""
    before, began = processor(), time.perf_counter()
    job()
    return time.perf_counter() - began, processor() - before


def cells(file: Path) -> list[tuple[Any, ...]]:
    read = nbformat.read(file, as_version=4).cells
    return [(cell.source, cell.get("execution_count"), cell.get("outputs")) for cell in read]


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    formats = sys.argv[2] if len(sys.argv) > 2 else ""
    few = min(10, max(2, runs // 8))
    with tempfile.TemporaryDirectory() as folder:
        plan = plan_batch(open_grid(grid_of(runs, formats), params=REPOSITORY / "params"), Path(folder) / "ours")
        notebook = str(plan.grid.notebook)
        jobs = [
            (notebook, f"{folder}/{{}}/{run}/notebook.ipynb", dict(task.parameters)) for run, task in plan.tasks.items()
        ]

        def in_sequence() -> None:
            for name, out, parameters in jobs[:few]:
                command_line(name, out.format("line"), parameters)

        def in_a_pool() -> None:
            with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
                for done in [
                    pool.submit(plain, name, out.format("pool"), given) for name, out, given in jobs[: 2 * few]
                ]:
                    done.result()

        def ours() -> None:
            states = [each.outcome.state for each in run_batch(plan, How(jobs=2))]
            if states != ["done"] * runs:
                raise RuntimeError(f"not every run was done: {states}")

        measured: dict[str, tuple[float, float]] = {}
        for name, job, count in (("line", in_sequence, few), ("pool", in_a_pool, 2 * few), ("ours", ours, runs)):
            seconds, used = timed(job)
            measured[name] = seconds / count, used / count
            print(f"{name:5s} {count:4d} runs  {seconds / count:6.2f} s each, processors {used / count:6.2f} s each")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            given = [dict(parameters) for _, _, parameters in jobs[: few + 1]]
            floor = pool.submit(cells_alone, notebook, f"{folder}/cells", given).result()
        print(f"cells {few:4d} runs  {'':17s} processors {floor:6.2f} s each")
        for name, what in (("line", "the command line in sequence"), ("pool", "a pool of two")):
            clock, used = (theirs / mine for theirs, mine in zip(measured[name], measured["ours"], strict=True))
            print(f"ours is {clock:.1f} times {what} by the clock, {used:.1f} times by processor time")
        print(f"ours takes {measured['ours'][1] / floor:.2f} times the processor time of the cells alone")
        same = sum(
            cells(Path(folder) / "line" / run / "notebook.ipynb") == cells(plan.place.path / run / "notebook.ipynb")
            for run in list(plan.tasks)[:few]
        )
        print(f"outputs equal cell by cell: {same} of {few}")


if __name__ == "__main__":
    main()
