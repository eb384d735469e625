"""The page of a batch: a small chart a scenario, all on one scale, and the table of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..report.format import amount
from ..report.html import rendered
from .grid import Grid, Scenario
from .task import Outcome

__all__ = ["index_page"]

#: where the template draws: a row's height, and from where to where the money runs
_ROW, _FROM, _WIDE = 15, 175, 265
_LOOKS = ("#0072B2", "#D55E00", "#007a59", "#8a4b78")
_SHAPES = ("●", "■")

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class _Mark:
    """One row's mark: its low end, middle and high end across, and how far down."""

    shape: str
    color: str
    at: tuple[float, float, float]
    y: float


def index_page(grid: Grid, named: Sequence[tuple[Scenario, str]], ended: Mapping[str, Outcome], rows: Rows) -> str:
    """Return the page as HTML: self-contained, no script, links to the runs beside it."""
    costs: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if row["outcome"] == "out_of_pocket":
            costs.setdefault(row["scenario"], []).append(row)
    reach = max((value for mine in costs.values() for row in mine for value in _ends(row)), default=0.0)
    shorts = {name: treatment.short for name, treatment in grid.shelf.library.treatments.items()}
    return rendered(
        "index.html",
        title=grid.batch.label,
        note=grid.batch.note,
        footer="Made by treatment-calc. Not medical advice, and not a quote.",
        heads=("scenario", *grid.columns, "run"),
        runs=[
            {
                "name": each.name,
                "cells": [each.columns.get(key, "") for key in grid.columns],
                "outcome": ended[run],
            }
            for each, run in named
        ],
        reach=amount(reach, "USD"),
        charts=[
            _chart(each.name, run, costs[each.name], _WIDE / (reach or 1.0), shorts)
            for each, run in named
            if each.name in costs
        ],
    )


def _ends(row: Mapping[str, str]) -> list[float]:
    return [float(row[name]) for name in ("p95", "high") if row[name] not in ("", "inf")]


def _chart(title: str, run: str, rows: Rows, scale: float, shorts: Mapping[str, str]) -> Mapping[str, object]:
    views = list(dict.fromkeys(row["view"] for row in rows))
    names = list(dict.fromkeys(row["treatment"] for row in rows))
    middles = {name: _ROW * (place + 0.9) for place, name in enumerate(names)}
    words = "; ".join(f"{shorts[row['treatment']]} ({row['view']}): {_said(row)}" for row in rows)
    return {
        "title": title,
        "run": run,
        "words": words,
        "height": _ROW * (len(names) + 1) + 14,
        "labels": [(middles[name], shorts[name]) for name in names],
        "legend": ", ".join(f"{_SHAPES[place % 2]} {view}" for place, view in enumerate(views)),
        "marks": list(_marks(rows, views, middles, scale)),
    }


def _marks(rows: Rows, views: Sequence[str], middles: Mapping[str, float], scale: float) -> Iterator[_Mark]:
    for row in rows:
        place = views.index(row["view"])
        y = round(middles[row["treatment"]] + (place - (len(views) - 1) / 2) * 6, 1)
        if values := _drawn(row):
            low, middle, high = (round(_FROM + value * scale, 1) for value in values)
            shape = _SHAPES[place % 2] if row["known"] == "stated" else "open"
            yield _Mark(shape, _LOOKS[place % len(_LOOKS)], (low, middle, high), y)


def _drawn(row: Mapping[str, str]) -> tuple[float, float, float] | None:
    """Return a row's low end, middle and high end, where there is something to draw."""
    if row["known"] == "stated":
        return float(row["p05"]), float(row["p50"]), float(row["p95"])
    if row["known"] == "not known" and row["high"]:
        return float(row["low"]), float(row["low"]), float(row["high"])
    return None


def _said(row: Mapping[str, str]) -> str:
    values = _drawn(row)
    if values is None:
        return row["known"]
    low, middle, high = (amount(value, "USD") for value in values)
    return f"{middle} ({low} to {high})" if row["known"] == "stated" else f"not known, {low} to {high}"
