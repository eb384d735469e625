"""Runs appear whole or not at all, whatever fails and whenever this is killed."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.batch import worker
from calc.batch.claimed import claimed
from calc.batch.task import Limits, Outcome, Task
from calc.report.manifest import is_whole, manifest
from calc.report.whole import DISK, Disk

from ..report.test_whole import Faulty, raising
from .small import tree

TASKS = [Task(f"run{number}", "n.ipynb", {}, "title", {"run": f"run{number}"}, {}) for number in range(3)]


class Writer:
    """Makes a run without a notebook: a few files and the manifest."""

    def run(self, task: Task, work: Path, _: Limits) -> Outcome:
        (work / "tables").mkdir()
        for name in ("a", "b"):
            (work / "tables" / name).write_text(f"{task.run} {name}" * 1000, encoding="utf-8")
        (work / "manifest.json").write_text(manifest(task.head, folder=work), encoding="utf-8")
        return Outcome(task.run, "done", 1.0)

    def stop(self) -> None:
        """Nothing was started."""


@pytest.fixture(autouse=True)
def _writing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(worker, "starter", lambda **_: Writer())
    worker.STOPPING.clear()
    yield
    worker.STOPPING.clear()


def made(folder: Path, disk: Disk = DISK) -> list[Outcome]:
    (folder / ".batch" / "failed").mkdir(parents=True, exist_ok=True)
    return [worker.run_task(task, str(folder), Limits(), disk=disk) for task in TASKS]


def calls_of(folder: Path) -> int:
    counting = Faulty(1 << 50, lambda: None)
    made(folder, counting)
    return counting.calls


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_a_fault_at_any_call_costs_one_run_and_is_told(tmp_path: Path, number: int) -> None:
    calls = calls_of(tmp_path / "whole")
    undisturbed = tree(tmp_path / "whole")
    assert calls > 20
    for at in range(0, calls, 1 if number == errno.ENOSPC else 5):
        folder = tmp_path / f"{number}-{at}"
        outcomes = made(folder, Faulty(at, raising(number)))
        failed = [outcome for outcome in outcomes if not outcome.good]
        assert len(failed) == 1
        assert failed[0].error == f"it could not be written: {os.strerror(number)}"
        there = [each for each in folder.iterdir() if each.name != ".batch"]
        assert all(is_whole(each) for each in there)
        assert list((folder / ".batch").iterdir()) == [folder / ".batch" / "failed"]
        made(folder)
        assert tree(folder) == undisturbed


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@settings(max_examples=12)
@given(kills=st.lists(st.integers(0, 40), max_size=5))
def test_any_order_of_kills_and_restarts_ends_in_the_same_tree(
    tmp_path_factory: pytest.TempPathFactory, kills: list[int]
) -> None:
    whole, folder = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("killed")
    made(whole)
    for at in kills:
        pid = os.fork()
        if pid == 0:
            made(folder, Faulty(at, lambda: os._exit(9)))
            os._exit(0)
        os.waitpid(pid, 0)
        assert all(is_whole(each) for each in folder.iterdir() if each.name != ".batch")
    made(folder)
    assert tree(folder) == tree(whole)
    assert list((folder / ".batch").iterdir()) == [folder / ".batch" / "failed"]


def test_a_changed_a_lacking_and_a_surplus_file_are_seen_and_the_run_made_again(tmp_path: Path) -> None:
    made(tmp_path)
    undisturbed = tree(tmp_path)
    run = tmp_path / "run1"
    for spoil in (
        lambda: (run / "tables" / "a").write_text("other", encoding="utf-8"),
        lambda: (run / "tables" / "b").unlink(),
        lambda: (run / "more").write_text("", encoding="utf-8"),
        lambda: (run / "manifest.json").write_text(json.dumps({"run": "run1"}), encoding="utf-8"),
    ):
        spoil()
        assert not is_whole(run)
        assert [outcome.state for outcome in made(tmp_path)] == ["cached", "done", "cached"]
        assert tree(tmp_path) == undisturbed


class Killed(Writer):
    """Is killed so many times when all is written and nothing told, then writes as it should."""

    def __init__(self, times: int) -> None:
        self.times = times

    def run(self, task: Task, work: Path, limits: Limits) -> Outcome:
        outcome = super().run(task, work, limits)
        if self.times == 0:
            return outcome
        self.times -= 1
        (work / ".half-written").write_text("", encoding="utf-8")
        (work / "notebook.ipynb").write_text("", encoding="utf-8")
        return Outcome(task.run, "lost", error="the last words")


def test_what_a_killed_process_left_is_no_part_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path / "undisturbed")
    killed = Killed(2)
    monkeypatch.setattr(worker, "starter", lambda **_: killed)
    assert [outcome.state for outcome in made(tmp_path / "killed")] == ["done"] * 3
    assert tree(tmp_path / "killed") == tree(tmp_path / "undisturbed")
    assert is_whole(tmp_path / "killed" / "run0")
    killed.times = 3
    failed, *rest = [worker.run_task(task, str(tmp_path / "killed"), Limits(), force=True) for task in TASKS]
    assert (failed.state, failed.error) == (
        "failed",
        "the process that starts notebooks died 3 times: the last words",
    )
    assert [outcome.state for outcome in rest] == ["done"] * 2
    assert list((tmp_path / "killed" / ".batch").rglob("*")) == [tmp_path / "killed" / ".batch" / "failed"]


def test_a_notebook_may_write_a_manifest_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("the notebook's", encoding="utf-8")
    text = manifest({"run": "run"}, folder=tmp_path / "run")
    (tmp_path / "run" / "manifest.json").write_text(text, encoding="utf-8")
    assert is_whole(tmp_path / "run")


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    assert [outcome.state for outcome in made(tmp_path)] == ["done"] * 3
    assert [outcome.state for outcome in made(tmp_path)] == ["cached"] * 3


def test_one_at_a_time_holds_a_claim_and_none_stays_behind(tmp_path: Path) -> None:
    with claimed(tmp_path / "lock") as first, claimed(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with claimed(tmp_path / "lock") as third:
        assert third
    assert list(tmp_path.iterdir()) == []
