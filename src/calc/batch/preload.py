"""What the process that starts notebooks does before the first one: imports, and the work that all of them share."""

from __future__ import annotations

import ast
import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..report.show import Page

__all__ = ["foresee", "freeze", "preload", "rehearse", "stamps"]


def preload() -> None:
    """Import what notebooks import, and make one page, so that no notebook waits for it."""
    # jsonschema would build a grammar for a kind of address that no notebook holds: most of a second
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from .shell import InProcessEngine, ready_kernel

    shell: Any = ready_kernel().shell
    with shell.builtin_trap:  # pandas asks at import whether it stands in a notebook
        import nbformat
        import numpy  # noqa: F401
        import pandas  # noqa: F401
        import scipy.stats  # noqa: F401

        from ..analysis import compare  # noqa: F401
        from ..cache import Cache
        from ..report import html, save, show  # noqa: F401
    from papermill.engines import papermill_engines

    papermill_engines.register("calc-in-process", InProcessEngine)
    html.report_page(nbformat.v4.new_notebook(), title="", footer="")
    del sys.modules["rfc3987_syntax"]
    Cache().adopt()  # what a rehearsal computes, the notebooks forked from here find
    freeze()


def freeze() -> None:
    """Let what is loaded stay shared: no collection in a notebook's process writes into its pages."""
    gc.collect()
    gc.freeze()


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


def rehearse(page: Page, notebook: str) -> Iterator[None]:
    """Make once, a piece at each step, what a notebook's cells ask of its page, which most runs have in common.

    No cell is run: only calls of the page's own methods with plain values are made.
    """
    import nbformat

    from ..report.figures.gallery import slides
    from ..report.save import slide_bytes

    with contextlib.suppress(Exception):
        for cell in nbformat.read(notebook, as_version=4).cells:
            for name, values in _asked(cell.source) if cell.cell_type == "code" else ():
                with contextlib.suppress(Exception):
                    if name != "figure":
                        getattr(page, name)(*values)
                        yield
                    for made in slides(page.result, *map(str, values)) if name == "figure" else ():
                        for form in dict.fromkeys(("png", *page.formats)):
                            slide_bytes(made, form)
                            yield
        page.result.tables()


def _asked(source: str) -> Iterator[tuple[str, list[object]]]:
    """Yield the methods of ``page`` that a cell's lines call with plain values, and the values."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # IPython's own, such as a magic
        return
    for line in lines:
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
