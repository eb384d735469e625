"""One sheet for a conversation of ten minutes: the table, two pictures, five questions, the plan's figures."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from ..analysis.compare import Result
from ..errors import Problem, RunError, SettingError, UnknownNameError, listed
from .facts import Cells, Fact, Label, Piece, Sentence, bare, day, marked, sure
from .pdf import find_chromium, print_pdf
from .questions import five
from .screen import Row, Screen, screen
from .screen_html import style, table

__all__ = ["FORMATS", "MOST_OPTIONS", "PAPERS", "chosen", "sheet", "sheet_sentences", "write_sheet"]

MOST_OPTIONS = 6
PAPERS = {"letter": "letter", "a4": "A4"}
FORMATS = ("pdf", "html")
_ZOOMS = (1.0, 0.93, 0.86, 0.8)
_PICTURED = 4
_ARRAYS = {"with_treatment": "with it", "with_sham": "with a sham", "with_neither": "with neither"}


def chosen(result: Result, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options of the sheet: those asked for, else some of each group; doing nothing beside them.

    Raises
    ------
    UnknownNameError
        naming the nearest.
    SettingError
        if there are more than :data:`MOST_OPTIONS`.
    """
    for name in options:
        if name not in result.inputs.options:
            raise UnknownNameError("option", name, result.inputs.options)
    if len(options) > MOST_OPTIONS:
        what = f"{len(options)} options, and a sheet holds {MOST_OPTIONS}"
        raise SettingError([Problem("--options", "", what, "Name those that you weigh against each other.")])
    if options:
        return tuple(options)
    grouped = [[row.treatment for row in rows] for rows in list(screen(result).groups.values())]
    usual = result.inputs.study.usual_care
    turns = [name for turn in zip_longest(*grouped) for name in turn if name is not None and name != usual]
    taken = turns[: MOST_OPTIONS - (usual is not None)]
    return tuple(name for name in result.inputs.options if name in taken)


def sheet(
    result: Result,
    options: Sequence[str] = (),
    *,
    paper: str = "letter",
    report: str = "",
    before: Result | None = None,
) -> str:
    """Return the sheet as one page of HTML.

    Parameters
    ----------
    options
        Up to six (:func:`chosen`).
    paper
        One of :data:`PAPERS`.
    report
        Where the long report is.
    before
        As for :func:`calc.report.screen.screen`.

    Raises
    ------
    UnknownNameError, SettingError
    """
    shown = screen(result, only=chosen(result, options), before=before)
    title = f"{result.inputs.condition.label}: my options"
    cells = Cells(result)
    asked = "".join(
        f'<li><b>{html.escape(each.whom)}:</b> {html.escape(each.ask)}<span class="calc-room"></span></li>'
        for each in five(result)
    )
    opening = "".join(f"<p>{marked(each)}</p>" for each in shown.opening)
    differ = "".join(f"<p>{marked(each)}</p>" for each in shown.differences[:2])
    foot = " ".join(marked(each) for each in (*shown.notes, *_used(cells, report)))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(title)}</title>\n'
        f"{style()}\n<style>@page {{ size: {PAPERS[paper]}; margin: 9mm }}</style>\n</head>\n"
        f'<body class="calc-sheet-page"><main class="calc-sheet"><h1>{html.escape(title)}</h1>'
        f'<div class="calc-answer">{opening}</div>{table(shown)}'
        f'<div class="calc-differ">{differ}</div>'
        f'<div class="calc-pictures">{_arrays(shown)}{_costs(cells, shown)}</div>'
        f"<h2>Five questions to ask</h2><ol>{asked}</ol>"
        f"<footer>{foot}</footer></main></body>\n</html>\n"
    )


def sheet_sentences(result: Result, options: Sequence[str] = (), *, report: str = "") -> Iterator[Sentence]:
    """Yield every sentence and cell of the sheet."""
    shown = screen(result, only=chosen(result, options))
    yield from shown.sentences()
    yield from _used(Cells(result), report)


def write_sheet(page: str, folder: Path, formats: Sequence[str], result: Result) -> Sequence[Path]:
    """Write the sheet as ``sheet.html`` and, where asked for, ``sheet.pdf``.

    Raises
    ------
    SettingError
        for a format that there is not, or a PDF without a Chromium; nothing is written.
    RunError
        if the folder cannot be written.
    """
    wrong = [each for each in formats if each not in FORMATS]
    if wrong or not formats:
        fix = f"Choose among {listed(FORMATS)}."
        raise SettingError([Problem("--format", "", f"no format {', '.join(wrong) or 'at all'}", fix)])
    if "pdf" in formats:
        find_chromium()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sheet.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{folder} could not be written: {error.strerror}. Check the folder and its rights.") from error
    if "pdf" in formats:
        _print_on_one(page, folder, result)
    return [folder / f"sheet.{each}" for each in formats]


