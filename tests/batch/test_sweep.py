"""A sweep's table holds what the comparison of each scenario holds, however it was cut up and interrupted."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calc.analysis.compare import compare
from calc.batch import commands
from calc.batch.grid import open_grid
from calc.batch.sweep import CHUNK, sweep
from calc.cli import main
from calc.errors import RunError
from calc.model.outcomes import OUTCOMES
from calc.report.progress import Progress

from ..report.shipped import REPOSITORY
from .small import gone, world

#: plans that differ in numbers, a quote, and horizons with equal plan years: some work is shared, some is not
GRID = """axes:
  horizon: [11 months, 12 months]
  plan.deductible: [500, 1500, 3000]
  shot.price.needle: [900, 1000..2000]
"""


@pytest.fixture
def here() -> Iterator[Executor]:
    """Workers in this process, which need no start."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_sweep_says_what_comparing_each_scenario_says(tmp_path: Path, here: Executor) -> None:
    grid = open_grid(world(tmp_path, GRID))
    sweep(grid, tmp_path / "out.csv", executor=here)
    table = pd.read_csv(tmp_path / "out.csv", keep_default_na=False, na_values=[""])
    for scenario in grid.scenarios:
        mine = table[table["scenario"] == scenario.name].reset_index(drop=True)
        theirs = compare(scenario.study, params=tmp_path / "params", settings=scenario.settings).comparison
        assert len(mine) == len(theirs)
        for column in theirs.columns:
            if theirs[column].dtype == np.float64:
                np.testing.assert_allclose(mine[column].astype(float), theirs[column], rtol=1e-9)
            else:
                assert mine[column].fillna("").astype(str).tolist() == theirs[column].astype(str).tolist()


class Counting(Executor):
    """Counts the tasks it hands on."""

    def __init__(self, pool: Executor) -> None:
        self.pool, self.count = pool, 0

    def submit(self, fn: Any, *arguments: Any, **more: Any) -> Future[Any]:
        self.count += 1
        return self.pool.submit(fn, *arguments, **more)


def test_a_thousand_scenarios_interrupted_go_on_and_give_the_same_bytes(tmp_path: Path, here: Executor) -> None:
    grid = open_grid(
        world(
            tmp_path, f"axes: {{plan.deductible: {list(range(100))}, shot.sessions: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}\n"
        )
    )
    assert len(grid.scenarios) == 1000
    done = 0

    def stop(count: int) -> None:
        nonlocal done
        done += count
        if done >= 600:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(grid, tmp_path / "cut.csv", executor=here, progress=stop)
    assert not (tmp_path / "cut.csv").exists()
    counting = Counting(here)
    sweep(grid, tmp_path / "cut.csv", executor=counting)
    assert counting.count <= (1000 - 600) / CHUNK
    assert len(rows(tmp_path / "cut.csv")) == 1000 * 2 * 2 * len(OUTCOMES)  # views and treatments
    assert not (tmp_path / "cut.csv.parts").exists()
    whole = sweep(replace(grid, scenarios=grid.scenarios[560:640]), tmp_path / "whole.csv", executor=here)
    _, _, lines = whole.read_bytes().partition(b"\n")
    assert lines in (tmp_path / "cut.csv").read_bytes()  # across the place where it was interrupted


def test_parts_of_other_inputs_are_not_taken(tmp_path: Path, here: Executor) -> None:
    file = world(tmp_path, "axes: {plan.deductible: [1, 2]}\n")
    parts = tmp_path / "out.csv.parts"
    parts.mkdir()
    (parts / "0123456789ab-000000000.csv").write_text("nonsense\n", encoding="utf-8")
    sweep(open_grid(file), tmp_path / "out.csv", executor=here)
    assert {row["plan.deductible"] for row in rows(tmp_path / "out.csv")} == {"1", "2"}


def test_a_reused_executor_follows_a_file_that_was_edited(tmp_path: Path, here: Executor) -> None:
    file = world(tmp_path, "axes: {plan: [self_pay]}\n")
    before = rows(sweep(open_grid(file), tmp_path / "out.csv", executor=here))
    shot = tmp_path / "params" / "treatments" / "shot.yaml"
    shot.write_text(
        shot.read_text("utf-8").replace("low: 1000\n        high: 3000", "low: 5000\n        high: 9000"), "utf-8"
    )
    after = rows(sweep(open_grid(file), tmp_path / "out.csv", executor=here))
    settings = open_grid(file).scenarios[0].settings
    theirs = compare("question", params=tmp_path / "params", settings=settings).comparison
    assert [row["mean"] for row in after] != [row["mean"] for row in before]
    np.testing.assert_allclose([float(row["mean"] or "nan") for row in after], theirs["mean"], rtol=1e-9)


