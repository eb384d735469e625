"""Any number opened: what it means, who says so, how it is read, which claim is believed, what rests on it."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from ..analysis.compare import Result
from ..report.explain import chain, meaning
from ..report.tables import as_html
from .engine import Answer

__all__ = ["Opener"]


class Opener:
    """Two choices, a treatment and one of its numbers, and where that comes from."""

    def __init__(self, result: Callable[[], Result], guarded: Callable[[Callable[[], None], w.HTML], None]) -> None:
        self._result, self._guarded, self._still = result, guarded, False
        self.treatment = w.Dropdown(description="Treatment")
        self.number = w.Dropdown(description="Number")
        self.told, self.wrong = w.HTML(), w.HTML()
        for each in (self.treatment, self.number):
            each.style.description_width = "initial"
        self.treatment.observe(self._other_treatment, "value")
        self.number.observe(self._other_number, "value")
        self.widgets: list[w.Widget] = [
            w.HTML("<h2>Where a number comes from</h2>"), self.treatment, self.number, self.wrong, self.told
        ]  # fmt: skip

    def follow(self, answer: Answer) -> None:
        """Offer the numbers of the treatments that are compared now."""
        self._inputs = answer.result.inputs
        self._options = dict(self._inputs.options)
        choices = [(each.label, name) for name, each in self._options.items()]
        if tuple(choices) != tuple(self.treatment.options):
            self._still = True
            kept = self.treatment.value
            self.treatment.options = choices
            self.treatment.value = kept if kept in self._options else choices[0][1]
            self._numbers()
            self._still = False
        if self.number.value:
            self._open()

    def _numbers(self) -> None:
        known = self._inputs.quantities(str(self.treatment.value))
        self.number.options = [("Choose a number", ""), *((each.label, path) for path, each in known.items())]
        self.number.value = ""
        self.told.value = ""

    def _other_treatment(self, _: Any) -> None:
        if not self._still:
            self._guarded(self._numbers, self.wrong)

    def _other_number(self, _: Any) -> None:
        if not self._still:
            self._guarded(self._open, self.wrong)

    def _open(self) -> None:
        if not self.number.value:
            self.told.value = ""
            return
        path, result = f"{self.treatment.value}.{self.number.value}", self._result()
        tables = "".join(as_html(table, title) for title, table in chain(result, path).items())
        self.told.value = f"<p>{html.escape(meaning(result, path))}</p>{tables}"
