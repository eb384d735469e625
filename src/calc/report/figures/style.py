"""What every page of a figure shares: the house style, the axes' room, title, key and footer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from importlib import resources
from textwrap import fill
from typing import Any, cast

import numpy as np
import pandas as pd
from matplotlib import rc_context, rcParams, style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...units import DAYS_PER_WEEK
from ..marks import GREY

__all__ = ["DATES", "blank", "date_axis", "furthest", "page", "styled", "tiles", "with_key"]

#: room below an axis of dates
DATES = 0.185


@contextmanager
def styled(size: tuple[float, float] = (16.0, 9.0)) -> Iterator[None]:
    """Hold the house style while a figure of a size in inches is drawn or saved, whatever the reader's settings."""
    with rc_context():
        settings = {**_house_style(), "figure.figsize": list(size)}
        dict.update(cast(dict[str, Any], rcParams), settings)  # they were checked when they were read
        yield


@cache
def _house_style() -> Mapping[str, Any]:
    """Return every setting of the house style, read once a process."""
    sheet = resources.files("calc.report") / "calc.mplstyle"
    with resources.as_file(sheet) as path, style.context(path, after_reset=True):
        return {name: value for name, value in rcParams.items() if name != "backend"}  # which no context gives back


def furthest(*columns: pd.Series) -> float:
    """Return the largest finite figure of some columns, 1.0 where there is none: the end of an axis."""
    figures = np.concatenate([column.to_numpy(dtype=np.float64) for column in columns])
    return float(figures[np.isfinite(figures)].max(initial=0.0)) or 1.0


def date_axis(ax: Axes, horizon: float, start: date, *, room: float = 0.0) -> Axes:
    """Let the horizontal axis run in weeks from ``start``, with a date every half year and a line every quarter.

    ``room`` is the share of the axis that is left free behind the horizon; dates stand a year apart then.
    """
    ticks = np.arange(0, horizon + 0.5, 52 if room else 26)
    days = [start + timedelta(days=round(float(tick) * DAYS_PER_WEEK)) for tick in ticks]
    ax.set_xlim(0, horizon * (1 + room))
    ax.set_xticks(ticks, [f"{day:%b} {day.day}\n{day:%Y}" for day in days])
    ax.set_xticks(np.arange(13, horizon + 0.5, 26), minor=True)
    ax.grid(axis="x", which="minor")
    if not room:  # so that the dates of neighbouring panels do not meet
        ax.get_xticklabels()[0].set_horizontalalignment("left")
        ax.get_xticklabels()[-1].set_horizontalalignment("right")
    ax.set_xlabel(f"Dates, from the decision on {start:%B} {start.day}, {start.year}")
    return ax


def blank(title: str, footer: str) -> Figure:
    """Return a slide with its title and footer alone."""
    figure = Figure()
    _lettered(figure, title, fill(footer, 148))
    return figure


def page(
    title: str,
    footer: str,
    panels: Sequence[tuple[str, Callable[[Axes], Axes]]],
    *,
    labels: float,
    bottom: float = 0.165,
    top: float = 0.815,
    share_y: bool = True,
) -> Figure:
    """Return a slide: a title, one panel beside another, a footer.

    Parameters
    ----------
    panels
        Each panel's heading (may be empty) and the function that draws it into its axes.
    labels
        Share of the width that the first panel's row labels take.
    bottom
        Share of the height below the axes, for their labels and a footer of two lines; more lines add to it.
    top
        Share of the height at which the axes end; lower where a key stands under the title.
    """
    figure = Figure()
    lines = fill(footer, 148)
    bottom += 0.027 * max(0, lines.count("\n") - 1)
    grid = figure.add_gridspec(
        1, len(panels), left=labels, right=0.975, bottom=bottom, top=top, wspace=0.07 if share_y else 0.25
    )
    first: Axes | None = None
    for column, (heading, draw) in enumerate(panels):
        axes = figure.add_subplot(grid[0, column], sharey=first if share_y else None)
        draw(axes)
        if heading:
            axes.set_title(fill(heading, 64 // len(panels) + 12), pad=10)
        if first is None:
            first = axes
        elif share_y:
            axes.tick_params(axis="y", labelleft=False, length=0)
            axes.set_ylabel("")
    _lettered(figure, title, lines)
    return figure


def tiles(title: str, footer: str, panels: Sequence[tuple[str, Callable[[Axes], Axes]]], *, under: str) -> Figure:
    """Return a slide of small panels in rows, each with its heading; ``under`` labels the lowest x axes."""
    figure = Figure()
    columns = min(4, max(2, -(-len(panels) // 2)))
    rows = -(-len(panels) // columns)
    lines = fill(footer, 148)
    bottom = 0.155 + 0.027 * max(0, lines.count("\n") - 1)
    grid = figure.add_gridspec(
        rows, columns, left=0.055, right=0.985, bottom=bottom, top=0.775, wspace=0.26, hspace=0.5
    )
    for place, (heading, draw) in enumerate(panels):
        axes = figure.add_subplot(grid[place // columns, place % columns])
        draw(axes)
        axes.set_title(heading, fontsize=14.5, pad=6, loc="left")
        axes.tick_params(labelsize=14)
        if place + columns >= len(panels):
            axes.set_xlabel(under, fontsize=14)
    _lettered(figure, title, lines)
    return figure


def with_key(figure: Figure) -> Figure:
    """Put the key of the first panel under the title."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.018, 0.878), ncols=len(labels), frameon=False,
        fontsize=14, handletextpad=0.4, columnspacing=1.6,
    )  # fmt: skip
    return figure


def _lettered(figure: Figure, title: str, footer: str) -> None:
    figure.text(0.025, 0.955, fill(title, 92), fontsize=23, fontweight="bold", va="top", ha="left")
    figure.text(0.025, 0.028, footer, fontsize=14, va="bottom", ha="left", color=GREY)
