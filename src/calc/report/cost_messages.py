"""What a figure of cost says in one view, as the part of a sentence that follows its head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from .figures.cost_stacks import COMPONENTS
from .format import money, records

__all__ = ["COST_MESSAGES"]

_NONE = "cost not known or not stated"


def _short(result: Result, row: Mapping[str, Any]) -> str:
    return result.inputs.options[str(row["treatment"])].short


def _dearest(table: pd.DataFrame, view: str, column: str) -> Mapping[str, Any] | None:
    """Return the row of a view with the largest figure, None where no cost is stated."""
    rows = table[table["view"] == view].dropna(subset=[column])
    return records(rows.sort_values(column, kind="stable"))[-1] if len(rows) and rows[column].max() > 0 else None


def _component(result: Result, view: str) -> str:
    groups = {category: part.label.lower() for part in COMPONENTS for category in part.columns}
    table = result.costs.by_component
    sums = table.assign(part=table["category"].map(groups)).groupby(["view", "treatment", "part"], sort=False)["mean"]
    found = _dearest(sums.sum().reset_index(), view, "mean")
    return f"{found['part']} in {_short(result, found)}, {money(found['mean'])} on average" if found else _NONE


def _payer(result: Result, view: str) -> str:
    table = result.costs.by_plan
    table = table[(table["plan"] == result.inputs.study.plan) & (table["known"] == "stated")]
    found = _dearest(table.assign(bill=table["mean"] + table["plan_paid"]), view, "bill")
    if found is None:
        return _NONE
    ends = f"{money(found['p05'])} to {money(found['p95'])}"
    return f"{_short(result, found)}, {money(found['mean'])} ({ends}) of {money(found['bill'])} on average"


def _plan(result: Result, view: str) -> str:
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
        f"{_short(result, most)}, {money(least['mean'])} ({least['plan_label']}) "
        f"to {money(most['mean'])} ({most['plan_label']})"
    )


def _dot(result: Result, view: str) -> str:
    found = _dearest(result.costs.dots, view, "usd")
    return f"{_short(result, found)}, {money(found['usd'])}" if found else _NONE


def _month(result: Result, view: str) -> str:
    found = _dearest(result.costs.cash_flow, view, "mean")
    return f"month {found['month']} of {_short(result, found)}, {money(found['mean'])} on average" if found else _NONE


def _limit(result: Result, view: str) -> str:
    table = result.costs.cash_flow
    name = "maximum" if table["maximum_met"].notna().any() else "deductible"
    found = _dearest(table.assign(met=table[f"{name}_met"] / table[name]), view, "met")
    if found is None:
        return "no limit that is met"
    met, whole = money(found[f"{name}_met"]), money(found[name])
    return f"{_short(result, found)}, {met} of the {name} of {whole} in month {found['month']}"


#: by figure: how the sentence begins, and what it says of a view
COST_MESSAGES: Mapping[str, tuple[str, Callable[[Result, str], str]]] = {
    "cost_components": ("Largest part of what you pay", _component),
    "cost_payers": ("Of the largest bill you pay", _payer),
    "cost_by_plan": ("What the plan changes most", _plan),
    "cost_dots": ("Highest of twenty equally likely amounts", _dot),
    "cash_flow": ("Dearest month", _month),
    "limits_met": ("Nearest to the yearly limit on average", _limit),
}
