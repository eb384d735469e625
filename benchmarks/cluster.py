"""How many runs of a batch one and two workers of a Dask scheduler end, all on this machine, and what a run writes.

``python benchmarks/cluster.py [RUNS [FORMATS]]``, with the extra ``cluster`` installed: the batch of
``benchmarks/batch.py`` (``04_comparison``, 4,096 draws, quotes under four plans). Seconds a run are
counted from the moment the first third has ended, since each worker starts by importing and
rehearsing; all workers, the scheduler and the command share the machine's processors.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

from batch import REPOSITORY, grid_of
from calc.batch.commands import connected
from calc.batch.grid import open_grid
from calc.batch.runner import plan_batch, run_batch


@contextmanager
def cluster(workers: int, folder: str) -> Iterator[str]:
    """Yield the address of a scheduler with so many workers, each of one thread, until this is left."""
    file = Path(folder) / "scheduler.json"
    started: list[subprocess.Popen[bytes]] = []

    def start(what: str, *options: str) -> None:
        words = ["-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file), "--no-dashboard", *options]
        quiet = subprocess.DEVNULL
        started.append(subprocess.Popen([sys.executable, *words], cwd=folder, stderr=quiet))  # noqa: S603  our own

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not file.is_file():
            time.sleep(0.05)
        for _ in range(workers):
            start("worker", "--nthreads", "1", "--no-nanny")
        address = json.loads(file.read_text("utf-8"))["address"]
        with Client(address) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def measured(workers: int, runs: int, formats: str) -> tuple[float, float, float, float]:
    """Return seconds to the first run's end, seconds a run after that, and files and bytes that a run leaves."""
    with tempfile.TemporaryDirectory() as folder, cluster(workers, folder) as address:
        plan = plan_batch(open_grid(grid_of(runs, formats), params=REPOSITORY / "params"), Path(folder) / "out")
        began, ends = time.perf_counter(), []
        with connected(address) as executor:
            for each in run_batch(plan, executor=executor):
                ends.append(time.perf_counter())
                if each.outcome.state != "done":
                    raise RuntimeError(f"a run was not done: {each.outcome}")
        skipped = runs // 3
        left = [file for run in plan.tasks for file in (plan.place.path / run).rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in left)
        return ends[0] - began, (ends[-1] - ends[skipped]) / (runs - 1 - skipped), len(left) / runs, size / runs


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    formats = sys.argv[2] if len(sys.argv) > 2 else ""
    alone = None
    for workers in (1, 2):
        first, each, files, size = measured(workers, runs, formats)
        alone = alone or each
        print(
            f"{workers} worker(s): the first run ended after {first:.0f} s, then one every {each:.2f} s, "
            f"{alone / each:.1f} times as many as one worker; {files:.0f} files and {size / 1e6:.1f} MB a run"
        )


if __name__ == "__main__":
    main()
