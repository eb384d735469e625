"""What the process that starts notebooks does before the first one: imports, and the work that all of them share."""

from __future__ import annotations

import ast
import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..report.show import Page

__all__ = ["foresee", "preload", "rehearse", "stamps"]


def preload() -> None:
    """Import what notebooks import, and make one page, so that no notebook waits for it."""
    # jsonschema would build a grammar for a kind of address that no notebook holds: most of a second
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from .shell import InProcessEngine, ready_shell

    with ready_shell().builtin_trap:  # pandas asks at import whether it stands in a notebook
        import nbformat
        import numpy  # noqa: F401
        import pandas  # noqa: F401
        import scipy.stats  # noqa: F401

        from ..analysis import compare  # noqa: F401
        from ..report import html, save, show  # noqa: F401
    from papermill.engines import papermill_engines

    papermill_engines.register("calc-in-process", InProcessEngine)
    html.report_page(nbformat.v4.new_notebook(), title="", footer="")
    del sys.modules["rfc3987_syntax"]
    gc.collect()
    gc.freeze()  # what is loaded stays shared: no collection writes into its pages


def foresee(parameters: Mapping[str, Any], work: str) -> Page | None:
    """Read the parameter files and draw what the runs of a batch share, so that each finds it in memory.

    All of it is pure: what a notebook finds is what it would have made. It is done in ``work``, where
    the first run is, since messages name files as seen from there. Whatever is wrong here, the run itself tells.
    """
    from ..report.show import open_page

    known = ("study", "params", "settings", "overlays", "formats", "plan", "views", "horizon", "draws", "seed")
    with contextlib.suppress(Exception), contextlib.chdir(work):
        return open_page(**{name: value for name, value in parameters.items() if name in known})
    return None


def rehearse(page: Page, notebook: str) -> None:
    """Show once what a notebook's cells ask of its page, since most words, curves and figures are common to all runs.

    No cell is run: only calls of the page's own methods with plain values are made, into a folder that is thrown away.
    """
    import nbformat

    with contextlib.suppress(Exception), TemporaryDirectory(prefix="calc-") as folder:
        page.out = Path(folder)
        for cell in nbformat.read(notebook, as_version=4).cells:
            for name, values in _asked(cell.source) if cell.cell_type == "code" else ():
                with contextlib.suppress(Exception):
                    getattr(page, name)(*values)


def _asked(source: str) -> Iterator[tuple[str, list[object]]]:
    """Yield the methods of ``page`` that a cell's lines call with plain values, and the values."""
    for line in ast.parse(source).body:
        match line:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("page"), name), values, [])) if not name.startswith("_"):
                if all(isinstance(each, ast.Constant) for each in values):
                    yield name, [ast.literal_eval(each) for each in values]


def stamps() -> dict[str, tuple[int, int]]:
    """Return when each loaded file was last changed."""
    found = {}
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file:
            try:
                status = os.stat(file)  # noqa: PTH116  a thousand of them
            except OSError:
                continue
            found[file] = (status.st_mtime_ns, status.st_size)
    return found
