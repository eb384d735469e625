"""A page of text → the passage below a heading, and the figures printed in it, each with its unit.

Digits with commas, signs and units, numbers in words, ranges with any dash, cells of a table (whose
unit stands in the head of their column).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Figure", "figures_in", "section_of"]


@dataclass(frozen=True)
class Figure:
    """A number as printed: on which line of the passage, and in which unit if one stands with it."""

    value: float
    unit: str | None
    line: int


_WORDS = {
    "no": 0, "none": 0, "lack": 0, "one": 1, "single": 1, "two": 2, "double": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half": 0.5,
}  # fmt: skip
_UNITS = {
    "day": "days", "week": "weeks", "month": "months", "year": "years", "dollar": "usd", "usd": "usd", "percent": "%",
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\b(?:" + "|".join(_WORDS) + r")\b)"
_RANGE = re.compile(
    rf"(?:\b(?P<before>[a-z]+?)s?\s+)?(?P<sign>\$\s*)?(?P<low>{_NUMBER})\s*(?P<low_percent>%)?"
    rf"(?:\s*(?:-|–|—|to|and)\s*(?:\$\s*)?(?P<high>{_NUMBER}))?\+?\s*(?P<percent>%)?-?\s*(?P<after>[a-z]+)?"
)


def figures_in(passage: str) -> tuple[Figure, ...]:
    """Return every number that a passage prints.

    >>> [(figure.value, figure.unit) for figure in figures_in("$3,000 – $10,000+ for one to 1.5 weeks")]
    [(3000.0, 'usd'), (10000.0, 'usd'), (1.0, 'weeks'), (1.5, 'weeks')]
    """
    found: list[Figure] = []
    head: list[str] = []
    for place, line in enumerate(passage.splitlines()):
        cells = line.strip("|").split("|") if line.startswith("|") else None
        if cells is None:
            head = []
            found += _of_text(line, place, None)
            continue
        head = head or cells
        for column, cell in enumerate(cells):
            title = head[column] if column < len(head) else ""
            found += _of_text(cell, place, next(filter(None, map(_unit, re.findall("[a-z]+", title.lower()))), None))
    return tuple(found)


def _of_text(text: str, line: int, otherwise: str | None) -> Iterator[Figure]:
    for match in _RANGE.finditer(text.lower()):
        unit = "usd" if match["sign"] else "%" if match["percent"] or match["low_percent"] else None
        unit = unit or _unit(match["after"]) or _unit(match["before"]) or otherwise
        for end in filter(None, (match["low"], match["high"])):
            yield Figure(float(_WORDS.get(end, end.replace(",", ""))), unit, line)


def _unit(word: str | None) -> str | None:
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s")) if word else None


def section_of(text: str, section: str) -> str | None:
    """Return the text below a heading up to the next one, or None if there is no such heading.

    ``section`` is the heading or how it begins; ``Paragraph N`` counts paragraphs instead, for
    pages without headings.
    """
    lines = [line.strip() for line in text.splitlines()]
    if counted := re.fullmatch(r"Paragraph (\d+)", section):
        paragraphs = [line for line in lines if len(line) > 80]
        place = int(counted[1]) - 1
        return paragraphs[place] if place < len(paragraphs) else None
    begins = [
        place for place, line in enumerate(lines) if _is_heading(line) and _plain(line).startswith(_plain(section))
    ]
    if not begins:
        return None
    parts = []
    for begin in begins:
        ends = (place for place in range(begin + 1, len(lines)) if _is_heading(lines[place]))
        parts.append("\n".join(lines[begin + 1 : next(ends, len(lines))]))
    return "\n".join(parts)


def _plain(line: str) -> str:
    return re.sub(r"\W+", " ", line).strip().lower()


def _is_heading(line: str) -> bool:
    """Say whether a line stands like a heading: short, no item of a list or table, no sentence's end."""
    return bool(line) and len(line.split()) <= 14 and line[0] not in '|•-“"[' and line[-1] not in ".:,;"
