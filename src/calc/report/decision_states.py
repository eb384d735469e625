"""The prepared states of a decision page: every combination of its axes, each computed as any other run is."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from ..analysis.compare import Result, compare
from ..cache import Cache
from .decision_axes import Asked, Axis, combinations
from .facts import marked
from .questions import five
from .screen import Screen, screen
from .screen_html import cells_of, group_of
from .yours import without_yours

__all__ = ["States", "prepared", "without_inline"]

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class States:
    """All states, each text and each row of cells once.

    ``texts`` are pieces of HTML. A row of ``rows`` is the option's name and its cells, as places in ``texts``. A state
    of ``states`` (in the order of :func:`calc.report.decision_axes.combinations`) holds the sentences that open it,
    its groups (a text and the places of its rows), where the views differ, the notes, and the questions to ask.
    """

    texts: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    states: tuple[tuple[object, ...], ...]
    first: Result
    shown: Screen


class _Table(Generic[T]):
    """What was put in, each once, by its place."""

    def __init__(self) -> None:
        self._places: dict[T, int] = {}

    def place(self, it: T) -> int:
        return self._places.setdefault(it, len(self._places))

    def kept(self) -> tuple[T, ...]:
        return tuple(self._places)


def without_inline(text: str) -> str:
    """Return HTML with widths as an attribute for the style sheet, since the page forbids styles in elements.

    >>> without_inline('<col style="width:16%">')
    '<col data-width="16">'
    """
    return re.sub(r'style="width:(\d+)%"', r'data-width="\1"', text)


def prepared(asked: Asked, axes: Sequence[Axis], say: Callable[[str], None] = lambda _: None) -> States:
    """Return every state; states that differ in the view alone are one run.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
    """
    texts, rows = _Table[str](), _Table[tuple[int, ...]]()
    first = tuple(axis.first for axis in axes)
    found: list[tuple[object, ...]] = []
    opening: dict[tuple[str, ...], tuple[Result, Screen]] = {}
    with Cache().in_use():
        for run, choices in groupby(combinations(axes), key=lambda each: each[:-1]):
            say(", ".join(run))
            result, before = _run(asked, axes, run)
            for *_, view in choices:
                shown = screen(result, view, before=before)
                found.append(_packed(shown, result, texts, rows))
                if (*run, view) == first:
                    opening[first] = result, shown
    return States(texts.kept(), rows.kept(), tuple(found), *opening[first])


def _run(asked: Asked, axes: Sequence[Axis], run: Sequence[str]) -> tuple[Result, Result | None]:
    chosen = {axis.path: name for axis, name in zip(axes, run, strict=False)}
    settings: Mapping[str, object] = {**asked.settings, **chosen, "study.views": list(axes[-1].choices)}
    result = compare(asked.study, params=asked.params, settings=settings, overlays=asked.overlays)
    return result, without_yours(asked.study, asked.params, settings, asked.overlays)


def _packed(shown: Screen, result: Result, texts: _Table[str], rows: _Table[tuple[int, ...]]) -> tuple[object, ...]:
    def places(pieces: Iterable[str]) -> tuple[int, ...]:
        return tuple(texts.place(without_inline(each)) for each in pieces)

    groups = tuple(
        (*places([group_of(group)]), tuple(rows.place(places([row.treatment, *cells_of(row)])) for row in each))
        for group, each in shown.groups.items()
    )
    asked = [marked((f"{each.whom}: {each.ask}",)) for each in five(result)]
    opening, differences, notes = (
        places(map(marked, each)) for each in (shown.opening, shown.differences, shown.notes)
    )
    return opening, groups, differences, notes, places(asked)
