"""What was entered as files to keep and to load again; the report, the deck and the figures of this very state."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from .engine import Answer, Engine
from .field import State
from .saved import entries_from, overlay_text, study_text
from .state import Entries

__all__ = ["Files", "download"]

_MADE = {
    "report": ("Make the report", "report.html", "text/html"),
    "deck": ("Make the deck", "deck.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "figures": ("Make the figures", "figures.zip", "application/zip"),
}


def download(name: str, content: bytes, kind: str, words: str) -> str:
    """Return a link that holds a file in itself, so that no server has to."""
    data = base64.b64encode(content).decode("ascii")
    return f'<a download="{html.escape(name, quote=True)}" href="data:{kind};base64,{data}">{html.escape(words)}</a>'


class Files:
    """The part of the page about files; ``take`` is given the entries of files that were loaded."""

    def __init__(
        self,
        engine: Engine,
        state: Callable[[], State],
        take: Callable[[Entries], None],
        guarded: Callable[[Callable[[], None], w.HTML], None],
    ) -> None:
        self._engine, self._state, self._take, self._guarded = engine, state, take, guarded
        self.saved, self.made = w.HTML(), w.HTML()
        self.unread, self.unmade = w.HTML(), w.HTML()  # what is wrong, beside what was pressed
        self.load = w.FileUpload(accept=".yaml", multiple=True, description="Load such files")
        self.load.observe(self._loaded, "value")
        self.buttons = {}
        for name, (words, _, _) in _MADE.items():
            self.buttons[name] = w.Button(description=words)
            self.buttons[name].on_click(self._making(name))
        row = w.Box(list(self.buttons.values()))
        row.add_class("calc-row")
        self.widgets: list[w.Widget] = [
            w.HTML("<h2>Keep it</h2>"), self.saved, self.load, self.unread,
            w.HTML("<h3>As a report, as slides, as pictures</h3><p class='calc-hint'>Of exactly this state, in "
                   "a minute or so each.</p>"),
            row, self.made, self.unmade,
        ]  # fmt: skip

    def follow(self, answer: Answer) -> None:
        """Offer the files of this state; what was made of another is taken away."""
        place = self._engine.place
        links = [
            download("my_numbers.yaml", overlay_text(answer.state, place).encode(), "text/yaml", "What you entered"),
            download("my_study.yaml", study_text(answer.state, place).encode(), "text/yaml", "The study"),
        ]
        self.saved.value = f"<p>{' · '.join(links)}: two files that this page and <code>calc</code> can load.</p>"
        self.made.value = self.unmade.value = ""

    def _loaded(self, change: Any) -> None:
        files = {str(each["name"]): bytes(each["content"]) for each in change["new"]}
        if files:
            self._guarded(lambda: self._take(entries_from(files)), self.unread)

    def _making(self, name: str) -> Callable[[Any], None]:
        def made(_: Any) -> None:
            self._guarded(lambda: self._make(name), self.unmade)

        return made

    def _make(self, name: str) -> None:
        _, file, kind = _MADE[name]
        from ..report.bundle import bundle  # with it comes all that runs notebooks, which a visitor may never ask for

        engine = self._engine
        self.made.value = "<p role='status'>Being made …</p>"
        try:
            content = bundle(name, engine.library.root, engine.study, engine.settings(self._state()))
        except BaseException:
            self.made.value = ""
            raise
        self.made.value = f"<p role='status'>{download(file, content, kind, f'Download {file}')}</p>"
