"""Harms beside benefits, of 100 people each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from textwrap import fill

from matplotlib.axes import Axes

from ...analysis.compare import Result
from ..format import in_100, records
from ..marks import GREY, ORANGE, SHADES
from ..words import footer
from .record import Figure, Made, Views, in_sentences, mid_sentence, once, strokes
from .style import page

__all__ = ["FIGURES", "Balance", "describe", "draw_benefits", "draw_harms"]

_A_PAGE = 11
_NOTHING = "Every option"
#: label, color, more people in relief of 100 (NaN if not known), and of 100 who meet each harm
Balance = tuple[str, str, float, Mapping[str, float]]


def _lanes(rows: Sequence[Balance]) -> list[tuple[int, int]]:
    """Return each row's first lane and how many it takes, one a harm."""
    found, at = [], 0
    for *_, harms in rows:
        found.append((at, max(1, len(harms))))
        at += max(1, len(harms))
    return found


def draw_benefits(rows: Sequence[Balance], ax: Axes) -> Axes:
    """Draw how many more of 100 are in relief than with neither."""
    lanes = _lanes(rows)
    for (_, colour, gain, _), (at, count) in zip(rows, lanes, strict=True):
        y = at + (count - 1) / 2
        known = not math.isnan(gain)
        if known:
            ax.barh(y, gain, height=0.6, color=colour)
        text, end = (f"{gain:.0f}", max(gain, 0.0)) if known else ("not known", 0.0)
        ax.annotate(text, (end + 1.5, y), va="center", fontsize=15, color=SHADES[20] if known else GREY)
    ax.set_yticks([at + (count - 1) / 2 for at, count in lanes], [label for label, *_ in rows])
    return _hundred(ax, lanes)


def draw_harms(rows: Sequence[Balance], ax: Axes) -> Axes:
    """Draw how many of 100 meet each harm that a source counts."""
    lanes = _lanes(rows)
    for (*_, harms), (at, _) in zip(rows, lanes, strict=True):
        for lane, (harm, share) in enumerate(harms.items(), start=at):
            ax.barh(lane, 100 * share, height=0.6, facecolor="white", edgecolor=ORANGE, hatch="//", linewidth=1.5)
            words = fill(f"{in_100(share).removesuffix(' in 100')}  {harm}", 33)
            ax.annotate(words, (100 * share + 1.5, lane), va="center", fontsize=14, color=SHADES[20])
    return _hundred(ax, lanes)


def _hundred(ax: Axes, lanes: Sequence[tuple[int, int]]) -> Axes:
    last = lanes[-1][0] + lanes[-1][1]
    ax.set_ylim(last - 0.4, -0.6)
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 25))
    ax.set_xlabel("Of 100 people")
    ax.tick_params(axis="y", length=0, pad=10)
    for at, _ in lanes[1:]:
        ax.axhline(at - 0.5, color=SHADES[89], linewidth=1)
    return ax


def describe(rows: Sequence[Balance]) -> str:
    """Return the alternative text: benefit and harms of each option, of 100 people."""
    parts = []
    for label, _, gain, harms in rows:
        helped = "benefit not known" if math.isnan(gain) else f"{gain:.0f} more in relief"
        met = ", ".join(f"{harm[:1].lower()}{harm[1:]} {in_100(share)}" for harm, share in harms.items())
        parts.append(f"{label}: {helped}; {met}")
    return "Benefits and harms side by side, of 100 people. " + ". ".join(parts) + "."


def _balances(result: Result, views: Views) -> list[Balance]:
    effects = {(row["view"], row["treatment"]): row for row in records(result.effects)}
    met: dict[tuple[str, str], dict[str, float]] = {}
    for row in records(result.harms[result.harms["known"] == "stated"]):
        met.setdefault((row["view"], row["treatment"]), {})[row["label"]] = float(row["met"])

    def gain(view: str, name: str) -> float:
        row = effects[view, name]
        return 100 * (float(row["with_treatment"]) - float(row["with_neither"]))

    looks = strokes(result)

    def told(view: str, name: str) -> tuple[object, ...]:
        """Return what is read of an option; what differs by less than 5 of 100 is the luck of the draws."""
        return f"{gain(view, name):.0f}", *(
            (harm, round(20 * share)) for harm, share in met.get((view, name), {}).items()
        )

    shown = once(result, views, told)
    return [
        (label, looks[name][0], gain(view, name), met[view, name]) for view, name, label in shown if (view, name) in met
    ]


def _uncounted(result: Result, views: Views) -> str:
    """Return which options no source counts a harm of, as a sentence for the footer."""
    counted = {*result.harms[(result.harms["known"] == "stated") & result.harms["view"].isin(list(views))]["treatment"]}
    usual = result.inputs.study.usual_care
    names = [each.short for name, each in result.inputs.options.items() if name not in counted and name != usual]
    return f"No source found counts harms of: {', '.join(names)}. " if names else ""


def _pages(figure: Figure, result: Result, views: Views) -> tuple[Made, ...]:
    parts: list[list[Balance]] = [[]]
    for row in _balances(result, views) or [(_NOTHING, GREY, math.nan, {})]:
        if parts[-1] and sum(count for _, count in _lanes([*parts[-1], row])) > _A_PAGE:
            parts.append([])
        parts[-1].append(row)
    made = []
    for place, rows in enumerate(parts, start=1):
        title = f"{figure.title} ({place} of {len(parts)})" if len(parts) > 1 else figure.title
        panels = (
            ("More in relief than with neither", partial(draw_benefits, rows)),
            ("Meet a harm within the horizon", partial(draw_harms, rows)),
        )
        made.append(
            Made(title, describe(rows), page(title, _uncounted(result, views) + footer(result), panels, labels=0.27))
        )
    return tuple(made)


def _worst(result: Result, view: str) -> str:
    known = result.harms[(result.harms["view"] == view) & (result.harms["known"] == "stated")]
    if known.empty:
        return "No source counts a harm"
    row = records(known.sort_values("met", kind="stable"))[-1]
    harm = mid_sentence(str(row["label"]).split(",")[0])
    short = mid_sentence(result.inputs.options[row["treatment"]].short)
    return f"Harm met most often, {in_100(row['met'])} with {short}: {harm}"


FIGURES = (
    Figure(
        "harms",
        "Harms beside benefits",
        make=_pages,
        message=in_sentences(_worst),
        tables=("effects", "harms"),
        notebooks=("04_comparison",),
    ),
)
