"""What a patient asks of a cost → tables to read, one column a view."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from .format import in_100, interval, money, records

__all__ = ["COST_CAPTIONS", "cost_table"]

_LINES = {
    "travel": "Travel",
    "unpaid_time": "Unpaid time off, before tax",
    "tax_saved": "Tax saved by paying from the account",
    "monthly_payment": "Payment a month",
    "interest": "Interest, paid on time",
    "interest_if_late": "Interest if the last payment is late",
}


def cost_table(result: Result, name: str) -> pd.DataFrame:
    """Return one of :data:`calc.analysis.costs.COST_TABLES` in words, treatments in the study's order."""
    return _TABLES[name][1](result)


def _views(result: Result) -> Mapping[str, str]:
    return {name: view.short for name, view in result.inputs.views.items()}


def _label(result: Result, row: Mapping[str, Any]) -> str:
    return result.inputs.options[str(row["treatment"])].label


def _several(result: Result, table: pd.DataFrame, keys: tuple[str, ...], cells: Callable[[Any], dict[str, str]],
             heads: Callable[[Any], dict[str, str]]) -> pd.DataFrame:  # fmt: skip
    """Return a row for each of ``keys``, with a view's cells beside another's."""
    names, rows = _views(result), []
    for _, group in table.groupby(list(keys), sort=False):
        found = records(group)
        row = heads(found[0])
        for each in found:
            end = f": {names[each['view']]}" if len(names) > 1 else ""
            row |= {f"{title}{end}": text for title, text in cells(each).items()}
        rows.append(row)
    return pd.DataFrame(rows).fillna("not known")


def _questions(result: Result) -> pd.DataFrame:
    patient = result.inputs.patient

    def cells(row: Any) -> dict[str, str]:
        stated = row["known"] == "stated"
        found = {
            "Typical": money(row["p50"]) if stated else interval(row),
            "Bad year (95 of 100 pay less)": money(row["p95"]) if stated else "not known",
            "Most you could pay": _most(row),
        }
        if patient.budget is not None:
            found[f"Over your budget of {money(patient.budget)}"] = in_100(row["over_budget"])
        if patient.written_estimates:
            asked = row["treatment"] in patient.written_estimates
            found["$400 or more above the written estimate"] = in_100(row["over_estimate"]) if asked else "no estimate"
        return found

    return _several(
        result, result.costs.questions, ("treatment",), cells, lambda row: {"Treatment": _label(result, row)}
    )


def _most(row: Mapping[str, Any]) -> str:
    """Return a bound with its exact dollars, and what lifts it."""
    if math.isinf(row["most"]):
        return f"no bound: {row['unless']}"
    bound = f"${row['most']:,.0f}"
    return f"{bound}; no bound if {row['unless']}" if row["unless"] else bound


def _by_plan(result: Result) -> pd.DataFrame:
    names = {plan: inputs.plan.short for plan, inputs in result.inputs.by_plan.items()}
    rows = []
    for (view, _), group in result.costs.by_plan.groupby(["view", "treatment"], sort=False):
        found = records(group)
        row = {"Treatment": _label(result, found[0]), "Believing": _views(result)[str(view)]}
        rows.append(row | {names[each["plan"]]: interval(each) for each in found})
    return pd.DataFrame(rows)


def _by_date(result: Result) -> pd.DataFrame:
    def cells(row: Any) -> dict[str, str]:
        return {
            f"Decided {row['decide']}": money(row["now"]),
            f"Decided {row['or']}": money(row["later"]),
            "Later minus now": f"{money(row['mean'])} on average ({money(row['p05'])} to {money(row['p95'])})",
            "Waiting is cheaper": in_100(row["cheaper"]),
            "Waiting is dearer": in_100(row["dearer"]),
        }

    return _several(result, result.costs.by_date, ("treatment",), cells, lambda row: {"Treatment": _label(result, row)})


def _limits_left(result: Result) -> pd.DataFrame:
    def cells(row: Any) -> dict[str, str]:
        left = interval({**row, "known": "stated", "unit": "USD"})
        return {"Left at its end": left, "Nothing left": in_100(row["used_up"])}

    def heads(row: Any) -> dict[str, str]:
        limit = str(row["limit"]).replace("_", " ")
        return {"Treatment": _label(result, row), "Limit": limit, "Plan year": str(row["plan_year"])}

    return _several(result, result.costs.limits_left, ("treatment", "limit", "plan_year"), cells, heads)


def _beside(result: Result) -> pd.DataFrame:
    def heads(row: Any) -> dict[str, str]:
        return {"Treatment": _label(result, row), "Line": _LINES[row["line"]]}

    def cells(row: Any) -> dict[str, str]:
        return {"Amount": "not known" if row["known"] == "not known" else interval(row)}

    table = result.costs.beside
    if table.empty:
        told = "The patient's file has no figures for travel, work, an account or financing."
        return pd.DataFrame([{"Beside the bill": told}])
    return _several(result, table, ("treatment", "line"), cells, heads)


def _cash_flow(result: Result) -> pd.DataFrame:
    def cells(row: Any) -> dict[str, str]:
        spread = interval({**row, "known": "stated", "unit": "USD"})
        return {"Paid that month": spread, "Average so far": money(row["so_far"])}

    def heads(row: Any) -> dict[str, str]:
        return {"Treatment": _label(result, row), "Month": str(row["month"])}

    table = result.costs.cash_flow
    paying = table.groupby(["treatment", "month"])["mean"].transform("max") >= 0.5
    return _several(result, table[paying], ("treatment", "month"), cells, heads)


_TABLES: Mapping[str, tuple[str, Callable[[Result], pd.DataFrame]]] = {
    "questions": ("Typical, bad year, and the most that the plan lets you pay", _questions),
    "by_plan": ("What you would pay under each plan", _by_plan),
    "by_date": ("Deciding now, or when the plan year turns", _by_date),
    "limits_left": ("What is left of the deductible and the maximum", _limits_left),
    "cash_flow": ("What you pay month by month, months without a payment left out", _cash_flow),
    "beside": ("Beside the medical bill, never inside it", _beside),
}

COST_CAPTIONS: Mapping[str, str] = {name: caption for name, (caption, _) in _TABLES.items()}
