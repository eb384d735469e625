"""The tables of decision analysis → tables to read, one a view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from .figures.variance_bars import whose
from .format import in_100, money, records, source_name, stretch

__all__ = ["UNCERTAINTY_CAPTIONS", "uncertainty_table"]

_Z90 = 1.645
_MOST = 12

UNCERTAINTY_CAPTIONS: Mapping[str, str] = {
    "choice": "What to choose, by what a week in relief is worth",
    "outlook": "What may happen with each option",
    "icers": "What more relief costs",
    "find_out": "What it is worth to find out first",
    "tornado": "What the lead of the best hangs on",
    "variance_by_source": "Where the spread comes from",
    "variance_by_parameter": "Which numbers the spread comes from",
    "break_even": "What the unknown would have to be",
    "flips": "The question put otherwise",
    "bounds": "What the ranges alone say, beside the draws",
    "convergence": "Are there draws enough",
}

_Row = Mapping[str, Any]
_Cells = Sequence[tuple[str, Callable[[_Row], str]]]


def uncertainty_table(result: Result, name: str, view: str) -> pd.DataFrame:
    """Return one table of :data:`UNCERTAINTY_CAPTIONS` in words, for one view; the CSV beside it holds every row."""
    table: pd.DataFrame = getattr(result.decisions, name)
    rows = table[table["view"] == view]
    decision = result.decisions.problems[view].decision
    if rows.empty or decision is None:
        return pd.DataFrame()
    if name == "choice":
        changed = (rows["treatment"] != rows["treatment"].shift()) | (rows["surely"] != rows["surely"].shift())
        rows = rows[changed | rows["at"] | (rows["value_of_week"] == rows["value_of_week"].max())]
    elif name == "find_out":
        worth = rows[(rows["value_of_week"] == decision.value) & (rows["evppi"] > 0)]
        rows = pd.concat([worth[worth["kind"] == kind].head(_MOST) for kind in ("parameter", "source")])
    elif name == "break_even":
        rows = rows[rows["value_of_week"] == decision.value]
    elif name == "tornado":
        rows = rows[rows["clear"]]
    elif name == "variance_by_parameter":
        rows = rows[rows["total"] >= 0.005]
    elif name == "variance_by_source":
        rows = rows[rows["share"] >= 0.005]
    shorts = {key: each.short for key, each in result.inputs.options.items()}
    cells = _cells(shorts)[name]
    return pd.DataFrame([{head: cell(row) for head, cell in cells} for row in records(rows)])


def _plus_minus(row: _Row, name: str, error: str) -> str:
    return f"{money(row[name])} ± {money(_Z90 * row[error])}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if abs(share) >= 0.01 or share == 0 else f"{100 * share:.1f} %"


def _amount(row: _Row, value: float) -> str:
    if pd.isna(value):
        return ""
    if row["unit"] in ("usd", "USD"):
        return money(value)
    return in_100(value) if row["unit"] == "share" else stretch(value, "weeks")


def _turning(row: _Row) -> str:
    if row["always"] or row["never"]:
        return "always" if row["always"] else "never"
    least, most = _amount(row, row["at_least"]), _amount(row, row["at_most"])
    return f"at least {least}" if least else f"at most {most}" if most else "in between"


def _about(row: _Row) -> str:
    return {"best": "as good as can be", "worst": "as bad as can be"}.get(str(row["others"]), "")


def _outcome(row: _Row) -> str:
    return "what you pay" if row["outcome"] == "out_of_pocket" else "weeks in relief"


def _cells(shorts: Mapping[str, str]) -> Mapping[str, _Cells]:
    def option(key: str) -> Callable[[_Row], str]:
        return lambda row: shorts.get(str(row[key]), "")

    basis = ("Basis", lambda row: str(row["basis"]))
    return {
        "choice": (
            ("A week is worth", lambda row: money(row["value_of_week"])),
            ("Best of those known", option("treatment")),
            ("Chance that it is", lambda row: in_100(row["chance"])),
            ("Ahead of the second by", lambda row: _plus_minus(row, "lead", "lead_error")),
            ("The second", option("second")),
            ("Knowing everything is worth", lambda row: _plus_minus(row, "evpi", "evpi_error")),
            ("Better even without relief", option("surely")),
            basis,
        ),
        "outlook": (
            ("Option", option("treatment")),
            ("You pay on average", lambda row: money(row["cost"])),
            ("in the worst tenth", lambda row: money(row["cost_worst_tenth"])),
            ("Weeks in relief on average", lambda row: stretch(row["weeks"], "weeks")),
            ("in the worst tenth ", lambda row: stretch(row["weeks_worst_tenth"], "weeks")),
            ("Best", lambda row: in_100(row["best"])),
            ("Cheapest", lambda row: in_100(row["cheapest"])),
            ("Longest in relief", lambda row: in_100(row["longest"])),
            ("Within budget", lambda row: "" if pd.isna(row["within_budget"]) else in_100(row["within_budget"])),
            ("Relieved by then", lambda row: f"{in_100(row['relieved'])} ({row['by']})"),
            ("Loses on average", lambda row: money(row["loss"])),
            basis,
        ),
        "icers": (
            ("Option", option("treatment")),
            ("You pay on average", lambda row: money(row["cost"])),
            ("Weeks in relief on average", lambda row: stretch(row["effect"], "weeks")),
            ("A further week costs", lambda row: "" if pd.isna(row["icer"]) else money(row["icer"])),
            ("On the frontier", lambda row: "yes" if row["status"] == "ND" else f"no: {row['dominated_by']} is better"),
            basis,
        ),
        "find_out": (
            ("What", lambda row: source_name(row["source"]) if row["kind"] == "source" else str(row["label"])),
            ("Kind", lambda row: "all that a source states" if row["kind"] == "source" else "a number"),
            ("Worth up to", lambda row: _plus_minus(row, "evppi", "error")),
            ("Of knowing everything", lambda row: _percent(row["share"])),
            ("Regression", lambda row: str(row["check"])),
            basis,
        ),
        "tornado": (
            ("Number", lambda row: str(row["label"])),
            ("From", lambda row: f"{row['low']:.3g}"),
            ("To", lambda row: f"{row['high']:.3g}"),
            ("Lead there", lambda row: f"{money(row['at_low'])} to {money(row['at_high'])}"),
            ("Turns at", lambda row: str(row["switches"])),
            basis,
        ),
        "variance_by_source": (
            ("Option", option("treatment")),
            ("Of", _outcome),
            ("Comes from", lambda row: whose(str(row["source"]))),
            ("Share of the variance", lambda row: f"{_percent(row['share'])} ± {_percent(_Z90 * row['error'])}"),
            basis,
        ),
        "variance_by_parameter": (
            ("Option", option("treatment")),
            ("Of the average of", _outcome),
            ("Number", lambda row: str(row["label"])),
            ("Alone", lambda row: f"{_percent(row['first'])} ± {_percent(_Z90 * row['first_error'])}"),
            ("With all others", lambda row: f"{_percent(row['total'])} ± {_percent(_Z90 * row['total_error'])}"),
            basis,
        ),
        "break_even": (
            ("Option", option("treatment")),
            ("What nobody knows", lambda row: str(row["parameter_label"])),
            ("Would have to be", _turning),
            ("Its other unknowns", _about),
            ("To beat", option("against")),
            ("At a week worth", lambda row: money(row["value_of_week"])),
            basis,
        ),
        "flips": (
            ("What is put otherwise", lambda row: f"{row['varied']}: {row['level']}".removesuffix(": ")),
            ("Best of those known", option("treatment")),
            ("Ahead by", lambda row: _plus_minus(row, "lead", "error") + ("" if row["clear"] else " (unclear)")),
            ("Better even without relief", option("surely")),
            ("Another answer", lambda row: "yes" if row["flips"] else "no"),
            basis,
        ),
        "bounds": (
            ("Option", option("treatment")),
            ("Average of", _outcome),
            ("From the ranges alone", lambda row: f"{_amount(row, row['low'])} to {_amount(row, row['high'])}"),
            ("From the draws (90 %)", lambda row: f"{_amount(row, row['p05'])} to {_amount(row, row['p95'])}"),
            ("Nothing but ranges is known", lambda row: "yes" if row["ranges_only"] else "no"),
            basis,
        ),
        "convergence": (
            ("Figure", lambda row: str(row["figure"])),
            ("Is", lambda row: _amount(row, row["value"])),
            ("± (90 %)", lambda row: _small(row)),
            ("Draws for 1 % of it", lambda row: "" if pd.isna(row["needed"]) else f"{row['needed']:,.0f}"),
            basis,
        ),
    }  # fmt: skip


def _small(row: _Row) -> str:
    half = _Z90 * float(row["error"])
    if row["unit"] == "USD":
        return f"${half:,.0f}" if half >= 10 else f"${half:.2f}"
    return f"{100 * half:.1f} in 100" if row["unit"] == "share" else f"{half:.2g} weeks"
