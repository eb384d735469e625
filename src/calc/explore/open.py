"""The door of the explorer: what the notebook calls, in JupyterLab, as a page, and in a batch."""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import HTML

from ..inputs.load import find_params
from .desk import Desk
from .engine import Engine
from .limits import limit_process
from .state import entries_in

if TYPE_CHECKING:
    from ..report.show import Page

__all__ = ["SERVED", "Explorer", "explore"]

#: what `calc app` tells the kernels that it starts, as JSON
SERVED = "CALC_APP"


class Explorer:
    """The explorer of a notebook: a desk to work at, or where a folder is given a page of finished results."""

    def __init__(self, page: Page | None, desk: Desk | None) -> None:
        self.page, self.desk = page, desk

    def answer(self) -> HTML | None:
        """Show the answer in plain words where there is no desk, which shows its own."""
        return self.page.answer() if self.page else None

    def figure(self, name: str) -> HTML | None:
        """Show a figure where there is no desk, which shows its own."""
        return self.page.figure(name) if self.page else None

    def questions(self) -> HTML | None:
        """Show what to ask where there is no desk."""
        return self.page.questions() if self.page else None

    def limits(self) -> HTML | None:
        """Show what is left out, and write the tables, where there is no desk."""
        return self.page.limits() if self.page else None

    def show(self) -> None:
        """Show the desk; in a run into a folder there is none, so nothing that is shown needs to be alive."""
        if self.desk is not None:
            self.desk.show()


def explore(*, study: str, params: str = "", entries: str = "", out: str = "", **choices: Any) -> Explorer:
    """Open the explorer of a study.

    Parameters
    ----------
    study, params, out, **choices
        As :func:`calc.open_page` takes them. With a folder ``out`` the results are those of any
        other notebook; without one they follow what is entered on the desk.
    entries
        What stands in the fields at first, as the address of the page carries it.
    """
    if out:
        from ..report.show import open_page

        return Explorer(open_page(study=study, params=params, out=out, **choices), None)
    served = json.loads(os.environ.get(SERVED, "{}"))
    if served:
        limit_process(gigabytes=served["gigabytes"], processor_seconds=served["processor_seconds"])
        study, params = served["study"], served["params"]
    engine = Engine(Path(params) if params else find_params(), study)
    desk = Desk(engine, {}, seconds=served.get("seconds", 0.0))  # on a page that is kept ready, before somebody comes
    gc.collect()
    gc.freeze()  # what is there already stays: no collection looks through it again while somebody waits
    sys.setswitchinterval(0.0005)  # what is shown first leaves while the rest is being made
    if asked := entries_in(entries or _asked()):
        desk.guarded(lambda: desk.take(asked))
    return Explorer(None, desk)


def _asked() -> str:
    """Return the query of the page's address; on a page that is kept ready, once it is opened."""
    if SERVED not in os.environ:
        return ""
    from voila.utils import get_query_string

    return str(get_query_string() or "")
