"""What choosing each option is expected to lose; the lowest line is the value of perfect information."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.decide import Decision
from ..marks import GREY, INK
from .lines import Wording, amount_axis, end_labels, named, option_looks
from .style import furthest
from .weighing import DecisionFigure, Panel

__all__ = ["DECISION_FIGURE"]


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
    ends, leaving = {}, {}
    for name, rows in losses.groupby("option", sort=False):
        style, dashes = looks[str(name)]
        ax.plot(rows["wtp"], rows["loss"], color=style.colour, linestyle=dashes, linewidth=2.4)
        last = float(rows["loss"].iloc[-1])
        if last <= top:
            ends[named(str(name))] = (float(losses["wtp"].max()), last, style.colour)
        elif (rows["loss"] <= top).any():
            leaving[named(str(name))] = rows, style.colour
    ends |= _off_the_top(leaving, top)
    error = 1.645 * perfect["error"].fillna(0.0)
    ax.fill_between(perfect["wtp"], perfect["evpi"] - error, perfect["evpi"] + error, color=GREY, alpha=0.25)
    ax.plot(perfect["wtp"], perfect["evpi"], color=INK, linewidth=6, alpha=0.35)
    ax.set_ylim(0, top)
    end_labels(ax, float(losses["wtp"].max()), ends, low=0.0, high=top, leader=True)
    ax.set_xlim(float(losses["wtp"].min()), max(float(losses["wtp"].max()), float(losses["wtp"].min()) + 1e-9))
    amount_axis(ax.xaxis, words.currency)
    amount_axis(ax.yaxis, words.currency)
    ax.grid(axis="y")
    ax.set_xlabel(f"What a {words.effect} is worth to you")
    ax.set_ylabel("Expected loss of choosing it")
    return ax


def _off_the_top(leaving: Mapping[str, tuple[pd.DataFrame, str]], top: float) -> dict[str, tuple[float, float, str]]:
    """Return where the names of lines that leave the picture hold on to them: the further right, the higher."""
    crossed = sorted(leaving, key=lambda name: _crossing(leaving[name][0], top), reverse=True)
    found = {}
    for place, name in enumerate(crossed):
        rows, colour = leaving[name]
        height = top * max(0.97 - 0.06 * place, 0.3)
        found[name] = (_crossing(rows, height), height, colour)
    return found


def _crossing(rows: pd.DataFrame, height: float) -> float:
    """Return the value at which a line rises above a height for good, or its own start."""
    wtp, loss = rows["wtp"].to_numpy(dtype=np.float64), rows["loss"].to_numpy(dtype=np.float64)
    below = np.flatnonzero(loss <= height)
    if not below.size:
        return float(wtp[0])
    last = below[-1]
    return float(np.interp(height, loss[last : last + 2], wtp[last : last + 2]))


def describe(losses: pd.DataFrame, perfect: pd.DataFrame, *, words: Wording) -> str:
    """Return the alternative text: the EVPI at both ends and where it is largest, and the option it goes with."""
    parts = []
    largest = perfect.loc[[perfect["evpi"].idxmax()]]
    for row in pd.concat([perfect.iloc[[0]], largest, perfect.iloc[[-1]]]).drop_duplicates("wtp").itertuples():
        parts.append(f"{words.money(float(row.evpi))} at {words.money(float(row.wtp))} (best: {row.best})")  # type: ignore[arg-type]
    count = losses["option"].nunique()
    return f"Expected loss of {count} options by what a {words.effect} is worth. EVPI: {', '.join(parts)}."


def _panel(decision: Decision, words: Wording) -> Panel:
    return Panel(
        "What it costs to be unsure: expected loss of each option",
        describe(decision.expected_loss, decision.evpi, words=words),
        partial(draw, decision.expected_loss, decision.evpi, words=words),
        "Loss against the best option of each draw, on average. Grey: the least of them, the EVPI, which is what "
        "knowing everything before choosing is worth (band: its 90 % Monte Carlo interval). ",
        labels=0.1,
        names=0.175,
    )


DECISION_FIGURE = DecisionFigure("expected_loss", _panel)