def test_worker_processes_give_the_same_bytes_as_this_one(tmp_path: Path, here: Executor) -> None:
    file = world(tmp_path, GRID)
    sweep(open_grid(file), tmp_path / "here.csv", executor=here)
    done = CliRunner().invoke(main, ["sweep", str(file), "--out", str(tmp_path / "there.csv"), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "12 scenarios" in done.output
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    quiet = CliRunner().invoke(main, ["sweep", str(file), "--out", str(tmp_path / "quiet.csv"), "--jobs", "1", "-q"])
    assert quiet.output == f"The table is {tmp_path / 'quiet.csv'}\n"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"neither in \.csv nor in \.parquet"):
        sweep(open_grid(world(tmp_path, GRID)), tmp_path / "out.xlsx")


@pytest.mark.skipif(find_spec("pyarrow") is not None, reason="pyarrow is installed")
def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"treatment-calc\[data\]"):
        sweep(open_grid(world(tmp_path, GRID)), tmp_path / "out.parquet")


def test_parquet_interrupted_goes_on_and_holds_the_numbers_of_the_csv_in_groups_of_rows(
    tmp_path: Path, here: Executor
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow, of the extra 'data', is not installed")
    grid = open_grid(world(tmp_path, f"axes: {{plan.deductible: {list(range(3 * CHUNK))}}}\n"))
    done = 0

    def stop(count: int) -> None:
        nonlocal done
        done += count
        if done >= 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(grid, tmp_path / "out.parquet", executor=here, progress=stop)
    assert not (tmp_path / "out.parquet").exists()
    counting = Counting(here)
    sweep(grid, tmp_path / "out.parquet", executor=counting)
    assert counting.count == 1
    assert not (tmp_path / "out.parquet.parts").exists()
    assert parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups == 3
    table = pd.read_parquet(tmp_path / "out.parquet")
    wanted = pd.read_csv(sweep(grid, tmp_path / "out.csv", executor=here), dtype={"plan.deductible": str})
    assert list(table) == list(wanted)
    assert table["draws"].dtype == np.int64
    for column in table:
        if wanted[column].dtype == np.float64:
            np.testing.assert_array_equal(table[column].to_numpy(dtype=np.float64, na_value=np.nan), wanted[column])
        else:
            assert table[column].fillna("").astype(str).tolist() == wanted[column].fillna("").astype(str).tolist()


def test_a_sweep_holds_pathways_as_options(here: Executor, tmp_path: Path) -> None:
    grid = open_grid(
        {
            "label": "Steps",
            "study": "stepped_care",
            "notebook": "04_comparison",
            "set": {"draws": 64},
            "axes": {"plan": ["self_pay"]},
        },
        params=REPOSITORY / "params",
    )
    sweep(grid, tmp_path / "out.csv", executor=here)
    theirs = compare("stepped_care", params=REPOSITORY / "params", settings=grid.scenarios[0].settings).comparison
    assert pd.read_csv(tmp_path / "out.csv")["treatment"].tolist() == theirs["treatment"].tolist()


@pytest.mark.parametrize("what", [["sweep", "--jobs", "1", "--out", "t.csv"], ["batch", "--dry-run", "--out", "out"]])
def test_what_takes_long_is_told_from_the_beginning(
    what: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world(tmp_path, GRID)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "Progress", partial(Progress, after=0.0))
    done = CliRunner().invoke(main, [what[0], str(file), *what[1:]])
    assert done.exit_code == 0, done.output
    assert "Checking every scenario … 0 s" in done.output
    assert ("Scenarios: 0 of 12, 0 s" in done.output) == (what[0] == "sweep")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks into /proc for the moment")
@pytest.mark.parametrize("moment", ["python", "numpy", "pandas"])
def test_ctrl_c_while_a_sweep_starts_prints_no_frames(moment: str, tmp_path: Path) -> None:
    """The moment is that in which one of its processes has loaded so much."""
    world(tmp_path, f"axes: {{seed: {list(range(4 * CHUNK))}}}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "calc", "sweep", "some", "--out", "t.csv", "--jobs", "2"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline()
    while not any(moment in loaded for loaded in workers(process.pid)):
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)
    said += process.communicate()[0]
    assert "Traceback" not in said, said
    assert process.returncode == 130, said
    assert "Stopped; what is done stands in t.csv.parts." in said
    assert gone(str(tmp_path))


def workers(pid: int) -> Iterator[str]:
    """What each worker process of a sweep has loaded."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with suppress(OSError):  # it may have ended since
                if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text():
                    yield Path(f"/proc/{child}/maps").read_text()
