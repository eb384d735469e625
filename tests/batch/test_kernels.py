"""A preloaded process that is out of date is replaced; without one, ordinary kernels are used and that is said."""

from __future__ import annotations

import os
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

from calc.batch import progress, runner
from calc.batch.grid import open_grid
from calc.batch.kernels import ForkServer, can_fork
from calc.batch.runner import plan_batch, run_batch
from calc.batch.task import Limits, Outcome
from calc.cli import main

from .small import gone, world

forking = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux only")


@forking
def test_a_preloaded_process_whose_packages_changed_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "sitecustomize.py").write_text("", encoding="utf-8")  # a module that every Python imports as it starts
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(extra), os.environ.get("PYTHONPATH", "")]))
    plan = plan_batch(open_grid(world(tmp_path, "axes: {seed: [1, 2, 3]}\n")), tmp_path / "out")
    server, pids = ForkServer(), []
    try:
        for place, task in enumerate(plan.tasks.values()):
            if place == 2:
                time.sleep(1.1)  # it looks once a second
                (extra / "sitecustomize.py").write_text("changed = True\n", encoding="utf-8")
            work = tmp_path / f"work{place}"
            work.mkdir()
            states = [server.run(task, work, Limits(seconds=120)).state]
            if states == ["stale"]:
                states.append(server.run(task, work, Limits(seconds=120)).state)
            assert states == (["stale", "done"] if place == 2 else ["done"])
            assert server._zygote is not None
            pids.append(server._zygote._process.pid)
    finally:
        server.stop()
    assert pids[0] == pids[1] != pids[2]
    assert gone(str(tmp_path))


@forking
def test_a_preloaded_process_that_dies_before_or_between_runs_is_replaced(tmp_path: Path) -> None:
    plan = plan_batch(open_grid(world(tmp_path, "axes: {seed: [1]}\n")), tmp_path / "out")
    [task] = plan.tasks.values()
    (tmp_path / "work").mkdir()
    server = ForkServer()
    try:
        with ThreadPoolExecutor(1) as pool:
            early = pool.submit(server.run, task, tmp_path / "work", Limits())
            while server._zygote is None:
                time.sleep(0.001)
            server._zygote._process.kill()
            assert early.result(timeout=60).state == "lost"
        assert server.run(task, tmp_path / "work", Limits()).state == "done"
        assert server._zygote is not None
        server._zygote._process.kill()
        server._zygote._reader.join()  # it is known to be dead before anybody asks it
        assert server.run(task, tmp_path / "work", Limits()).state == "lost"
        assert server.run(task, tmp_path / "work", Limits()).state == "done"
    finally:
        server.stop()
    assert gone(str(tmp_path))


class Asked(Executor):
    """Runs nothing, and keeps what it is asked for."""

    def __init__(self) -> None:
        self.options: list[dict[str, Any]] = []

    def submit(self, _fn: Any, task: Any, *_: Any, **options: Any) -> Future[Any]:
        self.options.append(options)
        done: Future[Any] = Future()
        done.set_result(Outcome(task.run, "failed"))
        return done


def test_without_forks_ordinary_kernels_are_used_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (progress, runner):
        monkeypatch.setattr(module, "can_fork", lambda: False)
    file = world(tmp_path, "axes: {seed: [1]}\n")
    done = CliRunner().invoke(main, ["batch", str(file), "--out", str(tmp_path / "out"), "--dry-run"])
    assert "each run starts an ordinary kernel, which is slower" in done.output
    asked = Asked()
    list(run_batch(plan_batch(open_grid(file), tmp_path / "out"), executor=asked))
    assert [options["ordinary"] for options in asked.options] == [True]


@forking
def test_a_batch_in_a_notebook_shows_a_bar_and_yields_its_runs(tmp_path: Path) -> None:
    file = world(tmp_path, "axes: {seed: [1, 2]}\n")
    code = f"import calc\nruns = calc.batch({str(file)!r}, out={str(tmp_path / 'out')!r}, jobs=1, progress=True)\n"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"{code}[each.outcome.state for each in runs]")]
    )
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = notebook.cells[0].outputs
    [states] = [output["data"]["text/plain"] for output in outputs if output.output_type == "execute_result"]
    assert states == "['done', 'done']"
    shown = [output for output in outputs if output.output_type in ("display_data", "stream")]
    assert any("2/2" in str(output) or "widget-view" in str(output) for output in shown)
    assert gone(str(tmp_path))
