"""Batches with real processes: whatever a notebook does and whoever is killed, the rest goes on and nothing is lost."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import calc
from calc.batch import runner
from calc.batch.commands import connected
from calc.batch.grid import open_grid
from calc.batch.kernels import can_fork
from calc.batch.progress import Watch
from calc.batch.runner import Finished, How, plan_batch, run_batch
from calc.batch.task import Outcome
from calc.cli import main
from calc.errors import RunError
from calc.model.outcomes import OUTCOMES
from calc.report.manifest import is_whole

from .small import WRONG, gone, processes, tree, world

pytestmark = pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux only")

FILE = "params/batches/some.yaml"
SIX = "axes: {plan: [insured, self_pay], seed: [1, 2, 3]}\n"


def command(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "calc", "batch", "some", "--out", str(folder / "out"), *options],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def finished(folder: Path, *options: str) -> tuple[int, str]:
    process = command(folder, *options)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def test_where_nothing_can_be_forked_from_python_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "can_fork", lambda: False)
    with pytest.warns(RuntimeWarning, match="ordinary kernel"):
        calc.batch(world(tmp_path, SIX), out=tmp_path / "out")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the batch of six has run to its end."""
    folder = tmp_path_factory.mktemp("undisturbed")
    world(folder, SIX)
    code, said = finished(folder, "--jobs", "2")
    assert code == 0, said
    assert "6 done" in said
    return folder


