"""What a treatment's average cost is made of, as stacked bars: by component of care, or by who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...analysis.compare import Result
from ..format import interval, money, records
from ..marks import BLUE, BROWN, GREEN, GREY, ORANGE, PURPLE, SHADES, SLATE
from ..words import footer
from .record import NO_COST, Figure, Made, Views, averages_footer, by_view, dearest, short_name, under
from .style import furthest, page

__all__ = ["COMPONENTS", "FIGURES", "PAYERS", "describe", "draw"]


@dataclass(frozen=True)
class Part:
    """A part of a bar: the columns it adds up, its name, and a colour with a hatching of its own."""

    label: str
    columns: tuple[str, ...]
    colour: str
    hatch: str = ""


COMPONENTS = (
    Part("Visits", ("primary_care_visit", "specialist_visit", "urgent_care", "emergency_room", "ambulance"), BLUE),
    Part("Tests and imaging", ("diagnostic_test", "laboratory", "imaging"), SLATE, "...."),
    Part("Procedure", ("outpatient_procedure", "ambulatory_surgery_center"), ORANGE, "//"),
    Part("Hospital", ("inpatient_facility", "skilled_nursing"), PURPLE, "xx"),
    Part("Surgeons, programmes", ("inpatient_professional", "outpatient_professional"), SHADES[27], "--"),
    Part(
        "Therapy",
        ("therapy_visit", "chiropractic", "acupuncture", "psychological_care", "home_health"),
        GREEN,
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
        BROWN,
        "oo",
    ),
)
PAYERS = (
    Part("You: deductible", ("deductible",), BLUE),
    Part("You: copay", ("copay",), GREEN, "\\\\"),
    Part("You: coinsurance", ("coinsurance",), PURPLE, ".."),
    Part("You: not covered", ("not_covered",), ORANGE, "//"),
    Part("You: balance bill", ("balance_bill",), SHADES[27], "xx"),
    Part("Plan pays", ("plan_paid",), SHADES[89]),
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
            ax.annotate(text, (min(end, reach) + reach * 0.012, y), va="center", fontsize=14, color=SHADES[20])
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


def _legend(ax: Axes, parts: Sequence[Part]) -> None:
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


def _components(figure: Figure, result: Result, views: Views) -> Made:
    wide = result.costs.by_component.pivot_table(
        index=["view", "treatment"], columns="category", values="mean", aggfunc="sum", fill_value=0.0
    )
    table = under(result, result.costs.questions, list(result.inputs.views)).merge(
        wide.reset_index(), how="left", on=["view", "treatment"]
    )
    return _stacks(figure, result, table.fillna(dict.fromkeys(wide.columns, 0.0)), views, COMPONENTS)


def _payers(figure: Figure, result: Result, views: Views) -> Made:
    table = result.costs.by_plan
    table = under(result, table[table["plan"] == result.inputs.study.plan], list(result.inputs.views))
    return _stacks(figure, result, table, views, PAYERS)


def _stacks(figure: Figure, result: Result, table: pd.DataFrame, views: Views, parts: Sequence[Part]) -> Made:
    columns = [name for part in parts for name in part.columns if name in table.columns]
    reach = max(furthest(table[columns].sum(axis=1)), furthest(table["high"]))
    panels, told = [], []
    for view in views:
        mine, label = table[table["view"] == view], result.inputs.views[view].label
        panels.append((label, partial(draw, mine, parts=parts, reach=reach, views=[view])))
        told.append(f"{label}. {describe(mine, parts)}")
    key = "Bars: averages. Beside them: what you pay on average, and the 90 % interval. Hatched box: not known. "
    drawn = page(figure.title, key + footer(result), panels, labels=0.2, top=0.785)
    _legend(drawn.axes[0], parts)
    return Made(figure.title, " ".join(told), drawn)


def _plans(figure: Figure, result: Result, views: Views) -> Made:
    table, parts = under(result, result.costs.by_plan, list(result.inputs.views)), PAYERS[:-1]
    columns = [name for part in parts for name in part.columns]
    reach = max(1.15 * float(table[columns].sum(axis=1).quantile(0.93)), furthest(table["high"]) * 1.02)
    panels, told = [], []
    table = table[table["view"].isin(views)]
    for label, mine in table.groupby("plan_label", sort=False):
        panels.append(("", partial(_plan, mine, parts, reach, list(views), str(label))))
        for view in views:
            believing = result.inputs.views[view].short
            told.append(f"{label}, {believing}. {describe(mine[mine['view'] == view], parts)}")
    unstated = "Dash: not stated. " if (table["known"] == "not stated").any() else ""
    believed = f"Believing: {', '.join(result.inputs.views[view].short for view in views)}. "
    key = f"{believed}Hatched box: not known, anywhere in it. {unstated}"
    below = key + averages_footer(result).replace(f"plan: {result.inputs.plan.label} · ", "")
    drawn = page(figure.title, below, panels, labels=0.2, top=0.77)
    _legend(drawn.axes[0], parts)
    return Made(figure.title, " ".join(told), drawn)


def _plan(table: pd.DataFrame, parts: Sequence[Part], reach: float, views: Sequence[str], label: str, ax: Axes) -> Axes:
    ax.set_title(fill(label, 16), fontsize=14, pad=6)
    return draw(table, ax, parts=parts, reach=reach, views=views, words=False)


def _largest_component(result: Result, view: str) -> str:
    groups = {category: part.label.lower() for part in COMPONENTS for category in part.columns}
    table = result.costs.by_component
    sums = table.assign(part=table["category"].map(groups)).groupby(["view", "treatment", "part"], sort=False)["mean"]
    row = dearest(sums.sum().reset_index(), view, "mean")
    return f"{row['part']} in {short_name(result, row)}, {money(row['mean'])} on average" if row else NO_COST


def _largest_bill(result: Result, view: str) -> str:
    table = result.costs.by_plan
    table = table[(table["plan"] == result.inputs.study.plan) & (table["known"] == "stated")]
    row = dearest(table.assign(bill=table["mean"] + table["plan_paid"]), view, "bill")
    if row is None:
        return NO_COST
    ends = f"{money(row['p05'])} to {money(row['p95'])}"
    return f"{short_name(result, row)}, {money(row['mean'])} ({ends}) of {money(row['bill'])} on average"


def _largest_change(result: Result, view: str) -> str:
    table = result.costs.by_plan
    stated = table[(table["view"] == view) & (table["known"] == "stated")]
    ends = stated.groupby("treatment", sort=False)["mean"].agg(["min", "max"])
    spread = ends["max"] - ends["min"]
    if spread.empty or spread.max() <= 0:
        return "no treatment whose cost is stated" if spread.empty else "none, all plans cost the same"
    name = str(spread.idxmax())
    rows = stated[stated["treatment"] == name].sort_values("mean", kind="stable")
    least, most = records(rows)[0], records(rows)[-1]
    return (
        f"{short_name(result, most)}, {money(least['mean'])} ({least['plan_label']}) "
        f"to {money(most['mean'])} ({most['plan_label']})"
    )


FIGURES = (
    Figure(
        "cost_components",
        "What your cost is made of",
        make=_components,
        message=by_view("Largest part of what you pay", _largest_component),
        tables=("costs_questions", "costs_by_component"),
        notebooks=("02_costs",),
        at_once=1,
    ),
    Figure(
        "cost_payers",
        "Who pays: you, in which way, and the plan",
        make=_payers,
        message=by_view("Of the largest bill you pay", _largest_bill),
        tables=("costs_by_plan",),
        notebooks=("02_costs",),
        at_once=1,
    ),
    Figure(
        "cost_by_plan",
        "What you would pay under each plan",
        make=_plans,
        message=by_view("What the plan changes most", _largest_change),
        tables=("costs_by_plan",),
        notebooks=("02_costs",),
        at_once=1,
    ),
)
