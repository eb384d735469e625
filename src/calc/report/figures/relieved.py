"""Of 100 people like this: by when relief has come to how many, and to how many it never comes."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ..marks import BLUE, BLUES, GREY, SHADES
from ..words import footer
from .record import Figure, Made, Views, by_view, last_by, outcome_rows, shorts, under
from .style import page, with_key

__all__ = ["FIGURES", "describe", "draw", "most_relieved"]

_WIDE, _HIGH = 50, 2
# colour, inside, shape: told apart by shade and by shape, each with a stroke that stands out from white
_ICONS = (
    (BLUES[0], BLUES[0], "s"),
    (BLUE, BLUES[1], "D"),
    (BLUE, BLUES[2], "^"),
    (BLUE, "white", "v"),
)
_NEVER = (SHADES[48], "white", "o")


def counts(rows: pd.DataFrame) -> list[tuple[str, int]]:
    """Return how many of 100 people are relieved by each milestone and not before, and the rest as never."""
    found, before = [], 0
    for by, share in zip(rows["by"], rows["relieved"], strict=True):
        reached = round(100 * float(share))
        found.append((str(by), reached - before))
        before = reached
    return [*found, ("never", 100 - before)]


def draw(table: pd.DataFrame, ax: Axes, *, order: tuple[str, ...]) -> Axes:
    """Draw 100 icons a treatment.

    Parameters
    ----------
    table
        Rows of the chances of one view at the milestones in order of time: ``label``, ``by``,
        ``relieved`` (share), ``relieved_known``.
    """
    for y, label in enumerate(order):
        rows = table[table["label"] == label]
        if (rows["relieved_known"] != "stated").any():
            text = f"{rows['relieved_known'].iloc[0]}: anywhere from 0 to 100 is possible"
            ax.annotate(text, (1, y), va="center", fontsize=14, color=GREY)
            continue
        place = 0
        parts = counts(rows)
        for kind, (by, number) in enumerate(parts):
            spots = range(place, place + number)
            colour, inside, marker = _ICONS[kind % len(_ICONS)] if by != "never" else _NEVER
            ax.plot(
                [spot // _HIGH + 0.5 for spot in spots], [y - 0.14 + 0.3 * (spot % _HIGH) for spot in spots],
                linestyle="", marker=marker, markersize=6.2 if marker == "s" else 5.4, color=colour,
                markerfacecolor=inside,
            )  # fmt: skip
            place += number
        never = parts[-1][1]
        text = f"{100 - never} / {never}" if len(parts) > 1 else ""
        ax.annotate(text, (_WIDE + 1.5, y), va="center", fontsize=14)
    ax.set_xlim(0, _WIDE + 10)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_yticks(range(len(order)), order)
    ax.tick_params(axis="both", length=0)
    ax.set_xticks([])
    ax.grid(visible=False)
    for name in ("bottom", "left"):
        ax.spines[name].set_visible(False)
    for kind, by in enumerate(dict.fromkeys(table["by"])):
        _key(ax, _ICONS[kind % len(_ICONS)], f"by {by}")
    _key(ax, _NEVER, "never")
    return ax


def _key(ax: Axes, icon: tuple[str, str, str], label: str) -> None:
    colour, inside, marker = icon
    ax.plot([], [], linestyle="", marker=marker, color=colour, markerfacecolor=inside, markersize=9, label=label)


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text for one view: the counts of every treatment."""
    parts = []
    for label, rows in table.groupby("label", sort=False):
        if (rows["relieved_known"] != "stated").any():
            parts.append(f"{label}: {rows['relieved_known'].iloc[0]}")
            continue
        first, *later = counts(rows)
        more = [f"{number} more by {by}" for by, number in later[:-1] if number]
        parts.append(f"{label}: {', '.join([f'{first[1]} by {first[0]}', *more, f'{later[-1][1]} never'])}")
    return "Of 100 people who choose it, how many are relieved by when. " + "; ".join(parts) + "."


def _page(figure: Figure, result: Result, views: Views) -> Made:
    order, panels, words = shorts(result), [], []
    milestones = result.chances[result.chances["by"] != "your date"]
    for view in views:
        label, table = result.inputs.views[view].label, under(result, milestones, [view])
        panels.append((label, partial(draw, table, order=order)))
        words.append(f"{label}. {describe(table)}")
    key = (
        "At the right: relieved at all / never within the horizon. Of those who start, not only of those treated; "
        "relief may end again. Both kinds of uncertainty. "
    )
    drawn = page(figure.title, key + footer(result), panels, labels=0.2, bottom=0.11, top=0.785)
    return Made(figure.title, " ".join(words), with_key(drawn))


def most_relieved(result: Result, view: str) -> str:
    """Return with which treatment most people are relieved at some time, and how many are not."""
    rows = outcome_rows(result, "weeks_to_relief", view, known="stated")
    if rows.empty:
        return "not stated for any treatment"
    best = last_by(rows, "happens")
    count = round(100 * best["happens"])
    return f"{best['label']}, {count} of 100 ({100 - count} are not)"


FIGURES = (
    Figure(
        "relieved",
        "Of 100 people like this: when does the first relief come?",
        make=_page,
        message=by_view("Most people relieved at some time", most_relieved),
        tables=("chances",),
        notebooks=("03_timelines",),
    ),
)
