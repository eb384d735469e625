"""The page of a batch: a small chart a scenario, all on one scale, and the table of runs."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from importlib import resources

from ..report.format import amount
from .grid import Grid, Scenario
from .task import Outcome

__all__ = ["index_page"]

_ROW, _WIDTH, _LABELS, _PLOT = 15, 460, 175, 265
_LOOKS = ("#0072B2", "#D55E00", "#007a59", "#8a4b78")
_STYLE = """
main{max-width:none} .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(460px,1fr));gap:1.2rem}
.charts figure{margin:0} .charts svg{width:100%;height:auto} svg text{font:11px sans-serif;fill:#222}
.failed{font-weight:bold}
"""

Rows = Sequence[Mapping[str, str]]


def index_page(grid: Grid, named: Sequence[tuple[Scenario, str]], ended: Mapping[str, Outcome], rows: Rows) -> str:
    """Return the page as HTML: self-contained, no script, links to the runs beside it."""
    costs: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if row["outcome"] == "out_of_pocket":
            costs.setdefault(row["scenario"], []).append(row)
    reach = max((value for row in rows if row["outcome"] == "out_of_pocket" for value in _ends(row)), default=0.0)
    shorts = {name: treatment.short for name, treatment in grid.shelf.library.treatments.items()}
    charts = [_figure(each, run, costs[each.name], reach, shorts) for each, run in named if each.name in costs]
    style = (resources.files("calc.report") / "report.css").read_text("utf-8")
    count = sum(ended[run].good for _, run in named)
    title = html.escape(grid.batch.label)
    note = f"<p>{html.escape(grid.batch.note)}</p>" if grid.batch.note else ""
    key = (
        "<p>What you pay yourself, by treatment: mark, middle; bar, 90 % interval; open bar, not known. "
        f"All charts have one scale, from $0 to {html.escape(amount(reach, 'USD'))}.</p>"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{note}"
        f"<p>{count} of {len(named)} scenarios are there. The numbers of all stand in "
        '<a href="results.csv">results.csv</a>, the runs in <a href="runs.csv">runs.csv</a>.</p>\n'
        f"{_table(grid, named, ended)}\n"
        + (f'<h2>Side by side</h2>\n{key}\n<div class="charts">\n{"".join(charts)}</div>\n' if charts else "")
        + "</main>\n<footer><p>Made by treatment-calc. Not medical advice, and not a quote.</p></footer>\n"
        "</body>\n</html>\n"
    )


def _ends(row: Mapping[str, str]) -> list[float]:
    return [float(row[name]) for name in ("p95", "high") if row[name] not in ("", "inf")]


def _table(grid: Grid, named: Sequence[tuple[Scenario, str]], ended: Mapping[str, Outcome]) -> str:
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in ("scenario", *grid.columns, "run"))
    lines = []
    for scenario, run in named:
        outcome = ended[run]
        cells = "".join(f"<td>{html.escape(scenario.columns.get(key, ''))}</td>" for key in grid.columns)
        if outcome.good:
            end = f'<td><a href="{run}/report.html">report</a></td>'
        else:
            where = f" in cell {outcome.cell}" if outcome.cell else ""
            end = f'<td class="failed">{outcome.state}{where}: {html.escape(outcome.error)}</td>'
        lines.append(f'<tr><th scope="row">{html.escape(scenario.name)}</th>{cells}{end}</tr>\n')
    body = "".join(lines)
    return f"<table>\n<caption>Scenarios</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def _figure(scenario: Scenario, run: str, rows: Rows, reach: float, shorts: Mapping[str, str]) -> str:
    views = list(dict.fromkeys(row["view"] for row in rows))
    names = list(dict.fromkeys(row["treatment"] for row in rows))
    scale = _PLOT / (reach or 1.0)
    parts, words = [], []
    for row in rows:
        place = views.index(row["view"])
        y = _ROW * (names.index(row["treatment"]) + 0.9) + (place - (len(views) - 1) / 2) * 6
        drawn, said = _mark(row, y, scale, _LOOKS[place % len(_LOOKS)], round_=place % 2 == 0)
        parts.append(drawn)
        words.append(f"{shorts[row['treatment']]} ({views[place]}): {said}")
    labels = "".join(
        f'<text x="{_LABELS - 6}" y="{_ROW * (place + 0.9) + 4:g}" text-anchor="end">{html.escape(shorts[name])}</text>'
        for place, name in enumerate(names)
    )
    height = _ROW * (len(names) + 1) + 14
    axis = (
        f'<line x1="{_LABELS}" y1="2" x2="{_LABELS}" y2="{height - 16}" stroke="#555"/>'
        f'<text x="{_LABELS}" y="{height - 3}">$0</text>'
        f'<text x="{_LABELS + _PLOT}" y="{height - 3}" text-anchor="end">{html.escape(amount(reach, "USD"))}</text>'
    )
    shapes = ("●", "■")
    legend = ", ".join(f"{shapes[place % 2]} {html.escape(view)}" for place, view in enumerate(views))
    title = html.escape(scenario.name)
    return (
        f'<figure><svg role="img" viewBox="0 0 {_WIDTH} {height}" xmlns="http://www.w3.org/2000/svg" '
        f'aria-label="{html.escape("; ".join(words), quote=True)}">{axis}{labels}{"".join(parts)}</svg>'
        f'<figcaption><a href="{run}/report.html">{title}</a> ({legend})</figcaption></figure>\n'
    )


def _mark(row: Mapping[str, str], y: float, scale: float, colour: str, *, round_: bool) -> tuple[str, str]:
    """Return one row's mark, and what it says."""
    if row["known"] == "not known" and row["high"]:
        low, high = float(row["low"]), float(row["high"])
        x, wide = _LABELS + low * scale, (high - low) * scale
        box = f'<rect x="{x:.1f}" y="{y - 2:.1f}" width="{wide:.1f}" height="4" fill="none" stroke="{colour}"/>'
        return box, f"not known, {amount(low, 'USD')} to {amount(high, 'USD')}"
    if row["known"] != "stated":
        return "", str(row["known"])
    low, middle, high = (float(row[name]) for name in ("p05", "p50", "p95"))
    x1, x, x2 = (_LABELS + value * scale for value in (low, middle, high))
    bar = f'<line x1="{x1:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
    dot = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        if round_
        else f'<rect x="{x - 2.6:.1f}" y="{y - 2.6:.1f}" width="5.2" height="5.2" fill="{colour}"/>'
    )
    return bar + dot, f"{amount(middle, 'USD')} ({amount(low, 'USD')} to {amount(high, 'USD')})"
