"""One run, wherever it is worked on: claimed, run in a process of its own, published whole."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import RunError
from ..report.manifest import is_whole
from ..report.whole import DISK, Disk, publish, write_whole
from .claimed import claimed
from .kernels import starter
from .place import Remote, place_of
from .task import AGAIN, Limits, Outcome, Task

__all__ = ["HIDDEN", "STOPPING", "run_task"]

#: beside the runs: locks, half-made runs, notebooks that failed, the journal
HIDDEN = ".batch"

#: set when this process is told to stop
STOPPING = threading.Event()

_TRIES = 3


def run_task(
    task: Task, folder: str, limits: Limits, *, force: bool = False, ordinary: bool = False, disk: Disk = DISK
) -> Outcome:
    """Make one run under ``folder``, unless it is there already.

    The folder of a run appears when everything in it is written and on the disk. A run that fails
    leaves nothing there; its notebook, as far as it came, stays under ``.batch/failed``. If another
    process is at the same run, this waits for it. Below a URL a run is made in a folder of this machine
    and then sent.
    """
    place = place_of(folder)
    if isinstance(place, Remote):
        return _sent(task, place, limits, force=force, ordinary=ordinary)
    final, hidden = Path(folder) / task.run, Path(folder) / HIDDEN
    while not STOPPING.is_set():
        try:
            with claimed(hidden / f"{task.run}.lock") as mine:
                if mine:
                    if not force and is_whole(final):
                        return Outcome(task.run, "cached")
                    return _made(task, final, hidden, limits, ordinary, disk)
        except OSError as error:
            return _unwritten(task, error)
        STOPPING.wait(0.2)
    return Outcome(task.run, "stopped")


def _sent(task: Task, place: Remote, limits: Limits, *, force: bool, ordinary: bool) -> Outcome:
    if not force and place.has(task.run):
        return Outcome(task.run, "cached")
    with TemporaryDirectory(prefix="calc-") as here:
        (Path(here) / HIDDEN).mkdir()
        outcome = run_task(task, here, limits, ordinary=ordinary)
        try:
            if outcome.good and (force or not place.has(task.run)):  # somebody may have sent the same meanwhile
                place.send(Path(here) / task.run)
            for failed in (Path(here) / HIDDEN / "failed").glob("*"):
                place.write(f"{HIDDEN}/failed/{failed.name}", failed.read_bytes())
        except RunError as error:
            return Outcome(task.run, "failed", error=str(error))
    return outcome


def _made(task: Task, final: Path, hidden: Path, limits: Limits, ordinary: bool, disk: Disk) -> Outcome:
    for left in hidden.glob(f"{task.run}.*/"):  # of a process that died: we hold its lock
        shutil.rmtree(left, ignore_errors=True)
    for _ in range(_TRIES):
        outcome = _tried(task, final, hidden, limits, ordinary, disk)
        if outcome.state not in AGAIN:
            return outcome
    told = f": {outcome.error}" if outcome.error else ""
    return Outcome(task.run, "failed", error=f"the process that starts notebooks died {_TRIES} times{told}")


def _tried(task: Task, final: Path, hidden: Path, limits: Limits, ordinary: bool, disk: Disk) -> Outcome:
    """Try once, in a folder of its own: what a killed process left would be taken for the run's."""
    work = (hidden / f"{task.run}.{secrets.token_hex(4)}").resolve()
    failed = hidden / "failed" / f"{task.run}.ipynb"
    try:
        work.mkdir()
        outcome = starter(ordinary=ordinary).run(task, work, limits)
        if outcome.state == "done":
            publish(work, final, disk=disk)
            failed.unlink(missing_ok=True)
        elif outcome.state == "failed" and (work / "notebook.ipynb").is_file():
            with contextlib.suppress(RunError):  # a courtesy; the error is told in any case
                write_whole(failed, (work / "notebook.ipynb").read_bytes(), disk=disk)
    except OSError as error:
        return _unwritten(task, error)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return outcome


def _unwritten(task: Task, error: OSError) -> Outcome:
    return Outcome(task.run, "failed", error=f"it could not be written: {error.strerror or error}")
