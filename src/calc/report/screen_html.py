"""The first screen as HTML: one table in groups, which becomes cards on a phone."""

from __future__ import annotations

import html
from collections.abc import Iterator
from importlib import resources

from ..analysis.effects import Group
from .facts import PEOPLE, Fact, Label, Piece, Sentence, marked
from .screen import HEADS, Row, Screen
from .screen_words import GROUPS

__all__ = ["as_page", "bars", "cells_of", "group_of", "style", "table"]

#: of the columns, in percent
_WIDTHS = (16, 13, 14, 10, 11, 20, 8, 8)
_BARS = {"with_treatment": "with it", "with_sham": "sham", "with_neither": "neither"}


def style() -> str:
    """Return the style sheet of the screen and the sheet as an element."""
    return f"<style>\n{(resources.files('calc.report') / 'screen.css').read_text('utf-8')}</style>"


def as_page(shown: Screen) -> str:
    """Return the sentences, the table, where the views differ, and the notes."""
    opening = "".join(f"<p>{marked(each)}</p>" for each in shown.opening)
    lines = "".join(f"<li>{marked(each)}</li>" for each in shown.differences)
    differ = f"<h3>Where the sides differ</h3><ul>{lines}</ul>" if lines else ""
    notes = "".join(f"<p>{marked(each)}</p>" for each in shown.notes)
    return (
        f'{style()}<section class="calc-screen"><div class="calc-answer">{opening}</div>{table(shown)}{differ}'
        f'<div class="calc-notes">{notes}</div></section>'
    )


def table(shown: Screen, caption: str = "Each option at a glance") -> str:
    """Return the table: a row an option, a body a group."""
    heads = "".join(f'<th scope="col">{html.escape(each)}</th>' for each in ("Option", *HEADS.values()))
    bodies = "".join(
        f'<tbody><tr class="calc-group">{group_of(group)}</tr>{"".join(map(_row, rows))}</tbody>'
        for group, rows in shown.groups.items()
    )
    widths = "".join(f'<col style="width:{each}%">' for each in _WIDTHS)
    return (
        f"<table><caption>{html.escape(caption)}</caption><colgroup>{widths}</colgroup>"
        f"<thead><tr>{heads}</tr></thead>{bodies}</table>"
    )


def group_of(group: Group) -> str:
    """Return the cell over the rows of a group."""
    return f'<th scope="rowgroup" colspan="{len(HEADS) + 1}">{html.escape(GROUPS[group])}</th>'


def _row(row: Row) -> str:
    return f"<tr>{''.join(cells_of(row))}</tr>"


def cells_of(row: Row) -> Iterator[str]:
    """Yield the cells of a row, its name first."""
    about = f"<span>{marked(row.what)}</span>" if row.what else ""
    about += f"<span>For: {marked(row.whom)}</span>" if row.whom else ""
    yield f'<th scope="row">{html.escape(row.name)}{about}</th>'
    for name, head in HEADS.items():
        yield f'<td data-head="{html.escape(head, quote=True)}"><div>{_cell(row, name)}</div></td>'


def _cell(row: Row, name: str) -> str:
    return (bars(row) if name == "people" else "") + _parts(row.cells[name])


def _parts(sentence: Sentence) -> str:
    return "".join("<br>" if each == "; " else marked((each,)) for each in _split(sentence))


def _split(sentence: Sentence) -> Iterator[Piece]:
    """Yield the pieces, a semicolon between parts of a cell as a piece of its own."""
    for each in sentence:
        if isinstance(each, str) and not isinstance(each, Label) and "; " in each:
            before, _, after = each.partition("; ")
            yield from (before, "; ", after)
        else:
            yield each


def bars(row: Row) -> str:
    """Return three bars out of 100, drawn beside the numbers that the words give."""
    drawn = "".join(
        f'<i class="calc-{column.replace("_", "-")}" style="width:{_width(fact)}%"></i>'
        if fact
        else '<i class="calc-open"></i>'
        for column, fact in row.shares.items()
    )
    return f'<span class="calc-bars" aria-hidden="true" title="{PEOPLE}: {", ".join(_BARS.values())}">{drawn}</span>'


def _width(fact: Fact) -> str:
    return f"{100 * fact.value:.0f}"
