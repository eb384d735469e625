"""Below a URL a batch ends in the same files as in a folder, and a run is there when all of it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calc.batch.grid import open_grid
from calc.batch.kernels import can_fork
from calc.batch.place import Folder, Remote, place_of
from calc.batch.runner import How, plan_batch, run_batch
from calc.errors import RunError
from calc.report.manifest import manifest

from .small import tree, world

fsspec = pytest.importorskip("fsspec", reason="fsspec, of the extra 'cluster', is not installed")


def below(url: str) -> dict[str, bytes]:
    files, root = fsspec.core.url_to_fs(url)
    root = root.strip("/")
    found = {each.strip("/").removeprefix(f"{root}/"): files.cat_file(each) for each in files.find(root)}
    return {name: content for name, content in found.items() if ".batch" not in name}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder, whole."""
    folder = tmp_path / "0123456789ab"
    (folder / "tables").mkdir(parents=True)
    for name in ("a", "b"):
        (folder / "tables" / name).write_text(name * 100, encoding="utf-8")
    (folder / "manifest.json").write_text(manifest({"run": folder.name}, folder=folder), encoding="utf-8")
    return folder


def test_which_addresses_are_folders_and_which_are_not(tmp_path: Path) -> None:
    assert isinstance(place_of(tmp_path, "x"), Folder)
    assert isinstance(place_of(f"file://{tmp_path}", "x"), Folder)
    assert place_of(f"file://{tmp_path}", "x").at("y") == tmp_path / "x" / "y"
    assert isinstance(place_of(f"dir::file://{tmp_path}", "x"), Remote)
    assert place_of("memory://here/", "x").at("y") == "memory://here/x/y"


def test_an_address_that_nobody_knows_is_told() -> None:
    with pytest.raises(RunError, match="nothing can be written to nowhere://x"):
        place_of("nowhere://x")


@pytest.mark.parametrize("at", range(3))
def test_a_run_whose_sending_breaks_off_is_not_there_and_is_sent_again(
    run: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Remote(f"memory://sending/{at}")
    assert not place.has(run.name)
    place.send(run)
    assert place.has(run.name)
    (run / "tables" / "a").rename(run / "tables" / "c")  # other files than before
    (run / "manifest.json").unlink()
    (run / "manifest.json").write_text(manifest({"run": run.name}, folder=run), encoding="utf-8")
    calls = 0
    write: Callable[..., Any] = type(place._files).pipe_file

    def breaking(*given: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > at:
            raise OSError(28, "No space left on device")
        return write(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(type(place._files), "pipe_file", breaking)
        with pytest.raises(RunError, match="No space left"):
            place.send(run)
    assert not place.has(run.name)
    place.send(run)
    assert place.has(run.name)
    assert below(place.at(run.name)) == tree(run)


def test_a_changed_a_lacking_and_a_surplus_file_are_seen(run: Path) -> None:
    place = Remote("memory://changed")
    for name, content in (("tables/a", b"other"), ("more", b"")):
        place.send(run)
        assert place.has(run.name)
        place.write(f"{run.name}/{name}", content)
        assert not place.has(run.name)
    place.send(run)
    place._files.rm_file(f"{place._root}/{run.name}/tables/b")
    assert not place.has(run.name)


@pytest.mark.skipif(not can_fork(), reason="processes are forked on Linux only")
def test_a_batch_below_a_url_ends_in_the_files_of_one_in_a_folder(tmp_path: Path) -> None:
    grid = open_grid(world(tmp_path, "axes: {mode: ['', fails], seed: [1]}\n"))
    plan = plan_batch(grid, tmp_path / "out")
    states = [each.outcome.state for each in run_batch(plan, How(jobs=1))]
    for url in ("memory://batch", f"dir::file://{tmp_path}/far"):
        far = plan_batch(grid, url)
        assert (
            sorted(each.outcome.state for each in run_batch(far, How(jobs=1))) == sorted(states) == ["done", "failed"]
        )
        assert below(f"{url}/some") == tree(tmp_path / "out" / "some")
        again = plan_batch(grid, url)
        assert len(again.there) == 1
        assert again.seconds_each is not None
        [failed] = [run for run in again.tasks if run not in again.there]
        assert again.place.read(f".batch/failed/{failed}.ipynb")
