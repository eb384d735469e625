"""What the rows of a table rest on: the bases of the claims behind each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..inputs.claim import Basis
from ..inputs.source import SourceKind
from .table import Basis as Rule

__all__ = ["about", "joined", "of_claim", "of_parameter", "of_sides", "of_source"]

_KINDS = {SourceKind.DOCUMENT: Basis.DOCUMENT, SourceKind.PUBLICATION: Basis.PUBLIC}


def joined(bases: Iterable[str]) -> str:
    """Return bases as one text, each once, in the order of :class:`~calc.inputs.claim.Basis`.

    >>> joined(["assumption + unknown", "document", "assumption"])
    'document + assumption + unknown'
    """
    parts = {each for text in bases for each in text.split(" + ")}
    return " + ".join(basis for basis in Basis if basis in parts)


def about(outcome: str = "") -> Rule:
    """Return the rule for rows about an option's outcome (the row's own where none is named).

    A row that names a ``reference`` rests on that option as well.
    """

    def rule(table: pd.DataFrame, result: Any) -> list[str]:
        known = _by(result.comparison, "view", "treatment", "outcome")
        filled = table.assign(
            **({} if "outcome" in table else {"outcome": outcome}),
            **({} if "reference" in table else {"reference": ""}),
        )
        asked = _keys(filled, "view", "treatment", "reference", "outcome") if len(table) else []
        bases = {
            (view, *options, of): joined(known[view, each, of] for each in options if each)
            for view, *options, of in dict.fromkeys(asked)
        }
        return [bases[each] for each in asked]

    return rule


def of_claim(table: pd.DataFrame, result: Any) -> list[str]:
    """Return the basis of each row's claim."""
    known = _by(result.claims, "parameter", "claim")
    return [known[each] for each in _keys(table, "parameter", "claim")]


def of_parameter(table: pd.DataFrame, result: Any) -> list[str]:
    """Return the basis of each row's parameter as its view uses it."""
    known = _by(result.parameters, "view", "parameter")
    return [known[each] for each in _keys(table, "view", "parameter")]


def of_source(table: pd.DataFrame, result: Any) -> list[str]:
    """Return the basis that each row's source is."""
    kinds = _kinds(result)
    return [kinds.get(source, Basis.UNKNOWN) for (source,) in _keys(table, "source")]


def of_sides(table: pd.DataFrame, result: Any) -> list[str]:
    """Return the bases of the sources that stand against each other in a row."""
    kinds = _kinds(result)
    return [joined(kinds[each] for each in kinds if f"{each} (" in side) for (side,) in _keys(table, "sides")]


def _kinds(result: Any) -> Mapping[str, Basis]:
    return {source: _KINDS[kind] for source, kind in _keys(result.sources, "source", "kind")}


def _keys(table: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns row by row, without a mapping for each row."""
    return list(zip(*(table[name].tolist() for name in names), strict=True))


def _by(table: pd.DataFrame, *names: str) -> Mapping[Any, str]:
    return dict(zip(_keys(table, *names), table["basis"].tolist(), strict=True))