def test_a_batch_writes_its_runs_one_tidy_table_and_a_page(undisturbed: Path) -> None:
    out = undisturbed / "out" / "some"
    with (out / "results.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert {(row["plan"], row["seed"]) for row in rows} == {(p, s) for p in ("insured", "self_pay") for s in "123"}
    assert len(rows) == 6 * 2 * 2 * len(OUTCOMES)  # scenarios, views, treatments
    page = (out / "index.html").read_text("utf-8")
    assert page.count("<svg role=") == 6
    assert "<script" not in page
    assert "http-equiv" not in page
    assert gone(str(undisturbed))


def test_the_same_command_again_runs_nothing_and_changes_nothing(undisturbed: Path) -> None:
    out = undisturbed / "out" / "some"
    before = tree(out)
    for told, options in ((0, []), (6, ["-v"]), (0, ["-v", "-q"])):
        done = CliRunner().invoke(main, ["batch", str(undisturbed / FILE), "--out", str(out.parent), *options])
        assert done.exit_code == 0
        assert "6 cached" in done.output
        assert done.output.count("there already: ") == told
        assert tree(out) == before


@pytest.mark.parametrize(("verbose", "told"), [(False, ["failed"]), (True, ["done", "there", "failed"])])
def test_beside_a_bar_only_what_failed_is_told_unless_more_is_asked_for(
    verbose: bool, told: list[str], undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_batch(open_grid(undisturbed / FILE), tmp_path)
    watch = Watch(plan, pytest.fail, terminal=True, verbose=verbose)
    watch.through(Finished(Outcome("x", state), ("name",), "") for state in ("done", "cached", "failed"))
    assert [line.split()[0].strip(":") for line in capsys.readouterr().out.splitlines()] == told


def test_a_dry_run_shows_the_plan_and_writes_nothing(tmp_path: Path) -> None:
    file = world(tmp_path, SIX)
    options = ["--out", str(tmp_path / "out"), "--dry-run", "--only", "plan=insured"]
    done = CliRunner().invoke(main, ["batch", str(file), *options])
    assert done.exit_code == 0
    assert "3 scenarios, 3 runs" in done.output
    assert not (tmp_path / "out").exists()


def kill_preloaded(folder: Path) -> None:
    for pid in processes("calc.batch.zygote"):
        with contextlib.suppress(OSError):  # it may have ended since
            if Path(f"/proc/{pid}/cwd").readlink() == folder:
                os.kill(pid, signal.SIGKILL)


def kill_notebook(folder: Path) -> None:
    for pid in processes(str(folder / "out" / "some" / ".batch"))[:1]:
        with contextlib.suppress(ProcessLookupError):  # it may have ended since
            os.kill(pid, signal.SIGKILL)


def awaited(process: subprocess.Popen[str], out: Path, runs: int) -> None:
    """Wait until so many runs are there and another is being made."""
    while not (len(list(out.glob("[0-9a-f]*/"))) >= runs and list(out.glob(".batch/*.*/"))):
        assert process.poll() is None
        time.sleep(0.005)


def without(folder: Path, place: Path) -> dict[str, bytes]:
    """Return a tree without where it stands, which the notebooks are told and the manifests hash."""
    found = {name: content.replace(str(place).encode(), b"HERE") for name, content in tree(folder).items()}
    return {name: content for name, content in found.items() if not name.endswith("manifest.json")}


def test_kills_of_notebook_preloaded_process_and_parent_lose_nothing(undisturbed: Path, tmp_path: Path) -> None:
    world(tmp_path, SIX)
    process, out = command(tmp_path, "--jobs", "2"), tmp_path / "out" / "some"
    awaited(process, out, 1)
    kill_notebook(tmp_path)
    awaited(process, out, 2)
    kill_preloaded(tmp_path)
    awaited(process, out, 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert gone(str(tmp_path))
    assert len(list(out.glob("[0-9a-f]*/"))) < 6
    assert all(is_whole(run) for run in out.glob("[0-9a-f]*/"))
    code, said = finished(tmp_path, "--jobs", "2")
    assert code == 0, said
    assert without(out, tmp_path) == without(undisturbed / "out" / "some", undisturbed)
    assert gone(str(tmp_path))


def test_ctrl_c_stops_what_hangs_and_says_how_to_go_on(tmp_path: Path) -> None:
    world(tmp_path, "axes: {seed: [1, 2, 3]}\nscenarios: [{set: {mode: hangs}}]\n")
    process = command(tmp_path, "--jobs", "2")
    assert process.stdout is not None
    assert any(line.startswith("[3/4") for line in process.stdout)  # then only the one that hangs is left
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 130
    assert "3 of 4 runs are there. The same command goes on from here." in said
    assert gone(str(tmp_path))


def test_two_batches_at_once_on_one_folder_make_each_run_once(undisturbed: Path, tmp_path: Path) -> None:
    world(tmp_path, SIX)
    both = [command(tmp_path, "--jobs", "1"), command(tmp_path, "--jobs", "1")]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    journal = (tmp_path / "out" / "some" / ".batch" / "journal.jsonl").read_text("utf-8").splitlines()
    assert sum('"done"' in line for line in journal) == 6
    assert set(tree(tmp_path / "out" / "some")) == set(tree(undisturbed / "out" / "some"))
    assert gone(str(tmp_path))


WRONGS = {
    "fails": (1, "ValueError: no such luck"),
    "hangs": (1, "still running after 8 s"),
    "dies": (1, "its process died (exit code 7)"),
    "is killed": (1, "its process was killed"),
    "eats memory": (1, "MemoryError"),
    "prints a gigabyte": (1, "characters were printed"),
    "prints a gigabyte outside": (1, "characters were printed"),
}


def test_whatever_a_notebook_does_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    modes = [*WRONGS, "leaves a process", "leaves a daemon", ""]
    lines = "".join(f"  - {{name: scenario {mode}, set: {{mode: {mode!r}}}}}\n" for mode in modes)
    grid = open_grid(world(tmp_path, f"scenarios:\n{lines}"))
    plan = plan_batch(grid, tmp_path / "out")
    how = How(jobs=2, seconds=8, memory=3_000_000_000)
    ended = {each.names[0].removeprefix("scenario").strip(): each.outcome for each in run_batch(plan, how)}
    for mode, (cell, words) in WRONGS.items():
        outcome = ended[mode]
        assert outcome.state == "failed", mode
        assert words in outcome.error, (mode, outcome)
        assert outcome.cell is not None, mode
        assert outcome.cell >= cell, mode
    for mode in modes[len(WRONGS) :]:
        assert ended[mode].state == "done", ended[mode]
    with (tmp_path / "out" / "some" / "runs.csv").open(encoding="utf-8", newline="") as handle:
        states = {row["scenario"]: row["state"] for row in csv.DictReader(handle)}
    assert list(states.values()).count("failed") == len(WRONGS)
    kept = {file.stem for file in (tmp_path / "out" / "some" / ".batch" / "failed").glob("*.ipynb")}
    assert ended["fails"].run in kept
    assert not list((tmp_path / "out" / "some" / ".batch").glob("*.*/"))
    assert gone(str(tmp_path))


def test_a_failure_is_tried_again_and_fail_fast_runs_no_more(tmp_path: Path) -> None:
    count = "from pathlib import Path\nwith Path(study_log := params + '/../log').open('a') as f: f.write('x')\n1 / 0"
    grid = open_grid(world(tmp_path, "axes: {seed: [1, 2, 3, 4]}\n", cells=(count,)))
    how = How(jobs=1, retries=2, fail_fast=True)
    ended = [each.outcome.state for each in run_batch(plan_batch(grid, tmp_path / "out"), how)]
    assert sorted(ended) == ["failed", "stopped", "stopped", "stopped"]
    assert (tmp_path / "log").read_text("utf-8").startswith("xxx")


def test_nothing_of_one_notebook_reaches_another(tmp_path: Path) -> None:
    leak = """\
import os, random, sys
import numpy as np
import pandas as pd
from pathlib import Path
here = Path("state.txt").resolve()
with here.open("w") as handle:
    print(os.environ.get("LEFT"), pd.get_option("display.max_rows"), "left" in dir(np), handle.name == str(here), file=handle)
with Path("chance.txt").open("w") as handle:
    print(random.random(), np.random.random(), file=handle)
os.environ["LEFT"] = "yes"; pd.set_option("display.max_rows", 7); np.left = 1; np.random.seed(1); random.seed(1); os.chdir("/")"""
    world(tmp_path, "axes: {seed: [1]}\n", cells=(leak, WRONG))
    content = {"label": "x", "study": "question", "notebook": "tiny", "axes": {"mode": ["waits 3", "", "waits 0"]}}
    ended = list(calc.batch(content, params=tmp_path / "params", out=tmp_path / "out", jobs=2))
    assert ended[-1].names == ("waits 3",)  # each comes as it ends
    assert {(each.folder / "state.txt").read_text("utf-8") for each in ended} == {"None 60 False True\n"}
    assert len({(each.folder / "chance.txt").read_text("utf-8") for each in ended}) == 3


TORTURE = (
    "import pandas as pd, numpy as np\npd.DataFrame(np.arange(60).reshape(2, 30))",
    "import sys; print('out'); print('err', file=sys.stderr); print('out 2')",
    "from IPython.display import display, HTML, clear_output\nh = display('a', display_id='k'); h.update('b')\n3 + 4",
    "print('gone'); clear_output(wait=True); print('stays')",
    "import os; os.system('echo from a child');",  # where its result stood, ipykernel's own order would be chance
    "!echo from a shell",
    "import warnings; warnings.warn('careful')",
    "import asyncio\nawait asyncio.sleep(0)\nseed",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "_ + 1 if isinstance(_, int) else _",
    "def f(n):\n    return 1 / n\nf(0 if mode == 'fails' else 1)",
)


def test_forked_processes_give_what_papermill_gives_with_a_kernel_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cell by cell and byte by byte: streams, results, pictures, displays changed afterwards, tracebacks."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # where it stands, ipykernel catches no output of child processes
    grid = open_grid(world(tmp_path, "axes: {mode: ['', fails]}\n", cells=TORTURE))
    plans = [plan_batch(grid, tmp_path / name) for name in ("forked", "ordinary")]
    for place, plan in enumerate(plans):
        ended = {each.names[0]: each.outcome for each in run_batch(plan, How(ordinary=place == 1))}
        assert ended["as it is"].state == "done", ended
        assert ended["fails"].cell == len(TORTURE) + 2, ended
        assert ended["fails"].error == "ZeroDivisionError: division by zero"
    assert without(tmp_path / "forked", tmp_path) == without(tmp_path / "ordinary", tmp_path)
    kept = [sorted((plan.place.path / ".batch" / "failed").iterdir()) for plan in plans]
    assert [file.read_bytes() for file in kept[0]] == [file.read_bytes() for file in kept[1]]
    assert len(kept[0]) == 1
    assert gone(str(tmp_path))


#: what notebooks ask of the kernel they run in
MAGIC = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2, 3]);",
    "import os\nfrom ipykernel.connect import get_connection_file\nos.path.isfile(get_connection_file())",
    "kernel = get_ipython().kernel\ntype(kernel).__name__, kernel.shell is get_ipython(), kernel.implementation",
    "%%capture out\nprint('kept')",
    "out.stdout",
    "%%bash\necho from bash",
    "%load_ext autoreload\n%autoreload 2\n%gui asyncio\n%timeit -n1 -r1 -q 1",
    "import ipywidgets\nslider = ipywidgets.IntSlider(3)\nslider",
    "shown = ipywidgets.Output()\nwith shown: print('inside')\nshown",
    "from tqdm.auto import tqdm\nsum(tqdm(range(3), bar_format='{n}'))",
    "import threading\nthread = threading.Thread(target=print, args=('from a thread',))\nthread.start(); thread.join()",
    "import signal\ntry: os.kill(os.getpid(), signal.SIGINT); import time; time.sleep(5)\nexcept KeyboardInterrupt: print('interrupted')",
    "await asyncio.sleep(0) if 'asyncio' in dir() else __import__('asyncio').get_running_loop().is_running()",
    "quit()",
)


