"""What ``calc batch`` does between its options and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from ..errors import RunError
from ..report.progress import Loudness, Progress
from .grid import open_grid
from .progress import Watch, plan_words, verdict
from .runner import How, only_those, plan_batch, run_batch
from .sweep import sweep

__all__ = ["connected", "run_command", "sweep_command"]

_GIGABYTE = 1_000_000_000
#: seconds in which a cluster must show a worker
_PATIENCE = 60


def run_command(
    source: str,
    *,
    out: str,
    dry_run: bool,
    fail_fast: bool,
    params: Path | None,
    only: tuple[str, ...],
    timeout: float,
    retries: int,
    jobs: int | None,
    memory: float | None,
    force: bool,
    ordinary: bool,
    cluster: str | None,
    quiet: bool,
    verbose: bool,
    say: Callable[[str], object],
) -> int:
    """Run a batch and return the exit code: 0 all there, 1 a run failed, 130 stopped by the user.

    ``quiet`` tells nothing before the end, ``verbose`` of every run.
    """
    told: Callable[[str], object] = _nothing if quiet and not dry_run else say
    progress = Progress(sys.stderr, Loudness.QUIET if quiet else Loudness.NORMAL)
    with progress.step("Checking every scenario"):
        plan = plan_batch(open_grid(source, params=params), out, only=only, force=force)
    count = jobs or os.cpu_count() or 1
    most = int(memory * _GIGABYTE) if memory else _share(count)
    how = How(count, timeout, retries, most, fail_fast, force, ordinary)
    for line in plan_words(plan, how, jobs=count):
        told(line)
    if dry_run:
        for scenario, run in plan.scenarios:
            say(f"  {'there ' if run in plan.there else 'to run'}  {run}  {scenario.name[:120]}")
        return 0
    with connected(cluster) as executor:
        watch = Watch(plan, told, terminal=sys.stderr.isatty() and not quiet, verbose=verbose)
        try:
            ended = watch.through(run_batch(plan, how, executor=executor))
        except KeyboardInterrupt:
            made = watch.counts["done"] + watch.counts["cached"]
            say(f"Stopped: {made} of {len(plan.tasks)} runs are there. The same command goes on from here.")
            return 130
    for line in verdict(plan, ended):
        say(line)
    return 0 if all(each.outcome.good for each in ended) else 1


def sweep_command(
    source: str,
    *,
    out: Path,
    jobs: int | None,
    only: tuple[str, ...],
    cluster: str | None,
    params: Path | None,
    quiet: bool,
    say: Callable[[str], object],
) -> int:
    """Run a sweep and return the exit code: 0 all there, 130 stopped by the user.

    ``quiet`` tells nothing before the end.
    """
    progress = Progress(sys.stderr, Loudness.QUIET if quiet else Loudness.NORMAL)
    with progress.step("Checking every scenario"):
        grid = only_those(open_grid(source, params=params), only)
    try:
        if not quiet:
            say(f"{grid.batch.label}: {len(grid.scenarios):,} scenarios, numbers only.")
        with connected(cluster) as executor, progress.step("Scenarios", len(grid.scenarios)) as step:
            sweep(grid, out, jobs=jobs or 0, executor=executor, progress=lambda count: step.advance(count=count))
    except KeyboardInterrupt:
        say(f"Stopped; what is done stands in {out}.parts. The same command goes on from here.")
        return 130
    say(f"The table is {out}")
    return 0


def _nothing(_: str) -> None:
    return


def _share(jobs: int) -> int | None:
    """Return one run's share of this machine's memory, None where the system does not say."""
    try:
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.9 / jobs)
    except (AttributeError, ValueError, OSError):
        return None


@contextmanager
def connected(address: str | None) -> Iterator[Executor | None]:
    """Give the executor of a Dask cluster, or None for this machine.

    Raises
    ------
    RunError
        if dask.distributed is not installed, nobody answers, no worker is there, or one cannot start processes.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise RunError("--cluster needs dask.distributed: pip install 'treatment-calc[cluster]'.") from error
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}. Start one with 'dask scheduler'.") from error
    start = f"'dask worker {address} --no-nanny --nthreads 1'"
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise RunError(f"the scheduler at {address} has no worker. Start one with {start}.") from error
        daemonic = [worker for worker, yes in client.run(_is_daemonic).items() if yes]
        if daemonic:
            raise RunError(
                f"{len(daemonic)} of the cluster's workers may not start processes, {daemonic[0]} for one. "
                f"Start workers with {start}, or with DASK_DISTRIBUTED__WORKER__DAEMON=False in their environment."
            )
        yield client.get_executor()


def _is_daemonic() -> bool:
    import multiprocessing

    return multiprocessing.current_process().daemon
