"""Statements and estimates dropped on the page: what they say is met, and what they quote, as entries of its fields."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w

from ..analysis.estimates import estimates
from ..analysis.met import met_from
from ..report.format import money
from ..report.handed import on_disk
from .engine import Engine
from .field import State
from .state import Entries, entries_of

__all__ = ["Papers", "quoted_in", "said_met"]

Said = tuple[dict[str, str], str]
_MET = {"patient.met.deductible": "met_deductible", "patient.met.out_of_pocket": "met_maximum"}


def said_met(files: Mapping[str, bytes], engine: Engine, state: State) -> Said:
    """Return the entries that statements make, in place of what is entered as met, and what to say of it.

    Raises
    ------
    ParameterFileError
        listing every problem of every file.
    """
    found, notes = on_disk(files, lambda paths: met_from(paths, engine.inputs(state)))
    entries = _beside(engine, state)
    more = [line for line in entries.get("more", "").splitlines() if not line.startswith("patient.met.")]
    more += [f"{path}={usd:.10g}" for path, usd in found.items() if path not in _MET and usd]
    entries |= {field: f"{found[path]:.10g}" for path, field in _MET.items()} | {"more": "\n".join(more)}
    met, paid = (money(found[path]) for path in _MET)
    words = f"Counted from it: {met} towards the deductible, {paid} out of pocket in this plan year."
    return entries, " ".join([words, *notes])


def quoted_in(files: Mapping[str, bytes], engine: Engine, state: State) -> Said:
    """Return the entries that estimates make, with their prices as quotes, and what they come to together.

    Of a price that letters give differently the highest is taken.

    Raises
    ------
    ParameterFileError
        listing every problem of every file.
    """
    done = on_disk(files, lambda paths: estimates(paths, plan=state.plan, params=engine.library.root))
    quotes = dict(state.quotes) | {f"{each.treatment}.{each.item}": each.high for each in done.quoted}
    lines = "\n".join(f"{path}={usd:.10g}" for path, usd in sorted(quotes.items()))
    words = (
        f"Added up under “{done.plan.label}”: {money(done.together)} together, under one deductible and one maximum; "
        f"each alone, {money(done.alone)}."
    )
    if not done.quoted:
        words += " No line names a treatment of this study (column treatment), so no price here changes."
    return _beside(engine, state) | {"quotes": lines}, " ".join([words, *done.notes])


def _beside(engine: Engine, state: State) -> dict[str, str]:
    return dict(entries_of(state, engine.place.own))


class Papers:
    """The part of the page for what somebody holds in their hands; ``take`` is given the entries that follow."""

    def __init__(
        self,
        engine: Engine,
        state: Callable[[], State],
        take: Callable[[Entries], None],
        guarded: Callable[[Callable[[], None], w.HTML], None],
    ) -> None:
        self._engine, self._state, self._take, self._guarded = engine, state, take, guarded
        self.widgets: list[w.Widget] = [
            w.HTML(
                "<h2>What you hold in your hands</h2><p class='calc-hint'>A table (CSV), FHIR (JSON) or X12 835. It is "
                "read here and not kept.</p>"
            )
        ]
        self.statement = self._upload("Add statements: what is met", said_met)
        self.estimate = self._upload("Add estimates: what is quoted", quoted_in)

    def _upload(self, words: str, read: Callable[[Mapping[str, bytes], Engine, State], Said]) -> w.FileUpload:
        button = w.FileUpload(accept=".csv,.json,.txt,.835,.edi", multiple=True, description=words)
        told, wrong = w.HTML(), w.HTML()

        def dropped(change: Any) -> None:
            files = {str(each["name"]): bytes(each["content"]) for each in change["new"]}
            if files:
                self._guarded(lambda: use(files), wrong)

        def use(files: Mapping[str, bytes]) -> None:
            told.value = ""
            entries, said = read(files, self._engine, self._state())
            self._take(entries)
            told.value = f"<p role='status'>{html.escape(said)} The state before is pinned to compare with.</p>"

        button.observe(dropped, "value")
        self.widgets += [button, wrong, told]
        return button
