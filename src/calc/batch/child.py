"""The process that runs one notebook: papermill, the report page, the manifest; then it ends."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from ..report.manifest import code_hash, manifest, sha256
from ..report.notebook import refuse_flood
from ..report.run import write_page

__all__ = ["WatchedEngine", "perform", "watch"]

MOST_WORDS = 400

Announce = Callable[[Mapping[str, object]], None]


class WatchedEngine(NBClientEngine):  # type: ignore[misc]  # papermill ships no types
    """Papermill's own engine, which tells the code cell that begins (counted from 1) and keeps the notebook."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run the notebook (see :class:`papermill.engines.Engine`)."""
        watch(nb_man)
        return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


_announce: Announce = lambda _: None  # noqa: E731
_executed: list[Any] = []


def watch(nb_man: Any) -> None:
    """Have every cell's beginning announced, floods of output refused, and the notebook kept if it fails."""
    begin, complete = nb_man.cell_start, nb_man.cell_complete
    _executed[:] = [nb_man]

    def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
        _announce({"cell": sum(each.cell_type == "code" for each in nb_man.nb.cells[: (cell_index or 0) + 1])})
        begin(cell, cell_index, **more)

    def cell_complete(cell: Any, **more: Any) -> None:
        complete(cell, **more)
        refuse_flood(nb_man.nb.cells)

    nb_man.cell_start, nb_man.cell_complete = cell_start, cell_complete


def perform(task: Mapping[str, Any], work: Path, *, engine: str, announce: Announce) -> None:
    """Run one task in ``work`` and tell how it went; whatever happens, nothing is raised.

    Parameters
    ----------
    task
        The fields of :class:`calc.batch.task.Task`.
    engine
        The name of a papermill engine that watches.
    announce
        Takes ``{"cell": n}`` when a cell begins, at last ``{"state": ...}``.
    """
    global _announce
    _announce = announce
    try:
        os.chdir(work)
        _changed(task)
        _run(task, work, engine)
        write_page(work, title=task["title"], study=task["head"]["study"])
        _changed(task)
        (work / "manifest.json").write_text(manifest(task["head"], folder=work), encoding="utf-8")
    except PapermillExecutionError as error:
        _keep(work)
        announce({"state": "failed", "cell": error.exec_count, "error": _words(f"{error.ename}: {error.evalue}")})
    except BaseException as error:
        announce({"state": "failed", "error": _words(f"{type(error).__name__}: {error}")})
    else:
        announce({"state": "done"})


def _words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_WORDS else f"{line[:MOST_WORDS]} …"


def _changed(task: Mapping[str, Any]) -> None:
    """Refuse to compute under a name that stands for other inputs."""
    names = [file for file, digest in task["files"].items() if sha256(Path(file).read_bytes()) != digest]
    if code_hash() != task["head"]["code"]:
        names.append("the package's code")
    if names:
        raise RuntimeError(f"{', '.join(names)} changed while the batch ran; run the same command again")


def _run(task: Mapping[str, Any], work: Path, engine: str) -> None:
    notebook = papermill.execute_notebook(
        task["notebook"],
        None,
        parameters=dict(task["parameters"]),
        engine_name=engine,
        kernel_name="python3",
        progress_bar=False,
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        shutdown_kernel="immediate",
    )
    (work / "notebook.ipynb").write_text(_text(notebook), encoding="utf-8")


def _keep(work: Path) -> None:
    """Keep the notebook as far as it came."""
    for nb_man in _executed:
        (work / "notebook.ipynb").write_text(_text(nb_man.nb), encoding="utf-8")


def _text(notebook: Any) -> str:
    """Return a notebook without times and chance, so that the same inputs give the same bytes."""
    for part in (notebook, *notebook.cells):
        part.metadata.pop("execution", None)
        for name in ("start_time", "end_time", "duration"):
            part.metadata.get("papermill", {}).pop(name, None)
    notebook.metadata.papermill |= {"input_path": Path(str(notebook.metadata.papermill.input_path)).name}
    for place, cell in enumerate(notebook.cells):
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
        elif "papermill-error-cell-tag" in cell.metadata.get("tags", []):
            cell["id"] = f"error-{place}"
        for output in cell.get("outputs", []):
            if output.output_type == "stream":  # warnings name a file after the process's number
                output.text = re.sub(r"ipykernel_\d+", "ipykernel_0", output.text)
    return str(nbformat.writes(notebook)) + "\n"


def main() -> None:
    """Run the task on standard input with an ordinary kernel, and tell on standard output, a line each."""
    request = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    papermill_engines.register("calc-watched", WatchedEngine)

    def announce(said: Mapping[str, object]) -> None:
        os.write(out, (json.dumps(said) + "\n").encode())

    perform(request["task"], Path(request["work"]), engine="calc-watched", announce=announce)


if __name__ == "__main__":
    main()