def test_what_asks_for_its_kernel_finds_in_a_forked_process_what_it_finds_in_a_kernel(tmp_path: Path) -> None:
    grid = open_grid(world(tmp_path, "axes: {seed: [1]}\n", cells=MAGIC))
    found = []
    for name in ("forked", "ordinary"):
        [ended] = run_batch(plan_batch(grid, tmp_path / name), How(ordinary=name == "ordinary"))
        assert ended.outcome.state == "done", ended.outcome
        notebook = nbformat.read(Path(ended.folder) / "notebook.ipynb", as_version=4)
        [states] = notebook.metadata.widgets.values()
        text = json.dumps(notebook.cells)
        for place, name in enumerate(dict.fromkeys(re.findall(r"\b[0-9a-f]{32}\b", text))):  # of a widget, by chance
            text = text.replace(name, f"id {place}")
        found.append((json.loads(text), sorted(state["model_name"] for state in states["state"].values())))
    assert found[0] == found[1]
    assert gone(str(tmp_path))


@pytest.mark.parametrize(
    ("cells", "cell", "error"),
    [
        (("quit()", "import time; time.sleep(1)", "2"), 5, "DeadKernelError: Kernel died"),
        (("import sys; sys.exit(3)",), 3, "SystemExit: 3"),
        (("for _ in range(30): print('x' * 1_000_000)",), 3, "more than 20,000,000 characters were printed"),
        (("for n in range(3):\n    print('x' * 9_000_000, flush=True)", "1"), 3, "more than 20,000,000 characters"),
        (("print('x' * 19_999_000)", "print('y' * 2_000)"), 4, "more than 20,000,000 characters were printed"),
        (("try: print('x' * 30_000_000)\nexcept Exception: pass",), 3, "more than 20,000,000 characters"),
    ],
)
def test_a_notebook_that_ends_badly_ends_alike_in_a_forked_process_and_in_a_kernel(
    tmp_path: Path, cells: tuple[str, ...], cell: int, error: str
) -> None:
    grid = open_grid(world(tmp_path, "axes: {seed: [1]}\n", cells=cells))
    for name in ("forked", "ordinary"):
        plan = plan_batch(grid, tmp_path / name)
        [ended] = run_batch(plan, How(ordinary=name == "ordinary"))
        assert (ended.outcome.state, ended.outcome.cell) == ("failed", cell), ended.outcome
        assert error in ended.outcome.error
        assert all(file.stat().st_size < 100_000 for file in (tmp_path / name).rglob("*.ipynb"))
    assert gone(str(tmp_path))


