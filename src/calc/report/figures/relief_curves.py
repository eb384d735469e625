"""How many of 100 people are in relief week by week, with each option and with neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...inputs.distribution import Vector
from ..format import in_100, records, series_by
from ..marks import GREY
from ..words import footer
from .record import Figure, Made, Views, in_sentences, mid_sentence, once, strokes, under
from .style import tiles

__all__ = ["FIGURES", "Line", "describe", "draw"]

#: color, dash, share in relief by week
Line = tuple[str, Any, Vector]
#: the views' dashes, in order
_DASHES: tuple[Any, ...] = ("-", (0, (2, 1.2)))
_A_PAGE = 8
_NONE: Vector = np.zeros(0)


def draw(lines: Sequence[Line], ax: Axes, *, neither: Vector | None = None) -> Axes:
    """Draw an option's share in relief by week over the natural course, a gray line.

    Parameters
    ----------
    lines
        Color, dash and share in relief by week; one a view that tells the option otherwise.
    neither
        Share in relief by week with neither treatment nor sham; None where the study has no such option.
    """
    if neither is not None:
        ax.plot(np.arange(len(neither)), 100 * neither, color=GREY, linewidth=2)
    last = max([len(shares) - 1 for *_, shares in lines] + ([len(neither) - 1] if neither is not None else [1]))
    for colour, dash, shares in lines:
        ax.plot(np.arange(len(shares)), 100 * shares, color=colour, linestyle=dash, linewidth=3)
        below = 0.0 if neither is None else 100 * neither
        ax.fill_between(np.arange(len(shares)), below, 100 * shares, color=colour, alpha=0.13, linewidth=0)
    if not lines:
        ax.annotate("not known", (last / 2, 70), ha="center", va="center", fontsize=15, color=GREY)
    ax.set_xlim(0, last)
    ax.set_xticks(np.arange(0, last + 1, 26))
    ax.set_ylim(0, 100)
    ax.set_yticks((0, 50, 100))
    ax.grid(axis="y")
    return ax


def describe(shares_by: Mapping[str, Vector], *, open_: tuple[str, ...] = ()) -> str:
    """Return the alternative text for one view's curves, the share in relief week by week by label."""
    parts = [f"{name}: {_peak(shares)}" for name, shares in shares_by.items()]
    words = "Lines of the number of people in relief by week. " + "; ".join(parts) + "."
    return words + (f" No curve, because what it needs is not known: {', '.join(open_)}." if open_ else "")


def _peak(shares: Vector) -> str:
    best = int(shares.argmax())
    return (
        f"most at week {best} with {in_100(float(shares[best]))}, {in_100(float(shares[-1]))} at week {len(shares) - 1}"
    )


def _pages(figure: Figure, result: Result, views: Views) -> tuple[Made, ...]:
    looks, usual = strokes(result), result.inputs.study.usual_care
    every = {view: _shares(result, view) for view in views}
    neither = next(iter(every.values())).get(usual) if usual is not None else None
    shown: dict[str, Any] = {}
    panels, order = [], list(views)
    for name, option in result.inputs.options.items():
        if name == usual:
            continue
        found = once(result, views, lambda view, at: tuple(np.round(100 * every[view].get(at, _NONE))))
        mine = [(view, label) for view, at, label in found if at == name and name in every[view]]
        lines = [(looks[name][0], _DASHES[order.index(view)], every[view][name]) for view, _ in mine]
        panels.append((option.short, partial(draw, lines, neither=neither)))
        shown |= {label: every[view][name] for view, label in mine}
    without = "" if neither is None else f"With neither: {_peak(neither)}. "
    title, key = (
        figure.title,
        ("Gray: with neither. " if without else "") + "Color: with it" + _which(result, views) + ". ",
    )
    parts = [panels[place : place + _A_PAGE] for place in range(0, len(panels), _A_PAGE)]
    made = []
    for place, part in enumerate(parts, start=1):
        named = f"{title} ({place} of {len(parts)})" if len(parts) > 1 else title
        heads = {heading for heading, _ in part}
        words = {label: each for label, each in shown.items() if label.split(" (")[0] in heads}
        open_ = tuple(heading for heading, _ in part if heading not in {label.split(" (")[0] for label in words})
        drawn = tiles(named, key + footer(result), part, under="Weeks from the decision")
        made.append(Made(named, f"{without}{describe(words, open_=open_)}", drawn))
    return tuple(made)


def _shares(result: Result, view: str) -> Mapping[str, Vector]:
    table = result.relief_by_week
    return series_by(table[table["view"] == view], "treatment", "in_relief")


def _which(result: Result, views: Views) -> str:
    """Return which dash is which view's, where several are shown."""
    if len(views) == 1:
        return ""
    words = ("solid", "dashed")
    named = (f"{word} {result.inputs.views[view].short.lower()}" for word, view in zip(words, views, strict=True))
    return f", where views differ {', '.join(named)}"


def _people(result: Result, view: str) -> str:
    curves = under(result, result.relief_by_week, [view])
    if curves.empty:
        return "No option's course is known"
    best = records(curves)[int(curves["in_relief"].argmax())]
    who = mid_sentence(str(best["label"]))
    return f"{in_100(best['in_relief'])} are in relief in week {int(best['week'])} with {who}"


FIGURES = (
    Figure(
        "relief_curves",
        "Of 100 people, how many are in relief, week by week",
        make=_pages,
        message=in_sentences(_people),
        tables=("relief_by_week",),
        notebooks=("03_timelines", "04_comparison", "06_explore"),
    ),
)
