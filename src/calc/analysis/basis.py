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
        return _with(table, [known[each] for each in _keys(table, "parameter", "claim")])
    if {"view", "parameter"} <= set(table):
        known = _by(tables["parameters"], "view", "parameter")
        return _with(table, [known[each] for each in _keys(table, "view", "parameter")])
    if "harm" in table:
        known = _by(tables["parameters"], "view", "parameter")
        asked = _keys(table, "view", "treatment", "harm")
        return _with(table, [known[view, f"{treatment}.harms.{harm}"] for view, treatment, harm in asked])
    if "source" not in table and ({"view", "treatment"} <= set(table) or table.empty):
        return _with(table, _about_options(name, table, tables["comparison"]))
    kinds = {source: _KINDS[kind] for source, kind in _keys(tables["sources"], "source", "kind")}
    if "source" in table:
        return _with(table, [kinds.get(source, Basis.UNKNOWN) for (source,) in _keys(table, "source")])
    sides = _keys(table, "sides")
    return _with(table, [joined(kinds[each] for each in kinds if f"{each} (" in side) for (side,) in sides])


def _about_options(name: str, table: pd.DataFrame, comparison: pd.DataFrame) -> list[str]:
    """Return the bases of rows about an option's outcome, or about two options' where one is the other's reference."""
    known = _by(comparison, "view", "treatment", "outcome")
    filled = table.assign(
        **({} if "outcome" in table else {"outcome": _ABOUT.get(name, "")}),
        **({} if "reference" in table else {"reference": ""}),
    )
    asked = _keys(filled, "view", "treatment", "reference", "outcome") if len(table) else []
    bases = {
        (view, *options, outcome): joined(known[view, each, outcome] for each in options if each)
        for view, *options, outcome in dict.fromkeys(asked)
    }
    return [bases[each] for each in asked]


def _keys(table: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns row by row, without a mapping for each row."""
    return list(zip(*(table[name].tolist() for name in names), strict=True))


def _by(table: pd.DataFrame, *names: str) -> Mapping[Any, str]:
    return dict(zip(_keys(table, *names), table["basis"].tolist(), strict=True))


def _with(table: pd.DataFrame, bases: list[str]) -> pd.DataFrame:
    return table.assign(basis=pd.Series([str(each) for each in bases], index=table.index, dtype=object))