def test_what_a_notebook_and_its_children_print_stands_in_the_order_in_which_it_was_printed(tmp_path: Path) -> None:
    lines = """\
import logging, multiprocessing, os
for n in range(40):
    print('a', n)
    os.system('echo b; echo c')
    process = multiprocessing.get_context('fork').Process(target=print, args=('d',))
    process.start(); process.join()
os.system("yes ä 2>/dev/null | head -c 300000")"""
    plan = plan_batch(open_grid(world(tmp_path, "axes: {seed: [1]}\n", cells=(lines, WRONG))), tmp_path / "out")
    [ended] = run_batch(plan)
    assert ended.outcome.state == "done", ended.outcome
    notebook = nbformat.read(Path(ended.folder) / "notebook.ipynb", as_version=4)
    [*printed, result] = next(cell.outputs for cell in notebook.cells if "'echo b; echo c'" in cell.source)
    assert (
        "".join(output.text for output in printed) == "".join(f"a {n}\nb\nc\nd\n" for n in range(40)) + "ä\n" * 100_000
    )
    assert result.data["text/plain"] == "0"


def test_workers_of_another_executor_end_in_the_same_tree(undisturbed: Path, tmp_path: Path) -> None:
    plan = plan_batch(open_grid(undisturbed / FILE), tmp_path, only=["seed=1"])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert [each.outcome.state for each in run_batch(plan, executor=pool)] == ["done", "done"]
    theirs = tree(undisturbed / "out" / "some")
    runs = {name: content for name, content in tree(tmp_path / "some").items() if "/" in name}
    assert runs == {name: theirs[name] for name in runs}
    assert len(runs) >= 2 * 4
    assert gone(str(tmp_path))


