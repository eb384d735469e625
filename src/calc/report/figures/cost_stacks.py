"""What a treatment's average cost is made of, as stacked bars: by component of care, or by who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..format import interval, money, records
from .style import GREY

__all__ = ["COMPONENTS", "PAYERS", "Part", "describe", "draw", "legend"]


@dataclass(frozen=True)
class Part:
    """A part of a bar: the columns it adds up, its name, and a colour with a hatching of its own."""

    label: str
    columns: tuple[str, ...]
    colour: str
    hatch: str = ""


COMPONENTS = (
    Part("Visits", ("primary_care_visit", "specialist_visit", "urgent_care", "emergency_room", "ambulance"), "#0072B2"),
    Part("Tests and imaging", ("diagnostic_test", "laboratory", "imaging"), "#56789a", "...."),
    Part("Procedure", ("outpatient_procedure", "ambulatory_surgery_center"), "#D55E00", "//"),
    Part("Hospital", ("inpatient_facility", "skilled_nursing"), "#8a4b78", "xx"),
    Part("Surgeons, programmes", ("inpatient_professional", "outpatient_professional"), "#444444", "--"),
    Part(
        "Therapy",
        ("therapy_visit", "chiropractic", "acupuncture", "psychological_care", "home_health"),
        "#007a59",
        "\\\\",
    ),
    Part(
        "Drugs, equipment",
        (
            "generic_drugs",
            "preferred_brand_drugs",
            "non_preferred_brand_drugs",
            "specialty_drugs",
            "medical_equipment",
        ),
        "#a0522d",
        "oo",
    ),
)
PAYERS = (
    Part("You: deductible", ("deductible",), "#0072B2"),
    Part("You: copay", ("copay",), "#007a59", "\\\\"),
    Part("You: coinsurance", ("coinsurance",), "#8a4b78", ".."),
    Part("You: not covered", ("not_covered",), "#D55E00", "//"),
    Part("You: balance bill", ("balance_bill",), "#444444", "xx"),
    Part("Plan pays", ("plan_paid",), "#e3e3e3"),
)


def draw(
    table: pd.DataFrame, ax: Axes, *, parts: Sequence[Part], reach: float, views: Sequence[str], words: bool = True
) -> Axes:
    """Draw one row a treatment, one lane a view.

    Parameters
    ----------
    table
        One row per view and treatment: ``view``, ``label``, ``unit``, ``known``, ``mean``, ``p05``, ``p95``,
        ``low``, ``high`` of what the patient pays, and the mean of each of the parts' columns.
    reach
        USD, the right end of the axis.
    words
        Write beside each bar what the patient pays on average, with the interval; an open box stands where it is
        not known either way. What is longer than the axis is cut, and says how long it is.
    """
    labels = list(dict.fromkeys(table["label"]))
    lane = 0.72 / len(views)
    for row in records(table):
        y = labels.index(row["label"]) + (views.index(row["view"]) - (len(views) - 1) / 2) * lane
        end = _bar(ax, row, y, lane * 0.86, parts, reach)
        if words or row["known"] == "not stated":
            text = _average(row) if words else "–"
            ax.annotate(text, (min(end, reach) + reach * 0.012, y), va="center", fontsize=14, color="#333333")
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, reach * (1.4 if words else 1.0))
    ticks = MaxNLocator(6 if words else 3, integer=True).tick_values(0, reach)
    ax.set_xticks([tick for tick in ticks if 0 <= tick <= reach * 0.96])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    return ax


def _bar(ax: Axes, row: Mapping[str, Any], y: float, height: float, parts: Sequence[Part], reach: float) -> float:
    """Draw one bar, or an open box where the cost is not known, and return its end."""
    if row["known"] == "not known":
        low, high = float(row["low"]), min(float(row["high"]), reach)
        ax.barh(y, high - low, left=low, height=height * 0.7, fill=False, edgecolor=GREY, hatch="///", linewidth=1.2)
        return high
    start = 0.0
    whole = sum(_of(row, part) for part in parts)
    for part in parts if row["known"] == "stated" else ():
        width = min(_of(row, part), reach - start)
        ax.barh(
            y, width, left=start, height=height, color=part.colour, hatch=part.hatch, edgecolor="white", linewidth=0.4
        )
        start += width
    if start and whole > reach * 1.001:
        ax.annotate(
            f"to {_short(whole)}", (reach * 0.98, y), va="center", ha="right", fontsize=14,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    return start


def _of(row: Mapping[str, Any], part: Part) -> float:
    """Return a part's mean."""
    return float(sum(row.get(name, 0.0) for name in part.columns))


def _average(row: Mapping[str, Any]) -> str:
    """Return what the patient pays on average, with its interval."""
    if row["known"] != "stated":
        return interval(row)
    mine = money(float(row["mean"]))
    low, high = (money(float(row[name])) for name in ("p05", "p95"))
    return mine if low == high else f"{mine} ({low} to {high})"


def _short(value: float) -> str:
    return f"${value / 1000:,.0f}k" if value >= 10_000 else f"${value:,.0f}"


def legend(ax: Axes, parts: Sequence[Part]) -> None:
    """Write what each colour and hatching means above the axes."""
    keys = [Patch(facecolor=part.colour, hatch=part.hatch, edgecolor="white", label=part.label) for part in parts]
    ax.figure.legend(
        handles=keys, loc="upper left", bbox_to_anchor=(0.018, 0.878), ncols=len(parts), frameon=False, fontsize=14,
        columnspacing=1.2, handlelength=1.6,
    )  # fmt: skip


def describe(table: pd.DataFrame, parts: Sequence[Part]) -> str:
    """Return the alternative text: each treatment's total with its interval, and its parts on average."""
    told = []
    for row in records(table):
        found = {part.label: _of(row, part) for part in parts}
        made = ", ".join(f"{label} {money(usd)}" for label, usd in found.items() if usd >= 0.5)
        told.append(f"{row['label']} pays {_average(row)}" + (f": {made}" if made and row["known"] == "stated" else ""))
    return f"Stacked bars of average amounts, with 90 % intervals. {'; '.join(told)}."