def _print_on_one(page: str, folder: Path, result: Result) -> None:
    """Print the sheet as large as one page holds it."""
    with tempfile.TemporaryDirectory() as work:
        for zoom in _ZOOMS:
            file = Path(work) / "sheet.html"
            file.write_text(
                page.replace("</head>", f"<style>main {{ zoom: {zoom} }}</style>\n</head>"), encoding="utf-8"
            )
            printed = print_pdf(file, folder / "sheet.pdf", day=result.inputs.patient.decision_date)
            if len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1:
                return
    what = "the sheet does not fit on one page"
    raise SettingError([Problem("--options", "", what, "Name fewer options.")])


def _used(cells: Cells, report: str) -> Iterator[Sentence]:
    """Yield the plan's figures, the date, and where the long report is."""
    inputs = cells.result.inputs
    limits = cells.limits()
    figures: list[Piece] = ["Plan used: ", Label(inputs.plan.label)]
    names = {"deductible": ", deductible ", "out_of_pocket_maximum": ", most you pay a year "}
    for name, fact in limits.items():
        figures += [names[name], fact]
    yield (*figures, ".")
    yield ("Starting ", day(inputs.patient.decision_date), ", looking ahead ", Label(inputs.study.horizon), ".")
    where = (" The long report: ", Label(report), ".") if report else ()
    yield ("Premiums are not counted. This is no medical advice, and no quote.", *where)


def _arrays(shown: Screen) -> str:
    """Return 100 dots for each share, of up to four options: those better are filled."""
    rows = [row for row in shown.rows if row.shares.get("with_treatment")][:_PICTURED]
    drawn = "".join(
        f"<div><b>{html.escape(row.name)}</b><div class='calc-trio'>{_trio(row)}</div></div>" for row in rows
    )
    return f"<figure><figcaption>Of 100 people: filled dots are those who get better</figcaption>{drawn}</figure>"


def _trio(row: Row) -> str:
    facts = {column: fact for column, fact in row.shares.items() if fact}
    return "".join(
        f"<span>{_dots(fact)}{marked((bare(fact), f' {_ARRAYS[name]}'))}</span>" for name, fact in facts.items()
    )


def _dots(fact: Fact) -> str:
    filled = round(100 * fact.value)
    dots = "".join(
        f'<circle cx="{each % 10 * 6 + 3}" cy="{each // 10 * 6 + 3}" r="2.3" '
        f'class="{"on" if each < filled else "off"}"/>'
        for each in range(100)
    )
    return f'<svg viewBox="0 0 60 60" width="60" height="60" aria-hidden="true">{dots}</svg>'


def _costs(cells: Cells, shown: Screen) -> str:
    """Return two marks an option, what is paid if covered and if refused; far ones stand at the edge, and are told."""
    view = next(iter(cells.result.views))
    found = {
        row.name: [cells.fact("effects", column, view=view, treatment=row.treatment) for column in _MARKS]
        for row in shown.rows
    }
    known = sorted(fact.value for facts in found.values() for fact in facts if sure(fact))
    most = 1.15 * known[int(0.7 * (len(known) - 1))] if known else 1.0
    lines = "".join(
        f'<div class="calc-line"><b>{html.escape(name)}</b><div class="calc-track">'
        f"{''.join(_mark(fact, most) for fact in facts)}</div><span>{_told(facts)}</span></div>"
        for name, facts in found.items()
    )
    caption = "What you pay: ● if covered, ◇ if refused. A mark at the right edge lies past it."
    return f"<figure><figcaption>{caption}</figcaption>{lines}</figure>"


_MARKS = {"cost_if_covered": "●", "cost_if_refused": "◇"}


def _mark(fact: Fact, most: float) -> str:
    if not sure(fact):
        return ""
    place = 96 * min(1.0, fact.value / (most or 1.0))
    return f'<i style="left:{place:.1f}%" aria-hidden="true">{_MARKS[fact.column]}</i>'


def _told(facts: Sequence[Fact]) -> str:
    none = {"cost_if_covered": "not covered", "cost_if_refused": "no price"}
    return " ".join(f"{_MARKS[each.column]} {marked((each if sure(each) else none[each.column],))}" for each in facts)