def test_a_cluster_that_cannot_be_reached_is_told() -> None:
    pytest.importorskip("distributed", reason="dask.distributed, of the extra 'cluster', is not installed")
    with pytest.raises(RunError, match="no Dask scheduler answers"), connected("tcp://127.0.0.1:1"):
        pass


@pytest.mark.skipif(find_spec("distributed") is not None, reason="dask.distributed is installed")
def test_a_cluster_without_dask_says_what_to_install() -> None:
    with pytest.raises(RunError, match=r"treatment-calc\[cluster\]"), connected("tcp://127.0.0.1:1"):
        pass


def test_two_dask_workers_one_of_them_killed_end_in_the_same_tree(undisturbed: Path, tmp_path: Path) -> None:
    """A worker that may not start processes is refused at once; the two ways to start one that may are taken."""
    pytest.importorskip("distributed", reason="dask.distributed, of the extra 'cluster', is not installed")
    file, told = tmp_path / "scheduler.json", tmp_path / "told.txt"
    started: list[subprocess.Popen[bytes]] = []

    def start(what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        words = ["-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(file), "--no-dashboard", *options]
        with told.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, *words], cwd=tmp_path, env={**os.environ, **environment}, stderr=errors
            )
        started.append(process)
        return process

    try:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not file.is_file():
            assert scheduler.poll() is None, told.read_text("utf-8")
            time.sleep(0.05)
        address = json.loads(file.read_text("utf-8"))["address"]
        daemonic = start("worker", "--nthreads", "1")
        with pytest.raises(RunError, match=r"may not start processes.*--no-nanny.*DAEMON=False"), connected(address):
            pass
        daemonic.terminate()
        daemonic.wait()
        first = start("worker", "--nthreads", "1", "--no-nanny")
        start("worker", "--nthreads", "1", DASK_DISTRIBUTED__WORKER__DAEMON="False")
        with connected(address) as executor:
            runs = run_batch(plan_batch(open_grid(undisturbed / FILE), tmp_path / "out"), executor=executor)
            next(runs)
            first.kill()
            assert all(each.outcome.good for each in runs)
    finally:
        for process in reversed(started):
            process.terminate()  # a nanny ends its worker
            process.wait()
    assert tree(tmp_path / "out" / "some") == tree(undisturbed / "out" / "some")
    assert gone(str(tmp_path))


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    grid = open_grid(world(tmp_path, "axes: {seed: [1]}\n"))
    (tmp_path / "out").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(RunError, match=r"nothing can be written under .*out/some/"):
        list(run_batch(plan_batch(grid, tmp_path / "out")))
