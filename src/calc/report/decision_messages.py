"""What each figure of a study's decision analysis says of one view, in a few words: for the titles of slides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..analysis.evppi import beyond_error
from ..analysis.spread import LUCK
from .figures.lines import named
from .format import in_100, money, records, source_name

__all__ = ["DECISION_MESSAGES"]

_NOTHING = "nothing can be weighed"
_Z90 = 1.645
_MOST = 64


def _rows(result: Result, name: str, view: str) -> pd.DataFrame:
    table: pd.DataFrame = getattr(result.decisions, name)
    return table[table["view"] == view] if not table.empty else table


def _chosen(result: Result, view: str) -> Mapping[str, Any]:
    """Return the row of the choice at the value looked at, empty where there is none."""
    rows = _rows(result, "choice", view)
    return {} if rows.empty else records(rows[rows["at"]])[0]


def _best(result: Result, view: str) -> str:
    row = _chosen(result, view)
    return f"{row['label']} at {money(row['value_of_week'])} a week ({in_100(row['chance'])})" if row else _NOTHING


def _frontier(result: Result, view: str) -> str:
    rows = _rows(result, "icers", view)
    return f"{int((rows['status'] == 'ND').sum())} of {len(rows)} known options" if len(rows) else _NOTHING


def _cheapest(result: Result, view: str) -> str:
    rows = _rows(result, "outlook", view)
    if rows.empty:
        return _NOTHING
    row = records(rows.sort_values("cheapest", kind="stable"))[-1]
    return f"{row['label']} ({in_100(row['cheapest'])})"


def _hangs(result: Result, view: str) -> str:
    rows = _rows(result, "tornado", view)
    return named(str(rows["label"].iloc[0]), _MOST) if len(rows) else _NOTHING


def _worth(result: Result, view: str, kind: str) -> str:
    rows, row = _rows(result, "find_out", view), _chosen(result, view)
    rows = beyond_error(rows[(rows["kind"] == kind) & (rows["value_of_week"] == row["value_of_week"])]) if row else rows
    if rows.empty or not row:
        return "no single number" if row else _NOTHING
    top = records(rows.sort_values("evppi", kind="stable"))[-1]
    what = source_name(top["source"]) if kind == "source" else top["label"]
    return f"{named(what, _MOST)}, {money(top['evppi'])}"


def _luck(result: Result, view: str) -> str:
    row, rows = _chosen(result, view), _rows(result, "variance_by_source", view)
    if not row:
        return _NOTHING
    own = rows[
        (rows["treatment"] == row["treatment"]) & (rows["outcome"] == "out_of_pocket") & (rows["source"] == LUCK)
    ]
    return f"{row['label']}, {in_100(float(own['share'].iloc[0]))} parts" if len(own) else f"{row['label']}, no spread"


def _hopeless(result: Result, view: str) -> str:
    rows = _rows(result, "break_even", view)
    if rows.empty:
        return _NOTHING
    rows = rows[(rows["value_of_week"] == rows["value_of_week"].iloc[0]) & (rows["parameter"] != "")]
    never = rows[rows["never"] & (rows["others"] != "worst")]["treatment"].nunique()
    return f"{never} of {rows['treatment'].nunique()} could not even at their best"


def _turned(result: Result, view: str) -> str:
    rows = _rows(result, "flips", view)
    return f"{int(rows['flips'].sum())} of {len(rows) - 1} ways" if len(rows) else _NOTHING


def _known_to(result: Result, view: str) -> str:
    row = _chosen(result, view)
    return f"{money(row['lead'])} ± {money(_Z90 * row['lead_error'])}" if row else _NOTHING


#: by figure: what its sentence begins with, and what it says of a view
DECISION_MESSAGES: Mapping[str, tuple[str, Callable[[Result, str], str]]] = {
    "cost_effect_plane": ("On the efficiency frontier", _frontier),
    "acceptability": ("Best of those known", _best),
    "best_chances": ("Most often the cheapest", _cheapest),
    "tornado": ("The lead hangs most on", _hangs),
    "find_out": ("Worth most to find out", lambda result, view: _worth(result, view, "parameter")),
    "find_out_sources": ("Whose word is worth most to check", lambda result, view: _worth(result, view, "source")),
    "variance_by_source": ("Luck in the spread of cost of the best", _luck),
    "unknowns_needed": ("Of what nobody knows, to beat the best known", _hopeless),
    "flips": ("Another answer in", _turned),
    "convergence": ("The lead of the best is known to", _known_to),
}
