"""What choosing each option is expected to lose; the lowest line is the value of perfect information."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from .lines import Wording, amount_axis, end_labels, named, option_looks
from .style import GREY, furthest

__all__ = ["describe", "draw"]


def draw(losses: pd.DataFrame, perfect: pd.DataFrame, ax: Axes, *, words: Wording) -> Axes:
    """Draw expected losses by what a unit of effect is worth, and the EVPI with its Monte Carlo error below them.

    Parameters
    ----------
    losses
        ``wtp``, ``option``, ``loss``.
    perfect
        ``wtp``, ``evpi``, ``error``.
    """
    looks = option_looks(list(dict.fromkeys(losses["option"])))
    # losses of options that nobody would choose may tower over all others
    top = max(1.15 * min(furthest(losses["loss"]), 4.0 * furthest(perfect["evpi"])), 1e-9)
    ends = {}
    for name, rows in losses.groupby("option", sort=False):
        style, dashes = looks[str(name)]
        ax.plot(rows["wtp"], rows["loss"], color=style.colour, linestyle=dashes, linewidth=2.4)
        last = float(rows["loss"].iloc[-1])
        if last <= top:
            ends[named(str(name))] = (0.0, last, style.colour)
        else:
            _off_the_top(ax, str(name), rows, top, style.colour)
    error = 1.645 * perfect["error"].fillna(0.0)
    ax.fill_between(perfect["wtp"], perfect["evpi"] - error, perfect["evpi"] + error, color=GREY, alpha=0.25)
    ax.plot(perfect["wtp"], perfect["evpi"], color="#222222", linewidth=6, alpha=0.35)
    ax.set_ylim(0, top)
    end_labels(ax, float(losses["wtp"].max()), ends, low=0.0, high=top)
    ax.set_xlim(float(losses["wtp"].min()), max(float(losses["wtp"].max()), float(losses["wtp"].min()) + 1e-9))
    amount_axis(ax.xaxis, words.currency)
    amount_axis(ax.yaxis, words.currency)
    ax.grid(axis="y")
    ax.set_xlabel(f"What a {words.effect} is worth to you")
    ax.set_ylabel("Expected loss of choosing it")
    return ax


def _off_the_top(ax: Axes, name: str, rows: pd.DataFrame, top: float, colour: str) -> None:
    """Name a line where it leaves the picture, if it is in it at all."""
    inside = rows[rows["loss"] <= top]
    if inside.empty:
        return
    at = inside.iloc[-1]
    ax.annotate(
        f"{name} ↑",
        (float(at["wtp"]), top),
        (0, -4),
        textcoords="offset points",
        fontsize=14,
        color=colour,
        ha="right",
        va="top",
    )


def describe(losses: pd.DataFrame, perfect: pd.DataFrame, *, words: Wording) -> str:
    """Return the alternative text: the EVPI at both ends and where it is largest, and the option it goes with."""
    parts = []
    largest = perfect.loc[[perfect["evpi"].idxmax()]]
    for row in pd.concat([perfect.iloc[[0]], largest, perfect.iloc[[-1]]]).drop_duplicates("wtp").itertuples():
        parts.append(f"{words.money(float(row.evpi))} at {words.money(float(row.wtp))} (best: {row.best})")  # type: ignore[arg-type]
    count = losses["option"].nunique()
    return f"Expected loss of {count} options by what a {words.effect} is worth. EVPI: {', '.join(parts)}."
