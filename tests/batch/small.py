"""A repository as small as one can be, for batches: the tiny library, one notebook, one batch."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from ..inputs.mini import write

PARAMETERS = """\
# Parameters
study: str = "question"  # a name under params/studies
params: str = ""  # the params folder
plan: str = ""  # another plan
views: str = ""  # whom to believe
horizon: str = ""  # how far to look ahead
draws: int = 0  # number of draws
seed: int = -1  # any whole number
settings: str = ""  # path and value pairs
overlays: str = ""  # files of your own numbers
formats: str = ""  # of saved figures
mode: str = ""  # what this notebook does wrong
out: str = ""  # folder for figures and tables"""
WRONG = """\
import os, subprocess, sys, time
if mode == "fails": raise ValueError("no such luck")
if mode == "hangs": time.sleep(1000)
if mode == "dies": os._exit(7)
if mode == "is killed": os.kill(os.getpid(), 9)
if mode == "eats memory": hoard = b"x" * (1 << 40)
if mode == "prints a gigabyte":
    for _ in range(1000): print("x" * 1_000_000)
if mode == "prints a gigabyte outside": os.system("head -c 1000000000 /dev/zero")
if mode == "leaves a process": subprocess.Popen(["sleep", "1000"])
if mode == "leaves a daemon": os.system("setsid sleep 1000 &")
if mode.startswith("waits"): time.sleep(float(mode.split()[1]))"""
CALLS = """\
import calc
page = calc.open_page(study=study, params=params, plan=plan, views=views, horizon=horizon, draws=draws,
                      seed=seed, settings=settings, overlays=overlays, formats=formats, out=out)
page.answer()"""


def world(folder: Path, batch: str, *, cells: tuple[str, ...] = (WRONG, CALLS, "page.limits()")) -> Path:
    """Write a library, a notebook ``tiny`` and a batch ``some`` under ``folder``; return the batch's file."""
    write(folder / "params")
    (folder / "notebooks").mkdir()
    notebook = new_notebook(
        cells=[new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), *map(new_code_cell, cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    for place, cell in enumerate(notebook.cells):
        cell["id"] = str(place)
    nbformat.write(notebook, folder / "notebooks" / "tiny.ipynb")
    (folder / "params" / "batches").mkdir()
    file = folder / "params" / "batches" / "some.yaml"
    file.write_text(f"label: Some\nstudy: question\nnotebook: tiny\nset: {{draws: 64}}\n{batch}", encoding="utf-8")
    return file


def tree(folder: Path) -> Mapping[str, bytes]:
    """Return every file of a batch's folder but those of its workshop."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".batch" not in file.relative_to(folder).parts
    }


def processes(mark: str) -> list[int]:
    """Return the processes whose command line or working directory holds ``mark``."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes().decode("utf-8", "replace") + str((each / "cwd").readlink())
            stat = (each / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if mark in words and int(each.name) != os.getpid() and stat[0] != "Z":
            found.append(int(each.name))
    return found


def gone(mark: str, seconds: float = 5.0) -> bool:
    """Whether no process with ``mark`` is left, or soon none is."""
    until = time.monotonic() + seconds
    while processes(mark):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
