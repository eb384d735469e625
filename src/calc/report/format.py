"""Numbers as a reader sees them: rounded as far as they carry, with their interval, in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector

__all__ = [
    "amount",
    "as_written",
    "if_it_comes",
    "in_100",
    "interval",
    "money",
    "records",
    "short_amount",
    "source_name",
    "stretch",
]


def as_written(body: str) -> str:
    """Return HTML whose dollars stay dollars in JupyterLab and in notebooks exported by nbconvert.

    Both typeset what stands between two dollar signs as mathematics, in HTML too; MathJax passes over an element
    of these classes, the first in version 2 (nbconvert), the second from version 3 on (JupyterLab).
    """
    return f'<div class="tex2jax_ignore mathjax_ignore">{body}</div>'


def money(value: float) -> str:
    """Return USD rounded to what such figures carry: tens below 1,000, hundreds below 10,000.

    >>> money(1234.0), money(47.3), money(65777.0)
    ('$1,200', '$47', '$66,000')
    """
    if not math.isfinite(value):
        return "not stated"
    size = abs(value)
    step = 1 if size < 100 else 10 if size < 1_000 else 100 if size < 10_000 else 1_000
    rounded = round(value / step) * step
    return f"{'−' if rounded < 0 else ''}${abs(rounded):,.0f}"


def stretch(value: float, unit: str) -> str:
    """Return weeks or days; never where it is infinite.

    >>> stretch(0.4, "weeks"), stretch(12.3, "weeks"), stretch(1.0, "days")
    ('0.4 weeks', '12 weeks', '1 day')
    """
    if math.isinf(value):
        return "never"
    if math.isnan(value):
        return "not stated"
    number = f"{value:.1f}" if 0 < abs(value) < 2 and value != round(value) else f"{round(value):,}"
    if number.endswith(".0"):
        number = number[:-2]
    return f"{number.replace('-', '−')} {unit.removesuffix('s') if number == '1' else unit}"


def amount(value: float, unit: str) -> str:
    """Return a figure of an outcome with its unit."""
    return money(value) if unit == "USD" else stretch(value, unit)


def short_amount(value: float, unit: str) -> str:
    """Return the figure without naming weeks or days, for axes and ranges."""
    return money(value) if unit == "USD" else stretch(value, unit).split(" ")[0]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as mappings from column to value."""
    names = [str(name) for name in table.columns]
    columns = (table[name].tolist() for name in table.columns)  # ten times as fast as pandas' own way
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def series_by(table: pd.DataFrame, name: str, column: str) -> dict[str, Vector]:
    """Return the values of a column by the names in another; the rows of a name stand together."""
    names, values = table[name].to_numpy(dtype=object), table[column].to_numpy(dtype=np.float64)
    if not names.size:
        return {}
    begins = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1)]
    return dict(zip(map(str, names[begins]), np.split(values, begins[1:]), strict=True))


def interval(row: Mapping[str, Any]) -> str:
    """Return one row of the comparison table in words, never a bare point.

    What nobody knows is said to be unknown, with the range that leaves open.
    """
    unit = str(row["unit"])
    if row["known"] == "not stated":
        return "not stated"
    if row["known"] == "not known":
        return f"not known: {short_amount(row['low'], unit)} to {amount(row['high'], unit)}"
    low, middle, high = float(row["p05"]), float(row["p50"]), float(row["p95"])
    ends = short_amount(low, unit), short_amount(high, unit)
    if ends[0] == ends[1]:
        return amount(middle, unit)
    return f"{amount(middle, unit)} ({ends[0]} to {ends[1]})"


def if_it_comes(row: Mapping[str, Any]) -> str:
    """Return one row in words for those draws alone in which the thing happens at all."""
    if row["known"] == "stated" and row["happens"] == 0:
        return "never"
    return interval({**row, **{name: row[f"if_{name}"] for name in ("p05", "p50", "p95")}})


def source_name(identifier: str) -> str:
    """Return a source's identifier as words, the documents by their number; ours where there is none.

    >>> source_name("003_2ae1ae0a30734b8a"), source_name("cohen_2010_rfa")
    ('document 003', 'cohen 2010 rfa')
    """
    if identifier == "assumption":
        return "our assumptions"
    number = identifier.split("_")[0]
    return f"document {number}" if number.isdigit() else identifier.replace("_", " ")


def in_100(share: float) -> str:
    """Return a chance as a natural frequency.

    >>> in_100(0.417), in_100(0.002), in_100(0.0)
    ('42 in 100', 'fewer than 1 in 100', '0 in 100')
    """
    if math.isnan(share):
        return "not known"
    count = round(share * 100)
    if count == 0 and share > 0:
        return "fewer than 1 in 100"
    if count == 100 and share < 1:
        return "more than 99 in 100"
    return f"{count} in 100"
