"""Why the comparison comes out as it does: the one number that each result hangs on most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..analysis.trace import carried
from .format import amount, records

__all__ = ["reasons"]

_ASKED = {"out_of_pocket": "Your cost hangs on", "weeks_in_relief": "Weeks in relief hang on"}
_LITTLE = 0.2


def reasons(result: Result, view: str) -> pd.DataFrame:
    """Return, a row a treatment of one view, the parameter that alone carries most of each outcome's spread."""
    table = result.comparison[result.comparison["view"] == view]
    mine = {(row["treatment"], row["outcome"]): row for row in records(table)}
    parameters = records(result.parameters[result.parameters["view"] == view])
    rows = []
    for name in result.inputs.treatments:
        row = {"Treatment": mine[name, "out_of_pocket"]["label"]}
        own = [each for each in parameters if each["parameter"].startswith(f"{name}.")]
        for outcome, title in _ASKED.items():
            row[title] = _plainly(mine[name, outcome])
            if not row[title]:
                shares = carried(result.inputs, result.views[view].treatments[name], outcome)
                paths = {f"{name}.{path}": share for path, share in shares.items()}
                traced = [{**each, "carries": paths[each["parameter"]]} for each in own if each["parameter"] in paths]
                row[title] = _most(traced)
        rows.append(row)
    return pd.DataFrame(rows, columns=["Treatment", *_ASKED.values()])


def _plainly(row: Mapping[str, Any]) -> str:
    """Return why there is nothing to trace, empty where there is."""
    if row["known"] != "stated":
        return "what is not known (below)"
    if row["p05"] == row["p95"]:
        return f"nothing: it is {amount(row['p50'], row['unit'])} nearly always"
    return ""


def _most(traced: Sequence[Mapping[str, Any]]) -> str:
    carrying = [each for each in traced if not math.isnan(each["carries"])]
    if not carrying:
        return "chance alone"
    best = max(carrying, key=lambda each: float(each["carries"]))
    words = f"{best['label'].lower()} ({best['basis']}): {100 * best['carries']:.0f} % of how far it may vary"
    return words if best["carries"] >= _LITTLE else f"mostly chance. Of the numbers, first: {words}"
