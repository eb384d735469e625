"""The sources as a short list: grouped, linked, dated as far as their date is known."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from ..analysis.compare import Result
from ..inputs.source import Source, SourceKind, Stance
from .facts import day
from .format import records

__all__ = ["listed_sources", "when"]

_GROUPS: Mapping[str, str] = {
    Stance.GUIDELINE: "Guidelines",
    Stance.PUBLIC_DATA: "Trials, reviews and price data",
    Stance.EDITORIAL: "Articles",
    Stance.NEWS: "News",
    Stance.CLINIC: "Clinics that sell a treatment",
}


def when(source: Source) -> str:
    """Return the date of a source; the year alone where no more is known."""
    known = source.updated or source.published
    return str(day(known)) if known else str(source.year) if source.year else "no date"


def listed_sources(result: Result) -> str:
    """Return the sources that some number rests on, as lists in HTML."""
    used = [str(row["source"]) for row in records(result.sources) if row["claims"]]
    parts = []
    for stance, title in _GROUPS.items():
        lines = [_line(result.inputs.sources[name]) for name in used if result.inputs.sources[name].stance == stance]
        if lines:
            parts.append(f'<h3>{title}</h3><ul class="calc-sources">{"".join(sorted(lines))}</ul>')
    return "".join(parts)


def _line(source: Source) -> str:
    title = html.escape(source.title)
    if source.url:
        title = f'<a href="{html.escape(source.url, quote=True)}">{title}</a>'
    who: Sequence[str] = [source.publisher] if source.publisher else []
    mark = " (one of the five documents)" if source.kind is SourceKind.DOCUMENT else ""
    return f"<li>{title}{mark}. {html.escape(', '.join([*who, when(source)]))}.</li>"
