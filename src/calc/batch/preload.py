"""What the process that starts notebooks does before the first one: imports, and the work that all of them share."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["foresee", "preload", "stamps"]


def preload() -> None:
    """Import what notebooks import, draw one figure in each format, so that no notebook waits for it."""
    # jsonschema would build a grammar for a kind of address that no notebook holds: most of a second
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from .shell import InProcessEngine, ready_shell

    with ready_shell().builtin_trap:  # pandas asks at import whether it stands in a notebook
        import numpy  # noqa: F401
        import pandas  # noqa: F401
        import scipy.stats  # noqa: F401

        from ..analysis import compare  # noqa: F401
        from ..report import html, save, show  # noqa: F401
    from papermill.engines import papermill_engines

    papermill_engines.register("calc-in-process", InProcessEngine)
    _warm()
    del sys.modules["rfc3987_syntax"]
    gc.collect()
    gc.freeze()  # what is loaded stays shared: no collection writes into its pages


def _warm() -> None:
    import nbformat
    from matplotlib.figure import Figure

    from ..report.figures.gallery import Slide
    from ..report.figures.style import styled
    from ..report.html import report_page
    from ..report.save import FORMATS, slide_bytes

    with styled():
        figure = Figure()
        figure.add_subplot().set_title("0123456789 abcdefghijklmnopqrstuvwxyz", fontweight="bold")
    for form in FORMATS:
        slide_bytes(Slide("warm", "", "", figure), form)
    report_page(nbformat.v4.new_notebook(), title="", footer="")


def foresee(parameters: Mapping[str, Any]) -> None:
    """Read the parameter files and draw what the runs of a batch share, so that each finds it in memory.

    All of it is pure: what a notebook finds is what it would have made. Whatever is wrong here, the run itself tells.
    """
    from ..report.show import open_page

    known = ("study", "params", "settings", "overlays", "plan", "views", "horizon", "draws", "seed")
    with contextlib.suppress(Exception):
        open_page(**{name: value for name, value in parameters.items() if name in known})


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
