"""Who says what about effects, and against whom: a forest of people in relief more or fewer, of 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...inputs.effect import Against, ClaimedShare, Effect, Unknown
from ...model.effects import estimate, risk_with
from ..format import records, source_name
from ..marks import GREY, SHADES, STANCES
from ..words import footer
from .record import Figure, Made, Views
from .style import page, with_key

__all__ = ["FIGURES", "describe", "draw", "table_of"]

_A_PAGE = 14
_ENDS = np.array([0.05, 0.5, 0.95])


def table_of(result: Result) -> pd.DataFrame:
    """Return the claims about effects, a row a claim.

    Columns ``label`` (option, and whom it was compared with), ``who``, ``stance``, ``basis``, and ``p05``, ``p50``,
    ``p95``: of 100 people, how many more are in relief than in the group compared with, if in that group as many are
    as this study takes with neither or with a sham; NaN, with the reason as ``said``, where nobody was compared with.
    """
    first = result.effects[result.effects["view"] == next(iter(result.inputs.views))].set_index("treatment")
    rows = []
    for name, treatment in result.inputs.treatments.items():
        claims = records(result.claims[result.claims["parameter"] == f"{name}.effect"])
        for effect, claim in zip(treatment.effects, claims, strict=True):
            base: Any = first.loc[name, "with_sham" if effect.against is Against.SHAM else "with_neither"]
            low, middle, high, said = _more(effect, float(base))
            rows.append(
                {
                    "label": f"{treatment.short}, {_against(effect)}",
                    "who": source_name(str(claim["source"])) or "assumption",
                    "stance": claim["stance"], "basis": claim["basis"],
                    "p05": low, "p50": middle, "p95": high, "said": said,
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["label", "who", "stance", "basis", "p05", "p50", "p95", "said"])


def _against(effect: Effect) -> str:
    if effect.against is Against.UNCONTROLLED:
        return "compared with nobody"
    return f"against {(effect.versus or str(effect.against)).replace('_', ' ')}"


def _more(effect: Effect, base: float) -> tuple[float, float, float, str]:
    """Return of 100 people how many more are in relief, and in words what has no place on the axis."""
    measure = effect.measure
    if isinstance(measure, Unknown):
        return math.nan, math.nan, math.nan, "nobody knows"
    if isinstance(measure, ClaimedShare) or math.isnan(base):
        return math.nan, math.nan, math.nan, "claimed, no comparison"
    found = estimate(measure)
    low, middle, high = (100 * float(each) for each in risk_with(np.full(3, base), found.at(_ENDS), found.scale) - base)
    return low, middle, high, ""


def draw(table: pd.DataFrame, ax: Axes, *, reach: tuple[float, float]) -> Axes:
    """Draw one row a claim: middle and 90 % interval, shape and color by who says it, hollow if assumed."""
    low, high = reach
    for y, row in enumerate(records(table)):
        style = STANCES[str(row["stance"])]
        known = not math.isnan(row["p50"])
        if known:
            inside = "white" if row["basis"] == "assumption" else style.colour
            ax.plot([row["p05"], row["p95"]], [y, y], color=style.colour, linewidth=4, alpha=0.5)
            ax.plot(
                [row["p50"]], [y], color=style.colour, marker=style.marker, markersize=10, markerfacecolor=inside,
                linestyle="", zorder=4,
            )  # fmt: skip
        ax.annotate(
            f"{_said(row)} · {row['who']}", (high + 2, y), va="center", fontsize=14,
            color=SHADES[20] if known else GREY,
        )  # fmt: skip
    ax.axvline(0, color=SHADES[33], linewidth=1.5)
    ax.set_yticks(range(len(table)), list(table["label"]))
    ax.tick_params(axis="y", length=0, pad=10)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(low, high + 1.15 * (high - low))
    ax.set_xticks([tick for tick in range(-100, 101, 20) if low <= tick <= high])
    ax.set_xlabel("Of 100 people, more in relief than in the group compared with (left of 0: fewer)", loc="left")
    for stance in dict.fromkeys(table["stance"]):
        style, name = STANCES[str(stance)], str(stance or "no source").replace("_", " ")
        ax.plot([], [], color=style.colour, marker=style.marker, markersize=10, linestyle="", label=name)
    return ax


def _said(row: dict[str, object]) -> str:
    low, middle, high = (float(str(row[end])) for end in ("p05", "p50", "p95"))
    return str(row["said"]) or f"{middle:+.0f} ({low:+.0f} to {high:+.0f})".replace("-", "−").replace("+0", "0")


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: what each claim says."""
    parts = [f"{row['label']}: {_said(row)}" for row in records(table)]
    return "Of 100 people, more in relief than in the group compared with. " + "; ".join(parts) + "."


def _pages(figure: Figure, result: Result, _views: Views) -> tuple[Made, ...]:
    every = table_of(result)
    known = every.dropna(subset=["p50"])
    reach = (min(-10.0, float(known["p05"].min()) - 2), max(10.0, float(known["p95"].max()) + 2))
    count = max(1, -(-len(every) // _A_PAGE))
    share = -(-len(every) // count)
    made = []
    for place in range(count):
        table = every.iloc[place * share : (place + 1) * share]
        title = figure.title if count == 1 else f"{figure.title} ({place + 1} of {count})"
        drawn = page(title, footer(result), [("", partial(draw, table, reach=reach))], labels=0.36, bottom=0.14)
        made.append(Made(title, describe(table), with_key(drawn)))
    return tuple(made)


def _compared(result: Result, _views: Sequence[str]) -> str:
    table = table_of(result)
    known = table.dropna(subset=["p50"])
    sure = int((known["p05"] > 0).sum())
    return f"{len(known)} of {len(table)} claims compare with somebody; in {sure} of them the whole interval favors it."


FIGURES = (
    Figure(
        "evidence_effect",
        "Who says what helps, and compared with whom",
        make=_pages,
        message=_compared,
        tables=("claims", "effects"),
        notebooks=("01_evidence",),
        at_once=0,
    ),
)
