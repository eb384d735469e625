"""A report run: whole or not at all, and everything promised beside it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from calc.errors import ParameterFileError, RunError, SettingError, UnknownNameError
from calc.report.run import run_parameters, run_report

from ..conftest import RAN_WITH
from .shipped import PARAMS, REPOSITORY, STUDY


@pytest.fixture
def run(ran: Callable[[str], Path]) -> Path:
    return ran("04_comparison")


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_everything_promised_is_there(run: Path) -> None:
    names = {file.relative_to(run).as_posix() for file in run.rglob("*") if file.is_file()}
    assert {"report.html", "notebook.ipynb", "manifest.json", "tables/comparison.csv", "tables/claims.csv"} <= names
    for figure in ("cost_intervals", "timeline", "relief_curves", "cost_relief"):
        assert {f"figures/{figure}.{form}" for form in ("svg", "pdf", "png")} <= names
    assert run.parent.name == STUDY


def test_the_page_asks_nobody_for_anything_and_shows_no_code(run: Path) -> None:
    text = (run / "report.html").read_text("utf-8")
    page = Page(text)
    assert not page.named("script")
    assert not page.named("link")
    assert all(str(attrs["src"]).startswith("data:") for attrs in page.named("img"))
    assert not re.findall(r"url\((?!['\"]?data:)", text)
    assert "open_page" not in text
    assert "import calc" not in text


def test_the_page_can_be_read_without_seeing_it(run: Path) -> None:
    page = Page((run / "report.html").read_text("utf-8"))
    assert page.named("html") == [{"lang": "en"}]
    assert len(page.named("main")) == 1
    assert len(page.named("h1")) == 1
    images = page.named("img")
    assert len(images) == len([*(run / "figures").glob("*.png")])
    assert all(len(str(attrs["alt"])) > 100 for attrs in images)
    assert len(page.named("caption")) == len(page.named("table"))
    assert all(attrs.get("scope") in ("col", "row", "rowgroup") for attrs in page.named("th"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_manifest_says_what_went_in_and_what_came_out(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert manifest["run"] == run.name
    assert manifest["draws"] == 128
    assert manifest["seed"] == 0
    assert manifest["settings"] == RAN_WITH
    for name, digest in manifest["parameter_files"].items():
        assert hashlib.sha256((PARAMS / name).read_bytes()).hexdigest() == digest
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((run / name).read_bytes()).hexdigest() == digest
    assert set(manifest["files"]) == {
        file.relative_to(run).as_posix() for file in run.rglob("*") if file.is_file() and file.name != "manifest.json"
    }
    assert {"python", "numpy", "papermill", "treatment-calc"} <= set(manifest["versions"])
    assert set(manifest["seconds"]) == {"notebook", "page"}


def test_the_same_inputs_replace_the_run_with_the_same_bytes(run: Path, tmp_path: Path) -> None:
    there = shutil.copytree(run, tmp_path / STUDY / run.name)
    (there / "report.html").unlink()
    again = run_report(STUDY, notebook="04_comparison", out=tmp_path, params=PARAMS, settings=RAN_WITH)
    assert again == there
    assert [each.name for each in there.parent.iterdir()] == [run.name]
    assert (again / "report.html").is_file()
    for file in [*run.rglob("*.csv"), *run.rglob("figures/*")]:
        assert (again / file.relative_to(run)).read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"notebook": "04_comparision"}, UnknownNameError, "04_comparison"),
        ({"settings": {"study.plan": "employer_pp"}}, UnknownNameError, "employer_ppo_2026"),
        ({"settings": {"study.views": ["guidlines"]}}, UnknownNameError, "guideline"),
        ({"settings": {"study.draws": 1000}}, ParameterFileError, "512 or 1024"),
        ({"settings": {"stem_cells.price": "1"}}, SettingError, "stem_cell_injection"),
    ],
)
def test_wrong_input_stops_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        run_report(STUDY, **{"notebook": "04_comparison", "out": tmp_path, "params": PARAMS, **arguments})  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_notebook_that_stops_names_its_cell_and_leaves_nothing(tmp_path: Path) -> None:
    shutil.copytree(PARAMS, tmp_path / "params")
    notebook = nbformat.read(REPOSITORY / "notebooks" / "04_comparison.ipynb", as_version=4)
    notebook.cells[-1].source = "page.no_such_thing()"
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "04_comparison.ipynb")
    with pytest.raises(RunError, match=r"page\.no_such_thing\(\).*AttributeError"):
        run_report(
            STUDY,
            notebook="04_comparison",
            out=tmp_path / "out",
            params=tmp_path / "params",
            settings={"study.draws": 64},
        )
    assert not [file for file in (tmp_path / "out").rglob("*") if file.is_file()]


def test_a_run_killed_half_way_leaves_nothing_under_a_final_name(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "calc", "report", STUDY, "--out", str(tmp_path), "--draws", "64", "--view", "clinic"],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert "Running" in process.stdout.readline()
    while not list(tmp_path.glob("*/.*/figures/*.png")):
        assert process.poll() is None
    os.killpg(process.pid, 9)
    process.wait()
    process.stdout.close()
    assert not [each for each in tmp_path.glob("*/*") if not each.name.startswith(".")]
    few = {"study.draws": 64, "study.views": ["clinic"]}
    again = run_report(STUDY, notebook="04_comparison", out=tmp_path, params=PARAMS, settings=few)
    assert (again / "manifest.json").is_file()


def test_settings_reach_the_notebook_as_run_parameters(tmp_path: Path) -> None:
    settings = {
        "study.views": ["clinic", "balanced"],
        "study.seed": 0,
        "plan.deductible": "3000",
        "study.range_coverage": 0.9,
    }
    given = run_parameters(STUDY, PARAMS, {**settings, "study.by": None}, tmp_path)
    assert given["views"] == "clinic,balanced"
    assert given["seed"] == 0
    assert given["settings"] == "plan.deductible=3000\nstudy.range_coverage=0.9\nstudy.by=null"
