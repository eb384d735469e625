"""What your own numbers changed: a quote, a card, any other figure, against the same study without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..analysis.compare import Result, compare
from .facts import Cells, Fact, Label, Sentence, joined, sure
from .screen_words import lower

__all__ = ["changed", "without_yours"]

_COLUMNS = {"cost_if_covered": "if covered", "cost_if_refused": "if refused"}
_KEPT = ("study", "patient")
_MOST = 3
_LEAST = 0.02


def without_yours(
    study: str, params: Path | str | None, settings: Mapping[str, object], overlays: Sequence[Path | str]
) -> Result | None:
    """Return the study without the numbers of one's own; None where there are none.

    Settings of the study and of the patient stay: they say who asks and what, not what a source is wrong about.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
    """
    kept = {path: value for path, value in settings.items() if path.split(".")[0] in _KEPT}
    if len(kept) == len(settings) and not overlays:
        return None
    return compare(study, params=params, settings=kept)


def changed(cells: Cells, before: Cells, view: str, names: Sequence[str]) -> Iterator[Sentence]:
    """Yield what your own numbers changed of what you pay, the widest change first."""
    found = sorted(_changes(cells, before, view, names), key=lambda each: -each[0])[:_MOST]
    if not found:
        yield ("Your own numbers are in this. They hardly change what you pay.",)
    else:
        yield (
            "Your own numbers are in this. They change what you pay for ",
            *joined([each for _, each in found], "; ", "; "),
            ".",
        )


def _changes(cells: Cells, before: Cells, view: str, names: Sequence[str]) -> Iterator[tuple[float, Sentence]]:
    for name in names:
        key = {"view": view, "treatment": name}
        if not before.has("effects", **key):
            continue
        label = Label(lower(cells.result.inputs.options[name].short))
        for column, when in _COLUMNS.items():
            now, then = cells.fact("effects", column, **key), before.fact("effects", column, **key)
            if sure(now) and sure(then) and (gap := _gap(now, then)) > _LEAST:
                then = replace(then, table=f"before.{then.table}")
                yield gap, (label, f" {when}: ", now, " now, ", then, " without them")


def _gap(now: Fact, then: Fact) -> float:
    return abs(now.value - then.value) / max(abs(then.value), 1.0) if now.words() != then.words() else 0.0
