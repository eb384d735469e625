"""Every table says what its figures rest on: the bases of the claims behind each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..inputs.claim import Basis
from ..inputs.source import SourceKind

__all__ = ["joined", "with_basis"]

#: the outcome that a table is about, where its rows do not name one
_ABOUT = {
    "phases": "weeks_in_relief",
    "relief_by_week": "weeks_in_relief",
    "states_by_week": "weeks_in_relief",
    "paid_by_week": "out_of_pocket",
    "chances": "weeks_in_relief",
    "first_relief": "weeks_to_relief",
    "against_usual_care": "weeks_in_relief",
    "costs_by_item": "out_of_pocket",
    "bills": "out_of_pocket",
}
_KINDS = {SourceKind.DOCUMENT: Basis.DOCUMENT, SourceKind.PUBLICATION: Basis.PUBLIC}


def joined(bases: Iterable[str]) -> str:
    """Return bases as one text, each once, in the order of :class:`~calc.inputs.claim.Basis`.

    >>> joined(["assumption + unknown", "document", "assumption"])
    'document + assumption + unknown'
    """
    found = {each for text in bases for each in text.split(" + ")}
    return " + ".join(basis for basis in Basis if basis in found)


def with_basis(name: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table ``name`` with a ``basis`` column, by the keys that its rows have.

    Parameters
    ----------
    tables
        The result's tables by name, among them ``comparison``, ``parameters``, ``claims`` and ``sources``.
    """
    table = tables[name]
    if "basis" in table:
        return table
    if {"parameter", "claim"} <= set(table):
        known = _by(tables["claims"], "parameter", "claim")
        return _with(table, [known[row["parameter"], row["claim"]] for row in _rows(table)])
    if {"view", "parameter"} <= set(table):
        known = _by(tables["parameters"], "view", "parameter")
        return _with(table, [known[row["view"], row["parameter"]] for row in _rows(table)])
    if {"view", "treatment"} <= set(table) or table.empty:
        known = _by(tables["comparison"], "view", "treatment", "outcome")
        about = _ABOUT.get(name, "")
        found = []
        for row in _rows(table):
            whose = [row["treatment"], row["reference"]] if row.get("reference") else [row["treatment"]]
            found.append(joined(known[row["view"], each, row.get("outcome") or about] for each in whose))
        return _with(table, found)
    kinds = {row["source"]: _KINDS[row["kind"]] for row in _rows(tables["sources"])}
    if "source" in table:
        return _with(table, [kinds[row["source"]] for row in _rows(table)])
    return _with(table, [joined(kinds[each] for each in kinds if f"{each} (" in row["sides"]) for row in _rows(table)])


def _rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _by(table: pd.DataFrame, *keys: str) -> Mapping[Any, str]:
    return {tuple(row[key] for key in keys): row["basis"] for row in _rows(table)}


def _with(table: pd.DataFrame, bases: list[str]) -> pd.DataFrame:
    return table.assign(basis=pd.Series([str(each) for each in bases], index=table.index, dtype=object))
