"""A year under several plans as a page of text: a row an option, a column a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import fill
from typing import Any

import pandas as pd

from ..inputs.load import Library
from .format import money, records
from .tables import as_text

__all__ = ["years_in_words"]


def years_in_words(table: pd.DataFrame, library: Library, *, width: int = 118) -> str:
    """Return the table of :func:`calc.analysis.plan_years.plan_years`, its premiums first, and what it leaves out."""
    rows: dict[str, dict[str, str]] = {"premium": {"A year": "Premium, 12 months"}}
    for each in records(table):
        option = str(each["treatment"])
        label = library.treatments[option].short if option in library.treatments else option
        row = rows.setdefault(option, {"A year": label or "Premium, and nothing is billed"})
        row[str(each["plan_label"])] = _spread(each)
        premium = each["premium"]
        rows["premium"][str(each["plan_label"])] = "not given" if math.isnan(premium) else money(premium)
    head = "What 12 months cost you under each plan: premium and what you pay, the middle of all draws (5th to 95th)."
    parts = [fill(head, width), as_text(pd.DataFrame(list(rows.values())), width=width)]
    if table["premium"].isna().any():
        what = (
            "Where no premium is given, a column holds what you pay for care alone: add 'premium' to the plan's file."
        )
        parts.append(fill(what, width))
    return "\n\n".join(parts)


def _spread(row: Mapping[str, Any]) -> str:
    if row["known"] != "stated":
        return str(row["known"])
    low, middle, high = (money(float(row[name])) for name in ("p05", "p50", "p95"))
    return middle if low == high else f"{middle} ({low} to {high})"
